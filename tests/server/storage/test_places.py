"""What the log knows of rooms: who made them, their topics, and that some are no more."""

from pathlib import Path

import pytest

from chatapp.server.storage import erasing
from chatapp.server.storage.records import Appended, Ending, Kept, Making, Membership, Reading, RoomFacts
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from chatapp.server.storage.upkeep import check
from tests.server.storage.doings import edit, put, react, reply, topic
from tests.server.storage.erased import bytes_in, settled
from tests.server.storage.logs import NOON, ROOM, opened, post, said_of

PRIVATE = "#:1f"


async def test_facts_outlive_the_server(tmp_path: Path) -> None:
    """Whoever makes a room first has made it; a topic changes nothing else, and may be of a room that nobody made."""
    async with opened(tmp_path) as store:
        records = [
            Making(PRIVATE, "k1", NOON, "club"),
            Making(PRIVATE, "k2", NOON, "other"),
            Making("#dev", "k2", NOON),
        ]
        assert await store.append(records) == [Kept()] * 3
        await put(store, topic("first", "#dev"), topic("second", "#dev"), topic("hola"))
        await put(store, topic("first", "#dev"))
        assert store.made == {}
    async with opened(tmp_path) as store:
        assert store.made == {
            PRIVATE: RoomFacts("club", "", "k1"),
            "#dev": RoomFacts("", "second", "k2"),
            ROOM: RoomFacts("", "hola", ""),
        }


async def fill(store: SqliteStore, room: str, count: int) -> None:
    """Let there be a room with all that can be in one."""
    await store.append([Making(room, "k1", NOON, "title"), Membership("k1", room, NOON), Reading("k2", room, 1)])
    texts = [f"palabra{i}secreta @ana" for i in range(count)]
    first = said_of((await store.append([post(text, f"{room}{i}", room=room) for i, text in enumerate(texts)]))[0])
    await put(store, reply(f"r{room}", first.seq, room=room), edit("otrasecreta", room=room), react("x", room=room))


async def test_a_room_that_ended_is_nowhere(tmp_path: Path) -> None:
    """Nor is what was said there, in no byte; the ids are known again, and no number is used twice."""
    async with opened(tmp_path) as store:
        await put(store, post("stays"))
        await fill(store, PRIVATE, 5)
        last = store.last_seq
        assert await store.append([Ending(PRIVATE)]) == [Kept()]
        assert await store.between([PRIVATE, ROOM], 0, last, 99) == await store.before(ROOM, None, 99)
        assert await store.count("k1", ["ana"], [PRIVATE], last) == await store.count("nobody", [], [PRIVATE], last)
        await settled(store)
        assert b"secreta" not in bytes_in(tmp_path)
    async with opened(tmp_path) as store:
        assert (store.made, dict(store.rooms_of), store.last_seq) == ({}, {}, last)
        (again,) = await put(store, post("x", f"{PRIVATE}1", room=PRIVATE))
        assert isinstance(again, Appended)
        assert not again.is_new
    assert check(tmp_path / FILE_NAME) == []


async def test_a_long_room_ends_in_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those are gone on with after a restart."""
    monkeypatch.setattr(erasing, "ERASED_ROWS", 10)
    async with opened(tmp_path) as store:
        await fill(store, PRIVATE, 45)
        await store.append([Ending(PRIVATE), post("meanwhile")])
        assert len(await store.before(PRIVATE, None, 99)) == 36
        await store._run(0, store._writer.go_on_erasing)
        assert len(await store.before(PRIVATE, None, 99)) == 26
    async with opened(tmp_path) as store:
        assert await store.before(PRIVATE, None, 99) == []
        assert len(await store.before(ROOM, None, 99)) == 1
    assert check(tmp_path / FILE_NAME) == []


async def test_the_rest_of_a_long_room_goes_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "ERASED_ROWS", 10)
    async with opened(tmp_path) as store:
        await fill(store, PRIVATE, 45)
        await store.append([Ending(PRIVATE)])
        await settled(store)
        assert await store.before(PRIVATE, None, 99) == []
        assert b"secreta" not in bytes_in(tmp_path)


async def test_what_comes_after_the_end_of_a_room_stays(store: SqliteStore) -> None:
    first, *_, second = await store.append([post("a", room=PRIVATE), Ending(PRIVATE), post("b", room=PRIVATE)])
    assert await store.before(PRIVATE, None, 9) == [said_of(second)]
    assert said_of(first).seq < said_of(second).seq


async def test_conversations_with_guests_end_with_the_server(tmp_path: Path) -> None:
    """Those of keys, and all else, stay."""
    async with opened(tmp_path) as store:
        for room in ("@:g1", "@:g2", "@:k1", "#g", PRIVATE):
            await fill(store, room, 150 if room == "@:g2" else 3)
        last = store.last_seq
    async with opened(tmp_path) as store:
        assert set(store.made) == {"@:k1", "#g", PRIVATE}
        assert set(store.rooms_of["k1"]) == set(store.made)
        assert await store.between(["@:g1", "@:g2"], 0, last, 999) == []
        assert len(await store.before("@:k1", None, 9)) == 4
        assert store.last_seq == last
    assert check(tmp_path / FILE_NAME) == []


async def test_only_public_rooms_are_listed(store: SqliteStore) -> None:
    """However many others there are, in which something was said last."""
    await put(store, post("a", room="#a"), post("z", room="#ñ"), post("b"))
    others = [f"{kind}{i}" for kind in ("#:", "@:k", "@:") for i in range(20)]
    await put(store, *(post(room, room=room, at=NOON + 9) for room in others))
    assert await store.rooms(3) == [("#a", NOON), (ROOM, NOON), ("#ñ", NOON)]
