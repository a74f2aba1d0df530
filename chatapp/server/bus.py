"""The queue between the sessions and the relay: what everyone shall see goes through here, in one order."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatapp.server.storage.records import Claim, Post

if TYPE_CHECKING:
    from chatapp.server.session import Session

CAPACITY = 4096
"""With so many items waiting, those who post are no longer read from."""

BATCH_ITEMS = 1024
BATCH_CHARACTERS = 128 * 1024
"""What one take brings at most, so that no batch, spelt out, fills the outbox of a peer that reads promptly."""


@dataclass(frozen=True)
class Posting:
    """A message, and the session that hears how it went."""

    post: Post
    session: "Session"


@dataclass(frozen=True)
class Entering:
    """A session with a nick comes into the room; `log` and `seen` are its hello's, `claim` makes the nick its own."""

    session: "Session"
    nick: str
    log: str = ""
    seen: int = 0
    claim: Claim | None = None


@dataclass(frozen=True)
class Leaving:
    """The session leaves the room, and is then closed if it isn't yet."""

    session: "Session"
    nick: str


@dataclass(frozen=True)
class Renaming:
    """All `sessions` of one account are `to` from here on."""

    sessions: "tuple[Session, ...]"
    nick: str
    to: str
    claim: Claim | None = None


@dataclass(frozen=True)
class Asking:
    """The session asks who is in `room`, as things stand when its turn comes."""

    session: "Session"
    room: str


@dataclass(frozen=True)
class Closing:
    """The last item: the server stops."""


Item = Posting | Entering | Leaving | Renaming | Asking | Closing


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
        self._filled.set()

    def when_drained(self, callback: Callable[[], None]) -> None:
        """Call `callback` once, when the bus is full no more."""
        self._waiting.append(callback)

    async def take(self) -> list[Item]:
        """Wait until there is something, and return the oldest items, up to one batch."""
        await self._filled.wait()
        batch = self._pop_batch()
        if not self._items:
            self._filled.clear()
        if not self.is_full:
            self._call_waiting()
        return batch

    def _pop_batch(self) -> list[Item]:
        batch: list[Item] = []
        characters = 0
        while self._items and len(batch) < BATCH_ITEMS and characters < BATCH_CHARACTERS:
            batch.append(item := self._items.popleft())
            characters += len(item.post.say.text) if isinstance(item, Posting) else 0
        return batch

    def _call_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for callback in waiting:
            callback()
