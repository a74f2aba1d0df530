"""What a key has not read in its rooms, counted."""

from collections.abc import Collection
from typing import Any

import apsw
import msgspec

from chatapp.protocol import limits
from chatapp.protocol.requests import TALK, Level
from chatapp.server.storage.records import Count

# Each row that is looked at is one that was not read; `r.seq` is NULL, and nothing is after it, for a room never read.
_COUNT = f"""
WITH me (number) AS MATERIALIZED (SELECT (SELECT number FROM authors WHERE author = :key))
SELECT json_group_array(json_array(
    asked.value, coalesce(r.seq, :last), (
        SELECT count(*) FROM (
            SELECT 1 FROM messages AS m
            WHERE m.room = asked.value AND m.seq > r.seq AND m.seq <= :last
                AND m.author IS NOT me.number AND m.kind IN {TALK} AND m.text <> ''
            LIMIT {limits.COUNTED}
        )
    ), (
        SELECT count(*) FROM (
            SELECT DISTINCT e.seq FROM json_each(:names) AS n CROSS JOIN mentions AS e
            WHERE e.name = n.value AND e.room = asked.value AND e.seq > r.seq AND e.seq <= :last
                AND e.author IS NOT me.number
            LIMIT {limits.COUNTED}
        )
    ), coalesce(r.level, 'all')
) ORDER BY asked.key)
FROM json_each(:rooms) AS asked CROSS JOIN me LEFT JOIN readings AS r ON r.key = :key AND r.room = asked.value
"""

_Row = tuple[str, int, int, int, Level]


def count_unread(
    db: apsw.Connection, key: str, names: Collection[str], rooms: Collection[str], last: int
) -> list[Count]:
    """See Store.count. What was deleted is no longer there to be read, and doesn't count."""
    values: dict[str, Any] = {"key": key, "names": _encode(names), "rooms": _encode(rooms), "last": last}
    rows = msgspec.json.decode(db.execute(_COUNT, values).get, type=list[_Row])
    return [Count(*row) for row in rows]


def _encode(names: Collection[str]) -> str:
    return msgspec.json.encode(list(names)).decode()
