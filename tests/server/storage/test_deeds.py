"""What those who moderate did is kept for good; what is in force because of it, until it is lifted or has ended."""

from contextlib import closing
from pathlib import Path

import apsw
import pytest

from chatapp.server.storage import schema
from chatapp.server.storage.connection import connect_writer
from chatapp.server.storage.records import AuditRow, Deed, Ending, Kept, Sanction
from chatapp.server.storage.recovery import recover
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from chatapp.server.storage.upkeep import audit, check
from tests.server.storage.logs import NOON, make_log, opened, post, read_log

OPS = "#ops"


def deed(what: str, room: str = OPS, *subjects: str, at: float = NOON, until: float = 0, seconds: int = 0) -> Deed:
    return Deed(at, "k1", "ana", what, room, "luis", subjects, until, "spam", seconds)


async def test_what_is_in_force_outlives_the_server(tmp_path: Path) -> None:
    """Each kind of each subject in each room once, as it was said last; what was lifted is gone."""
    async with opened(tmp_path) as store:
        records = [
            deed("ban", OPS, "key:k2", "address:192.0.2.7/32"),
            deed("ban", OPS, "key:k2", until=NOON + 60),
            deed("mute", OPS, "key:k2", until=NOON + 9),
            deed("ban", "#dev", "key:k2"),
            deed("unban", OPS, "address:192.0.2.7/32"),
            deed("slow", OPS, seconds=5),
            deed("slow", "#dev", seconds=5),
            deed("slow", "#dev", seconds=0),
            deed("kick"),
        ]
        assert await store.append(records) == [Kept()] * 9
        assert (store.sanctions, store.slow) == ((), {})
    async with opened(tmp_path) as store:
        assert set(store.sanctions) == {
            Sanction("ban", OPS, "key:k2", "luis", NOON + 60, "spam"),
            Sanction("mute", OPS, "key:k2", "luis", NOON + 9, "spam"),
            Sanction("ban", "#dev", "key:k2", "luis", 0, "spam"),
        }
        assert store.slow == {OPS: 5}
        rows = await store.audit(99)
        assert [row.what for row in rows[::-1]] == [record.what for record in records]
        assert rows[-1] == AuditRow(NOON, "k1", "ana", "ban", "luis", OPS, 0, "spam")
        assert [row.reason for row in await store.audit(2)] == ["spam", "0"]


async def test_what_has_ended_goes_with_the_next_deed(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await store.append([deed("ban", OPS, "key:k2", until=NOON + 60), deed("ban", OPS, "key:k3", until=NOON + 61)])
        await store.append([deed("kick", at=NOON + 60)])
    async with opened(tmp_path) as store:
        assert [sanction.subject for sanction in store.sanctions] == ["key:k3"]


async def test_of_a_room_that_ended_nothing_is_in_force(tmp_path: Path) -> None:
    """What was done there stays noted."""
    async with opened(tmp_path) as store:
        await store.append([deed("ban", "#:1", "key:k2"), deed("slow", "#:1", seconds=5), Ending("#:1")])
        assert len(await store.audit(9)) == 2
    async with opened(tmp_path) as store:
        assert (store.sanctions, store.slow) == ((), {})


@pytest.mark.parametrize("statement", ["UPDATE audit SET nick = 'eva'", "DELETE FROM audit"])
async def test_what_is_noted_stays(tmp_path: Path, statement: str) -> None:
    """Not even somebody with the file open changes it by mistake."""
    async with opened(tmp_path) as store:
        await store.append([deed("kick")])
    with closing(connect_writer(tmp_path / FILE_NAME)) as db, pytest.raises(apsw.ConstraintError):
        db.execute(statement)


async def test_it_is_read_while_a_server_has_the_log_open(store: SqliteStore, tmp_path: Path) -> None:
    await store.append([deed("kick"), deed("mute", OPS, "key:k2")])
    assert [row.what for row in audit(tmp_path / FILE_NAME, 9)] == ["mute", "kick"]


def test_a_log_of_the_time_before_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is brought up to date when a server opens it."""
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", schema.STEPS[:2])
        schema.create(tmp_path / FILE_NAME)
    assert audit(tmp_path / FILE_NAME, 9) == []
    make_log(tmp_path, [post("hola")])
    assert [said.text for said in read_log(tmp_path)] == ["hola"]
    assert check(tmp_path / FILE_NAME) == []


async def test_all_of_it_is_saved_of_a_damaged_log(tmp_path: Path) -> None:
    """Many of each, over many pages."""
    async with opened(tmp_path) as store:
        await store.append([deed("ban", f"#{i}", f"key:{i}", until=NOON + 9) for i in range(300)])
        await store.append([deed("slow", f"#{i}", seconds=i + 1) for i in range(300)])
        rows = await store.audit(999)
    async with opened(tmp_path) as store:
        sanctions, slow = store.sanctions, store.slow
    (target := tmp_path / "recovered").mkdir()
    recover(tmp_path / FILE_NAME, target / FILE_NAME)
    async with opened(target) as store:
        assert (set(store.sanctions), store.slow) == (set(sanctions), slow)
        assert await store.audit(999) == rows
    assert len(sanctions) == len(slow) == 300
