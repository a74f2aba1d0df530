"""A log can be checked and copied, also while a server has it open."""

import asyncio
from pathlib import Path

import pytest

from chatapp.server.storage.connection import connect_writer
from chatapp.server.storage.errors import StoreDamaged
from chatapp.server.storage.records import Claim
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from chatapp.server.storage.upkeep import backup, check
from tests.server.storage.logs import NOON, ROOM, make_log, post, read_log


async def test_a_log_in_use_is_sound(store: SqliteStore, tmp_path: Path) -> None:
    await store.append([post("hola"), post("b", room="#dev"), Claim("ana", "k", NOON)])
    await store.prune(None, 1, NOON)
    assert check(tmp_path / FILE_NAME) == []


@pytest.mark.parametrize(
    "damage",
    [
        "INSERT INTO search (search, rowid, text, speaker, place) SELECT 'delete', * FROM searchable WHERE seq = 1",
        "DELETE FROM authors",
        "DELETE FROM days",
        "UPDATE ids SET seq = 2",
        "UPDATE meta SET pruned = 1",
        "PRAGMA application_id = 1",
        "UPDATE messages SET text = ''",
        "INSERT INTO revisions VALUES (1, 0, 1)",
        "INSERT INTO revisions VALUES (9, 0, 0)",
        "INSERT INTO changes VALUES (1, 'edited', 1, 'ana', 0, '')",
        "INSERT INTO changes VALUES (9, 'edited', 8, 'ana', 0, '')",
        "INSERT INTO replies VALUES (9, 1)",
        "INSERT INTO reactions VALUES (1, 'x', 1, 'ana', 9)",
        "INSERT INTO reactions VALUES (1, 'x', 7, 'ana', 9)",
        "INSERT INTO mentions VALUES ('ana', '#general', 9, 1)",
        "INSERT INTO mentions VALUES ('ana', '#dev', 1, 1)",
        "INSERT INTO memberships VALUES ('key', '#dev', 0)",
    ],
)
def test_what_does_not_fit_together_is_found(tmp_path: Path, damage: str) -> None:
    """Even if each page is sound."""
    make_log(tmp_path, [post("hola")])
    db = connect_writer(tmp_path / FILE_NAME)
    db.execute(damage)
    db.close()
    assert check(tmp_path / FILE_NAME)


def test_bytes_gone_bad_are_found(tmp_path: Path) -> None:
    make_log(tmp_path, [post("hola")])
    file = tmp_path / FILE_NAME
    content = bytearray(file.read_bytes())
    content[content.index(b"hola")] ^= 1
    file.write_bytes(content)
    assert check(file) == ["the checksum of a page is wrong"]


@pytest.mark.parametrize("content", [b"", b"hola", b"SQLite format 3\0\x10\0\2\2\x08" + bytes(80)])
def test_what_is_no_log_is_not_sound(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "note"
    file.write_bytes(content)
    assert len(check(file)) == 1
    with pytest.raises(StoreDamaged):
        backup(file, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


async def test_a_copy_of_a_log_in_use_is_of_one_moment(store: SqliteStore, tmp_path: Path) -> None:
    """Whole batches are in it, and nobody else may read it."""
    copy = tmp_path / "copies" / FILE_NAME
    copy.parent.mkdir()
    await store.append([post(f"m{i}") for i in range(1000)])
    batches = [[post(f"{batch}-{i}") for i in range(100)] for batch in range(30)]
    writing = asyncio.gather(*map(store.append, batches))
    await asyncio.to_thread(backup, tmp_path / FILE_NAME, copy)
    await writing
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in copy.parent.iterdir()] == [FILE_NAME]
    assert check(copy) == []
    messages = len(await asyncio.to_thread(read_log, copy.parent))
    assert messages >= 1000
    assert messages % 100 == 0


async def test_a_copy_replaces_nothing(store: SqliteStore, tmp_path: Path) -> None:
    await store.append([post("hola")])
    target = tmp_path / "precious"
    target.write_text("keep me")
    with pytest.raises(FileExistsError):
        backup(tmp_path / FILE_NAME, target)
    assert target.read_text() == "keep me"


def test_a_copy_serves_in_place_of_the_log(tmp_path: Path) -> None:
    said = make_log(tmp_path, [post("hola")])
    copy = tmp_path / "copy" / FILE_NAME
    copy.parent.mkdir()
    backup(tmp_path / FILE_NAME, copy)
    assert read_log(copy.parent) == said
    make_log(copy.parent, [post("more")])
    assert [each.text for each in read_log(copy.parent, ROOM)] == ["hola", "more"]
