"""How fast the log is: to fill, to start with, to page through, to search, to write to from many sides."""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from chatapp.protocol.events import Event, Found, HistoryPage
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import History, Say, Search
from chatapp.server.server import log_file
from chatapp.server.storage.records import Post
from chatapp.server.storage.sqlite_store import SqliteStore
from tests.bench import load, machine, subjects
from tests.bench.bench import Bench, Report
from tests.bench.load import Scenario
from tests.bench.subjects import RICH, Running, unused_port
from tests.bench.tables import FACTS, Table, short
from tests.server.talking import Peer, rich_peer

SPANISH = "adiós mañana canción servidor mensaje línea sala red"
WORDS = f"{Path(__file__).read_text('utf-8')} {SPANISH}".split()
BATCH = 1000
TRIES = 200
WRITERS = 64

Reading = Callable[[], Awaitable[Event]]


async def fill(file: Path, count: int) -> float:
    """Write `count` messages of about 60 characters into the log at `file`; return the messages per second."""
    store, dice = await SqliteStore.open(file.parent), random.Random(1)
    began = time.perf_counter()
    for start in range(0, count, BATCH):
        texts = [" ".join(dice.choices(WORDS, k=8)) for _ in range(min(BATCH, count - start))]
        says = [Say(GENERAL, text, str(start + index)) for index, text in enumerate(texts)]
        await store.append([Post("key", f"nick{dice.randrange(50)}", say, start) for say in says])
    await store.close()
    return count / (time.perf_counter() - began)


@contextmanager
def filled(bench: Bench, count: int) -> Iterator[tuple[Path, int, float]]:
    """Give a folder with a log of `count` messages, the port that the log is for, and how fast it was filled."""
    with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
        bench.progress(f"filling a log with {count:,} messages")
        port = unused_port()
        yield Path(folder), port, asyncio.run(fill(log_file(Path(folder), port), count))


def readings(peer: Peer, last: int) -> dict[str, Reading]:
    """Return what may be asked of a log with `last` messages."""
    dice = random.Random(2)

    async def page(before: int | None) -> Event:
        peer.send(History(GENERAL, before))
        return await peer.next(HistoryPage)

    async def find(query: str) -> Event:
        peer.send(Search(GENERAL, query))
        return await peer.next(Found)

    return {
        "last page": lambda: page(None),
        "any page": lambda: page(dice.randrange(1, last)),
        "search, a word": lambda: find("cancion"),
        "search, two words": lambda: find(f"manana {dice.choice(WORDS[:40]).strip('.,()[]:')}x*"),
        "search, a phrase": lambda: find('"linea sala"'),
        "search, a prefix": lambda: find("serv*"),
    }


async def timed(work: Reading, tries: int) -> tuple[float, float]:
    """Return the median and the 99th percentile of `work`, in milliseconds."""
    taken = []
    for _ in range(tries):
        began = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]


async def read(port: int, last: int, tries: int) -> dict[str, tuple[float, float]]:
    """Return how long everything that may be asked for takes, in milliseconds."""
    async with rich_peer(port, "reader") as peer:
        return {name: await timed(work, tries) for name, work in readings(peer, last).items()}


def measure(bench: Bench) -> Report:
    count = bench.few(bench.messages, min(bench.messages, 2000))
    table = Table("Log", FACTS)
    with filled(bench, count) as (folder, port, rate):
        table.rows.append((f"fill {count:,} messages", f"{short(rate)} messages/s", "straight into the store"))
        began = time.perf_counter()
        with subjects.running(RICH, folder, port) as server:
            started = time.perf_counter() - began
            table.rows.append((f"start with {count:,} messages", f"{short(started * 1000)} ms until it listens", ""))
            add_reading(bench, table, server, count)
            add_writers(bench, table, server)
    return Report([table])


def add_reading(bench: Bench, table: Table, server: Running, count: int) -> None:
    bench.progress(f"reading a log of {count:,} messages")
    before = machine.memory_bytes(server.pid)
    for name, (middle, high) in asyncio.run(read(server.port, count, bench.few(TRIES, 10))).items():
        table.rows.append((name, f"p50 {short(middle)} ms", f"p99 {short(high)} ms"))
    grown = (machine.memory_bytes(server.pid) - before) / 2**20
    table.rows.append(("memory, after all that reading", f"{grown:+.1f} MiB", f"{before / 2**20:.1f} MiB before"))


def add_writers(bench: Bench, table: Table, server: Running) -> None:
    """Let one, and then many, wait for each of their messages."""
    if bench.programs is None:
        return
    one, many = (
        load.talk(bench.load, server, Scenario(count, count, 1), bench.seconds, "-u", f"w{count}-")
        for count in (1, WRITERS)
    )
    table.rows.append(
        (
            f"{WRITERS} writers that wait for each message",
            f"{short(many.messages_s)} messages/s",
            f"{many.messages_s / one.messages_s:.1f} times as many as one ({short(one.messages_s)})",
        )
    )
