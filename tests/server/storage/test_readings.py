"""How far a key has read, and what others said there since."""

from pathlib import Path

from chatapp.protocol import limits
from chatapp.protocol.requests import Say
from chatapp.server.storage.records import Count, Membership, Post, Reading
from chatapp.server.storage.sqlite_store import SqliteStore
from tests.server.storage.doings import delete, edit, put, topic
from tests.server.storage.logs import NOON, ROOM, opened, post


async def count(store: SqliteStore, key: str = "me", room: str = ROOM, last: int | None = None) -> Count:
    (found,) = await store.count(key, ["ana", "here"], [room], store.last_seq if last is None else last)
    return found


async def test_what_others_said_since_is_unread(store: SqliteStore) -> None:
    """Not what one said oneself, topics and such, what comes after the last number, or what was deleted."""
    await store.append([post("before"), Reading("me", ROOM, 1)])
    await put(store, post("a"), post("@ana, @here"), topic("@ana"), post("mine @ana", author="me"), post("b @ana"))
    await store.append([Post("key", "ana", Say(ROOM, "waves", "w", "action"), NOON), post("elsewhere", room="#dev")])
    assert await count(store) == Count(ROOM, 1, 4, 2, "all")
    assert await count(store, last=3) == Count(ROOM, 1, 2, 1, "all")
    await put(store, delete(3), edit("@ANA", 2))
    assert await count(store) == Count(ROOM, 1, 3, 2, "all")


async def test_reading_never_goes_back(tmp_path: Path) -> None:
    """Nor does it change the level, or the level the reading; both outlive the server."""
    async with opened(tmp_path) as store:
        await put(store, post("a"), post("b"), post("c"))
        await store.append([Reading("me", ROOM, 2), Reading("me", ROOM, 1), Reading("me", ROOM, level="mentions")])
        await store.append([Reading("me", ROOM, 1, "none"), Reading("me", ROOM, 2)])
    async with opened(tmp_path) as store:
        assert await count(store) == Count(ROOM, 2, 1, 0, "none")


async def test_whoever_comes_has_read_what_was_said_before(store: SqliteStore) -> None:
    """Up to the place in the batch; who comes again has read what it had, and who leaves, nothing any more."""
    joins, leaves = Membership("me", "#a", NOON), Membership("me", "#a", NOON, is_member=False)
    await store.append([post("1", room="#a"), joins, post("2", room="#a"), joins])
    assert await count(store, room="#a") == Count("#a", 1, 1, 0, "all")
    await store.append([Reading("me", "#a", level="none"), leaves, joins])
    assert await count(store, room="#a") == Count("#a", 2, 0, 0, "all")


async def test_of_a_room_never_read_nothing_is_unread(store: SqliteStore) -> None:
    """Whoever chooses a level there has read all by then."""
    await put(store, post("a"), post("b"))
    assert await count(store) == Count(ROOM, 2, 0, 0, "all")
    await store.append([Reading("me", ROOM, level="mentions"), post("c")])
    assert await count(store) == Count(ROOM, 2, 1, 0, "mentions")


async def test_counts_stop_at_a_limit(store: SqliteStore) -> None:
    await store.append([Reading("me", ROOM, 0)])
    await put(store, *(post("@ana", str(i)) for i in range(limits.COUNTED + 5)))
    assert await count(store) == Count(ROOM, 0, limits.COUNTED, limits.COUNTED, "all")


async def test_each_room_has_its_count(store: SqliteStore) -> None:
    """In the order in which they are asked for."""
    rooms = [f"#r{i}" for i in (3, 1, 2)]
    await store.append([Reading("me", room) for room in rooms])
    await put(store, *(post(f"{room}{i}", room=room) for room in rooms for i in range(int(room[2:]))))
    counts = await store.count("me", [], rooms, store.last_seq)
    assert [(one.room, one.unread) for one in counts] == [("#r3", 3), ("#r1", 1), ("#r2", 2)]
    assert await store.count("me", [], [], store.last_seq) == []
