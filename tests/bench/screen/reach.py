"""A log of a million messages: how far one reads back in it, how soon one is at its first, and what is held then."""

import time
from dataclasses import dataclass

from tests.bench import log, subjects
from tests.bench.bench import Bench
from tests.bench.screen.programs import CHATAPP, opened
from tests.bench.screen.terminal import Terminal
from tests.bench.subjects import RICH

PAGES = 1_000
CTRL_HOME, CTRL_END, PAGE_UP = "\x1b[1;5H", "\x1b[1;5F", "\x1b[5~"
_QUIET_SECONDS = 0.02


@dataclass
class Found:
    """What was measured once."""

    messages: int
    """How many are in the log."""
    pages: int
    """So many screens one read back before."""
    first_ms: float
    """From the key to the first message ever on the screen."""
    newest_ms: float
    """From the key there to the newest again."""
    resident_mib: float
    """What is held after all that."""


def measure(bench: Bench) -> Found:
    """Read back page by page, go to the first message ever, and back to the newest."""
    messages, pages = bench.few(bench.messages, min(bench.messages, 2000)), bench.few(PAGES, 3)
    with (
        log.filled(bench, messages) as (folder, port, _),
        subjects.running(RICH, folder, port) as server,
        opened(bench, CHATAPP, server.port) as terminal,
    ):
        terminal.until("F1")
        terminal.settle(bench.quiet_seconds)
        bench.progress(f"chatapp: {pages} pages back")
        for _ in range(pages):
            terminal.type(PAGE_UP)
            terminal.read(1.0)
            terminal.settle(_QUIET_SECONDS)
        first_ms = _ms(terminal, CTRL_HOME, "nothing older")
        terminal.settle(bench.quiet_seconds)
        newest_ms = _ms(terminal, CTRL_END, "F1")
        terminal.settle(bench.quiet_seconds)
        return Found(messages, pages, first_ms, newest_ms, terminal.resident_mib)


def _ms(terminal: Terminal, key: str, mark: str) -> float:
    """Return how long it took from `key` to `mark`."""
    began = time.perf_counter()
    terminal.type(key)
    return (terminal.until(mark) - began) * 1000
