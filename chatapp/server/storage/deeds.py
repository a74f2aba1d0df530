"""What those who moderate did, and what of it is in force."""

import apsw
import msgspec

from chatapp.server.storage.records import LASTING, LIFTING, AuditRow, Deed, Sanction, row_of
from chatapp.server.storage.times import microseconds, seconds

_NOTE = "INSERT INTO audit (at, account, nick, what, whom, room, until, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_LAPSE = "DELETE FROM sanctions WHERE until > 0 AND until <= ?"
_ENFORCE = "INSERT OR REPLACE INTO sanctions VALUES (?, ?, ?, ?, ?, ?)"
_LIFT = "DELETE FROM sanctions WHERE kind = ? AND room = ? AND subject = ?"
_SLOW = "INSERT OR REPLACE INTO slow VALUES (?, ?, ?)"
_HASTEN = "DELETE FROM slow WHERE room = ?"
_NEWEST = """
SELECT json_group_array(json_array(at, account, nick, what, whom, room, until, reason)) FROM (
    SELECT * FROM audit ORDER BY number DESC LIMIT ?
)
"""

_Row = tuple[int, str, str, str, str, str, int, str]


def keep_deed(db: apsw.Connection, deed: Deed) -> None:
    """Note what was done, and let it be in force; what has ended by then goes."""
    at, until = microseconds(deed.at), microseconds(deed.until)
    row = row_of(deed)
    db.execute(_NOTE, (at, row.account, row.nick, row.what, row.whom, row.room, until, row.reason))
    db.execute(_LAPSE, (at,))
    for subject in deed.subjects:
        if deed.what in LASTING:
            db.execute(_ENFORCE, (deed.what, deed.room, subject, deed.whom, until, deed.reason))
        elif (kind := LIFTING.get(deed.what)) is not None:
            db.execute(_LIFT, (kind, deed.room, subject))
    if deed.what == "slow":
        db.execute(_SLOW, (deed.room, deed.seconds, deed.nick)) if deed.seconds else db.execute(_HASTEN, (deed.room,))


def sanctions_in_force(db: apsw.Connection) -> tuple[Sanction, ...]:
    """Return all that was not lifted, though some of it may have ended by itself."""
    rows = db.execute("SELECT kind, room, subject, whom, until, reason FROM sanctions")
    return tuple(
        Sanction(kind, room, subject, whom, seconds(until), reason) for kind, room, subject, whom, until, reason in rows
    )


def slow_rooms(db: apsw.Connection) -> dict[str, int]:
    return {str(room): int(seconds) for room, seconds in db.execute("SELECT room, seconds FROM slow")}


def newest_deeds(db: apsw.Connection, limit: int) -> list[AuditRow]:
    """Return the newest deeds, at most `limit`, the newest first."""
    rows = msgspec.json.decode(db.execute(_NEWEST, (limit,)).get, type=list[_Row])
    return [
        AuditRow(seconds(at), account, nick, what, whom, room, seconds(until), reason)
        for at, account, nick, what, whom, room, until, reason in rows
    ]
