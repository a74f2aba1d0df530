"""Connections through a network that cuts, splits, delays and drops: nothing is lost, nothing is shown twice."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from chatapp.server.settings import Timing
from tests.faults.crowd import check_shown, crowd, read_whole, settle
from tests.faults.proxy import Proxy
from tests.server.talking import running

NAMES = ["ana", "eva", "luis"]
PING_SECONDS = 0.1
"""15 s with people; here all time is 150 times as fast, so a cut of 120 s takes 0.8."""

LONGEST_CUT = 120 / 150

FAULTS: list[Callable[[Proxy], None]] = [
    Proxy.reset,
    Proxy.end,
    Proxy.half_open,
    lambda proxy: proxy.reset_within(300),
    lambda proxy: proxy.reset_within(20_000),
]


async def down_for(proxy: Proxy, random: Random) -> None:
    """Let nobody connect for a time, mostly short: from 0.1 to 120 s of people's time."""
    proxy.is_down = True
    await asyncio.sleep(LONGEST_CUT * random.random() ** 4 + 0.1 / 150)
    proxy.is_down = False


async def cut_again_and_again(data: Path, folder: Path, cuts: int) -> int:
    """Cut all connections so many times, each time after some messages more; return how many were said."""
    random = Random(cuts)
    timing = Timing(silence=3 * PING_SECONDS, sweep=PING_SECONDS)
    async with (
        running(timing) as server,
        Proxy(server.port, random, delay=0.002) as proxy,
        crowd(proxy.port, folder, NAMES, PING_SECONDS) as talkers,
    ):
        for number in range(cuts):
            witness = random.choice(talkers)
            await witness.until_shown(len(witness.shown) + random.choice([0, 1, 5, 20]))
            FAULTS[number % len(FAULTS)](proxy)
            if random.random() < 0.5:
                await down_for(proxy, random)
        await settle(talkers)
    log = await read_whole(data)
    check_shown(talkers, log)
    return len(log)


async def test_cuts_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    """25 cuts of five kinds while three talk: each is shown the log, without gap or repeat, and is in it once."""
    assert await cut_again_and_again(tmp_path / "data/chatapp/server-0", tmp_path / "clients", 25) > 100


@pytest.mark.campaign
async def test_a_thousand_cuts_lose_nothing(tmp_path: Path, tell: Callable[[str], None]) -> None:
    """The same, a thousand times."""
    said = await cut_again_and_again(tmp_path / "data/chatapp/server-0", tmp_path / "clients", 1000)
    tell(f"1,000 cuts, {said} messages: 0 gaps, 0 repeats, 0 lost, 0 out of order")
