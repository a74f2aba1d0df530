"""The only path to a screen: one task that takes from the bus, has the store commit, and lets the hub deliver."""

import asyncio
from typing import assert_never

from chatapp.server.bus import Asking, Bus, Closing, Entering, Item, Leaving, Posting, Renaming
from chatapp.server.hub import Hub
from chatapp.server.store import Appended, Outcome, Store


class Relay:
    """Carries items from the bus to the hub, in order; messages by way of the store."""

    def __init__(self, bus: Bus, store: Store, hub: Hub) -> None:
        self._bus = bus
        self._store = store
        self._hub = hub

    async def run(self) -> None:
        """Carry batch after batch, until the item Closing."""
        while True:
            batch = await self._bus.take()
            await self._carry(batch)
            if Closing() in batch:
                return
            await asyncio.sleep(0)  # what was told now is written before more is told

    async def _carry(self, batch: list[Item]) -> None:
        """Commit all messages of the batch at once, then deliver its items one by one."""
        posts = [item.post for item in batch if isinstance(item, Posting)]
        outcomes = iter(await self._store.append(posts) if posts else ())
        for item in batch:
            if isinstance(item, Posting):
                self._deliver(item, next(outcomes))
            else:
                self._follow(item)
        self._hub.flush()

    def _deliver(self, posting: Posting, outcome: Outcome) -> None:
        if not isinstance(outcome, Appended):
            posting.session.refuse(outcome, posting.post.say.id)
        elif outcome.is_new:
            self._hub.deliver(outcome.said)
        else:
            self._hub.flush()  # what was said before it comes before it
            posting.session.send(outcome.said)

    def _follow(self, item: Entering | Leaving | Renaming | Asking | Closing) -> None:
        match item:
            case Entering(session, nick):
                self._hub.enter(session, nick)
            case Leaving(session, nick):
                self._hub.leave(session, nick)
            case Renaming(session, nick, to):
                self._hub.rename(session, nick, to)
            case Asking(session, room):
                self._hub.list_members(session, room)
            case Closing():
                pass
            case _:
                assert_never(item)
