"""How long it takes from the command until the chat listens, beside a Python that only imports what that imports."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from tests.bench.bench import Bench, Report
from tests.bench.machine import cores, on_core
from tests.bench.subjects import end, serve_command, unused_port
from tests.bench.tables import FACTS, Table, median, short, times

IMPORTING = """
import sys
for name in sys.argv[1:]:
    try:
        __import__(name)
    except ImportError:  # it was looked for, and not there
        pass
print()
"""
MAIN = "__main__"


def measure(bench: Bench) -> Report:
    """Measure in turns: a start with an empty folder, and the imports."""
    serving, importing = list[float](), list[float]()
    names = imported(bench.folder)
    for _ in range(max(bench.rounds, bench.few(10, 1))):
        importing.append(seconds(["-c", IMPORTING, *names]))
        with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
            serving.append(seconds(serve_command(unused_port(), Path(folder))[1:]))
    start, alone = median(serving) * 1000, median(importing) * 1000
    beside = f"{times(start, alone)} a Python that imports the same {len(names)} modules ({short(alone)} ms)"
    table = Table("Start-up", FACTS)
    table.rows.append(("chatapp serve, until it listens", f"{short(start)} ms", beside))
    return Report([table])


def imported(folder: Path) -> list[str]:
    """Return the modules that the server imports, or tries to, until it listens, in their order."""
    with tempfile.TemporaryDirectory(dir=folder) as data, tempfile.TemporaryFile("w+") as told:
        seconds(["-X", "importtime", *serve_command(unused_port(), Path(data))[1:]], told)
        told.seek(0)
        lines = [line for line in told if line.startswith("import time:")]
    names = [line.rpartition("|")[2].strip() for line in lines[1:]]
    return [name for name in names if MAIN not in name]


def seconds(arguments: Sequence[str], told: IO[str] | int = subprocess.DEVNULL) -> float:
    """Return how long it takes until a Python with these arguments prints a line; what it `told` is its stderr."""
    with on_core(cores()[0]):
        began = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, stderr=told)
    assert process.stdout is not None
    line = process.stdout.readline()
    taken = time.perf_counter() - began
    end(process)
    process.stdout.close()
    if not line:
        raise RuntimeError(f"{process.args!r} printed nothing")
    return taken
