"""What is older than all on the screen: how long it takes to page up, and to put more before the first."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from unittest.mock import patch

from chatapp.protocol.events import HistoryPage
from chatapp.tui.timeline.timeline import Timeline
from tests.bench.bench import Bench
from tests.bench.screen.intake import MESSAGES
from tests.bench.screen.stage import RICH, ROOM, Stage, said
from tests.bench.screen.talk import END, PAST, texts
from tests.bench.screen.terminal import SIZE
from tests.bench.switching import FRAME_SECONDS
from tests.bench.tables import median
from tests.tui.screens import Window, window

OLDER = 500
"""So many messages are put before the first at once."""

TRIES = 20


@dataclass
class Found:
    """One round, in milliseconds without the wait for a frame."""

    page_up_ms: list[float] = field(default_factory=list)
    older_ms: list[float] = field(default_factory=list)
    moved: int = 0
    """How often a row in view read otherwise after more was put before the first."""

    @property
    def page_up(self) -> float:
        return median(self.page_up_ms)

    @property
    def older(self) -> float:
        return median(self.older_ms)


def one_round(bench: Bench) -> Found:
    """Measure the app in this process, with MESSAGES in its timeline."""
    bench.progress(f"chatapp: {OLDER} older before {MESSAGES:,} messages")
    with Stage(RICH, PAST) as stage, patch("textual.screen.UPDATE_PERIOD", FRAME_SECONDS):
        return asyncio.run(_measured(bench, stage))


async def _measured(bench: Bench, stage: Stage) -> Found:
    found = Found()
    async with window(stage.port, size=SIZE) as opened:
        await asyncio.to_thread(stage.say, bench.few(MESSAGES, 500))
        await opened.until(lambda: END in opened.timeline.entries[-1].text)
        opened.timeline.go_to_top()
        for _ in range(bench.few(TRIES, 2)):
            await _one_try(opened, found)
    return found


async def _one_try(opened: Window, found: Found) -> None:
    timeline = opened.timeline
    first = timeline.first_seq
    assert first is not None
    page = HistoryPage(ROOM, list(said(texts(OLDER), first - OLDER)), has_more=True)
    before = _rows(timeline)
    found.older_ms.append(await _ms(opened, lambda: opened.app.chat.show(page)))
    found.moved += _rows(timeline) != before
    found.page_up_ms.append(await _ms(opened, timeline.page_up))


async def _ms(opened: Window, work: Callable[[], object]) -> float:
    """Do `work`; return how long it took until that was painted."""
    painted = asyncio.Event()
    began = time.perf_counter()
    work()
    opened.app.chat.call_after_refresh(painted.set)
    await painted.wait()
    return (time.perf_counter() - began) * 1000


def _rows(timeline: Timeline) -> list[str]:
    return [timeline.render_line(y).text for y in range(timeline.size.height)]
