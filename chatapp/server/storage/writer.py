"""The one that writes: records into the log, a batch in one transaction, and old texts out of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import apsw

from chatapp.server.storage.batch import Batch
from chatapp.server.storage.connection import BUSY_MS, connect_writer, transaction, writing
from chatapp.server.storage.deeds import sanctions_in_force, slow_rooms
from chatapp.server.storage.devices import devices_by_key
from chatapp.server.storage.erasing import (
    end_rooms_of_guests,
    erase_up_to,
    go_on_erasing,
    has_rooms_of_guests,
    is_erasing,
)
from chatapp.server.storage.owners import Owners, Trial
from chatapp.server.storage.places import facts_of_rooms, rooms_of_keys
from chatapp.server.storage.records import Outcome, Record
from chatapp.server.storage.times import DAY_SECONDS, day_of, end_before_day

_LAST_SEQ = """
SELECT max(pruned, used, coalesce((SELECT max(seq) FROM messages), 0), coalesce((SELECT max(seq) FROM changes), 0))
FROM meta
"""


class Writer:
    """The only connection that writes to `file`, for one thread at a time. Raises apsw.Error if it can't be read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.owes_checkpoint = False
        """Whether the write-ahead log may have texts that no byte is to be left of."""
        self._db = connect_writer(file)
        self.log: str = self._db.execute("SELECT log FROM meta").get
        self.last_seq: int = self._db.execute(_LAST_SEQ).get
        self._last_day: int | None = self._db.execute("SELECT day FROM days ORDER BY first_seq DESC LIMIT 1").get
        self.is_erasing = is_erasing(self._db)
        """Whether rooms have ended of which not all is erased."""
        self.owners = Owners(self._db)
        self.rooms_of = rooms_of_keys(self._db)
        self.made = facts_of_rooms(self._db)
        self.sanctions = sanctions_in_force(self._db)
        self.slow = slow_rooms(self._db)
        self.devices = devices_by_key(self._db)

    def close(self) -> None:
        self._db.close()

    def append(self, records: Sequence[Record]) -> list[Outcome]:
        """See SqliteStore.append."""
        trial = self.owners.try_out(records)
        batch = Batch(self._db, self.last_seq, self._last_day, iter(trial.outcomes))
        with writing(self._file), transaction(self._db):
            outcomes = batch.put(records)
            self._write_owners(trial)
        self._remember(batch, trial)
        return outcomes

    def drop_overruled(self) -> None:
        """See Owners.drop_overruled."""
        if self.owners.overruled:
            with writing(self._file), transaction(self._db):
                self.owners.drop_overruled()

    def prune(self, keep_days: float | None, keep_messages: int | None, now: float) -> int:
        """See SqliteStore.prune."""
        with writing(self._file), transaction(self._db):
            count, last = erase_up_to(self._db, self._prune_bound(keep_days, keep_messages, now))
            if count:
                self._db.execute("UPDATE meta SET pruned = ?, used = ?", (last, self.last_seq))
            return count

    def end_rooms_of_guests(self) -> None:
        """End the conversations with guests whom the last server still had: all of it, in steps."""
        with writing(self._file):
            if has_rooms_of_guests(self._db):
                with transaction(self._db):
                    self._keep_used()
                    end_rooms_of_guests(self._db)
                self.owes_checkpoint = self.is_erasing = True
                self.rooms_of, self.made = rooms_of_keys(self._db), facts_of_rooms(self._db)
        while self.is_erasing:
            self.go_on_erasing()

    def go_on_erasing(self) -> None:
        """Erase some of what was said in rooms that ended."""
        with writing(self._file), transaction(self._db):
            self._keep_used()
            go_on_erasing(self._db)
            self.is_erasing = is_erasing(self._db)

    def checkpoint(self) -> None:
        """Leave no byte in the write-ahead log, unless somebody reads just then."""
        with writing(self._file), _impatient(self._db):
            is_busy, *_ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").get
            self.owes_checkpoint = bool(is_busy)

    def _keep_used(self) -> None:
        self._db.execute("UPDATE meta SET used = ?", (self.last_seq,))

    def _write_owners(self, trial: Trial) -> None:
        trial.write()

    def _remember(self, batch: Batch, trial: Trial) -> None:
        """Follow what is now committed."""
        self.owners.settle(trial)
        self.last_seq, self._last_day = batch.last_seq, batch.last_day
        self.owes_checkpoint |= batch.removes_text
        self.is_erasing |= batch.has_endings and is_erasing(self._db)

    def _prune_bound(self, keep_days: float | None, keep_messages: int | None, now: float) -> int:
        """Return the last `seq` that may go."""
        by_count = 0 if keep_messages is None else self.last_seq - keep_messages
        by_age = 0
        if keep_days is not None:
            by_age = end_before_day(self._db, day_of(now - keep_days * DAY_SECONDS)) - 1
        return min(max(by_count, by_age), self.last_seq)


@contextmanager
def _impatient(db: apsw.Connection) -> Iterator[None]:
    """Don't wait for others that have the file."""
    db.set_busy_timeout(0)
    try:
        yield
    finally:
        db.set_busy_timeout(BUSY_MS)
