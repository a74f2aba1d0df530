"""100 people talk while others do what they may not: what the people notice of it, and what is left of it."""

import asyncio
import contextlib
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.counting import COLLECTED_EVERY
from tests.faults.people import People

HALVES = 10_000
QUIET_SECONDS = 20.0
FLOOD_SECONDS = 20


class Counting:
    """A server that counts the addresses of this machine, in a process of its own."""

    def __init__(self, process: Process, port: int) -> None:
        self.port = port
        self._folder = Path("/proc") / str(process.pid)

    @property
    def descriptors(self) -> int:
        return len(list((self._folder / "fd").iterdir()))

    @property
    def mebibytes(self) -> float:
        """Return how much memory it holds."""
        return int((self._folder / "statm").read_text().split()[1]) * 4096 / 2**20

    async def until_released(self, descriptors: int) -> None:
        """Wait until it has no more descriptors open than so many."""
        async with asyncio.timeout(30):
            while self.descriptors > descriptors:  # noqa: ASYNC110 (another process's)
                await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def counting(folder: Path) -> AsyncIterator[Counting]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.counting", str(folder)), stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Counting(process, int(await process.stdout.readline()))
    finally:
        process.stdin.close()
        await process.wait()


async def press(what: str, port: int, count: int) -> dict[str, Any]:
    """Run `tests.faults.press`; return what it counted."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.press", what, str(port), str(count)), stdout=PIPE
    )
    output, _ = await process.communicate()
    counted: dict[str, Any] = json.loads(output)
    return counted


async def settled(server: Counting) -> float:
    """Return what memory it holds once it has collected what is left of those who went."""
    await asyncio.sleep(COLLECTED_EVERY + 1.0)
    return server.mebibytes


async def during(work: "asyncio.Task[dict[str, Any]]", people: People, seconds: float) -> float:
    """Return the p99 of `people` over so many seconds, in which `work` has not ended."""
    await asyncio.sleep(1.0)  # until its process has begun
    p99 = await people.p99(seconds)
    assert not work.done()
    return p99


@pytest.mark.campaign
async def test_half_handshakes(tmp_path: Path, tell: Callable[[str], None]) -> None:
    """10,000 peers connect within 10 s, and say nothing or half a hello: the people's p99 is at most twice as high,
    no descriptor is left, and as many once more take no more memory than they did.
    """
    async with counting(tmp_path) as server, People(server.port) as people:
        await people.p99(5.0)
        quiet, descriptors = await people.p99(QUIET_SECONDS), server.descriptors
        before = server.mebibytes
        pressing = asyncio.create_task(press("halves", server.port, HALVES))
        pressed = await during(pressing, people, 9.0)
        held, most = server.descriptors - descriptors, server.mebibytes
        ended = await pressing
        await server.until_released(descriptors)
        after = await settled(server)
        tell(
            f"p99 {1000 * quiet:.2f} ms, {1000 * pressed:.2f} ms with {HALVES} half handshakes ({ended}), "
            f"{held} of them open; {before:.1f} MiB before, {most:.1f} meanwhile, {after:.1f} after"
        )
        await press("halves", server.port, HALVES)
        await server.until_released(descriptors)
        again = await settled(server)
        tell(f"{again:.1f} MiB after as many again")
        assert again <= after + 2.0
    assert pressed <= 2 * quiet


@pytest.mark.campaign
async def test_a_flooder(tmp_path: Path, tell: Callable[[str], None]) -> None:
    """Somebody says 10,000 messages a second, and comes back whenever they are dropped: the people's p99 is at most
    50 ms, or 1.5 times as high, and each line of the flooder's is answered once, or it was dropped.
    """
    async with counting(tmp_path) as server, People(server.port) as people:
        await people.p99(5.0)
        quiet = await people.p99(QUIET_SECONDS)
        pressing = asyncio.create_task(press("flood", server.port, FLOOD_SECONDS))
        pressed = await during(pressing, people, FLOOD_SECONDS - 2.0)
        ended = await pressing
        tell(f"p99 {1000 * quiet:.2f} ms, {1000 * pressed:.2f} ms with a flooder ({ended})")
    assert ended["said"] + ended["errors"] <= ended["sent"] + ended["connections"]
    assert pressed <= max(0.05, 1.5 * quiet)
