"""Reactions to messages, by people, one of each emoji."""

from pathlib import Path

from chatapp.protocol import limits
from chatapp.protocol.errors import NoSuchMessage, TooManyReactions
from chatapp.protocol.events import Reacted
from chatapp.server.storage.records import Changed
from chatapp.server.storage.sqlite_store import SqliteStore
from tests.server.storage.doings import change, delete, event_of, put, react, refusals
from tests.server.storage.logs import NOON, ROOM, opened, post


async def test_reactions_are_told_and_stand_with_the_message(tmp_path: Path) -> None:
    """By emoji, those first who reacted first, by what they were called then; also after a restart."""
    async with opened(tmp_path) as store:
        await put(store, post("a"))
        assert event_of(await change(store, react("tada", 1, nick="Eva", author="k2"))) == Reacted(
            2, ROOM, 1, "tada", "Eva", NOON
        )
        await put(store, react("tada", author="k1", nick="ana"), react("heart", 1, author="guest-b", nick="b"))
    async with opened(tmp_path) as store:
        assert store.last_seq == 4
        (page,) = await store.before(ROOM, None, 10)
        assert page.reactions == {"tada": ["Eva", "ana"], "heart": ["b"]}
        event = event_of(await change(store, react("tada", 1, author="k2", nick="Eva", on=False)))
        assert event == Reacted(5, ROOM, 1, "tada", "Eva", NOON, on=False)
        await put(store, react("tada", 1, author="k2", nick="Eva"))
        (page,) = await store.before(ROOM, None, 10)
        assert page.reactions == {"heart": ["b"], "tada": ["ana", "Eva"]}


async def test_what_is_so_already_is_no_change(store: SqliteStore) -> None:
    """Whatever they are called by now; it takes no number."""
    await put(store, post("a"), react("tada", 1))
    unchanged = [react("tada", 1, nick="other"), react("heart", 1, on=False), react("tada", 1, author="k2", on=False)]
    assert await put(store, *unchanged) == [Changed(None)] * 3
    assert store.last_seq == 2


async def test_a_message_has_so_many_emoji_at_most(store: SqliteStore) -> None:
    """By however many people; when one is taken back there is room for another."""
    await put(store, post("a"), *(react(f"e{i}", 1) for i in range(limits.REACTIONS)))
    assert isinstance(await change(store, react("e0", 1, author="k2")), Changed)
    refused = await change(store, react("one too many", 1))
    assert isinstance(refused, TooManyReactions)
    assert refused.limit == limits.REACTIONS
    await put(store, react("e1", 1, on=False))
    assert event_of(await change(store, react("one too many", 1, author="k2")))


async def test_what_there_is_to_react_to(store: SqliteStore) -> None:
    """The last message that is not deleted, or one that is in the room; anyone's."""
    await put(store, post("a"), post("b", author="other"), delete(2, author="other"))
    assert event_of(await change(store, react("heart"))).of == 1
    none = [react("x", seq) for seq in (2, 3, 99, -1, 2**80)] + [react("x", 1, room="#dev"), react("x", room="#dev")]
    assert refusals(await put(store, *none)) == [(NoSuchMessage, str(one.request.seq)) for one in none]
