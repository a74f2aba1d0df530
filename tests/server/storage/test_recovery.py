"""What is saved of a damaged log."""

from pathlib import Path

import pytest

from chatapp.protocol.errors import NickTaken
from chatapp.server.storage import recovery
from chatapp.server.storage.checksums import PAGE_BYTES
from chatapp.server.storage.errors import StoreDamaged, StoreInUse
from chatapp.server.storage.records import Appended, Claim
from chatapp.server.storage.recovery import recover
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from chatapp.server.storage.upkeep import check
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
    assert set(read_log(target.parent)) <= set(said)
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
