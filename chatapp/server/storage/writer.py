"""The one that writes: records into the log, a batch in one transaction, and old texts out of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import apsw

from chatapp.protocol.errors import NickTaken
from chatapp.protocol.names import name_key
from chatapp.server.storage.batch import Batch
from chatapp.server.storage.connection import BUSY_MS, connect_writer, transaction, writing
from chatapp.server.storage.deeds import sanctions_in_force, slow_rooms
from chatapp.server.storage.erasing import (
    end_rooms_of_guests,
    erase_up_to,
    go_on_erasing,
    has_rooms_of_guests,
    is_erasing,
)
from chatapp.server.storage.places import facts_of_rooms, rooms_of_keys
from chatapp.server.storage.records import Claim, Claimed, Outcome, Record
from chatapp.server.storage.times import DAY_SECONDS, day_of, end_before_day, microseconds

_LAST_SEQ = """
SELECT max(pruned, used, coalesce((SELECT max(seq) FROM messages), 0), coalesce((SELECT max(seq) FROM changes), 0))
FROM meta
"""

_Owners = dict[str, Claim | None]


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
        owners = self._db.execute("SELECT nick_key, nick, key FROM owners ORDER BY at, rowid").fetchall()
        self._owners = {str(nick_key): str(key) for nick_key, _, key in owners}
        self.owners = MappingProxyType(self._owners)
        self._nicks = {str(key): str(nick) for _, nick, key in owners}
        self.nicks = MappingProxyType(self._nicks)
        self.rooms_of = rooms_of_keys(self._db)
        self.made = facts_of_rooms(self._db)
        self.sanctions = sanctions_in_force(self._db)
        self.slow = slow_rooms(self._db)

    def close(self) -> None:
        self._db.close()

    def append(self, records: Sequence[Record]) -> list[Outcome]:
        """See SqliteStore.append."""
        changes: _Owners = {}
        claims = [record for record in records if isinstance(record, Claim)]
        granted = [self._grant(claim, changes) for claim in claims]
        batch = Batch(self._db, self.last_seq, self._last_day, iter(granted))
        with writing(self._file), transaction(self._db):
            outcomes = batch.put(records)
            self._write_owners(changes)
        self._remember(batch, changes)
        self._nicks.update(
            (claim.key, claim.nick) for claim, outcome in zip(claims, granted, strict=True) if outcome == Claimed()
        )
        return outcomes

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

    def _grant(self, claim: Claim, changes: _Owners) -> Claimed | NickTaken:
        taken, released = name_key(claim.nick), name_key(claim.releases)
        if self._owner(taken, changes) not in (None, claim.key):
            return NickTaken(claim.nick)
        if self._owner(released, changes) == claim.key:
            changes[released] = None
        changes[taken] = claim
        return Claimed()

    def _owner(self, nick_key: str, changes: _Owners) -> str | None:
        if nick_key not in changes:
            return self._owners.get(nick_key)
        claim = changes[nick_key]
        return claim.key if claim else None

    def _write_owners(self, changes: _Owners) -> None:
        for nick_key, claim in changes.items():
            if claim is None:
                self._db.execute("DELETE FROM owners WHERE nick_key = ?", (nick_key,))
            else:
                row = nick_key, claim.nick, claim.key, microseconds(claim.at)
                self._db.execute("INSERT OR REPLACE INTO owners VALUES (?, ?, ?, ?)", row)

    def _remember(self, batch: Batch, changes: _Owners) -> None:
        """Follow what is now committed."""
        self.last_seq, self._last_day = batch.last_seq, batch.last_day
        self.owes_checkpoint |= batch.removes_text
        self.is_erasing |= batch.has_endings and is_erasing(self._db)
        for nick_key, claim in changes.items():
            if claim is None:
                self._owners.pop(nick_key, None)
            else:
                self._owners[nick_key] = claim.key

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
