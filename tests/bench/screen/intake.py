"""A hundred thousand messages: how fast they are taken in, what they take to hold, and a resize with them there."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import pyte

from tests.bench.bench import Bench
from tests.bench.screen.programs import Program, on_stage
from tests.bench.screen.stage import Stage
from tests.bench.screen.talk import END, PAST
from tests.bench.screen.terminal import Terminal

MESSAGES = 100_000
OTHER_SIZE = (100, 30)
_RESIZE_QUIETS = 5
"""A program that lays much out anew may write nothing for so many times as long."""


@dataclass
class Found:
    """One round."""

    seconds: float
    """From the first message to the last on the screen."""
    resident_mib: float
    resize_ms: float
    """From the new size to the last change of what the screen reads."""


def one_round(bench: Bench, program: Program) -> Found:
    """Take messages in; what connects to nothing holds PAST lines."""
    with on_stage(bench, program, PAST) as (stage, terminal):
        bench.progress(f"{program.name}: {MESSAGES:,} messages")
        terminal.settle(bench.quiet_seconds)
        seconds = _intake(stage, terminal, bench.few(MESSAGES, 500)) if program.dialect else 0.0
        terminal.settle(bench.quiet_seconds)
        resident = terminal.resident_mib
        return Found(seconds, resident, resize_ms(terminal, _RESIZE_QUIETS * bench.quiet_seconds))


def _intake(stage: Stage, terminal: Terminal, count: int) -> float:
    """Return how long it took until the last of so many messages was seen."""
    began = time.perf_counter()
    playing = threading.Thread(target=stage.say, args=(count,))
    playing.start()
    seen = terminal.until(END)
    playing.join()
    return seen - began


def resize_ms(terminal: Terminal, quiet_seconds: float) -> float:
    """Give the terminal another size; return how long it took until the screen read as it stayed."""
    began = time.perf_counter()
    terminal.resize(*OTHER_SIZE)
    written = list[tuple[float, bytes]]()
    while data := terminal.read(quiet_seconds):
        written.append((terminal.last_read, data))
    return (_last_change(written) - began) * 1000


def _last_change(written: Sequence[tuple[float, bytes]]) -> float:
    """Return when what was written changed for the last time what the screen reads."""
    screen = pyte.Screen(*OTHER_SIZE)
    stream, shown, changed = pyte.ByteStream(screen), list[str](), 0.0
    for at, data in written:
        stream.feed(data)
        if screen.display != shown:
            shown, changed = screen.display, at
    return changed
