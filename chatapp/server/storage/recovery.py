"""Saving what can still be read of a damaged log into a new one."""

import shutil
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

import apsw

from chatapp.server.storage import schema
from chatapp.server.storage.checksums import CHECKSUM_BYTES, PAGE_BYTES, is_page_sound, load_checksums
from chatapp.server.storage.connection import connect_writer, transaction, writing
from chatapp.server.storage.files import remove_database
from chatapp.server.storage.lock import Lock
from chatapp.server.storage.mentioning import index_mentions
from chatapp.server.storage.pages import Row, rows_of

_CHUNK_ROWS = 1000

# What a row of each table is known by: the types of its columns, and of no other table or index. Of the entries of the
# index of messages by room, which look like ids, see below. A log of the first version has the shorter `meta`,
# and one of the first two has the shorter `owners`.
_SHAPES: dict[str, tuple[type, ...]] = {
    "first_meta": (type(None), str, int),
    "meta": (type(None), str, int, int),
    "authors": (type(None), str),
    "early_owners": (str, str, str, int),
    "owners": (str, str, str, int, int),
    "devices": (type(None), str, str, str, int, int),
    "memberships": (str, str, int),
    "readings": (str, str, int, str),
    "rooms": (str, str, str, str, int),
    "endings": (str,),
    "ids": (str, int, int),
    "messages": (type(None), str, int, str, str, str, str, str, int),
    "changes": (type(None), str, int, str, int, str),
    "replies": (int, int),
    "revisions": (type(None), int, int),
    "reactions": (int, str, int, str, int),
    "sanctions": (str, str, str, str, int, str),
    "slow": (str, int, str),
    "audit": (type(None), int, str, str, str, str, str, int, str),
}
_INSERTS = {
    table: f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(_SHAPES[table]))})" for table in _SHAPES
}
_INSERTS["early_owners"] = "INSERT OR IGNORE INTO owners VALUES (?, ?, ?, ?, unixepoch() * 1000000)"
_INSERTS["devices"] += " ON CONFLICT (key) DO UPDATE SET is_revoked = max(is_revoked, excluded.is_revoked)"
_INSERTS["first_meta"] = "UPDATE meta SET pruned = ?3"
_INSERTS["meta"] = "UPDATE meta SET pruned = ?3, used = ?4"

# What was deleted stays so, even if only its revision tells. Whoever is in a room of which nothing tells how far they
# have read it has read all.
_COMPLETE = """
DELETE FROM ids WHERE author = seq AND substr(id, 1, 1) IN ('#', '@');
INSERT OR IGNORE INTO ids SELECT id, author, seq FROM messages;
DELETE FROM messages AS m WHERE seq IS NOT (SELECT i.seq FROM ids AS i WHERE i.id = m.id AND i.author = m.author);
UPDATE messages SET text = '' WHERE seq IN (SELECT seq FROM revisions WHERE is_deleted);
INSERT INTO revisions SELECT seq, at, 1 FROM messages WHERE text = ''
ON CONFLICT DO UPDATE SET is_deleted = 1;
DELETE FROM changes WHERE of NOT IN (SELECT seq FROM messages) OR seq IN (SELECT seq FROM messages)
    OR (kind <> 'deleted' AND of IN (SELECT seq FROM revisions WHERE is_deleted));
DELETE FROM reactions
WHERE seq NOT IN (SELECT seq FROM messages) OR seq IN (SELECT seq FROM revisions WHERE is_deleted);
DELETE FROM replies WHERE seq NOT IN (SELECT seq FROM messages);
DELETE FROM revisions WHERE seq NOT IN (SELECT seq FROM messages);
UPDATE meta SET used = (
    SELECT max(pruned, coalesce((SELECT max(seq) FROM messages), 0), coalesce((SELECT max(seq) FROM changes), 0))
    FROM meta
);
DELETE FROM ids WHERE seq > (SELECT used FROM meta);
INSERT OR IGNORE INTO authors SELECT DISTINCT author, 'lost ' || author FROM ids;
INSERT OR IGNORE INTO authors SELECT DISTINCT author, 'lost ' || author FROM reactions;
INSERT OR IGNORE INTO readings SELECT key, room, (SELECT used FROM meta), 'all' FROM memberships;
INSERT INTO days SELECT seq, day FROM (
    SELECT seq, at / 86400000000 AS day, lag(at / 86400000000) OVER (ORDER BY seq) AS previous FROM messages
) WHERE day IS NOT previous;
INSERT INTO search (search) VALUES ('rebuild');
"""
_MENTIONING = "SELECT seq, text FROM messages WHERE instr(text, '@')"


def recover(damaged: Path, target: Path) -> int:
    """Make the new log `target` of all rows whose pages are sound in `damaged`; return how many messages it has.

    They keep their `seq`, but the log has another name, so that clients begin anew. `damaged` is only read, from a
    copy in a temporary folder beside `target`. Raises StoreInUse if a server has it open, FileExistsError if
    there is a target, FileNotFoundError, StorageFull or another OSError; then no target is left.
    """
    if target.exists():
        raise FileExistsError(str(target))
    damaged.stat()  # before the lock makes a file beside one that isn't there
    lock = Lock(damaged)
    try:
        with tempfile.TemporaryDirectory(prefix=".recover-", dir=target.parent) as folder, writing(target):
            return _recover(_copy(damaged, Path(folder)), target)
    finally:
        lock.release()


def _copy(damaged: Path, folder: Path) -> Path:
    """Copy `damaged` into `folder`, with what its write-ahead log adds to it, and return the copy."""
    copy = folder / "copy"
    shutil.copyfile(damaged, copy)
    log = damaged.with_name(damaged.name + "-wal")
    if log.exists():
        shutil.copyfile(log, folder / "copy-wal")
        _mend_header(copy)
        with suppress(apsw.Error):  # then what the file alone has must do
            _merge_log(copy)
    return copy


def _mend_header(copy: Path) -> None:
    """Give `copy` the header of a file of its size: enough of one for its write-ahead log to be read."""
    pages = copy.stat().st_size // PAGE_BYTES
    header = struct.pack(
        ">16sH6B12I20x2I",
        *(b"SQLite format 3\0", PAGE_BYTES, 2, 2, CHECKSUM_BYTES, 64, 32, 32),
        *(1, pages, 0, 0, 1, 4, 0, 0, 1, 0, 0, 0),
        *(1, apsw.SQLITE_VERSION_NUMBER),
    )
    with copy.open("r+b") as opened:
        opened.write(header)


def _merge_log(copy: Path) -> None:
    """Write into `copy` what its write-ahead log has, page by page, whatever the checksums of the others are."""
    load_checksums()
    db = apsw.Connection(str(copy), vfs="cksmvfs")
    db.pragma("checksum_verification", "OFF")
    db.pragma("user_version")  # reads the header, without which it doesn't know that there is such a log
    db.wal_checkpoint("main", apsw.SQLITE_CHECKPOINT_TRUNCATE)
    db.close()


def _recover(copy: Path, target: Path) -> int:
    schema.create(target)
    try:
        with closing(connect_writer(target)) as db:
            return _fill(db, _rows_of_file(copy))
    except BaseException:
        remove_database(target)
        raise


def _fill(db: apsw.Connection, rows: Iterator[tuple[str, Row]]) -> int:
    """Write `rows`, each beside its table, and what follows from them; return how many messages those are."""
    while chunk := list(islice(rows, _CHUNK_ROWS)):
        with transaction(db):
            _insert(db, chunk)
    with transaction(db):
        db.execute(_COMPLETE)
        mentioning = db.execute(_MENTIONING)
        while texts := list(islice(mentioning, _CHUNK_ROWS)):
            index_mentions(db, texts)
    return int(db.execute("SELECT count(*) FROM messages").get)


def _insert(db: apsw.Connection, rows: Iterable[tuple[str, Row]]) -> None:
    for table, row in rows:
        values = (row.number if value is None else value for value in row.values)
        db.execute(_INSERTS[table], tuple(values))


def _rows_of_file(file: Path) -> Iterator[tuple[str, Row]]:
    """Yield each row of one of our tables that is whole in `file`, and the name of the table."""
    with file.open("rb") as opened:

        def fetch(number: int) -> bytes:
            """Raises LookupError if the page of that number is damaged or not there."""
            opened.seek((number - 1) * PAGE_BYTES)
            page = opened.read(PAGE_BYTES)
            if len(page) < PAGE_BYTES or not is_page_sound(page):
                raise LookupError(number)
            return page

        for number in range(2, file.stat().st_size // PAGE_BYTES + 1):
            yield from _known_rows(number, fetch)


def _known_rows(number: int, fetch: Callable[[int], bytes]) -> Iterator[tuple[str, Row]]:
    try:
        for row in rows_of(fetch(number), fetch):
            for table, shape in _SHAPES.items():
                if len(shape) == len(row.values) and all(map(isinstance, row.values, shape)):
                    yield table, row
    except (LookupError, struct.error, UnicodeDecodeError):
        return
