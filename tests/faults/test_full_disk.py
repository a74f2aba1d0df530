"""A server whose disk fills up while people talk: what was typed is said once there is room, once, and none is lost."""

import asyncio
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chatapp.protocol.errors import Code
from chatapp.protocol.events import Said
from tests.faults.crowd import Talker, crowd, read_whole, settle
from tests.faults.serving import serving
from tests.server.storage.disks import KINDS, SmallDisk, small_disk

NAMES = ["ana", "eva", "luis"]
HEAL_SECONDS = 1.0
"""Within so long after there is room again all that waited for it is said."""


class LimitedProcess:
    """As LimitedFiles, but of the files of one process."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)

    def fill(self) -> None:
        resource.prlimit(self._pid, resource.RLIMIT_FSIZE, (64 * 1024, self._limits[1]))

    def free(self) -> None:
        resource.prlimit(self._pid, resource.RLIMIT_FSIZE, self._limits)


@pytest.fixture(params=["limited", "small"][: len(KINDS)])
def is_small(request: pytest.FixtureRequest) -> bool:
    """Whether the disk is a small one, which takes root, or one whose files can't grow."""
    return bool(request.param == "small")


@contextmanager
def disk_at(folder: Path, is_small: bool) -> Iterator[Path]:
    """Give a folder for the server's data."""
    folder.mkdir(parents=True)
    if not is_small:
        yield folder
        return
    with small_disk(folder):
        yield folder


async def until_healed(talkers: list[Talker]) -> float:
    """Return how many seconds it takes until nothing waits for room."""
    start = asyncio.get_running_loop().time()
    for talker in talkers:
        await talker.until(lambda state: not state.unkept)
    return asyncio.get_running_loop().time() - start


def check_kept(talkers: list[Talker], log: list[Said]) -> None:
    """Each was shown the log, all of it, once, in order; and everyone's lines are there once, refused or not."""
    for talker in talkers:
        assert talker.shown == log
        assert {error.code for error in talker.refused} == {Code.STORAGE_FULL}
        nick = talker.client.state.nick
        said = [said.text for said in log if said.nick == nick]
        assert sorted(said) == sorted([f"{nick} begins", *(f"{nick} {number}" for number in range(talker.said))])


async def fill_and_free(folder: Path, is_small: bool, cycles: int) -> tuple[int, float]:
    """Fill the disk and free it, again and again, while three talk; return what was said, and the slowest healing."""
    slowest = 0.0
    with disk_at(folder / "disk", is_small) as data:
        async with serving(data) as server, crowd(server.port, folder / "clients", NAMES) as talkers:
            disk = SmallDisk(data) if is_small else LimitedProcess(server.pid)
            for _ in range(cycles):
                disk.fill()
                for talker in talkers:
                    await talker.until(lambda state: bool(state.unkept))
                disk.free()
                slowest = max(slowest, await until_healed(talkers))
            await settle(talkers)
        log = await read_whole(server.log)
    check_kept(talkers, log)
    return len(log), slowest


async def test_a_full_disk_loses_nothing_that_was_typed(tmp_path: Path, is_small: bool) -> None:
    """Full and free three times: all that waited is said within a second, and each is shown the log, once, in order."""
    _, slowest = await fill_and_free(tmp_path / "run", is_small, 3)
    assert slowest < HEAL_SECONDS


@pytest.mark.campaign
async def test_a_disk_full_a_hundred_times_loses_nothing(
    tmp_path: Path, is_small: bool, tell: Callable[[str], None]
) -> None:
    """The same ten times for each of ten servers."""
    runs = [await fill_and_free(tmp_path / f"{number}", is_small, 10) for number in range(10)]
    said, slowest = sum(count for count, _ in runs), max(seconds for _, seconds in runs)
    tell(
        f"a disk full 100 times, {said} messages: 0 lost, 0 shown twice, 0 out of order, healed within {slowest:.3f} s"
    )
    assert slowest < HEAL_SECONDS
