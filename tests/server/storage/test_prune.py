"""Old texts go, a few at a time, and nothing else does."""

import asyncio
from pathlib import Path

from chatapp.server.storage.erasing import ERASED_ROWS
from chatapp.server.storage.records import Appended
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from chatapp.server.storage.upkeep import check
from tests.server.storage.logs import NOON, ROOM, opened, post, said_of

DAY = 86_400.0


async def texts(store: SqliteStore) -> list[str]:
    return [said.text for said in await store.after(ROOM, 0, 1000)]


async def test_the_newest_messages_are_kept(store: SqliteStore) -> None:
    await store.append([post(f"m{i}") for i in range(10)])
    assert await store.prune(None, 3, NOON) == 7
    assert await store.prune(None, 3, NOON) == 0
    assert await texts(store) == ["m7", "m8", "m9"]
    assert [said.text for said in await store.before(ROOM, None, 10)] == ["m7", "m8", "m9"]


async def test_the_youngest_messages_are_kept(store: SqliteStore) -> None:
    """Up to the end of their day, even if a clock was wrong for a while."""
    days = [0, 1, 1, 9, 2, 3, 4]
    await store.append([post(f"m{i}", at=day * DAY + i) for i, day in enumerate(days)])
    assert await store.prune(2, None, 4.5 * DAY) == 3
    assert await texts(store) == ["m3", "m4", "m5", "m6"]
    assert await store.prune(2, None, 5 * DAY) == 2
    assert await texts(store) == ["m5", "m6"]


async def test_a_message_goes_when_either_rule_lets_it(store: SqliteStore) -> None:
    await store.append([post(f"m{i}", at=i * DAY) for i in range(10)])
    assert await store.prune(5, 8, 10 * DAY) == 5
    assert await store.prune(50, 3, 10 * DAY) == 2
    assert await texts(store) == ["m7", "m8", "m9"]


async def test_without_a_rule_nothing_goes(store: SqliteStore) -> None:
    await store.append([post("a")])
    assert await store.prune(None, None, NOON) == 0
    assert await store.prune(None, 0, NOON) == 1
    assert await store.prune(None, 0, NOON) == 0


async def test_steps_are_small(store: SqliteStore) -> None:
    await store.append([post(f"m{i}") for i in range(2 * ERASED_ROWS + 1)])
    steps = [await store.prune(None, 0, NOON) for _ in range(4)]
    assert steps == [ERASED_ROWS, ERASED_ROWS, 1, 0]


async def test_what_was_pruned_is_known_again(tmp_path: Path) -> None:
    """A seq is not used twice either, and the log goes on where it was, also after a restart."""
    async with opened(tmp_path) as store:
        first = said_of((await store.append([post("hola", "1")]))[0])
        await store.prune(None, 0, NOON)
    async with opened(tmp_path) as store:
        assert await store.append([post("hola", "1")]) == [Appended(first, is_new=False)]
        assert store.last_seq == 1
        assert said_of((await store.append([post("b")]))[0]).seq == 2
        assert await texts(store) == ["b"]


async def test_what_was_pruned_leaves_room_for_what_comes(tmp_path: Path) -> None:
    """What stays of a message is some 50 bytes for its id."""
    file = tmp_path / FILE_NAME
    async with opened(tmp_path) as store:
        for i in range(40):
            await store.append([post(f"{i} {j}" + "." * 500, f"{i:018}{j:018}") for j in range(100)])
            await store.prune(None, 1000, NOON)
            if i == 20:
                early = await asyncio.to_thread(file.stat)
    assert file.stat().st_size - early.st_size < 19 * 100 * 100


async def test_a_pruned_text_is_nowhere_in_the_file(tmp_path: Path) -> None:
    """Neither as it was said, nor as a word of the search; what stays is found as before."""
    async with opened(tmp_path) as store:
        for i in range(30):
            await store.append([post(f"palabra{i}secreta otra", str(i))])
        await store.prune(None, 10, NOON)
        assert await store.search("palabra3secreta", [ROOM], None, 10) == []
        assert len(await store.search("otra", [ROOM], None, 100)) == 10
    content = (tmp_path / FILE_NAME).read_bytes()
    assert [i for i in range(30) if b"bra%dsecreta" % i in content] == list(range(20, 30))
    assert check(tmp_path / FILE_NAME) == []
