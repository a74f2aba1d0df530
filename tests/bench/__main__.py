"""``python -m tests.bench [names…]`` measures this chat beside other servers, and prints what it found in Markdown."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    capacity,
    committed,
    growth,
    join_storm,
    load,
    log,
    machine,
    paced,
    saving,
    slow_reader,
    startup,
    throughput,
)
from tests.bench.bench import Bench, NoCompiler, Report
from tests.bench.screen import measure as screen
from tests.bench.tables import Table

MEASURES: dict[str, Callable[[Bench], Report]] = {
    "throughput": throughput.measure,
    "committed": committed.measure,
    "paced": paced.measure,
    "capacity": capacity.measure,
    "slow-reader": slow_reader.measure,
    "join-storm": join_storm.measure,
    "log": log.measure,
    "start-up": startup.measure,
    "growth": growth.measure,
    "screen": screen.measure,
}

ABOUT = """\
chatapp runs as it ships, the others, but for one C server, keep nothing and have their limits raised; each runs in a
process of its own on one core, and the load comes from another. What is compared is measured in turns, and its figures
are medians over the rounds; the log's, and those of others beside a crowd of idle peers, are of one run. Whatever is
installed of redis-server, inspircd, ngircd and nats-server is measured too, and for the screen WeeChat and irssi. The
load comes from a program in C: without a compiler (cc), only what needs no load is measured. It needs Linux, and an
otherwise idle machine."""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m tests.bench", description=ABOUT)
    made.add_argument("names", nargs="*", metavar="name", help=f"what to measure (default: all): {', '.join(MEASURES)}")
    made.add_argument("--rounds", type=int, default=3, help="how often each is measured (default: 3)")
    made.add_argument("--quick", action="store_true", help="small numbers and short runs, to see that all of it works")
    made.add_argument("--alone", action="store_true", help="leave out the servers that are installed")
    made.add_argument("--messages", type=int, default=1_000_000, help="how long a log to fill (default: 1000000)")
    made.add_argument("--folder", type=Path, help="where the servers keep their data (default: the temporary folder)")
    made.add_argument("--save", action="store_true", help="keep the tables in README.md and the plots in screenshots/")
    return made


def main() -> int:
    options = parser().parse_args()
    if unknown := sorted(set(options.names) - set(MEASURES)):
        parser().error(f"no such measure: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        return measure(options, Path(folder))


def measure(options: argparse.Namespace, folder: Path) -> int:
    about = f"Machine: {machine.describe(folder)}."
    print(f"{about}\n", flush=True)
    bench = bench_of(options, folder)
    found = {name: report for name in options.names or MEASURES if (report := run(name, bench)) is not None}
    print(closing := closing_line(bench))
    if options.save:
        saving.save(found, [closing, about])
    return 0


def bench_of(options: argparse.Namespace, folder: Path) -> Bench:
    programs = load.build(folder)
    if programs is None:
        print("There is no C compiler (cc): what needs the load generator is left out.\n", flush=True)
    bench = Bench(folder, programs, options.rounds, options.quick, options.alone, options.messages)
    bench.progress = show_progress
    return bench


def run(name: str, bench: Bench) -> Report | None:
    """Measure, and print the tables."""
    began = time.monotonic()
    try:
        report = MEASURES[name](bench)
    except NoCompiler:
        print(f"{name}: left out.\n")
        return None
    bench.progress("")
    for table in report.tables:
        show(table)
    print(f"({name}: {time.monotonic() - began:.0f} s)", file=sys.stderr)
    return report


def show(table: Table) -> None:
    print("\n".join(table.lines()), flush=True)


def show_progress(words: str) -> None:
    """Say what is being measured, on a terminal."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)


def closing_line(bench: Bench) -> str:
    disturbed = f" Other processes disturbed {bench.disturbed} of the runs." if bench.disturbed else ""
    return f"Medians of {bench.rounds}.{disturbed}"


if __name__ == "__main__":
    sys.exit(main())
