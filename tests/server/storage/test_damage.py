"""A damaged log is refused or served right, never overwritten, and what is sound in it can be recovered."""

import asyncio
import shutil
from pathlib import Path
from random import Random

import pytest

from chatapp.protocol.events import Said
from chatapp.server.storage.errors import StoreDamaged
from chatapp.server.storage.recovery import recover
from chatapp.server.storage.sqlite_store import FILE_NAME
from chatapp.server.storage.upkeep import check
from tests.server.storage.damage import spoil
from tests.server.storage.logs import ROOM, make_killed_log, make_log, opened, post, read_log

_POSTS = [post(f"message {i} " + "x" * (5 * i % 4000), at=1e9 + 1e4 * i) for i in range(150)]


def try_damaged_files(tmp_path: Path, rounds: range) -> None:
    """A log that was closed: any damage is found when it is opened, or everything in it is as it was."""
    said = make_log(tmp_path / "sound", _POSTS)
    for number in rounds:
        folder = tmp_path / str(number)
        shutil.copytree(tmp_path / "sound", folder)
        spoil(folder / FILE_NAME, Random(number))
        spoilt = (folder / FILE_NAME).read_bytes()
        try:
            assert read_log(folder) == said, number
        except StoreDamaged:
            assert (folder / FILE_NAME).read_bytes() == spoilt, number
            check_recovery(folder, said)
            assert (folder / FILE_NAME).read_bytes() == spoilt, number
        shutil.rmtree(folder)


def check_recovery(folder: Path, said: list[Said]) -> None:
    """What is recovered was in the log, and makes a sound one."""
    target = folder / "recovered" / FILE_NAME
    target.parent.mkdir()
    count = recover(folder / FILE_NAME, target)
    assert check(target) == []
    recovered = read_log(target.parent)
    assert len(recovered) == count
    assert all(each in said for each in recovered)


def try_damaged_write_ahead_logs(tmp_path: Path, rounds: range) -> None:
    """A log whose server was killed: what comes before the damage is served, and nothing else."""
    said = make_killed_log(tmp_path / "sound", _POSTS[:60])
    for number in rounds:
        folder = tmp_path / str(number)
        shutil.copytree(tmp_path / "sound", folder)
        spoil(folder / f"{FILE_NAME}-wal", Random(number))
        try:
            served = read_log(folder)
            assert served == said[: len(served)], number
        except StoreDamaged:
            check_recovery(folder, said)
        shutil.rmtree(folder)


async def test_bytes_that_go_bad_under_a_server_are_not_served(tmp_path: Path) -> None:
    """What is on other pages is, as before."""
    said = await asyncio.to_thread(make_log, tmp_path, _POSTS)
    file = tmp_path / FILE_NAME
    async with opened(tmp_path) as store:
        with file.open("r+b") as bad:
            bad.seek(file.read_bytes().index(b"message 20 "))
            bad.write(b"Message")
        with pytest.raises(StoreDamaged) as refused:
            await store.after(ROOM, said[19].seq, 5)
        assert refused.value.file == file
        assert await store.after(ROOM, said[99].seq, 5) == said[100:105]


def test_damaged_files(tmp_path: Path) -> None:
    try_damaged_files(tmp_path, range(30))


def test_damaged_write_ahead_logs(tmp_path: Path) -> None:
    try_damaged_write_ahead_logs(tmp_path, range(30))


@pytest.mark.campaign
def test_a_thousand_damaged_files(tmp_path: Path) -> None:
    try_damaged_files(tmp_path, range(1000, 2000))


@pytest.mark.campaign
def test_a_thousand_damaged_write_ahead_logs(tmp_path: Path) -> None:
    try_damaged_write_ahead_logs(tmp_path, range(1000, 2000))
