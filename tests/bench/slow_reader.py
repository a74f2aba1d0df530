"""One member of fifty stops reading under full load: what that does to the others, the server's memory, and itself."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench import load, machine
from tests.bench.bench import Bench, Report
from tests.bench.load import Scenario, Talk
from tests.bench.stopped import Stopped
from tests.bench.subjects import RICH, Running
from tests.bench.tables import FACTS, Table, median, short, times

MEMBERS = 50
SAMPLE_SECONDS = 0.1
DROPPED = "is dropped"
"""What the server's log says of a member that it gives up."""


@dataclass
class Found:
    """One round: the talk of the others, the most memory that the server took, and how the stopped one fared."""

    talk: Talk
    grown: float
    is_dropped: bool = False
    is_whole: bool = False


def measure(bench: Bench) -> Report:
    without, beside = list[Found](), list[Found]()
    for _ in range(bench.rounds):
        bench.progress("all read")
        without.append(all_read(bench))
        bench.progress("one stops reading")
        beside.append(one_stops(bench))
    table = Table("Slow reader", FACTS)
    table.rows += rows(without, beside)
    return Report([table])


def rows(without: list[Found], beside: list[Found]) -> list[tuple[str, str, str]]:
    alone, high = (median(found.talk.p99_ms for found in runs) for runs in (without, beside))
    before, grown = (median(found.grown for found in runs) / 2**20 for runs in (without, beside))
    dropped, whole = sum(found.is_dropped for found in beside), sum(found.is_whole for found in beside)
    return [
        (
            f"one of {MEMBERS} stops reading under full load",
            f"p99 of the others {short(high)} ms",
            f"{times(high, alone)} that with all reading ({short(alone)} ms)",
        ),
        (
            "the server's memory grows by then",
            f"{grown:.1f} MiB",
            f"{grown - before:+.1f} MiB beside all reading ({before:.1f} MiB)",
        ),
        (
            "the one that stopped",
            f"dropped, the log says why: {dropped} of {len(beside)}",
            f"has every message once after it resumed: {whole} of {len(beside)}",
        ),
    ]


def all_read(bench: Bench) -> Found:
    with bench.running(RICH) as server, highest(server.pid) as memory:
        return Found(talk(bench, server, MEMBERS), memory[-1] - memory[0])


def one_stops(bench: Bench) -> Found:
    with bench.running(RICH) as server, contextlib.closing(Stopped(server.port)) as stopped:
        stopped.come_in()
        with highest(server.pid) as memory:
            talked = talk(bench, server, MEMBERS - 1)
        is_dropped = DROPPED in server.log
        stopped.catch_up()
        return Found(talked, memory[-1] - memory[0], is_dropped, stopped.has_all(talked.sent))


def talk(bench: Bench, server: Running, members: int) -> Talk:
    return load.talk(bench.load, server, Scenario(members), bench.seconds)


@contextlib.contextmanager
def highest(pid: int) -> Iterator[list[int]]:
    """Watch the memory of a process: what it is at the beginning, and behind that the most it was so far."""
    memory, is_over = [machine.resident_bytes(pid)] * 2, threading.Event()

    def watch() -> None:
        while not is_over.wait(SAMPLE_SECONDS):
            memory[-1] = max(memory[-1], machine.resident_bytes(pid))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield memory
    finally:
        is_over.set()
        watching.join()
