"""The tables of a log, one step per version, and how a file comes to the newest."""

import uuid
from contextlib import closing
from pathlib import Path

import apsw

from chatapp.server.storage.connection import connect_new, connect_reader, transaction
from chatapp.server.storage.errors import SchemaTooNew, StoreDamaged
from chatapp.server.storage.files import copy_database, make_private, remove_database, sync_folder

APPLICATION_ID = 0x63686174
"""What SQLite's header says that the file is: "chat"."""

# ids: for good, since what is sent again must be known again, also once its message was pruned: some 50 bytes, in a
# table of their own, so that pruning frees whole pages. (id, author) in this order: ids that begin with the time, as
# those of our client do, then land side by side, and a batch of 1,000 is five times as fast as with random ones.
# messages: `at` is in microseconds since 1970. Of those up to `pruned` there is none any more.
# days: where in the log the day (UTC, counted from 1970-01-01) changes, so that dates are found whatever a clock did.
# search: automerge at 8 writes a sixth faster than at its default of 4, and finds as fast. `place` and `speaker` are
# hexadecimal, since a name is one token there whatever it is made of.
_FIRST = """
CREATE TABLE meta (one INTEGER PRIMARY KEY CHECK (one = 1), log TEXT NOT NULL, pruned INTEGER NOT NULL) STRICT;
CREATE TABLE authors (number INTEGER PRIMARY KEY, author TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE owners (
    nick_key TEXT NOT NULL PRIMARY KEY, nick TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE TABLE ids (
    id TEXT NOT NULL, author INTEGER NOT NULL REFERENCES authors, seq INTEGER NOT NULL, PRIMARY KEY (id, author)
) STRICT, WITHOUT ROWID;
CREATE TABLE messages (
    seq INTEGER PRIMARY KEY, room TEXT NOT NULL, author INTEGER NOT NULL REFERENCES authors, nick TEXT NOT NULL,
    nick_key TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_by_room ON messages (room, seq);
CREATE TABLE days (first_seq INTEGER PRIMARY KEY, day INTEGER NOT NULL) STRICT;
CREATE VIEW searchable AS SELECT seq, text, hex(nick_key) AS speaker, hex(room) AS place FROM messages;
CREATE VIRTUAL TABLE search USING fts5 (
    text, speaker, place, content = 'searchable', content_rowid = 'seq', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
INSERT INTO search (search, rank) VALUES ('automerge', 8);
"""

# meta: no `seq` up to `used` is given again, though what had it is deleted.
# memberships: which room a key is in, since when. readings: up to which `seq` it has read one.
# rooms: those of the first version were made by nobody knows whom.
# endings: rooms that are no more, of whose messages some are still to be deleted.
# changes: what became of messages, and in which order; of each the text is in its own row. A deleted one's is empty.
# revisions: of the messages that were edited or deleted, when that was last.
# reactions: `since` the change of that `seq`, so that they are in one order whatever a clock did.
# mentions: of names as `name_key` returns them, in what was said or done.
# The tables without row numbers, the index of changes and that of mentions are such that no row of one has the shape of
# another's: see recovery.
_SECOND = """
ALTER TABLE meta ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
CREATE TABLE memberships (
    key TEXT NOT NULL, room TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (key, room)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_by_room ON memberships (room);
CREATE TABLE readings (
    key TEXT NOT NULL, room TEXT NOT NULL, seq INTEGER NOT NULL, level TEXT NOT NULL, PRIMARY KEY (key, room)
) STRICT, WITHOUT ROWID;
CREATE INDEX readings_by_room ON readings (room);
CREATE TABLE rooms (
    room TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, topic TEXT NOT NULL, maker TEXT NOT NULL, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO rooms SELECT DISTINCT room, '', '', '', 0 FROM messages;
CREATE TABLE endings (room TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, of INTEGER NOT NULL, nick TEXT NOT NULL, at INTEGER NOT NULL,
    value TEXT NOT NULL
) STRICT;
CREATE INDEX changes_by_message ON changes (of, kind);
CREATE TABLE replies (seq INTEGER NOT NULL PRIMARY KEY, reply INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE revisions (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, is_deleted INTEGER NOT NULL) STRICT;
CREATE TABLE reactions (
    seq INTEGER NOT NULL, emoji TEXT NOT NULL, author INTEGER NOT NULL REFERENCES authors, nick TEXT NOT NULL,
    since INTEGER NOT NULL, PRIMARY KEY (seq, emoji, author)
) STRICT, WITHOUT ROWID;
CREATE TABLE mentions (
    name TEXT NOT NULL, room TEXT NOT NULL, seq INTEGER NOT NULL, author INTEGER NOT NULL REFERENCES authors,
    PRIMARY KEY (name, room, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_message ON mentions (seq);
DROP VIEW searchable;
CREATE VIEW searchable AS
SELECT seq, text, hex(nick_key) AS speaker, hex(room) AS place FROM messages WHERE text <> '';
"""

# sanctions: what is in force against whom; `until` is 0 for good. slow: and who wanted that.
# audit: what those who moderate did, which nobody changes. Rows of none of these have the shape of another's.
_MODERATION = """
CREATE TABLE sanctions (
    kind TEXT NOT NULL, room TEXT NOT NULL, subject TEXT NOT NULL, whom TEXT NOT NULL, until INTEGER NOT NULL,
    reason TEXT NOT NULL, PRIMARY KEY (kind, room, subject)
) STRICT, WITHOUT ROWID;
CREATE TABLE slow (room TEXT NOT NULL PRIMARY KEY, seconds INTEGER NOT NULL, nick TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
    number INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT NOT NULL, nick TEXT NOT NULL, what TEXT NOT NULL,
    whom TEXT NOT NULL, room TEXT NOT NULL, until INTEGER NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'what is noted stays'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'what is noted stays'); END;
"""

# owners: `seen` is when the key was last here by that nick, in microseconds; for those of before, when this was made.
# What a nick looks like is not kept: it changes with Unicode's tables.
# devices: keys beside the first of their account, and the first ones that are revoked.
_PEOPLE = """
ALTER TABLE owners ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
UPDATE owners SET seen = unixepoch() * 1000000;
CREATE TABLE devices (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, account TEXT NOT NULL, label TEXT NOT NULL,
    at INTEGER NOT NULL, is_revoked INTEGER NOT NULL
) STRICT;
"""

STEPS: tuple[str, ...] = (_FIRST, _SECOND, _MODERATION, _PEOPLE)
"""STEPS[n] leads from version n to n + 1; what was released is never changed, only followed by another."""


def create(file: Path) -> None:
    """Make `file`, a log with nothing in it, readable by nobody else: whole, or not at all.

    Raises apsw.Error or OSError.
    """
    draft = file.with_name(file.name + ".new")
    remove_database(draft)
    make_private(draft)
    try:
        _write_first(draft)
        draft.rename(file)
    except BaseException:
        remove_database(draft)
        raise
    sync_folder(file.parent)


def _write_first(draft: Path) -> None:
    with closing(connect_new(draft)) as db, transaction(db):
        _follow_steps(db, 0)
        db.execute("INSERT INTO meta (one, log, pruned) VALUES (1, ?, 0)", (uuid.uuid4().hex,))
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def upgrade(db: apsw.Connection, file: Path) -> None:
    """Bring `file`, which `db` has open, to the newest version, after a copy of it as it was: `{file}.v1.bak`.

    Raises SchemaTooNew, StoreDamaged if it is no log, apsw.Error or OSError.
    """
    if db.pragma("application_id") != APPLICATION_ID:
        raise StoreDamaged(file, "not a log of chatapp")
    version = int(db.pragma("user_version"))
    if version > len(STEPS):
        raise SchemaTooNew(file, version, len(STEPS))
    if version < len(STEPS):
        _keep_copy(file, version)
        with transaction(db):
            _follow_steps(db, version)


def _keep_copy(file: Path, version: int) -> None:
    copy = file.with_name(f"{file.name}.v{version}.bak")
    remove_database(copy)
    with closing(connect_reader(file)) as source:
        copy_database(source, copy)


def _follow_steps(db: apsw.Connection, version: int) -> None:
    for step in STEPS[version:]:
        db.execute(step)
    db.execute(f"PRAGMA user_version = {len(STEPS)}")
