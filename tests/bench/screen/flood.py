"""A room where a thousand messages a second are said: how fast keys are meanwhile, what it costs, what is lost."""

import threading
import time
from dataclasses import dataclass

from tests.bench.bench import Bench
from tests.bench.screen.keys import Taken, press_for
from tests.bench.screen.programs import CHATAPP, Program, on_stage
from tests.bench.screen.stage import Stage
from tests.bench.screen.talk import END, PAST, numbers
from tests.bench.screen.terminal import Terminal

MESSAGES = 9_000
"""Fewer than a timeline keeps, so that all can be found in it afterwards."""
RATE = 1000.0
"""Messages a second."""

PAGE_UP, CTRL_END = "\x1b[5~", "\x1b[1;5F"

_QUIET_SECONDS = 0.03
"""A page is on the screen when nothing was written for so long."""

_PATIENCE_SECONDS = 2.0


@dataclass
class Found:
    """One round."""

    keys: Taken
    cpu_percent: float
    """The share of a core that the program takes."""
    lost: int
    """How many of this chat's messages can't be found afterwards by paging through all."""


def one_round(bench: Bench, program: Program) -> Found:
    count = bench.few(MESSAGES, 500)
    with on_stage(bench, program, PAST) as (stage, terminal):
        bench.progress(f"{program.name}: {RATE:,.0f} messages a second")
        terminal.settle(bench.quiet_seconds)
        keys, cpu_percent = _play(stage, terminal, count)
        stage.say(1)  # what ends the flood may have been read while a key was waited for
        terminal.until(END)
        return Found(keys, cpu_percent, _lost(terminal, PAST + count + 1) if program is CHATAPP else 0)


def _play(stage: Stage, terminal: Terminal, count: int) -> tuple[Taken, float]:
    """Return what keys took while so many messages were said, and the share of a core that the program took."""
    playing = threading.Thread(target=stage.say_paced, args=(count, RATE))
    began, worked = time.perf_counter(), terminal.cpu_seconds
    playing.start()
    keys = press_for(terminal, count / RATE)
    playing.join()
    return keys, 100 * (terminal.cpu_seconds - worked) / (time.perf_counter() - began)


def _lost(terminal: Terminal, count: int) -> int:
    """Page up to the first of the `count` messages, and down again at once; return how many of them never came."""
    seen = set[int]()
    while 0 not in seen and (page := _page(terminal, PAGE_UP)):
        seen |= numbers(page)
    return count - len(seen | numbers(_page(terminal, CTRL_END)))


def _page(terminal: Terminal, key: str) -> bytes:
    """Return what is written after `key`; nothing if that has no effect."""
    terminal.settle(_QUIET_SECONDS)
    terminal.type(key)
    return terminal.read(_PATIENCE_SECONDS) + terminal.settle(_QUIET_SECONDS)
