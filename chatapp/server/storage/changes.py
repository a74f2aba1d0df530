"""What becomes of messages: edits, deletions and reactions into the log."""

from typing import Any, NamedTuple

import apsw

from chatapp.protocol import limits
from chatapp.protocol.errors import NoSuchMessage, NotYours, TooManyReactions
from chatapp.protocol.events import Deleted, Edited, Reacted
from chatapp.protocol.names import name_key
from chatapp.protocol.requests import TALK, Delete, Edit, React
from chatapp.server.storage.mentioning import forget_mentions, index_mentions
from chatapp.server.storage.records import GUEST, Change, Changed
from chatapp.server.storage.replies import SCANNED
from chatapp.server.storage.times import microseconds, seconds

Refusal = NoSuchMessage | NotYours | TooManyReactions

_AUTHOR = "(SELECT number FROM authors WHERE author = :author)"
_TARGET = f"""
SELECT seq, kind, text, author IS {_AUTHOR} FROM messages
WHERE seq = :of AND seq < :seq AND room = :room AND text <> ''
"""
_LAST = """
SELECT seq FROM messages WHERE room = :room AND seq < :seq AND seq >= :start AND text <> '' ORDER BY seq DESC LIMIT 1
"""
_OWN_LAST = f"""
SELECT seq FROM messages
WHERE room = :room AND seq < :seq AND seq >= :start AND text <> '' AND author = {_AUTHOR} AND kind IN {TALK}
ORDER BY seq DESC LIMIT 1
"""
_LAST_OF_NICK = f"""
SELECT seq FROM messages
WHERE room = :room AND seq < :seq AND seq >= :start AND text <> '' AND nick_key = :nick AND kind IN {TALK}
ORDER BY seq DESC LIMIT 1
"""
_UNINDEX = """
INSERT INTO search (search, rowid, text, speaker, place) SELECT 'delete', * FROM searchable WHERE seq = ?
"""
_INDEX = "INSERT INTO search (rowid, text, speaker, place) SELECT * FROM searchable WHERE seq = ?"
_UPDATE = "UPDATE messages SET text = ?2 WHERE seq = ?1"
_REVISE = "INSERT OR REPLACE INTO revisions VALUES (?, ?, ?)"
_FORGET_REACTIONS = "DELETE FROM reactions WHERE seq = ?"
_FORGET_CHANGES = "DELETE FROM changes WHERE of = ?"
_INSERT = "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)"

# Whether the author reacts so already, and whether there is room for one of that emoji.
_REACTIONS = f"""
SELECT EXISTS (SELECT 1 FROM reactions WHERE seq = :of AND emoji = :emoji AND author = {_AUTHOR}),
    CASE WHEN EXISTS (SELECT 1 FROM reactions WHERE seq = :of AND emoji = :emoji) THEN 1
    ELSE (SELECT count(DISTINCT emoji) FROM reactions WHERE seq = :of) < {limits.REACTIONS} END
"""
_INSERT_AUTHOR = "INSERT OR IGNORE INTO authors (author) VALUES (?)"
_REACT = f"INSERT INTO reactions VALUES (:of, :emoji, {_AUTHOR}, :nick, :seq)"
_UNREACT = f"DELETE FROM reactions WHERE seq = :of AND emoji = :emoji AND author = {_AUTHOR}"


class _Target(NamedTuple):
    """The message that a change is about."""

    seq: int
    kind: str
    text: str
    is_own: int


def make_change(db: apsw.Connection, seq: int, change: Change) -> Changed | Refusal:
    """Put `change` into the log, as what has `seq`, after all that has a smaller one."""
    request = change.request
    target = _find(db, seq, change)
    if target is None:
        return NoSuchMessage(str(request.seq))
    if isinstance(request, React):
        return _react(db, seq, change, request, target)
    if target.kind not in TALK:
        return NoSuchMessage(str(request.seq))
    if not _may_change(change, target):
        return NotYours()
    if isinstance(request, Edit):
        return _edit(db, seq, change, request, target)
    return _delete(db, seq, change, request, target)


def _find(db: apsw.Connection, seq: int, change: Change) -> _Target | None:
    """Return the message that the request names, if it is in its room and was not deleted."""
    request = change.request
    values: dict[str, Any] = {"author": change.author, "room": request.room, "seq": seq, "start": seq - SCANNED}
    if request.seq:
        of = request.seq if 0 < request.seq < seq else None
    else:
        of = db.execute(_last_of(request), values | {"nick": name_key(getattr(request, "nick", ""))}).get
    row = None if of is None else db.execute(_TARGET, values | {"of": of}).get
    return None if row is None else _Target(*row)


def _last_of(request: Edit | Delete | React) -> str:
    """Return what finds the message that a request without a number means."""
    if isinstance(request, React):
        return _LAST
    return _LAST_OF_NICK if isinstance(request, Delete) and request.nick else _OWN_LAST


def _may_change(change: Change, target: _Target) -> bool:
    if isinstance(change.request, Delete) and change.is_maker:
        return True
    return bool(target.is_own) and (not change.author.startswith(GUEST) or target.seq > change.since)


def _edit(db: apsw.Connection, seq: int, change: Change, request: Edit, target: _Target) -> Changed:
    if request.text == target.text:
        return Changed(None)
    at = microseconds(change.at)
    _put_text(db, target, request.text)
    db.execute(_INDEX, (target.seq,))
    index_mentions(db, [(target.seq, request.text)])
    db.execute(_REVISE, (target.seq, at, 0))
    db.execute(_INSERT, (seq, "edited", target.seq, change.nick, at, ""))
    return Changed(Edited(seq, request.room, target.seq, request.text, change.nick, seconds(at)))


def _delete(db: apsw.Connection, seq: int, change: Change, request: Delete, target: _Target) -> Changed:
    at = microseconds(change.at)
    _put_text(db, target, "")
    db.execute(_FORGET_REACTIONS, (target.seq,))
    db.execute(_FORGET_CHANGES, (target.seq,))
    db.execute(_REVISE, (target.seq, at, 1))
    db.execute(_INSERT, (seq, "deleted", target.seq, change.nick, at, ""))
    return Changed(Deleted(seq, request.room, target.seq, change.nick, seconds(at)))


def _put_text(db: apsw.Connection, target: _Target, text: str) -> None:
    """Let the message read `text`; what is known of the old one goes."""
    db.execute(_UNINDEX, (target.seq,))
    db.execute(_UPDATE, (target.seq, text))
    if "@" in target.text:
        forget_mentions(db, target.seq)


def _react(
    db: apsw.Connection, seq: int, change: Change, request: React, target: _Target
) -> Changed | TooManyReactions:
    at = microseconds(change.at)
    values = {"of": target.seq, "emoji": request.emoji, "author": change.author, "nick": change.nick, "seq": seq}
    is_on, fits = db.execute(_REACTIONS, values).get
    if bool(is_on) == request.on:
        return Changed(None)
    if request.on and not fits:
        return TooManyReactions(limit=limits.REACTIONS)
    if request.on:
        db.execute(_INSERT_AUTHOR, (change.author,))
    db.execute(_REACT if request.on else _UNREACT, values)
    kind = "reacted" if request.on else "unreacted"
    db.execute(_INSERT, (seq, kind, target.seq, change.nick, at, request.emoji))
    return Changed(Reacted(seq, request.room, target.seq, request.emoji, change.nick, seconds(at), request.on))
