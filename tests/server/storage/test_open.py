"""Who may open a log, in which state it may be, and what opening leaves on the disk."""

import os
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from chatapp.server.storage import schema
from chatapp.server.storage.connection import connect_writer
from chatapp.server.storage.errors import SchemaTooNew, StoreDamaged, StoreInUse
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from chatapp.server.storage.upkeep import check
from tests.server.storage.logs import make_log, opened, post, read_log

_HOLD = """
import asyncio, sys
from pathlib import Path
from chatapp.server.storage.sqlite_store import SqliteStore
async def hold():
    store = await SqliteStore.open(Path(sys.argv[1]))
    print("open", flush=True)
    sys.stdin.read()
    await store.close()
asyncio.run(hold())
"""


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_nobody_else_may_read_the_log(tmp_path: Path) -> None:
    """Whatever the umask is."""
    folder = tmp_path / "new" / "data"
    umask = os.umask(0)
    try:
        async with opened(folder) as store:
            await store.append([post("hola")])
            modes = {path.name: mode(path) for path in folder.iterdir()}
    finally:
        os.umask(umask)
    assert mode(folder) == 0o700
    assert modes == dict.fromkeys(["chat.db", "chat.db-wal", "chat.db-shm", "chat.db.lock"], 0o600)


def test_a_log_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    file = make_file(tmp_path)
    file.chmod(0o644)
    read_log(tmp_path)
    assert mode(file) == 0o600


async def test_each_log_has_a_name_of_its_own(tmp_path: Path) -> None:
    async with opened(tmp_path / "1") as one, opened(tmp_path / "2") as other:
        assert one.log != other.log
        assert len(bytes.fromhex(one.log)) == 16


def test_closing_leaves_one_file_and_the_lock(tmp_path: Path) -> None:
    make_file(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"chat.db", "chat.db.lock"}


def test_a_second_process_on_the_same_file_is_told_who_has_it(tmp_path: Path) -> None:
    """Once that one has closed it, the next may have it."""
    command = [sys.executable, "-c", _HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(StoreInUse) as refused:
            read_log(tmp_path)
        holder.communicate()
    assert (refused.value.file, refused.value.pid) == (tmp_path / FILE_NAME, holder.pid)
    assert read_log(tmp_path) == []


async def test_a_process_opens_a_file_but_once(tmp_path: Path) -> None:
    async with opened(tmp_path):
        with pytest.raises(StoreInUse) as refused:
            await SqliteStore.open(tmp_path)
    assert refused.value.pid == os.getpid()


def make_file(folder: Path) -> Path:
    """Make a log with one message."""
    make_log(folder, [post("hola")])
    return folder / FILE_NAME


def set_version(file: Path, version: int) -> None:
    db = connect_writer(file)
    db.execute(f"PRAGMA user_version = {version}")
    db.close()


def test_an_older_schema_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a copy of the file as it was; the messages stay."""
    file = make_file(tmp_path)
    old = len(schema.STEPS)
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, "CREATE TABLE added (x)", "ALTER TABLE added ADD COLUMN y"))
    assert [said.text for said in read_log(tmp_path)] == ["hola"]
    db = connect_writer(file)
    assert db.pragma("user_version") == old + 2
    assert db.execute("SELECT x, y FROM added").get is None
    db.close()
    copy = tmp_path / f"chat.db.v{old}.bak"
    assert mode(copy) == 0o600
    assert check(copy) == []


def test_an_upgrade_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = make_file(tmp_path)
    before = file.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", (*schema.STEPS, "CREATE TABLE added (x)", "nonsense"))
        with pytest.raises(StoreDamaged):
            read_log(tmp_path)
    assert file.read_bytes() == before
    assert [said.text for said in read_log(tmp_path)] == ["hola"]


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    file = make_file(tmp_path)
    set_version(file, 99)
    before = file.read_bytes()
    with pytest.raises(SchemaTooNew) as refused:
        read_log(tmp_path)
    assert (refused.value.file, refused.value.version, refused.value.known) == (file, 99, len(schema.STEPS))
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"hola\n", b"SQLite format 3\0", bytes(4096)])
def test_what_is_no_log_is_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / FILE_NAME
    file.write_bytes(content)
    with pytest.raises(StoreDamaged) as refused:
        read_log(tmp_path)
    assert refused.value.recovery == ("chatapp", "db", "recover", str(file))
    assert file.read_bytes() == content


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    db = apsw.Connection(str(file))
    db.reserve_bytes("main", 8)
    db.execute("CREATE TABLE theirs (x)")
    db.close()
    before = file.read_bytes()
    with pytest.raises(StoreDamaged):
        read_log(tmp_path)
    assert file.read_bytes() == before


def test_a_write_ahead_log_alone_is_no_new_log(tmp_path: Path) -> None:
    (tmp_path / f"{FILE_NAME}-wal").write_bytes(b"what is left of it")
    with pytest.raises(StoreDamaged):
        read_log(tmp_path)
    assert not (tmp_path / FILE_NAME).exists()


def test_a_creation_that_was_cut_short_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / f"{FILE_NAME}.new").write_bytes(b"half of it")
    assert read_log(tmp_path) == []
    assert not (tmp_path / f"{FILE_NAME}.new").exists()
