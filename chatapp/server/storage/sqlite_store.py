"""The log in one SQLite file.

SQLite comes with apsw, which carries its own, current one. Python's may be old, and before 3.51.3 a log with two or
more connections, as this one has, can be corrupted in rare cases when its write-ahead log starts anew. apsw also brings
`cksumvfs`, which gives each page a checksum, so that bytes gone bad on the disk are found and not served.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from chatapp.protocol.events import Said
from chatapp.server.nicks import Nicks
from chatapp.server.storage import schema
from chatapp.server.storage.checksums import damaged_pages, has_checksums
from chatapp.server.storage.connection import connect_writer, writing
from chatapp.server.storage.errors import StorageFull, StoreDamaged, StoreError
from chatapp.server.storage.files import make_folder
from chatapp.server.storage.lock import Lock
from chatapp.server.storage.reader import Reader
from chatapp.server.storage.records import AuditRow, Count, Device, Outcome, Record, RoomFacts, Sanction
from chatapp.server.storage.told import Told
from chatapp.server.storage.writer import Writer

FILE_NAME = "chat.db"

_TIDY_SECONDS = 1.0
"""How long after a text was deleted its last bytes go: all those of the meantime go at once."""

_Result = TypeVar("_Result")


class SqliteStore:
    """A log that is open: one thread writes, one reads pages, one searches; none waits for another.

    What reads raises StoreDamaged when it meets bytes gone bad; so does what writes.
    """

    def __init__(self, writer: Writer, pages: Reader, searches: Reader, lock: Lock) -> None:
        self._writer = writer
        self._pages = pages
        self._searches = searches
        self._lock = lock
        self._threads = [ThreadPoolExecutor(1, f"store-{name}") for name in ("writer", "pages", "searches")]
        self._tidying: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, folder: Path) -> "SqliteStore":
        """Open the log in `folder`; folder (0700) and file (0600) are made where there are none.

        Raises StoreInUse, SchemaTooNew, StoreDamaged, StorageFull if it must write and can't, or OSError.
        """
        return await asyncio.to_thread(_open, folder)

    @property
    def log(self) -> str:
        """The name of this log, which no other has: 32 hexadecimal digits."""
        return self._writer.log

    @property
    def last_seq(self) -> int:
        """The `seq` of the newest message, or of what was done to one, that there ever was, 0 for none."""
        return self._writer.last_seq

    @property
    def owners(self) -> Nicks:
        """Which key owns which nick; it follows what is appended, and is only to be read."""
        return self._writer.owners.nicks

    @property
    def nicks(self) -> Mapping[str, str]:
        """What each key that owns a nick was called last, as it wrote it: a view that follows what is appended."""
        return self._writer.owners.called

    async def unseen(self, before: float) -> list[tuple[str, str]]:
        """Return the nicks that their keys were not here by since `before`, and those keys; at most 1,000 at once."""
        return await self._run(0, lambda: self._writer.owners.unseen(before))

    @property
    def rooms_of(self) -> Mapping[str, tuple[str, ...]]:
        """The rooms that each key was in when the log was opened, in the order in which it came to them."""
        return self._writer.rooms_of

    @property
    def made(self) -> Mapping[str, RoomFacts]:
        """What was known of each room, beside what is said there, when the log was opened."""
        return self._writer.made

    @property
    def sanctions(self) -> Sequence[Sanction]:
        """The bans and mutes that nobody had lifted when the log was opened; some may have ended by themselves."""
        return self._writer.sanctions

    @property
    def slow(self) -> Mapping[str, int]:
        """How many seconds lay between two messages of a person in each slow room, when the log was opened."""
        return self._writer.slow

    async def audit(self, limit: int) -> list[AuditRow]:
        """Return the newest deeds of those who moderate, at most `limit`, newest first."""
        return await self._run(1, lambda: self._pages.audit(limit))

    @property
    def devices(self) -> Mapping[str, Device]:
        """What was known of each key beside the first of its account when the log was opened."""
        return self._writer.devices

    async def append(self, records: Sequence[Record]) -> list[Outcome]:
        """Write all `records` in one transaction, and return when the disk has them: an outcome for each, in order.

        Texts, rooms, nicks and ids must be as the checks in `protocol.names` return them. A `seq` is never used twice.
        Posts and changes have theirs in the order of `records`.
        A post that has the id of an earlier one of its author, also one in the same batch, is not appended again: if
        it says the same, its outcome is the first one's, as it stands by then; if that was edited, any text is the
        same. Of one that was pruned only the seq is left: anything is the same as that.
        What was deleted, and what an edited text read before, leaves the tables and the search at once, and the bytes
        of the files about a second later, unless somebody, as a backup, reads on and on. Of a room that ended the
        messages beyond the first 100 are deleted after this returns.
        Raises StorageFull; then none of `records` is in the log, and the next call may succeed.
        """
        outcomes = await self._run(0, lambda: self._writer.append(records))
        if self._is_untidy and (self._tidying is None or self._tidying.done()):
            self._tidying = asyncio.create_task(self._tidy())
        return outcomes

    @property
    def _is_untidy(self) -> bool:
        return self._writer.is_erasing or self._writer.owes_checkpoint

    async def _tidy(self) -> None:
        """Do what remains to be done for what was deleted, in steps, between which the log takes what is said."""
        while self._is_untidy:
            await asyncio.sleep(_TIDY_SECONDS)
            with contextlib.suppress(StoreError):  # then the next time
                while self._writer.is_erasing:
                    await self._run(0, self._writer.go_on_erasing)
                await self._run(0, self._writer.checkpoint)

    async def after(self, room: str, seq: int, limit: int) -> list[Said]:
        """Return the oldest messages after `seq`, at most `limit`, oldest first."""
        return await self._run(1, lambda: self._pages.after(room, seq, limit))

    async def between(self, rooms: Collection[str], seq: int, last: int, limit: int) -> list[Told]:
        """Return what was told of `rooms` after `seq`, up to `last`: the first `limit` messages and changes.

        Each is as it stands by now: an edit has the text of the last one, and of what was deleted since no edit or
        reaction is left. It reads all of the log that lies between.
        """
        return await self._run(1, lambda: self._pages.between(rooms, seq, last, limit))

    async def rooms(self, limit: int) -> list[tuple[str, float]]:
        """Return the public rooms in which something was said, and when last, the latest first, at most `limit`."""
        return await self._run(1, lambda: self._pages.rooms(limit))

    async def before(self, room: str, seq: int | None, limit: int) -> list[Said]:
        """Return the newest messages before `seq`, or of all if it is None, at most `limit`, oldest first."""
        return await self._run(1, lambda: self._pages.before(room, seq, limit))

    async def search(self, query: str, rooms: Collection[str], before: int | None, limit: int) -> list[Said]:
        """Return what `query`, any text, finds in `rooms` before the seq `before`, at most `limit`, newest first.

        A message must have all words, "phrases" and prefixes*; accents and case don't count. ``from:ana`` is who
        said it, ``in:#room`` where, ``after:2026-01-31`` on that day (UTC) or later, ``before:2026-01-31`` earlier.
        Raises BadQuery.
        """
        return await self._run(2, lambda: self._searches.search(query, rooms, before, limit))

    async def mentions(
        self, names: Collection[str], rooms: Collection[str], before: int | None, limit: int
    ) -> list[Said]:
        """Return what mentions one of `names` in `rooms` before the seq `before`, at most `limit`, newest first.

        Topics, and who was brought or taken, mention nobody.
        """
        return await self._run(2, lambda: self._searches.mentions(names, rooms, before, limit))

    async def count(self, key: str, names: Collection[str], rooms: Collection[str], last: int) -> list[Count]:
        """Return for each of `rooms`, in their order, what others said there since `key` read it, up to `last`.

        Of a room that `key` was never known to read nothing is unread. What was deleted doesn't count.
        """
        return await self._run(1, lambda: self._pages.count(key, names, rooms, last))

    async def prune(self, keep_days: float | None, keep_messages: int | None, now: float) -> int:
        """Delete the oldest messages that either rule lets go, at most 100, and return how many went.

        `keep_days` keeps what is younger, up to the end of its day (UTC); `keep_messages` the newest so many numbers.
        A text leaves the tables and the search at once, and the bytes of the file with the next checkpoint.
        Raises StorageFull.
        """
        return await self._run(0, lambda: self._writer.prune(keep_days, keep_messages, now))

    async def close(self) -> None:
        """Wait for what was begun, and give the file free."""
        if self._tidying is not None:
            self._tidying.cancel()
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        for thread in self._threads:
            thread.shutdown()
        for part in (self._pages, self._searches, self._writer):
            part.close()
        self._lock.release()

    async def _run(self, thread: int, job: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads[thread], job)


def _open(folder: Path) -> SqliteStore:
    make_folder(folder)
    file = folder / FILE_NAME
    lock = Lock(file)
    try:
        with writing(file):
            _prepare(file)
            writer = Writer(file)
            with contextlib.suppress(StorageFull):  # nobody has those rooms or nicks; the next time
                writer.end_rooms_of_guests()
                writer.drop_overruled()
            return SqliteStore(writer, Reader(file), Reader(file), lock)
    except BaseException:
        lock.release()
        raise


def _prepare(file: Path) -> None:
    """Leave `file` a log of the newest schema. What is there is never replaced, whatever state it is in."""
    if not file.exists():
        _check_absent(file)
        schema.create(file)
    if not has_checksums(file):
        raise StoreDamaged(file, "the header is not that of a log")
    if page := next(damaged_pages(file), None):
        raise StoreDamaged(file, f"the checksum of page {page} is wrong")
    file.chmod(0o600)
    db = connect_writer(file)
    try:
        schema.upgrade(db, file)
    finally:
        db.close()


def _check_absent(file: Path) -> None:
    """SQLite would read a write-ahead log whose file is gone into the new one."""
    orphan = file.with_name(file.name + "-wal")
    if orphan.exists() and orphan.stat().st_size:
        raise StoreDamaged(file, f"missing, but {orphan.name} is there")
