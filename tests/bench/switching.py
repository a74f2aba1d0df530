"""How long it takes from a key to another room on the screen, with few rooms and with many."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from unittest.mock import patch

from textual.events import Key

from chatapp.protocol.requests import Join
from tests.bench.bench import Bench
from tests.bench.returning import OWN, ROOMS, hold
from tests.bench.tables import median, short, times
from tests.tui.screens import Window, window

FEW = 2
SIZE = (120, 36)
SWITCHES = 60

FRAME_SECONDS = 0.001
"""How often the screen may be drawn: at its usual pace all that is measured is the wait for the next frame."""


def rows(bench: Bench) -> list[tuple[str, str, str]]:
    """Measure the screen of one person, with few of the server's rooms and then with many."""
    rooms = bench.few(ROOMS, 2 * OWN)
    found = [one_round(bench, rooms) for _ in range(bench.rounds)]
    few, many = median(few for few, _ in found), median(many for _, many in found)
    return [
        (
            f"go to the next of {OWN} rooms of {rooms:,}, from the key to the screen, without the wait for a frame",
            f"p50 {short(many)} ms",
            f"{times(many, few)} that with {FEW} ({short(few)} ms)",
        )
    ]


def one_round(bench: Bench, rooms: int) -> tuple[float, float]:
    """Return the medians of both, in milliseconds."""
    names = [f"#room{number}" for number in range(rooms)]
    with bench.running() as server, contextlib.ExitStack() as holders:
        bench.progress(f"go to the next of {OWN} rooms")
        hold(holders, server.port, names)
        few, many = (asyncio.run(switch_ms(bench, server.port, names[:count])) for count in (FEW, OWN))
        return few, many


async def switch_ms(bench: Bench, port: int, names: Sequence[str]) -> float:
    """Return the median of a walk through the rooms `names`, after one through all of them, in milliseconds."""
    with patch("textual.screen.UPDATE_PERIOD", FRAME_SECONDS):
        return await walk_ms(bench, port, names)


async def walk_ms(bench: Bench, port: int, names: Sequence[str]) -> float:
    async with window(port, size=SIZE) as opened:
        for name in names:
            opened.client.send(Join(name))
        await opened.until(lambda: len(opened.client.state.rooms) > len(names))
        for _ in opened.client.state.rooms:
            await switched(opened)
        return median([await switched(opened) * 1000 for _ in range(bench.few(SWITCHES, 5))])


async def switched(opened: Window) -> float:
    """Press the key for the next room; return how many seconds it took until that is shown."""
    before = opened.timeline
    began = time.perf_counter()
    opened.app.post_message(Key("alt+down", None))
    while opened.timeline is before or not is_drawn(opened):  # noqa: ASYNC110 (nothing tells when a layout is done)
        await asyncio.sleep(0)
    taken = time.perf_counter() - began
    await opened.until(lambda: opened.client.state.here.has_page)
    return taken


def is_drawn(opened: Window) -> bool:
    """Return whether the timeline of the room that is looked at has its place on the screen."""
    return opened.timeline in opened.app.screen._compositor.visible_widgets
