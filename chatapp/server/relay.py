"""The only path to a screen: one task that takes from the bus, has the store commit, and lets the hub deliver."""

import asyncio
import logging
from collections.abc import Sequence
from itertools import groupby

from chatapp.protocol.errors import StorageFull
from chatapp.server.bus import Asking, Bus, Closing, Departing, Entering, Item, Joining, Leaving, Posting, Renaming
from chatapp.server.hub import Hub
from chatapp.server.storage.errors import StorageFull as StoreStorageFull
from chatapp.server.storage.records import Appended, Membership, Outcome, Record
from chatapp.server.store import Store
from chatapp.texts import tr

_log = logging.getLogger(__name__)


class Relay:
    """Carries items from the bus to the hub, in order; what is to be kept by way of the store."""

    def __init__(self, bus: Bus, store: Store, hub: Hub) -> None:
        self._bus = bus
        self._store = store
        self._hub = hub
        self._is_full = False
        """Whether the store had no room for the last batch."""
        self._unkept: list[Membership] = []
        """Who went where while the store had no room: they are there, and the log is to know it when it can."""

    async def run(self) -> None:
        """Carry batch after batch, until the item Closing."""
        while True:
            batch = await self._bus.take()
            await self._carry(batch)
            if Closing() in batch:
                return
            await asyncio.sleep(0)  # what was told now is written before more is told

    async def _carry(self, batch: list[Item]) -> None:
        """Commit all records of the batch at once, then deliver its items one by one."""
        outcomes = iter(await self._commit([item.record for item in batch if item.record is not None]))
        for kind, items in groupby(batch, type):
            run = [(item, next(outcomes) if item.record is not None else None) for item in items]
            if kind is Entering:
                self._hub.enter([item for item, _ in run if isinstance(item, Entering)])
            elif kind is Leaving:
                self._hub.leave([item for item, _ in run if isinstance(item, Leaving)])
            else:
                for item, outcome in run:
                    self._follow(item, outcome)
        self._hub.flush()

    async def _commit(self, records: Sequence[Record]) -> Sequence[Outcome | StorageFull]:
        """Have the store keep `records`. If it can't, nothing is posted, and all else goes on."""
        if not records:
            return ()
        late = self._unkept
        try:
            outcomes = await self._store.append([*late, *records])
        except StoreStorageFull as error:
            if not self._is_full:
                _log.error(tr("The log can't be written: {reason}", reason=error.reason))
            self._is_full = True
            self._unkept = [*late, *(record for record in records if isinstance(record, Membership))]
            return [StorageFull()] * len(records)
        if self._is_full:
            _log.warning(tr("The log can be written again."))
        self._is_full, self._unkept = False, []
        return outcomes[len(late) :]

    def _deliver(self, posting: Posting, outcome: Outcome | StorageFull | None) -> None:
        if not isinstance(outcome, Appended):
            assert isinstance(outcome, Exception)
            posting.session.refuse(outcome, posting.record.say.id)
        elif outcome.is_new:
            self._hub.deliver(outcome.said)
        else:
            self._hub.flush()  # what was said before it comes before it
            posting.session.send(outcome.said)

    def _follow(self, item: Item, outcome: Outcome | StorageFull | None) -> None:
        match item:
            case Posting():
                self._deliver(item, outcome)
            case Renaming(sessions, nick, to, rooms):
                self._hub.rename(sessions, nick, to, rooms)
            case Joining(sessions, nick, room):
                self._hub.join(sessions, nick, room)
            case Departing(sessions, nick, room):
                self._hub.depart(sessions, nick, room)
            case Asking(session, room):
                self._hub.list_members(session, room)
