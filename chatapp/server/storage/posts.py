"""Posts into the log, all those of a batch in one go."""

from collections.abc import Mapping, Sequence

import apsw
import msgspec

from chatapp.protocol.commands import NEWEST_OF_ANOTHER
from chatapp.protocol.errors import IdReused, NoSuchMessage
from chatapp.protocol.events import Said
from chatapp.protocol.names import name_key
from chatapp.protocol.requests import Kind, Say
from chatapp.server.storage.mentioning import index_mentions
from chatapp.server.storage.records import Appended, Outcome, Post
from chatapp.server.storage.replies import Placed, find_replies
from chatapp.server.storage.standing import as_json, read_standing
from chatapp.server.storage.times import microseconds, seconds

# A batch, as `_row` puts each of its posts: all of it goes in, and then those come out again whose id was there.
_INSERT = """
INSERT INTO messages (seq, room, author, nick, nick_key, id, kind, text, at)
SELECT value ->> 8, value ->> 0, (SELECT number FROM authors WHERE author = value ->> 1), value ->> 2, value ->> 3,
    value ->> 4, value ->> 5, value ->> 6, value ->> 7
FROM jsonb_each(?1)
"""
_INSERT_AUTHORS = "INSERT INTO authors (author) SELECT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING"
_INSERT_REPLIES = "INSERT INTO replies SELECT value ->> 0, value ->> 1 FROM json_each(?)"
_INSERT_IDS = "INSERT INTO ids SELECT id, author, seq FROM messages WHERE seq >= ? ON CONFLICT DO NOTHING"
_FIRST_ONES = """
SELECT json_group_array(json_array(i.seq, iif(f.seq IS NULL, NULL, json_array(
    f.room, f.text, f.kind, coalesce((SELECT reply FROM replies AS p WHERE p.seq = f.seq), 0),
    EXISTS (SELECT 1 FROM revisions AS v WHERE v.seq = f.seq)
))) ORDER BY m.seq)
FROM messages AS m CROSS JOIN ids AS i USING (id, author) LEFT JOIN messages AS f ON f.seq = i.seq WHERE m.seq >= ?
"""
_DELETE_REPEATS = """
DELETE FROM messages AS m
WHERE seq >= ? AND seq IS NOT (SELECT i.seq FROM ids AS i WHERE i.id = m.id AND i.author = m.author)
"""
_INDEX = "INSERT INTO search (rowid, text, speaker, place) SELECT * FROM searchable WHERE seq >= ?"
_STANDING = as_json("SELECT * FROM messages WHERE seq IN (SELECT value FROM json_each(?))")

_Earlier = tuple[int, tuple[str, str, Kind, int, int] | None]

Posted = Appended | IdReused | NoSuchMessage


def insert_posts(db: apsw.Connection, placed: Sequence[Placed]) -> dict[int, Posted]:
    """Append what of `placed`, in the order of its `seq`, is new, and return what became of each."""
    replies, refused = dict[int, int](), dict[int, NoSuchMessage]()
    if any(post.say.reply for _, post in placed):
        replies, refused = find_replies(db, placed)
    taken = [one for one in placed if one[0] not in refused] if refused else placed
    return {**refused, **(_insert(db, taken, replies) if taken else {})}


def renew_repeats(db: apsw.Connection, outcomes: list[Outcome]) -> list[Outcome]:
    """Return `outcomes` with what was said before as it stands by now."""
    repeats = {one.said.seq for one in outcomes if isinstance(one, Appended) and not one.is_new}
    if not repeats:
        return outcomes
    standing = {said.seq: said for said in read_standing(db, _STANDING, (_encode(repeats),))}
    return [
        Appended(standing.get(one.said.seq, one.said), is_new=False)
        if isinstance(one, Appended) and not one.is_new
        else one
        for one in outcomes
    ]


def _insert(db: apsw.Connection, placed: Sequence[Placed], replies: Mapping[int, int]) -> dict[int, Posted]:
    """A batch is few statements, since each step of one gives up Python's lock, and gets it back late."""
    first = placed[0][0]
    db.execute(_INSERT_AUTHORS, (_encode({post.author for _, post in placed}),))
    db.execute(_INSERT, (_encode([_row(seq, post) for seq, post in placed]),))
    if replies:
        db.execute(_INSERT_REPLIES, (_encode(list(replies.items())),))
    db.execute(_INSERT_IDS, (first,))
    posted: dict[int, Posted]
    if db.changes() == len(placed):
        posted = {seq: Appended(_said(seq, post, replies.get(seq, 0)), is_new=True) for seq, post in placed}
    else:
        posted = _sort_out(db, placed, replies)
    db.execute(_INDEX, (first,))
    index_mentions(db, [(seq, post.say.text) for seq, post in placed if "@" in post.say.text])
    return posted


def _sort_out(db: apsw.Connection, placed: Sequence[Placed], replies: Mapping[int, int]) -> dict[int, Posted]:
    """Delete from the batch what has the id of an earlier one, and compare it with that."""
    first = placed[0][0]
    rows = msgspec.json.decode(db.execute(_FIRST_ONES, (first,)).get, type=list[_Earlier])
    db.execute(_DELETE_REPEATS, (first,))
    return {seq: _compare(seq, post, replies.get(seq, 0), row) for (seq, post), row in zip(placed, rows, strict=True)}


def _compare(seq: int, post: Post, reply: int, earlier: _Earlier) -> Posted:
    """Say what `post`, which as a new one has `seq`, is beside the first one with its id. Any equals one pruned."""
    first_seq, first = earlier
    if first_seq == seq:
        return Appended(_said(seq, post, reply), is_new=True)
    if first is not None and not _is_same(post.say, *first):
        return IdReused(post.say.id)
    return Appended(_said(first_seq, post, max(post.say.reply, 0)), is_new=False)


def _is_same(say: Say, room: str, text: str, kind: Kind, reply: int, is_revised: int) -> bool:
    """Return whether `say` is what was said, whatever that reads by now."""
    is_reply_same = reply > 0 if say.reply == NEWEST_OF_ANOTHER else reply == say.reply
    return (room, kind) == (say.room, say.kind) and is_reply_same and (bool(is_revised) or text == say.text)


def _row(seq: int, post: Post) -> tuple[str, str, str, str, str, str, str, int, int]:
    say = post.say
    key = name_key(post.nick)
    return say.room, post.author, post.nick, key, say.id, say.kind, say.text, microseconds(post.at), seq


def _said(seq: int, post: Post, reply: int) -> Said:
    say = post.say
    return Said(seq, say.room, post.nick, say.text, seconds(microseconds(post.at)), say.id, say.kind, reply)


def _encode(rows: object) -> str:
    return msgspec.json.encode(rows).decode()
