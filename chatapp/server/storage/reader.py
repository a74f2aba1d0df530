"""What reads: pages of a room's history, and search, each page as it was when it was asked for."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import msgspec

from chatapp.protocol.events import Said
from chatapp.protocol.names import CONVERSATION, PRIVATE, name_key
from chatapp.server.storage.connection import connect_reader, reading
from chatapp.server.storage.counts import count_unread
from chatapp.server.storage.deeds import newest_deeds
from chatapp.server.storage.records import AuditRow, Count
from chatapp.server.storage.search_query import SearchQuery, parse
from chatapp.server.storage.standing import as_json, read_standing
from chatapp.server.storage.times import DAY_SECONDS, ENDLESS, end_before_day, microseconds, seconds, start_of_day
from chatapp.server.storage.told import Told, read_between

_LIVE = "SELECT * FROM messages WHERE room = ? AND"
_AFTER = as_json(f"{_LIVE} seq > ? ORDER BY seq LIMIT ?")
_BEFORE = as_json(f"{_LIVE} seq < ? ORDER BY seq DESC LIMIT ?")

# Of the rooms that are not public one of each kind is looked at, and left out, however many there are.
_ROOMS = f"""
WITH RECURSIVE rooms (room) AS (
    SELECT min(room) FROM messages
    UNION ALL
    SELECT (
        SELECT min(room) FROM messages AS m WHERE m.room > CASE substr(rooms.room, 1, 2)
            WHEN '{PRIVATE}' THEN '{PRIVATE}\U0010ffff' WHEN '{CONVERSATION}' THEN '{CONVERSATION}\U0010ffff'
            ELSE rooms.room
        END
    ) FROM rooms WHERE room IS NOT NULL
)
SELECT json_group_array(json_array(room, at) ORDER BY at DESC, room) FROM (
    SELECT room, (SELECT at FROM messages AS m WHERE m.room = rooms.room ORDER BY seq DESC LIMIT 1) AS at FROM rooms
    WHERE substr(room, 1, 2) NOT IN ('{PRIVATE}', '{CONVERSATION}') ORDER BY at DESC, room LIMIT ?
)
"""
_SEARCH = as_json(
    """
    SELECT m.* FROM search AS s CROSS JOIN messages AS m ON m.seq = s.rowid
    WHERE s.search MATCH ? AND s.rowid >= ? AND s.rowid < ? AND m.at >= ? AND m.at < ?
    ORDER BY s.rowid DESC LIMIT ?
    """,
    "DESC",
)

# The newest of each name in each room, and of these the newest: no more is read of what was mentioned often.
_MENTIONS = as_json(
    """
    SELECT m.* FROM messages AS m WHERE m.seq IN (
        SELECT DISTINCT found.value
        FROM json_each(:names) AS name CROSS JOIN json_each(:rooms) AS room CROSS JOIN json_each((
            SELECT json_group_array(seq) FROM (
                SELECT seq FROM mentions AS e WHERE e.name = name.value AND e.room = room.value AND e.seq < :before
                ORDER BY e.seq DESC LIMIT :limit
            )
        )) AS found
        ORDER BY found.value DESC LIMIT :limit
    )
    """,
    "DESC",
)


class Reader:
    """A connection that reads `file`, for one thread at a time. Each method raises StoreDamaged for bytes gone bad."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._db = connect_reader(file)

    def close(self) -> None:
        self._db.close()

    def after(self, room: str, seq: int, limit: int) -> list[Said]:
        return self._read(_AFTER, (room, seq, limit))

    def between(self, rooms: Collection[str], seq: int, last: int, limit: int) -> list[Told]:
        with reading(self._file):
            return read_between(self._db, rooms, seq, last, limit)

    def mentions(self, names: Collection[str], rooms: Collection[str], before: int | None, limit: int) -> list[Said]:
        bound = ENDLESS if before is None else before
        values = {"names": _encode(names), "rooms": _encode(rooms), "before": bound, "limit": limit}
        return self._read(_MENTIONS, values)

    def count(self, key: str, names: Collection[str], rooms: Collection[str], last: int) -> list[Count]:
        with reading(self._file):
            return count_unread(self._db, key, names, rooms, last)

    def audit(self, limit: int) -> list[AuditRow]:
        with reading(self._file):
            return newest_deeds(self._db, limit)

    def rooms(self, limit: int) -> list[tuple[str, float]]:
        with reading(self._file):
            rows = msgspec.json.decode(self._db.execute(_ROOMS, (limit,)).get, type=list[tuple[str, int]])
        return [(room, seconds(at)) for room, at in rows]

    def before(self, room: str, seq: int | None, limit: int) -> list[Said]:
        return self._read(_BEFORE, (room, ENDLESS if seq is None else seq, limit))

    def search(self, query: str, rooms: Collection[str], before: int | None, limit: int) -> list[Said]:
        """See SqliteStore.search."""
        read = parse(query)
        if read.room is not None:
            rooms = [room for room in rooms if name_key(room) == read.room]
        if not rooms:
            return []
        start, end = self._bounds(read)
        times = _time(read.after, -ENDLESS), _time(read.before, ENDLESS)
        return self._read(
            _SEARCH, (_match(read, rooms), start, min(end, ENDLESS if before is None else before), *times, limit)
        )

    def _bounds(self, read: SearchQuery) -> tuple[int, int]:
        """Return the first `seq` that the dates allow for, and the one after the last."""
        with reading(self._file):
            start = 0 if read.after is None else start_of_day(self._db, int(read.after) // DAY_SECONDS)
            end = ENDLESS if read.before is None else end_before_day(self._db, int(read.before) // DAY_SECONDS)
            return start, end

    def _read(self, statement: str, values: tuple[Any, ...] | dict[str, Any]) -> list[Said]:
        with reading(self._file):
            return read_standing(self._db, statement, values)


def _match(read: SearchQuery, rooms: Collection[str]) -> str:
    """Spell in FTS5's language what is looked up in its index; see the view `searchable`."""
    parts = [f"place : ({' OR '.join(map(_token, rooms))})"]
    if read.terms:
        parts.append(f"text : ({' '.join(read.terms)})")
    if read.nick is not None:
        parts.append(f"speaker : {_token(read.nick)}")
    return " AND ".join(parts)


def _token(name: str) -> str:
    return f'"{name.encode().hex()}"'


def _time(at: float | None, missing: int) -> int:
    return missing if at is None else microseconds(at)


def _encode(names: Collection[str]) -> str:
    return msgspec.json.encode(list(names)).decode()
