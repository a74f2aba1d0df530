"""The queue between the sessions and the relay: what everyone shall see goes through here, in one order."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

import msgspec

from chatapp.protocol.events import Event
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Edit, Presence
from chatapp.server.storage.records import (
    Change,
    Claim,
    Deed,
    Ending,
    Linking,
    Making,
    Membership,
    Post,
    Reading,
    Release,
    Revoking,
    Seen,
)

if TYPE_CHECKING:
    from chatapp.server.session import Session

CAPACITY = 4096
"""With so many items waiting, those who post are no longer read from."""

BATCH_ITEMS = 1024
BATCH_CHARACTERS = 128 * 1024
"""What one take brings at most, so that no batch, spelt out, fills the outbox of a peer that reads promptly."""

_AROUND = 64
"""What is around a text counts as so much."""

_GATHER_TURNS = 16
"""How many turns of the loop a batch may wait for more; each costs some 20 us, a write to all members far more."""


class Posting(msgspec.Struct, frozen=True, gc=False):
    """A message, and the session that hears how it went."""

    record: Post
    session: "Session"


class Entering(msgspec.Struct, frozen=True):
    """A session with a nick comes into `rooms`; `log` and `seen` are its hello's.

    `record` makes the nick its own, or tells that it came by it.
    """

    session: "Session"
    nick: str
    log: str = ""
    seen: int = 0
    record: Claim | Seen | None = None
    rooms: tuple[str, ...] = (GENERAL,)


class Leaving(msgspec.Struct, frozen=True):
    """The session leaves all rooms, and is then closed if it isn't yet."""

    session: "Session"
    nick: str
    record: Seen | None = None


class Renaming(msgspec.Struct, frozen=True):
    """All `sessions` of one account, which are in `rooms`, are `to` from here on."""

    sessions: "tuple[Session, ...]"
    nick: str
    to: str
    rooms: tuple[str, ...]
    record: Claim | None = None


class Joining(msgspec.Struct, frozen=True):
    """All `sessions` of one person come into `room`, if they aren't there yet."""

    record: ClassVar[None] = None
    sessions: "tuple[Session, ...]"
    nick: str
    room: str


class Departing(msgspec.Struct, frozen=True):
    """All `sessions` of one person go out of `room`."""

    record: ClassVar[None] = None
    sessions: "tuple[Session, ...]"
    nick: str
    room: str


class Changing(msgspec.Struct, frozen=True):
    """A change of a message, and the session that hears how it went."""

    record: Change
    session: "Session"


class Noting(msgspec.Struct, frozen=True):
    """Something for the log to know, and what is to be done `then`, when it does."""

    record: Making | Membership | Reading | Ending | Deed | Release | Seen | Linking | Revoking
    then: Callable[[], None] | None = None


class Becoming(msgspec.Struct, frozen=True):
    """Whoever is called `nick`, and is in `rooms`, is there as `state` says, for the reason `text`."""

    record: ClassVar[None] = None
    nick: str
    state: Presence
    text: str
    rooms: tuple[str, ...]


class Hinting(msgspec.Struct, frozen=True):
    """Whoever is called `nick` writes something in `room`."""

    record: ClassVar[None] = None
    session: "Session"
    nick: str
    room: str


class Answering(msgspec.Struct, frozen=True):
    """An answer for the session alone, in its turn."""

    record: ClassVar[None] = None
    session: "Session"
    event: Event


class Asking(msgspec.Struct, frozen=True):
    """The session asks who is in `room`, as things stand when its turn comes."""

    record: ClassVar[None] = None
    session: "Session"
    room: str


class Closing(msgspec.Struct, frozen=True):
    """The last item: the server stops."""

    record: ClassVar[None] = None


Item = (
    Posting
    | Changing
    | Entering
    | Leaving
    | Renaming
    | Joining
    | Departing
    | Noting
    | Becoming
    | Hinting
    | Answering
    | Asking
    | Closing
)
"""Each has a `record`: what of it goes into the log, if anything."""


def _text_characters(item: Item) -> int:
    """Return how much text of a person's `item` brings to everyone who is told of it."""
    match item:
        case Posting():
            return len(item.record.say.text)
        case Changing(Change(request=Edit(text=text))) | Becoming(text=text):
            return len(text)
    return 0


class Bus:
    """An ordered queue in this process."""

    def __init__(self) -> None:
        self._items: deque[Item] = deque()
        self._filled = asyncio.Event()
        self._waiting: list[Callable[[], None]] = []

    @property
    def is_full(self) -> bool:
        return len(self._items) >= CAPACITY

    def publish(self, item: Item) -> None:
        """Append `item`. It is taken even when the bus is full: whoever publishes asks `is_full` and pauses."""
        self._items.append(item)
        if len(self._items) == 1:
            self._filled.set()

    def when_drained(self, callback: Callable[[], None]) -> None:
        """Call `callback` once, when the bus is full no more."""
        self._waiting.append(callback)

    async def take(self) -> list[Item]:
        """Wait until there is something, and return the oldest items, up to one batch."""
        await self._filled.wait()
        await self._gather()
        batch = self._pop_batch()
        if not self._items:
            self._filled.clear()
        if not self.is_full:
            self._call_waiting()
        return batch

    async def _gather(self) -> None:
        """Wait for what comes at the same time: as long as each turn of the loop brings more."""
        before, turns = 0, 0
        while before < len(self._items) < BATCH_ITEMS and turns < _GATHER_TURNS:
            before, turns = len(self._items), turns + 1
            await asyncio.sleep(0)

    def _pop_batch(self) -> list[Item]:
        batch: list[Item] = []
        characters = 0
        for _ in range(min(len(self._items), BATCH_ITEMS)):
            batch.append(item := self._items.popleft())
            characters += _AROUND + _text_characters(item)
            if characters >= BATCH_CHARACTERS:
                break
        return batch

    def _call_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for callback in waiting:
            callback()
