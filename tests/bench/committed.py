"""How many messages a second are on disk before anyone sees them, beside what the disk itself can do."""

import os
import time
from pathlib import Path

from tests.bench.bench import Bench, Report
from tests.bench.load import Scenario
from tests.bench.subjects import PLAIN
from tests.bench.tables import FACTS, Table, median, short, times
from tests.bench.throughput import add_blemishes

PAGE = b"x" * 4096
SYNCS = 500


def measure(bench: Bench) -> Report:
    table = Table("On disk first", FACTS)
    for members in (10, 100):
        talks = [bench.talk(PLAIN, Scenario(members, 10, 100)) for _ in range(bench.rounds)]
        add_blemishes(table, f"{members} members", [(PLAIN.name, talks)])
        rate = median(talk.messages_s for talk in talks)
        high = median(talk.p99_ms for talk in talks)
        table.rows.append(
            (
                f"committed: {members} members, 10 senders x 100 in flight",
                f"{short(rate)} messages/s",
                f"p99 {short(high)} ms",
            )
        )
    add_one_writer(bench, table)
    return Report([table])


def add_one_writer(bench: Bench, table: Table) -> None:
    """Let one writer wait for each of its messages, and the disk sync pages in the same folder, in turns."""
    waits, syncs, rates = [], [], []
    for _ in range(bench.rounds):
        talk = bench.talk(PLAIN, Scenario(1, 1, 1))
        waits.append(talk.p50_ms)
        rates.append(talk.messages_s)
        syncs.append(sync_ms(bench.folder, bench.few(SYNCS, 50)))
    wait, sync = median(waits), median(syncs)
    table.rows.append(
        (
            "one writer that waits for each message",
            f"{short(median(rates))}/s, p50 {short(wait)} ms",
            f"{times(wait, sync)} one write and fdatasync of 4 KiB there ({short(sync)} ms)",
        )
    )


def sync_ms(folder: Path, count: int) -> float:
    """Return the median of a write of 4 KiB at the end of a file in `folder` and its fdatasync, in milliseconds."""
    path, taken = folder / "synced", []
    with path.open("wb", buffering=0) as file:
        for _ in range(count):
            began = time.perf_counter()
            file.write(PAGE)
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return median(taken)
