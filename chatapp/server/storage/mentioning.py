"""Who is mentioned where: an index of names, kept in step with the texts."""

from collections.abc import Iterable

import apsw
import msgspec

from chatapp.protocol.mentions import mentioned

_INSERT = """
INSERT OR IGNORE INTO mentions SELECT value ->> 0, m.room, m.seq, m.author
FROM json_each(?) CROSS JOIN messages AS m ON m.seq = value ->> 1
WHERE m.kind IN ('text', 'action')
"""
_DELETE = "DELETE FROM mentions WHERE seq = ?"


def index_mentions(db: apsw.Connection, texts: Iterable[tuple[int, str]]) -> None:
    """Keep whom each of `texts` mentions, the text of the message of that `seq`; of one that is not there, nobody."""
    found = [(name, seq) for seq, text in texts if "@" in text for name in mentioned(text)]
    if found:
        db.execute(_INSERT, (msgspec.json.encode(found).decode(),))


def forget_mentions(db: apsw.Connection, seq: int) -> None:
    db.execute(_DELETE, (seq,))
