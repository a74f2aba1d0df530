"""Messages out of the log for good, with all that is known of them but their ids, a few at a time."""

import apsw

from chatapp.protocol.names import CONVERSATION

ERASED_ROWS = 100
"""How many messages one step takes at most: of a million in about 40 ms, for which posts wait."""

GUESTS = f"{CONVERSATION}g"
"""So begins a conversation with a guest, which nobody can come back to."""

_OLDEST = "SELECT json_group_array(seq) FROM (SELECT seq FROM messages WHERE seq <= ? ORDER BY seq LIMIT ?)"
_OF_ROOM = "SELECT json_group_array(seq) FROM (SELECT seq FROM messages WHERE room = ? ORDER BY seq LIMIT ?)"
_THESE = "IN (SELECT value FROM json_each(?))"
_UNINDEX = f"""
INSERT INTO search (search, rowid, text, speaker, place) SELECT 'delete', * FROM searchable WHERE seq {_THESE}
"""
_DELETIONS = (
    f"DELETE FROM mentions WHERE seq {_THESE}",
    f"DELETE FROM reactions WHERE seq {_THESE}",
    f"DELETE FROM changes WHERE of {_THESE}",
    f"DELETE FROM revisions WHERE seq {_THESE}",
    f"DELETE FROM replies WHERE seq {_THESE}",
    f"DELETE FROM messages WHERE seq {_THESE}",
)
_END = "INSERT OR IGNORE INTO endings VALUES (?)"
_ENDED = "DELETE FROM endings WHERE room = ?"
_FORGET = (
    "DELETE FROM rooms WHERE room = ?",
    "DELETE FROM memberships WHERE room = ?",
    "DELETE FROM readings WHERE room = ?",
    "DELETE FROM sanctions WHERE room = ?",
    "DELETE FROM slow WHERE room = ?",
)
_BETWEEN = "room >= :first AND room < :end"
_ROOMS_BETWEEN = f"""
SELECT room FROM rooms WHERE {_BETWEEN} UNION SELECT room FROM messages WHERE {_BETWEEN}
UNION SELECT room FROM memberships WHERE {_BETWEEN} UNION SELECT room FROM readings WHERE {_BETWEEN}
"""


def erase_up_to(db: apsw.Connection, bound: int) -> tuple[int, int]:
    """Erase the oldest messages up to the seq `bound`; return how many, and the seq of the last, 0 for none."""
    seqs: str = db.execute(_OLDEST, (bound, ERASED_ROWS)).get
    count = _erase(db, seqs)
    return count, int(db.execute("SELECT max(value) FROM json_each(?)", (seqs,)).get or 0)


def end_room(db: apsw.Connection, room: str) -> None:
    """Let there be no `room` any more, and erase what was said there, or some of it: see `go_on_erasing`."""
    for statement in _FORGET:
        db.execute(statement, (room,))
    db.execute(_END, (room,))
    _erase_some(db, room)


def end_rooms_of_guests(db: apsw.Connection) -> None:
    bounds = {"first": GUESTS, "end": GUESTS[:-1] + chr(ord(GUESTS[-1]) + 1)}
    for (room,) in db.execute(_ROOMS_BETWEEN, bounds).fetchall():
        end_room(db, str(room))


def has_rooms_of_guests(db: apsw.Connection) -> bool:
    bounds = {"first": GUESTS, "end": GUESTS[:-1] + chr(ord(GUESTS[-1]) + 1)}
    return bool(db.execute(f"SELECT EXISTS ({_ROOMS_BETWEEN})", bounds).get)


def is_erasing(db: apsw.Connection) -> bool:
    """Return whether there are messages of ended rooms."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM endings)").get)


def go_on_erasing(db: apsw.Connection) -> None:
    """Erase some of what is left of one ended room."""
    if (room := db.execute("SELECT min(room) FROM endings").get) is not None:
        _erase_some(db, str(room))


def _erase_some(db: apsw.Connection, room: str) -> None:
    if _erase(db, db.execute(_OF_ROOM, (room, ERASED_ROWS)).get) < ERASED_ROWS:
        db.execute(_ENDED, (room,))


def _erase(db: apsw.Connection, seqs: str) -> int:
    """Erase the messages of `seqs`, a JSON array; return how many there were."""
    if seqs == "[]":
        return 0
    for statement in (_UNINDEX, *_DELETIONS):
        db.execute(statement, (seqs,))
    return db.changes()
