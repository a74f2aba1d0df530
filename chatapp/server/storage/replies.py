"""To what the posts of a batch reply: a message of the same room, in the log or before them in the batch."""

from collections.abc import Iterator, Sequence

import apsw
import msgspec

from chatapp.protocol.commands import NEWEST_OF_ANOTHER
from chatapp.protocol.errors import NoSuchMessage
from chatapp.protocol.requests import TALK
from chatapp.server.storage.records import Post

Placed = tuple[int, Post]
"""A post, and the `seq` that it gets if it is a new one."""

SCANNED = 10_000
"""Among so many of the last numbers a message is looked for that has none given."""

# Of each post: whether its id is known, and to which message in the log it replies, NULL for none that there is.
_FIND = f"""
SELECT json_group_array(json_array(
    EXISTS (SELECT 1 FROM ids AS i WHERE i.id = p.value ->> 1 AND i.author = a.number),
    CASE p.value ->> 3
        WHEN 0 THEN NULL
        WHEN {NEWEST_OF_ANOTHER} THEN (
            SELECT m.seq FROM messages AS m
            WHERE m.room = p.value ->> 2 AND m.seq > ?2 AND m.author IS NOT a.number
                AND m.kind IN {TALK} AND m.text <> ''
            ORDER BY m.seq DESC LIMIT 1
        )
        ELSE (SELECT m.seq FROM messages AS m WHERE m.seq = p.value ->> 3 AND m.room = p.value ->> 2)
    END
) ORDER BY p.key)
FROM json_each(?1) AS p LEFT JOIN authors AS a ON a.author = p.value ->> 0
"""

_Found = list[tuple[int, int | None]]


def find_replies(db: apsw.Connection, placed: Sequence[Placed]) -> tuple[dict[int, int], dict[int, NoSuchMessage]]:
    """Return to which `seq` each new post replies, and the refusal of each that replies to none there is."""
    first = placed[0][0]
    asked = [(post.author, post.say.id, post.say.room, _in_log(post.say.reply, first)) for _, post in placed]
    found = db.execute(_FIND, (msgspec.json.encode(asked).decode(), first - SCANNED)).get
    return _walk(placed, msgspec.json.decode(found, type=_Found))


def _in_log(reply: int, first: int) -> int:
    return reply if NEWEST_OF_ANOTHER <= reply < first else 0


def _walk(placed: Sequence[Placed], found: _Found) -> tuple[dict[int, int], dict[int, NoSuchMessage]]:
    """Go through the batch in its order; what is known, or refused, is nothing that can be replied to."""
    replies, refused = dict[int, int](), dict[int, NoSuchMessage]()
    names, new = set[tuple[str, str]](), dict[int, Post]()
    for (seq, post), (is_known, in_log) in zip(placed, found, strict=True):
        name = post.author, post.say.id
        if is_known or name in names:
            continue
        if post.say.reply and (target := next(_in_batch(post, new), in_log)) is not None:
            replies[seq] = target
        elif post.say.reply:
            refused[seq] = NoSuchMessage(str(post.say.reply))
            continue
        names.add(name)
        new[seq] = post
    return replies, refused


def _in_batch(post: Post, new: dict[int, Post]) -> Iterator[int]:
    """Yield to which of the `new` posts this one may reply, the newest first."""
    reply, room = post.say.reply, post.say.room
    if reply in new and new[reply].say.room == room:
        yield reply
    if reply == NEWEST_OF_ANOTHER:
        for seq, other in reversed(new.items()):
            if (other.say.room, other.say.kind in TALK) == (room, True) and other.author != post.author:
                yield seq
