"""In which rooms a key is, and which rooms there are."""

from contextlib import closing
from pathlib import Path

import pytest

from chatapp.protocol.events import Said
from chatapp.server.storage import schema
from chatapp.server.storage.connection import connect_writer
from chatapp.server.storage.records import Appended, Claim, Claimed, Kept, Making, Membership
from chatapp.server.storage.recovery import recover
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from chatapp.server.storage.upkeep import check
from tests.server.storage.doings import delete, edit, event_of, react
from tests.server.storage.logs import NOON, opened, post, read_log, said_of


def joins(key: str, room: str, at: float = NOON) -> Membership:
    return Membership(key, room, at)


def leaves(key: str, room: str) -> Membership:
    return Membership(key, room, NOON + 99, is_member=False)


async def rooms_of(folder: Path) -> dict[str, tuple[str, ...]]:
    async with opened(folder) as store:
        return dict(store.rooms_of)


async def test_memberships_outlive_the_server(tmp_path: Path) -> None:
    """In the order in which each key came to its rooms; those that it left are gone."""
    async with opened(tmp_path) as store:
        assert dict(store.rooms_of) == {}
        await store.append([joins("k1", "#z"), joins("k1", "#a", NOON + 1), joins("k2", "#z"), joins("k1", "#m")])
        await store.append([leaves("k1", "#m"), leaves("k2", "#z"), leaves("k3", "#z")])
    assert await rooms_of(tmp_path) == {"k1": ("#z", "#a")}


async def test_the_last_word_in_a_batch_counts(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await store.append([joins("k", "#a"), leaves("k", "#a"), leaves("k", "#b"), joins("k", "#b"), joins("k", "#b")])
    assert await rooms_of(tmp_path) == {"k": ("#b",)}


async def test_memberships_are_answered_in_their_place(store: SqliteStore) -> None:
    outcomes = await store.append([joins("k", "#a"), post("a"), Claim("ana", "k", NOON), leaves("k", "#a"), post("b")])
    assert list(map(type, outcomes)) == [Kept, Appended, Claimed, Kept, Appended]


async def test_memberships_are_recovered(tmp_path: Path) -> None:
    """As they stand, also many of them."""
    many = tuple(f"#room-{number:04}" for number in range(2000))
    async with opened(tmp_path / "log") as store:
        await store.append([joins("k1", room) for room in many])
        await store.append([leaves("k1", room) for room in many[::2]])
        await store.append([joins("k2", "#a"), post("hola")])
    (tmp_path / "new").mkdir()
    assert recover(tmp_path / "log" / FILE_NAME, target := tmp_path / "new" / FILE_NAME) == 1
    assert await rooms_of(target.parent) == {"k1": many[1::2], "k2": ("#a",)}
    assert check(target) == []


def make_first_version(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Said]:
    """Make a log as it was before there were rooms; return its messages."""
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", schema.STEPS[:1])
        schema.create(folder / FILE_NAME)
    with closing(connect_writer(folder / FILE_NAME)) as db:
        assert db.pragma("user_version") == 1
        db.execute("INSERT INTO authors VALUES (1, 'key')")
        db.execute("INSERT INTO ids VALUES ('hola', 1, 7)")
        row = (7, "#general", "ana", "ana", "hola", "text", "hola", round(NOON * 1e6))
        db.execute("INSERT INTO messages VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)", row)
        db.execute("INSERT INTO search (rowid, text, speaker, place) SELECT * FROM searchable")
        db.execute("INSERT INTO owners VALUES ('ana', 'ana', 'key', 0)")
        db.execute("INSERT INTO days VALUES (7, ?)", (int(NOON // 86_400),))
    return [Said(7, "#general", "ana", "hola", NOON, "hola")]


async def test_a_log_of_the_first_version_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps its messages and owners, knows them again, takes memberships, and has left a copy as it was."""
    said = make_first_version(tmp_path, monkeypatch)
    async with opened(tmp_path) as store:
        assert await store.after("#general", 0, 10) == said
        assert await store.search("hola", ["#general"], None, 10) == said
        assert (dict(store.owners.accounts), dict(store.rooms_of)) == ({"ana": "key"}, {})
        assert await store.append([post("hola"), joins("key", "#a")]) == [Appended(said[0], is_new=False), Kept()]
        outcomes = await store.append([edit("adiós @luis", 7), react("heart", 7), Making("#a", "key", NOON)])
        assert [event_of(outcome).seq for outcome in outcomes[:2]] == [8, 9]
        assert await store.search("hola", ["#general"], None, 10) == []
        assert await store.mentions(["luis"], ["#general"], None, 10) == await store.before("#general", None, 10)
        await store.append([delete(7)])
    assert check(tmp_path / FILE_NAME) == []
    assert await rooms_of(tmp_path) == {"key": ("#a",)}
    copy = tmp_path / f"{FILE_NAME}.v1.bak"
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(connect_writer(copy)) as db:
        assert db.pragma("user_version") == 1
        assert db.execute("SELECT text FROM messages").get == "hola"
        assert db.execute("SELECT name FROM sqlite_schema WHERE name = 'memberships'").get is None


def test_a_log_of_the_first_version_is_recovered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = make_first_version(tmp_path, monkeypatch)
    (tmp_path / "new").mkdir()
    assert recover(tmp_path / FILE_NAME, tmp_path / "new" / FILE_NAME) == 1
    assert read_log(tmp_path / "new") == said


async def test_the_rooms_of_a_log(store: SqliteStore) -> None:
    """Of many, those in which something was said last come first, with when that was, and no more than asked for."""
    assert await store.rooms(10) == []
    names = [f"#room-{number:03}" for number in range(300)]
    await store.append([post("old", f"old{room}", room=room) for room in reversed(names)])
    await store.append([post("new", f"new{room}", room=room, at=NOON + place + 1) for place, room in enumerate(names)])
    latest = [(room, NOON + place + 1) for place, room in enumerate(names)][::-1]
    assert await store.rooms(1000) == latest
    assert await store.rooms(7) == latest[:7]


async def test_rooms_of_which_all_was_pruned_are_listed_no_more(store: SqliteStore) -> None:
    await store.append([post("a", room="#a"), post("b", room="#b")])
    await store.prune(None, 1, NOON)
    assert await store.rooms(10) == [("#b", NOON)]


async def test_what_lies_between(store: SqliteStore) -> None:
    """Of the rooms that are named, in one order, from after the first seq up to the last."""
    posts = [post(f"m{number}", room=f"#{number % 3}") for number in range(30)]
    said = [said_of(outcome) for outcome in await store.append(posts)]
    wanted = [each for each in said if each.room != "#1"]
    assert await store.between(["#0", "#2"], 0, said[-1].seq, 100) == wanted
    assert await store.between(["#0", "#2"], wanted[3].seq, wanted[9].seq, 100) == wanted[4:10]
    assert await store.between(["#0", "#2"], wanted[3].seq, said[-1].seq, 4) == wanted[4:8]
    assert await store.between([], 0, said[-1].seq, 100) == []
    assert await store.between(['"#0"', "#0' OR 1"], 0, said[-1].seq, 100) == []
