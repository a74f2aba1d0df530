"""Looking after a log's file: whether it is sound, and a copy of it. Both may be done while a server has it open."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw

from chatapp.server.storage.checksums import has_checksums
from chatapp.server.storage.connection import connect_reader, reading, reason_of, writing
from chatapp.server.storage.deeds import newest_deeds
from chatapp.server.storage.errors import StoreDamaged
from chatapp.server.storage.files import copy_database
from chatapp.server.storage.records import AuditRow
from chatapp.server.storage.schema import APPLICATION_ID

_PLACES = "SELECT room, hex(room), count(*) FROM messages WHERE text <> '' GROUP BY room"
_FOUND = "SELECT count(*) FROM search WHERE search MATCH 'place : ' || ?"
_OUT_OF_DAY = """
SELECT count(*) FROM messages AS m
WHERE at / 86400000000 IS NOT (SELECT day FROM days WHERE first_seq <= m.seq ORDER BY first_seq DESC LIMIT 1)
"""
_COUNTS = {
    "messages under another day": _OUT_OF_DAY,
    "messages that were to be pruned": "SELECT count(*) FROM messages WHERE seq <= (SELECT pruned FROM meta)",
    "messages whose id is not known again": """
        SELECT count(*) FROM messages AS m
        WHERE seq IS NOT (SELECT i.seq FROM ids AS i WHERE i.id = m.id AND i.author = m.author)
    """,
    "deleted messages with a text, or others without": """
        SELECT count(*) FROM messages AS m LEFT JOIN revisions AS v ON v.seq = m.seq
        WHERE (m.text = '') <> coalesce(v.is_deleted, 0)
    """,
    "changes with the number of a message": "SELECT count(*) FROM changes JOIN messages USING (seq)",
    "changes of what was not there": """
        SELECT count(*) FROM changes AS c LEFT JOIN messages AS m ON m.seq = c.of WHERE m.seq IS NULL OR m.seq > c.seq
    """,
    "edits of, or reactions to, what was deleted": """
        SELECT count(*) FROM changes AS c JOIN revisions AS v ON v.seq = c.of AND v.is_deleted WHERE c.kind <> 'deleted'
    """,
    **{
        f"{table} of no message": f"SELECT count(*) FROM {table} WHERE seq NOT IN (SELECT seq FROM messages)"
        for table in (
            "replies",
            "revisions",
            "reactions",
            "mentions",
        )
    },
    "reactions that no change tells of": """
        SELECT count(*) FROM reactions AS e LEFT JOIN changes AS c ON c.seq = e.since AND c.of = e.seq
        WHERE c.kind IS NOT 'reacted'
    """,
    "mentions in another room": """
        SELECT count(*) FROM mentions AS e JOIN messages AS m USING (seq) WHERE e.room <> m.room
    """,
    "members who never read": """
        SELECT count(*) FROM memberships LEFT JOIN readings USING (key, room) WHERE level IS NULL
    """,
}
"""How many there are of what there should be none."""


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


def audit(file: Path, limit: int) -> list[AuditRow]:
    """Return what those who moderate did, at most `limit` deeds, the newest first; of an older log nothing is known.

    Raises StoreDamaged, or OSError if there is no such file.
    """
    if not has_checksums(file):
        raise StoreDamaged(file, "the header is not that of a log")
    with reading(file), closing(connect_reader(file)) as db:
        is_kept = db.execute("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'audit')").get
        return newest_deeds(db, limit) if is_kept else []


def _findings(db: apsw.Connection) -> Iterator[str]:
    if db.pragma("application_id") != APPLICATION_ID:
        yield "not a log of chatapp"
        return
    yield from (str(line) for (line,) in db.execute("PRAGMA integrity_check") if line != "ok")
    yield from (f"{table}: no such {parent}" for table, _, parent, _ in db.execute("PRAGMA foreign_key_check"))
    for room, place, messages in db.execute(_PLACES).fetchall():
        if (found := db.execute(_FOUND, (place,)).get) != messages:
            yield f"{room}: {messages} messages, of which the search has {found}"
    for what, count in _COUNTS.items():
        if found := db.execute(count).get:
            yield f"{what}: {found}"
