"""What is told to whoever comes back: messages and what became of them, in one order."""

from chatapp.protocol.events import Deleted, Edited, Reacted, Said
from chatapp.server.storage.sqlite_store import SqliteStore
from tests.server.storage.doings import delete, edit, put, react
from tests.server.storage.logs import NOON, ROOM, post


async def test_messages_and_changes_come_in_one_order(store: SqliteStore) -> None:
    """As they stand by now; of what is not in the rooms nothing is told."""
    await put(store, post("a"), edit("b", 1), react("x", 1), react("x", 1, on=False), post("c", room="#dev"))
    await put(store, edit("d", 5, room="#dev"), edit("e", 1), post("f"))
    first, last = await store.before(ROOM, None, 9)
    told = [
        first,
        Edited(2, ROOM, 1, "e", "ana", NOON),
        Reacted(3, ROOM, 1, "x", "ana", NOON),
        Reacted(4, ROOM, 1, "x", "ana", NOON, on=False),
        Edited(7, ROOM, 1, "e", "ana", NOON),
        last,
    ]
    assert await store.between([ROOM], 0, 8, 99) == told
    assert await store.between([ROOM], 2, 7, 99) == told[2:5]


async def test_of_what_was_deleted_only_that_is_told(store: SqliteStore) -> None:
    """And nothing of what was pruned."""
    await put(store, post("a"), post("b"), edit("c", 2), react("x", 2), delete(2), edit("d", 1), post("e"))
    deleted = Deleted(5, ROOM, 2, "ana", NOON)
    assert [type(one) for one in await store.between([ROOM], 0, 9, 9)] == [Said, Said, Deleted, Edited, Said]
    assert (await store.between([ROOM], 2, 9, 9))[0] == deleted
    await store.prune(None, 6, NOON)
    assert [type(one) for one in await store.between([ROOM], 0, 9, 9)] == [Said, Deleted, Said]


async def test_pages_leave_nothing_out(store: SqliteStore) -> None:
    """Whichever of messages and changes are more than fit."""
    for start in (0, 40, 80):
        await put(store, *(post(f"{start + i}") for i in range(20 if start else 3)))
        await put(store, *(edit(f"{start} {i}") for i in range(20)))
    everything = await store.between([ROOM], 0, store.last_seq, 999)
    assert len(everything) == 103
    for limit in (1, 2, 7, 50):
        seq, pages = 0, []
        while page := await store.between([ROOM], seq, store.last_seq, limit):
            assert len(page) <= limit
            pages += page
            seq = page[-1].seq
        assert pages == everything
