"""A full disk refuses what is posted, all of the batch, and takes it again once there is room."""

import asyncio
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatapp.protocol.events import Said
from chatapp.server.storage.errors import StorageFull
from chatapp.server.storage.records import Claim, Post
from chatapp.server.storage.recovery import recover
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from chatapp.server.storage.upkeep import backup, check
from tests.server.storage.disks import KINDS, Disk
from tests.server.storage.logs import NOON, ROOM, make_log, opened, post, said_of


@pytest.fixture(params=KINDS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with request.param(tmp_path) as made:
        yield made


async def append_until_full(store: SqliteStore, batches: Iterator[list[Post]]) -> tuple[list[Said], list[Post]]:
    """Return what is in the log, and the batch that had no room."""
    said: list[Said] = []
    for batch in batches:
        try:
            said += map(said_of, await store.append(batch))
        except StorageFull:
            return said, batch
    raise AssertionError


async def fill_and_free(disk: Disk, cycles: int) -> None:
    folder = disk.folder / "log"
    async with opened(folder) as store:
        for cycle in range(cycles):
            batches = ([post("." * 3000, f"{cycle}-{i}-{j}") for j in range(5)] for i in itertools.count())
            start = store.last_seq
            disk.fill()
            said, refused = await append_until_full(store, batches)
            assert await store.after(ROOM, start, 100_000) == said
            disk.free()
            said += map(said_of, await store.append(refused))
            assert await store.after(ROOM, start, 100_000) == said
    assert await asyncio.to_thread(check, folder / FILE_NAME) == []
    await asyncio.to_thread(shutil.rmtree, folder)


async def test_posting_heals_by_itself(disk: Disk) -> None:
    """What was confirmed can be read at all times, and what was refused is not there."""
    await fill_and_free(disk, cycles=5)


@pytest.mark.campaign
async def test_posting_heals_a_hundred_times(disk: Disk) -> None:
    for _ in range(10):
        await fill_and_free(disk, cycles=10)


async def test_a_claim_that_has_no_room_is_not_granted(disk: Disk) -> None:
    async with opened(disk.folder) as store:
        disk.fill()
        with pytest.raises(StorageFull):
            await store.append([Claim("ana", "k", NOON), *(post("." * 3000, f"{i}") for i in range(100))])
        assert dict(store.owners.accounts) == {}


async def test_a_log_is_opened_though_nothing_can_be_deleted(disk: Disk) -> None:
    """What guests said among themselves goes the next time."""
    folder = disk.folder / "log"
    async with opened(folder) as store:
        await store.append([post("." * 3000, f"{i}", room="@:g1") for i in range(200)])
    disk.fill()
    async with opened(folder) as store:
        assert len(await store.before("@:g1", None, 999)) > 0
    disk.free()
    async with opened(folder) as store:
        assert await store.before("@:g1", None, 999) == []
    assert await asyncio.to_thread(check, folder / FILE_NAME) == []
    await asyncio.to_thread(shutil.rmtree, folder)


async def test_a_copy_that_has_no_room_is_not_left_half_done(disk: Disk) -> None:
    async with opened(disk.folder) as store:
        await store.append([post("." * 3000, f"{i}") for i in range(1000)])
        disk.fill()
        with pytest.raises(StorageFull):
            await asyncio.to_thread(backup, disk.folder / FILE_NAME, disk.folder / "copy")
        assert not list(disk.folder.glob("copy*"))


def test_a_recovery_that_has_no_room_leaves_nothing(disk: Disk, tmp_path_factory: pytest.TempPathFactory) -> None:
    log = tmp_path_factory.mktemp("elsewhere")
    make_log(log, [post("." * 3000, f"{i}") for i in range(100)])
    disk.fill()
    with pytest.raises((StorageFull, OSError)):
        recover(log / FILE_NAME, disk.folder / "new.db")
    disk.free()
    assert not list(disk.folder.iterdir())
