"""``python -m tests.bench [--messages N]`` measures the log of a real server: start, pages, search, group commit."""

import argparse
import asyncio
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from chatapp.protocol.events import Event, Found, HistoryPage, Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import History, Say, Search
from chatapp.server.server import Server, log_file
from chatapp.server.settings import Settings
from chatapp.server.storage.records import Post
from chatapp.server.storage.sqlite_store import SqliteStore
from tests.server.talking import Peer, rich_peer

SPANISH = "adiós mañana canción servidor mensaje línea sala red"
WORDS = f"{Path(__file__).read_text('utf-8')} {SPANISH}".split()
BATCH = 1000
TRIES = 200


async def fill(data: Path, count: int) -> float:
    """Write `count` messages of about 60 characters into the log under `data`; return the messages per second."""
    store, dice = await SqliteStore.open(log_file(data, 0).parent), random.Random(1)
    began = time.perf_counter()
    for start in range(0, count, BATCH):
        texts = [" ".join(dice.choices(WORDS, k=8)) for _ in range(min(BATCH, count - start))]
        says = [Say(GENERAL, text, str(start + index)) for index, text in enumerate(texts)]
        await store.append([Post("key", f"nick{dice.randrange(50)}", say, start) for say in says])
    await store.close()
    return count / (time.perf_counter() - began)


async def timed(work: Callable[[], Awaitable[Event]], times: int = TRIES) -> tuple[float, float]:
    """Return the median and the 99th percentile of `work`, in milliseconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]


async def read_pages(peer: Peer, last: int) -> dict[str, tuple[float, float]]:
    dice = random.Random(2)

    async def page(before: int | None) -> Event:
        peer.send(History(GENERAL, before))
        return await peer.next(HistoryPage)

    async def find(query: str) -> Event:
        peer.send(Search(GENERAL, query))
        return await peer.next(Found)

    return {
        "last page": await timed(lambda: page(None)),
        "any page": await timed(lambda: page(dice.randrange(1, last))),
        "search, a word": await timed(lambda: find("cancion")),
        "search, two words": await timed(lambda: find(f"manana {dice.choice(WORDS[:40]).strip('.,()[]:')}x*")),
        "search, a phrase": await timed(lambda: find('"linea sala"')),
        "search, a prefix": await timed(lambda: find("serv*")),
    }


async def write(port: int, writers: int, each: int) -> float:
    """Let `writers` say `each` messages, everyone waiting for the echo of their own; return messages per second."""

    async def talk(number: int) -> None:
        async with rich_peer(port, f"writer{number}") as peer:
            for index in range(each):
                peer.send(Say(GENERAL, "x" * 100, f"{number}-{index}"))
                while (await peer.next(Said)).id != f"{number}-{index}":
                    pass

    began = time.perf_counter()
    await asyncio.gather(*map(talk, range(writers)))
    return writers * each / (time.perf_counter() - began)


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def measure(data: Path, count: int) -> None:
    row("machine", f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}")
    row(f"fill {count:,} messages", f"{await fill(data, count):,.0f} messages/s")
    before = resident_mib()
    began = time.perf_counter()
    server = Server(Settings(port=0, data=data))
    await server.start()
    row("start, listening", f"{(time.perf_counter() - began) * 1000:.0f} ms")
    began = time.perf_counter()
    async with rich_peer(server.port, "ana") as ana:
        row("join, welcomed", f"{(time.perf_counter() - began) * 1000:.1f} ms")
        for name, (median, high) in (await read_pages(ana, count)).items():
            row(name, f"p50 {median:.2f} ms, p99 {high:.2f} ms")
    row("memory, beside the start's", f"{resident_mib() - before:+.1f} MiB")
    one = await write(server.port, 1, 500)
    many = await write(server.port, 64, 100)
    row("one writer that waits", f"{one:,.0f} messages/s")
    row("64 writers that wait", f"{many:,.0f} messages/s, {many / one:.1f} times as many")
    await server.stop()


def row(name: str, value: str) -> None:
    print(f"| {name} | {value} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--messages", type=int, default=1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), parser.parse_args().messages))
    return 0


if __name__ == "__main__":
    sys.exit(main())
