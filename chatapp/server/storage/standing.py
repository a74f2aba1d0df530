"""Messages as they stand: with what was made of them since they were said."""

from collections.abc import Iterable
from typing import Any

import apsw
import msgspec

from chatapp.protocol.events import Said
from chatapp.protocol.requests import Kind
from chatapp.server.storage.times import seconds

# Rows come as one JSON text: each step of a statement gives up Python's lock, and a busy loop gives it back late.
_AS_JSON = """
SELECT json_group_array(json_array(
    m.seq, m.room, m.nick, m.text, m.at, m.id, m.kind, coalesce(p.reply, 0), v.is_deleted,
    iif(EXISTS (SELECT 1 FROM reactions AS e WHERE e.seq = m.seq), json((
        SELECT json_group_array(json_array(emoji, nick) ORDER BY since) FROM reactions AS e WHERE e.seq = m.seq
    )), NULL)
) ORDER BY m.seq {order})
FROM ({rows}) AS m LEFT JOIN replies AS p ON p.seq = m.seq LEFT JOIN revisions AS v ON v.seq = m.seq
"""

Row = tuple[int, str, str, str, int, str, Kind, int, int | None, list[tuple[str, str]] | None]


def as_json(rows: str, order: str = "") -> str:
    """Return a statement for one JSON text: a Row for each of what the statement `rows` finds in `messages`."""
    return _AS_JSON.format(rows=rows, order=order)


def read_standing(db: apsw.Connection, statement: str, values: tuple[Any, ...] | dict[str, Any]) -> list[Said]:
    """Return what a statement by `as_json` finds."""
    return said_of_rows(msgspec.json.decode(db.execute(statement, values).get, type=list[Row]))


def said_of_rows(rows: Iterable[Row]) -> list[Said]:
    return [
        Said(seq, room, nick, text, seconds(at), id_, kind)
        if not reply and is_deleted is None and reactions is None
        else _marked(Said(seq, room, nick, text, seconds(at), id_, kind), reply, is_deleted, reactions)
        for seq, room, nick, text, at, id_, kind, reply, is_deleted, reactions in rows
    ]


def _marked(said: Said, reply: int, is_deleted: int | None, reactions: list[tuple[str, str]] | None) -> Said:
    nicks: dict[str, list[str]] = {}
    for emoji, nick in reactions or ():
        nicks.setdefault(emoji, []).append(nick)
    marks = {"reply": reply, "is_edited": is_deleted == 0, "is_deleted": is_deleted == 1, "reactions": nicks}
    return msgspec.structs.replace(said, **marks)
