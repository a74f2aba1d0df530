"""What is saved of a damaged log."""

from contextlib import closing
from pathlib import Path

import pytest

from chatapp.protocol.errors import NickTaken
from chatapp.server.storage import recovery
from chatapp.server.storage.checksums import PAGE_BYTES
from chatapp.server.storage.connection import connect_reader, connect_writer
from chatapp.server.storage.errors import StoreDamaged, StoreInUse
from chatapp.server.storage.records import Appended, Claim, Ending, Linking, Making, Membership, Reading
from chatapp.server.storage.recovery import recover
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from chatapp.server.storage.upkeep import check
from tests.server.storage.doings import delete, edit, react, reply, topic
from tests.server.storage.logs import NOON, ROOM, make_killed_log, make_log, opened, post, read_log

LONG = "ñ" * 2048


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "recovered"
    folder.mkdir()
    return folder / FILE_NAME


async def test_everything_of_a_sound_log_is_saved(tmp_path: Path, target: Path) -> None:
    """Messages with their seq, texts longer than a page, owners, and the ids of what was pruned."""
    async with opened(tmp_path) as store:
        await store.append([post("gone"), Claim("ana", "k1", NOON), post(LONG, "long"), post("hola", at=NOON + 1e6)])
        await store.prune(None, 2, NOON)
        said, log = await store.after(ROOM, 0, 10), store.log
    assert recover(tmp_path / FILE_NAME, target) == 2
    async with opened(target.parent) as store:
        assert await store.after(ROOM, 0, 10) == said
        assert await store.search("after:2000-01-01", [ROOM], None, 10) == said[::-1]
        assert store.log != log
        (again, taken, _) = await store.append([post("gone"), Claim("Ana", "k2", NOON), post("new")])
        assert isinstance(again, Appended)
        assert (again.is_new, again.said.seq) == (False, 1)
        assert isinstance(taken, NickTaken)
        assert await store.prune(None, 0, NOON) == 3
    assert check(target) == []


async def test_what_became_of_messages_is_saved(tmp_path: Path, target: Path) -> None:
    """Many of each kind, over many pages: edits, deletions, reactions, replies, mentions, facts and readings."""
    async with opened(tmp_path) as store:
        await store.append([post(f"m{i} @ana", str(i)) for i in range(600)])
        await store.append([Making(f"#{i}", "k1", NOON, "title") for i in range(200)])
        await store.append([topic("what it is about", "#7")])
        await store.append([Membership("k1", f"#{i}", NOON) for i in range(200)])
        await store.append([Reading("k1", f"#{i}", i, "mentions") for i in range(100)])
        await store.append([Reading("k1", ROOM, 300)])
        for i in range(1, 500):
            done = edit(f"new {i}", i), delete(i), react(f"e{i}", i), reply(f"r{i}", i), react("x", i, author="other")
            await store.append([done[i % 5]])
        last = store.last_seq
        told = await store.between([ROOM, "#7"], 0, last, 9999)
        mentions = await store.mentions(["ana"], [ROOM], None, 999)
        counts = await store.count("k1", ["ana"], [ROOM, "#7", "#150"], last)
    async with opened(tmp_path) as store:
        made, rooms_of = store.made, store.rooms_of
    recover(tmp_path / FILE_NAME, target)
    assert check(target) == []
    async with opened(target.parent) as store:
        assert store.last_seq == last
        assert await store.between([ROOM, "#7"], 0, last, 9999) == told
        assert await store.mentions(["ana"], [ROOM], None, 999) == mentions
        assert await store.count("k1", ["ana"], [ROOM, "#7", "#150"], last) == counts
        assert (store.made, store.rooms_of) == (made, rooms_of)


async def test_no_index_is_taken_for_a_table(tmp_path: Path, target: Path) -> None:
    """As many rows are in each as were."""
    async with opened(tmp_path) as store:
        await store.append([post(f"m{i} @ana", str(i), author=f"k{i % 7}") for i in range(600)])
        await store.append([react("x", i, author="other") for i in range(1, 300)])
        await store.append([Membership("k1", f"#{i}", NOON) for i in range(300)])
        await store.append([Ending("#:1"), Claim("ana", "k1", NOON), Making("#a", "k1", NOON)])
        await store.append([Linking(f"k1 {i}", "k1", "laptop", NOON) for i in range(300)])
    recover(tmp_path / FILE_NAME, target)
    assert rows_of_tables(target) == rows_of_tables(tmp_path / FILE_NAME)


def rows_of_tables(file: Path) -> dict[str, int]:
    with closing(connect_reader(file)) as db:
        tables = db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%'"
        ).fetchall()
        return {str(table): db.execute(f"SELECT count(*) FROM {table}").get for (table,) in tables}


async def test_what_was_deleted_stays_so(tmp_path: Path, target: Path) -> None:
    """Even if only one of the two tells of it."""
    async with opened(tmp_path) as store:
        await store.append([post("a"), post("b"), delete(1), delete(2)])
    with closing(connect_writer(tmp_path / FILE_NAME)) as db:
        db.execute("UPDATE messages SET text = 'back' WHERE seq = 1; DELETE FROM revisions WHERE seq = 2")
    recover(tmp_path / FILE_NAME, target)
    assert check(target) == []
    async with opened(target.parent) as store:
        assert [(said.text, said.is_deleted) for said in await store.before(ROOM, None, 9)] == [("", True)] * 2


@pytest.mark.parametrize("page", range(1, 40))
def test_one_bad_page_costs_what_is_on_it(tmp_path: Path, target: Path, page: int) -> None:
    """Be it the header's, the root of a table or any other."""
    said = make_log(tmp_path / "log", [post(f"message {i}" + "." * 200) for i in range(300)])
    file = tmp_path / "log" / FILE_NAME
    content = bytearray(file.read_bytes())
    content[(page - 1) * PAGE_BYTES : page * PAGE_BYTES] = bytes(PAGE_BYTES)
    file.write_bytes(content)
    assert len(content) > 40 * PAGE_BYTES
    assert recover(file, target) >= len(said) - PAGE_BYTES // 200
    assert all(each in said for each in read_log(target.parent))
    assert file.read_bytes() == content
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("header", [True, False])
def test_what_only_the_write_ahead_log_has_is_saved(tmp_path: Path, target: Path, header: bool) -> None:
    """Also if the file's header is gone."""
    said = make_killed_log(tmp_path / "log", [post(f"m{i}") for i in range(50)])
    file = tmp_path / "log" / FILE_NAME
    if not header:
        file.write_bytes(bytes(100) + file.read_bytes()[100:])
    assert recover(file, target) == 50
    assert read_log(target.parent) == said


def test_of_what_is_no_log_nothing_is_saved(tmp_path: Path, target: Path) -> None:
    file = tmp_path / "note"
    file.write_bytes(b"hola" * 5000)
    assert recover(file, target) == 0
    assert check(target) == []


def test_nothing_is_replaced_and_nothing_left_behind(tmp_path: Path, target: Path) -> None:
    make_log(tmp_path / "log", [post("hola")])
    target.write_text("keep me")
    with pytest.raises(FileExistsError):
        recover(tmp_path / "log" / FILE_NAME, target)
    assert target.read_text() == "keep me"
    with pytest.raises(FileNotFoundError):
        recover(tmp_path / "none", target.with_name("other"))
    assert [path.name for path in target.parent.iterdir()] == [FILE_NAME]
    assert {path.name for path in tmp_path.iterdir()} == {"log", "recovered"}


def test_a_recovery_that_fails_leaves_nothing(tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_log(tmp_path / "log", [post("hola")])
    monkeypatch.setattr(recovery, "_COMPLETE", "nonsense")
    with pytest.raises(StoreDamaged):
        recover(tmp_path / "log" / FILE_NAME, target)
    assert not list(target.parent.iterdir())


async def test_a_log_in_use_is_not_recovered(store: SqliteStore, tmp_path: Path, target: Path) -> None:
    with pytest.raises(StoreInUse):
        recover(tmp_path / FILE_NAME, target)
