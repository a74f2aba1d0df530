"""What the server asks of the log."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from chatapp.protocol.events import Said
from chatapp.server.storage.records import Outcome, Record


class Store(Protocol):
    """Messages in the order of their `seq`, and who owns which nick."""

    @property
    def log(self) -> str:
        """The name of this log, which no other has."""
        ...

    @property
    def last_seq(self) -> int:
        """The `seq` of the newest message, 0 for none."""
        ...

    @property
    def owners(self) -> Mapping[str, str]:
        """The key that owns each nick, by the nick's `name_key`."""
        ...

    @property
    def rooms_of(self) -> Mapping[str, tuple[str, ...]]:
        """The rooms that each key was in when the log was opened, beside the one in which everyone is."""
        ...

    async def append(self, records: Sequence[Record]) -> list[Outcome]:
        """Keep all of `records`, in their order, and only then return: one outcome for each.

        Raises StorageFull; then nothing of them is kept.
        """
        ...

    async def between(self, rooms: Collection[str], seq: int, last: int, limit: int) -> list[Said]:
        """Return the oldest `limit` messages in `rooms` after `seq` and up to `last`, the oldest first."""
        ...

    async def rooms(self, limit: int) -> list[tuple[str, float]]:
        """Return the `limit` rooms in which something was said last, and when."""
        ...

    async def before(self, room: str, seq: int | None, limit: int) -> list[Said]:
        """Return the newest `limit` messages with a smaller `seq` (None: of all), the oldest first."""
        ...

    async def search(self, query: str, rooms: Collection[str], before: int | None, limit: int) -> list[Said]:
        """Return the newest `limit` messages that `query` finds, the newest first. Raises BadQuery."""
        ...

    async def prune(self, keep_days: float | None, keep_messages: int | None, now: float) -> int:
        """Let go of some of the messages that are too old or too many; return how many went, 0 when none is left."""
        ...

    async def close(self) -> None: ...
