"""Looking after a log's file: whether it is sound, and a copy of it. Both may be done while a server has it open."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw

from chatapp.server.storage.checksums import has_checksums
from chatapp.server.storage.connection import connect_reader, reading, reason_of, writing
from chatapp.server.storage.errors import StoreDamaged
from chatapp.server.storage.files import copy_database
from chatapp.server.storage.schema import APPLICATION_ID

_PLACES = "SELECT room, hex(room), count(*) FROM messages GROUP BY room"
_FOUND = "SELECT count(*) FROM search WHERE search MATCH 'place : ' || ?"
_OUT_OF_DAY = """
SELECT count(*) FROM messages AS m
WHERE at / 86400000000 IS NOT (SELECT day FROM days WHERE first_seq <= m.seq ORDER BY first_seq DESC LIMIT 1)
"""
_PRUNED = "SELECT count(*) FROM messages WHERE seq <= (SELECT pruned FROM meta)"
_UNKNOWN = """
SELECT count(*) FROM messages AS m
WHERE seq IS NOT (SELECT i.seq FROM ids AS i WHERE i.id = m.id AND i.author = m.author)
"""


def check(file: Path) -> list[str]:
    """Read all of `file`, and return what is wrong with it, in SQLite's words or of that kind; nothing if it is sound.

    Raises OSError if it can't be opened at all.
    """
    if not has_checksums(file):
        return ["the header is not that of a log"]
    try:
        with closing(connect_reader(file)) as db:
            return list(_findings(db))
    except apsw.Error as error:
        return [reason_of(error)]


def backup(file: Path, target: Path) -> None:
    """Copy `file`, as it is at one moment, into the new file `target`, of the mode 0600.

    Raises FileExistsError if there is one, StoreDamaged, StorageFull or another OSError; then no target is left.
    """
    if not has_checksums(file):
        raise StoreDamaged(file, "the header is not that of a log")
    with reading(file):
        source = connect_reader(file)
    try:
        with writing(file):
            copy_database(source, target)
    finally:
        source.close()


def _findings(db: apsw.Connection) -> Iterator[str]:
    if db.pragma("application_id") != APPLICATION_ID:
        yield "not a log of chatapp"
        return
    yield from (str(line) for (line,) in db.execute("PRAGMA integrity_check") if line != "ok")
    yield from (f"{table}: no such {parent}" for table, _, parent, _ in db.execute("PRAGMA foreign_key_check"))
    for room, place, messages in db.execute(_PLACES).fetchall():
        if (found := db.execute(_FOUND, (place,)).get) != messages:
            yield f"{room}: {messages} messages, of which the search has {found}"
    if outside := db.execute(_OUT_OF_DAY).get:
        yield f"messages under another day: {outside}"
    if left := db.execute(_PRUNED).get:
        yield f"messages that were to be pruned: {left}"
    if unknown := db.execute(_UNKNOWN).get:
        yield f"messages whose id is not known again: {unknown}"
