"""A log of a million messages: what it takes to hold those that one has scrolled back to."""

from dataclasses import dataclass

from tests.bench import log, subjects
from tests.bench.bench import Bench
from tests.bench.screen.programs import CHATAPP, opened
from tests.bench.subjects import RICH

PAGES = 100
CTRL_HOME = "\x1b[1;5H"
_QUIET_SECONDS = 0.05
_PAGE_MESSAGES = 100


@dataclass
class Found:
    """What was measured once."""

    messages: int
    """How far one went back."""
    before_mib: float
    after_mib: float

    @property
    def bytes_each(self) -> float:
        return (self.after_mib - self.before_mib) * 2**20 / self.messages


def measure(bench: Bench) -> Found:
    """Go to the first message there is, again and again: each time one page more is asked for."""
    pages = bench.few(PAGES, 3)
    with (
        log.filled(bench, bench.few(bench.messages, min(bench.messages, 2000))) as (folder, port, _),
        subjects.running(RICH, folder, port) as server,
        opened(bench, CHATAPP, server.port) as terminal,
    ):
        terminal.until("nick")
        terminal.settle(bench.quiet_seconds)
        before = terminal.resident_mib
        bench.progress(f"chatapp: {pages} pages back")
        for _ in range(pages):
            terminal.type(CTRL_HOME)
            terminal.read(1.0)
            terminal.settle(_QUIET_SECONDS)
        return Found(pages * _PAGE_MESSAGES, before, terminal.resident_mib)
