"""What was told between two numbers: messages and what became of them, in one order."""

from collections.abc import Iterable

import apsw
import msgspec

from chatapp.protocol.events import Deleted, Edited, Reacted, Said
from chatapp.server.storage.standing import Row, as_json, said_of_rows
from chatapp.server.storage.times import seconds

# Of the changes those are read that come before the last of a full page of messages; what is after it is the next's.
_ROWS = "messages WHERE seq > :seq AND seq <= :last AND +room IN (SELECT value FROM json_each(:rooms)) ORDER BY seq"
_BETWEEN = f"""
SELECT '[' || ({as_json(f"SELECT * FROM {_ROWS} LIMIT :limit")}) || ',' || (
    SELECT json_group_array(json_array(seq, room, kind, of, nick, at, value, text) ORDER BY seq) FROM (
        SELECT c.seq, m.room, c.kind, c.of, c.nick, c.at, c.value, m.text
        FROM changes AS c CROSS JOIN messages AS m ON m.seq = c.of
        WHERE c.seq > :seq AND c.seq <= :last
            AND +c.seq <= coalesce((SELECT seq FROM {_ROWS} LIMIT 1 OFFSET :limit - 1), :last)
            AND +m.room IN (SELECT value FROM json_each(:rooms)) AND (m.text <> '' OR c.kind = 'deleted')
        ORDER BY c.seq LIMIT :limit
    )
) || ']'
"""

_Change = tuple[int, str, str, int, str, int, str, str]

Told = Said | Edited | Deleted | Reacted


def read_between(db: apsw.Connection, rooms: Iterable[str], seq: int, last: int, limit: int) -> list[Told]:
    """See SqliteStore.between."""
    names = msgspec.json.encode(list(rooms)).decode()
    found = db.execute(_BETWEEN, {"rooms": names, "seq": seq, "last": last, "limit": limit}).get
    messages, changes = msgspec.json.decode(found, type=tuple[list[Row], list[_Change]])
    said: list[Told] = [*said_of_rows(messages)]
    if not changes:
        return said
    return sorted([*said, *map(_told, changes)], key=lambda told: told.seq)[:limit]


def _told(change: _Change) -> Told:
    seq, room, kind, of, nick, at, value, text = change
    match kind:
        case "edited":
            return Edited(seq, room, of, text, nick, seconds(at))
        case "deleted":
            return Deleted(seq, room, of, nick, seconds(at))
        case _:
            return Reacted(seq, room, of, value, nick, seconds(at), kind == "reacted")
