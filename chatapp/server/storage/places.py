"""What the log knows of rooms beside what is said there: who made them, who is in them, how far they have read."""

import apsw

from chatapp.server.storage.erasing import GUESTS
from chatapp.server.storage.records import Making, Membership, Reading, RoomFacts
from chatapp.server.storage.times import microseconds

_MAKE = "INSERT OR IGNORE INTO rooms VALUES (?, ?, '', ?, ?)"
_SET_TOPIC = "INSERT INTO rooms VALUES (?, '', ?, '', ?) ON CONFLICT DO UPDATE SET topic = excluded.topic"
_JOIN = "INSERT OR IGNORE INTO memberships VALUES (?, ?, ?)"
_LEAVE = "DELETE FROM memberships WHERE key = ? AND room = ?"
_BEGIN_READING = "INSERT OR IGNORE INTO readings VALUES (?, ?, ?, 'all')"
_END_READING = "DELETE FROM readings WHERE key = ? AND room = ?"
_READ = """
INSERT INTO readings VALUES (:key, :room, :seq, coalesce(:level, 'all'))
ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq), level = coalesce(:level, level)
"""

_LASTING = f"room NOT GLOB '{GUESTS}*'"


def make_room(db: apsw.Connection, making: Making) -> None:
    db.execute(_MAKE, (making.room, making.title, making.maker, microseconds(making.at)))


def set_topic(db: apsw.Connection, room: str, topic: str, at: float) -> None:
    db.execute(_SET_TOPIC, (room, topic, microseconds(at)))


def keep_membership(db: apsw.Connection, one: Membership, last: int) -> None:
    """Whoever comes to a room has read it up to the seq `last`."""
    if one.is_member:
        db.execute(_JOIN, (one.key, one.room, microseconds(one.at)))
        db.execute(_BEGIN_READING, (one.key, one.room, last))
    else:
        db.execute(_LEAVE, (one.key, one.room))
        db.execute(_END_READING, (one.key, one.room))


def keep_reading(db: apsw.Connection, reading: Reading, last: int) -> None:
    """Whoever only chooses a level, and was not known to read the room, has read it up to the seq `last`."""
    if reading.level is not None:
        db.execute(_BEGIN_READING, (reading.key, reading.room, max(reading.seq, last)))
    values = {"key": reading.key, "room": reading.room, "seq": reading.seq, "level": reading.level}
    db.execute(_READ, values)


def rooms_of_keys(db: apsw.Connection) -> dict[str, tuple[str, ...]]:
    """Return the rooms of each key, in the order in which it came to them."""
    rooms = dict[str, list[str]]()
    for key, room in db.execute(f"SELECT key, room FROM memberships WHERE {_LASTING} ORDER BY key, at"):
        rooms.setdefault(str(key), []).append(str(room))
    return {key: tuple(names) for key, names in rooms.items()}


def facts_of_rooms(db: apsw.Connection) -> dict[str, RoomFacts]:
    rows = db.execute(f"SELECT room, title, topic, maker FROM rooms WHERE {_LASTING}")
    return {str(room): RoomFacts(str(title), str(topic), str(maker)) for room, title, topic, maker in rows}
