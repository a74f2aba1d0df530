"""What the server asks of the log."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from chatapp.protocol.events import Deleted, Edited, Reacted, Said
from chatapp.server.nicks import Nicks
from chatapp.server.storage.records import AuditRow, Count, Device, Outcome, Record, RoomFacts, Sanction

Told = Said | Edited | Deleted | Reacted
"""What the log keeps, as it is told."""


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
    def owners(self) -> Nicks:
        """The key that owns each nick."""
        ...

    @property
    def nicks(self) -> Mapping[str, str]:
        """What each key that owns a nick was called last, as it wrote it."""
        ...

    async def unseen(self, before: float) -> list[tuple[str, str]]:
        """Return nicks that their keys were not here by since `before` (seconds since 1970), and those keys."""
        ...

    @property
    def rooms_of(self) -> Mapping[str, tuple[str, ...]]:
        """The rooms that each key was in when the log was opened, beside the one in which everyone is."""
        ...

    @property
    def made(self) -> Mapping[str, RoomFacts]:
        """What is known of each room, when the log was opened."""
        ...

    @property
    def sanctions(self) -> Sequence[Sanction]:
        """The bans and mutes that nobody had lifted when the log was opened; some may have ended by themselves."""
        ...

    @property
    def slow(self) -> Mapping[str, int]:
        """How many seconds lay between two messages of a person in each slow room, when the log was opened."""
        ...

    async def audit(self, limit: int) -> list[AuditRow]:
        """Return the newest `limit` deeds of those who moderate, the newest first."""
        ...

    @property
    def devices(self) -> Mapping[str, Device]:
        """What is known of each key that is not its account's first and only one, when the log was opened."""
        ...

    async def append(self, records: Sequence[Record]) -> list[Outcome]:
        """Keep all of `records`, in their order, and only then return: one outcome for each.

        Raises StorageFull; then nothing of them is kept.
        """
        ...

    async def between(self, rooms: Collection[str], seq: int, last: int, limit: int) -> list[Told]:
        """Return the oldest `limit` events in `rooms` after `seq` and up to `last`, the oldest first.

        Messages are as they stand by now; of a message that was deleted no edit or reaction is told.
        """
        ...

    async def rooms(self, limit: int) -> list[tuple[str, float]]:
        """Return the `limit` rooms in which something was said last, and when."""
        ...

    async def before(self, room: str, seq: int | None, limit: int) -> list[Said]:
        """Return the newest `limit` messages with a smaller `seq` (None: of all), the oldest first."""
        ...

    async def after(self, room: str, seq: int, limit: int) -> list[Said]:
        """Return the oldest `limit` messages with a greater `seq`, the oldest first."""
        ...

    async def search(self, query: str, rooms: Collection[str], before: int | None, limit: int) -> list[Said]:
        """Return the newest `limit` messages that `query` finds, the newest first. Raises BadQuery."""
        ...

    async def mentions(
        self, names: Collection[str], rooms: Collection[str], before: int | None, limit: int
    ) -> list[Said]:
        """Return the newest `limit` messages in `rooms` that mention one of `names` (`name_key`), the newest first."""
        ...

    async def count(self, key: str, names: Collection[str], rooms: Collection[str], last: int) -> list[Count]:
        """Return what `key`, called by one of `names`, has not read in each of `rooms`, up to the seq `last`.

        Nothing is unread in a room of which the log knows no Reading and no Membership of the key.
        """
        ...

    async def prune(self, keep_days: float | None, keep_messages: int | None, now: float) -> int:
        """Let go of some of the messages that are too old or too many; return how many went, 0 when none is left."""
        ...

    async def close(self) -> None: ...
