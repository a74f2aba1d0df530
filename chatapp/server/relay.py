"""The only path to a screen: one task that takes from the bus, has the store commit, and lets the hub deliver."""

import asyncio
import logging
from collections.abc import Sequence
from itertools import groupby

from chatapp.protocol.errors import ProtocolError, StorageFull
from chatapp.protocol.events import Became, Typed
from chatapp.server.bus import (
    Answering,
    Asking,
    Becoming,
    Bus,
    Changing,
    Closing,
    Departing,
    Entering,
    Hinting,
    Item,
    Joining,
    Leaving,
    Noting,
    Posting,
    Renaming,
)
from chatapp.server.hub import Hub
from chatapp.server.storage.errors import StorageFull as StoreStorageFull
from chatapp.server.storage.records import Appended, Changed, Outcome, Record
from chatapp.server.store import Store
from chatapp.server.unkept import Unkept
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
        self._unkept = Unkept()

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
        late = list(self._unkept)
        if not records and not late:
            return ()
        try:
            outcomes = await self._store.append([*late, *records])
        except StoreStorageFull as error:
            if not self._is_full:
                _log.error(tr("The log can't be written: {reason}", reason=error.reason))
            self._is_full = True
            for record in records:
                self._unkept.keep(record)
            return [StorageFull()] * len(records)
        if self._is_full:
            _log.warning(tr("The log can be written again."))
        self._is_full, self._unkept = False, Unkept()
        return outcomes[len(late) :]

    def _deliver(self, posting: Posting, outcome: Outcome | StorageFull | None) -> None:
        if not isinstance(outcome, Appended):
            assert isinstance(outcome, ProtocolError)
            posting.session.refuse(outcome, posting.record.say.id)
        elif outcome.is_new:
            self._hub.deliver(outcome.said)
        else:
            self._hub.flush()  # what was said before it comes before it
            posting.session.send(outcome.said)

    def _change(self, changing: Changing, outcome: Outcome | StorageFull | None) -> None:
        if isinstance(outcome, ProtocolError):
            changing.session.refuse(outcome)
        elif isinstance(outcome, Changed) and outcome.event is not None:
            self._hub.deliver(outcome.event)

    def _follow(self, item: Item, outcome: Outcome | StorageFull | None) -> None:
        match item:
            case Posting():
                self._deliver(item, outcome)
            case Changing():
                self._change(item, outcome)
            case Noting(_, then):
                if then is not None:
                    then()
            case _:
                self._tell(item)

    def _tell(self, item: Item) -> None:
        """Tell of what the log keeps nothing of, or nothing more."""
        match item:
            case Renaming(sessions, nick, to, rooms):
                self._hub.rename(sessions, nick, to, rooms)
            case Joining(sessions, nick, room):
                self._hub.join(sessions, nick, room)
            case Departing(sessions, nick, room):
                self._hub.depart(sessions, nick, room)
            case Becoming(nick, state, text, rooms):
                self._hub.become(Became(nick, state, text), rooms)
            case Hinting(session, nick, room):
                self._hub.hint(session, Typed(room, nick))
            case Answering(session, event):
                self._hub.flush()
                session.send(event)
            case Asking(session, room):
                self._hub.list_members(session, room)
