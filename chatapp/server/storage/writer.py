"""The one that writes: records into the log, a batch in one transaction, and old texts out of it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path
from types import MappingProxyType

import msgspec

from chatapp.protocol.errors import IdReused, NickTaken
from chatapp.protocol.events import Said
from chatapp.protocol.names import name_key
from chatapp.protocol.requests import Kind
from chatapp.server.storage.connection import connect_writer, transaction, writing
from chatapp.server.storage.records import (
    Appended,
    Claim,
    Claimed,
    Kept,
    Membership,
    Outcome,
    Post,
    Record,
)
from chatapp.server.storage.times import DAY_SECONDS, day_of, end_before_day, microseconds, seconds

PRUNE_ROWS = 100
"""How many messages one step of pruning takes at most: of a million in about 40 ms, for which posts wait."""

# A batch, as `_row` puts each of its posts: all of it goes in, and then those come out again whose id was there.
_INSERT = """
INSERT INTO messages (seq, room, author, nick, nick_key, id, kind, text, at)
SELECT ?2 + key, value ->> 0, (SELECT number FROM authors WHERE author = value ->> 1), value ->> 2, value ->> 3,
    value ->> 4, value ->> 5, value ->> 6, value ->> 7
FROM jsonb_each(?1)
"""
_INSERT_AUTHORS = "INSERT INTO authors (author) SELECT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING"
_INSERT_IDS = "INSERT INTO ids SELECT id, author, seq FROM messages WHERE seq >= ? ON CONFLICT DO NOTHING"
_FIRST_ONES = """
SELECT json_group_array(json_array(
    i.seq, iif(f.seq IS NULL, NULL, json_array(f.room, f.nick, f.text, f.at, f.id, f.kind))
) ORDER BY m.seq)
FROM messages AS m CROSS JOIN ids AS i USING (id, author) LEFT JOIN messages AS f ON f.seq = i.seq WHERE m.seq >= ?
"""
_DELETE_REPEATS = """
DELETE FROM messages AS m
WHERE seq >= ? AND seq IS NOT (SELECT i.seq FROM ids AS i WHERE i.id = m.id AND i.author = m.author)
"""
_INDEX = "INSERT INTO search (rowid, text, speaker, place) SELECT * FROM searchable WHERE seq >= ?"

_OLDEST = "SELECT max(seq) FROM (SELECT seq FROM messages WHERE seq <= ? ORDER BY seq LIMIT ?)"
_UNINDEX = """
INSERT INTO search (search, rowid, text, speaker, place) SELECT 'delete', * FROM searchable WHERE seq <= ?
"""
_DELETE = "DELETE FROM messages WHERE seq <= ?"

_Earlier = tuple[int, tuple[str, str, str, int, str, Kind] | None]
_Owners = dict[str, Claim | None]


class Writer:
    """The only connection that writes to `file`, for one thread at a time. Raises apsw.Error if it can't be read.

    A batch is one statement, since each step of one gives up Python's lock, and gets it back late from a busy loop.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._db = connect_writer(file)
        self.log: str = self._db.execute("SELECT log FROM meta").get
        self.last_seq: int = self._db.execute(
            "SELECT max(pruned, coalesce((SELECT max(seq) FROM messages), 0)) FROM meta"
        ).get
        self._last_day: int | None = self._db.execute("SELECT day FROM days ORDER BY first_seq DESC LIMIT 1").get
        owners = self._db.execute("SELECT nick_key, key FROM owners")
        self._owners = {str(nick_key): str(key) for nick_key, key in owners}
        self.owners = MappingProxyType(self._owners)
        self.rooms_of: dict[str, tuple[str, ...]] = {}
        for key, room in self._db.execute("SELECT key, room FROM memberships ORDER BY key, at"):
            self.rooms_of[str(key)] = (*self.rooms_of.get(str(key), ()), str(room))

    def close(self) -> None:
        self._db.close()

    def append(self, records: Sequence[Record]) -> list[Outcome]:
        """See SqliteStore.append."""
        changes: _Owners = {}
        granted = [self._grant(record, changes) for record in records if isinstance(record, Claim)]
        posts = [record for record in records if isinstance(record, Post)]
        memberships = [record for record in records if isinstance(record, Membership)]
        with writing(self._file), transaction(self._db):
            appended = self._insert(posts) if posts else []
            days = self._mark_days(appended)
            self._write_owners(changes)
            self._write_memberships(memberships)
        self._remember(appended, days, changes)
        outcomes: dict[type, Iterator[Outcome]] = {
            Post: iter(appended),
            Claim: iter(granted),
            Membership: repeat(Kept()),
        }
        return [next(outcomes[type(record)]) for record in records]

    def prune(self, keep_days: float | None, keep_messages: int | None, now: float) -> int:
        """See SqliteStore.prune."""
        with writing(self._file), transaction(self._db):
            bound = self._prune_bound(keep_days, keep_messages, now)
            last: int | None = self._db.execute(_OLDEST, (bound, PRUNE_ROWS)).get
            return 0 if last is None else self._delete(last)

    def _delete(self, last: int) -> int:
        """Delete all messages up to the seq `last`."""
        self._db.execute(_UNINDEX, (last,))
        self._db.execute(_DELETE, (last,))
        deleted = self._db.changes()
        self._db.execute("UPDATE meta SET pruned = ?", (last,))
        return deleted

    def _insert(self, posts: list[Post]) -> list[Appended | IdReused]:
        first = self.last_seq + 1
        self._db.execute(_INSERT_AUTHORS, (_encode({post.author for post in posts}),))
        self._db.execute(_INSERT, (_encode([_row(post) for post in posts]), first))
        self._db.execute(_INSERT_IDS, (first,))
        if self._db.changes() == len(posts):
            self._db.execute(_INDEX, (first,))
            return [Appended(_said(post, seq), is_new=True) for seq, post in enumerate(posts, first)]
        return self._sort_out(posts, first)

    def _sort_out(self, posts: list[Post], first: int) -> list[Appended | IdReused]:
        """Delete from the batch that begins at `first` what has the id of an earlier one, and compare it with that."""
        rows = msgspec.json.decode(self._db.execute(_FIRST_ONES, (first,)).get, type=list[_Earlier])
        self._db.execute(_DELETE_REPEATS, (first,))
        self._db.execute(_INDEX, (first,))
        return [_compare(post, row, seq) for seq, (post, row) in enumerate(zip(posts, rows, strict=True), first)]

    def _mark_days(self, appended: Iterable[Appended | IdReused]) -> int | None:
        """Keep where the day changes, and return the last."""
        last = self._last_day
        for outcome in appended:
            if isinstance(outcome, Appended) and outcome.is_new and (day := day_of(outcome.said.at)) != last:
                self._db.execute("INSERT INTO days VALUES (?, ?)", (outcome.said.seq, day))
                last = day
        return last

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

    def _write_memberships(self, memberships: Iterable[Membership]) -> None:
        for one in memberships:
            if one.is_member:
                row = one.key, one.room, microseconds(one.at)
                self._db.execute("INSERT OR IGNORE INTO memberships VALUES (?, ?, ?)", row)
            else:
                self._db.execute("DELETE FROM memberships WHERE key = ? AND room = ?", (one.key, one.room))

    def _remember(self, appended: Iterable[Appended | IdReused], day: int | None, changes: _Owners) -> None:
        """Follow what is now committed."""
        self._last_day = day
        new = (outcome.said.seq for outcome in appended if isinstance(outcome, Appended) and outcome.is_new)
        self.last_seq = max(new, default=self.last_seq)
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


def _row(post: Post) -> tuple[str, str, str, str, str, str, str, int]:
    say = post.say
    key = name_key(post.nick)
    return say.room, post.author, post.nick, key, say.id, say.kind, say.text, microseconds(post.at)


def _said(post: Post, seq: int) -> Said:
    say = post.say
    return Said(seq, say.room, post.nick, say.text, seconds(microseconds(post.at)), say.id, say.kind)


def _compare(post: Post, earlier: _Earlier, seq: int) -> Appended | IdReused:
    """Say what `post`, which as a new one has `seq`, is beside the first one with its id. Any equals one pruned."""
    first_seq, first = earlier
    if first is None:
        return Appended(_said(post, first_seq), is_new=False)
    room, nick, text, at, id_, kind = first
    if (room, text, kind) != (post.say.room, post.say.text, post.say.kind):
        return IdReused(id_)
    return Appended(Said(first_seq, room, nick, text, seconds(at), id_, kind), is_new=first_seq == seq)


def _encode(rows: object) -> str:
    return msgspec.json.encode(rows).decode()
