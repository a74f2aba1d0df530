"""The programs in C: built when a compiler is there, and run against a server that listens."""

import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from tests.bench import machine
from tests.bench.subjects import Running

SOURCES = Path(__file__).parent / "c"
MOST_SECONDS = 600


class Entrance(msgspec.Struct):
    """How the members came in. Seconds count from the first connection, and are -1 for what was not reached."""

    inside: int
    failed: int
    inside_s: float
    """Until all were in."""
    lists_s: float
    """Until every rich member knew of all, by a list or in number."""
    notice_bytes: int
    problem: str


class Talk(Entrance):
    """What was said after that, and how long it took from end to end."""

    messages_s: float
    deliveries_s: float
    p50_ms: float
    p99_ms: float
    sent: int
    lost: int
    repeated: int
    orders: int
    """How many orders of messages there were among those who read the same: one, if all is well."""
    dropped: int
    """How many members' connections were cut."""
    generator_share: float
    """How much of its core the load generator took."""
    server_us: float
    """Processor time of the server for each delivery, in microseconds."""
    others: float = 0.0
    """How much of a core went to other processes meanwhile."""

    @property
    def is_whole(self) -> bool:
        return not (self.lost or self.repeated or self.dropped or self.failed)


@dataclass(frozen=True)
class Programs:
    """The load generator, and the server in C that others are measured against."""

    load: Path
    limit: Path


@dataclass(frozen=True)
class Scenario:
    """What the generator plays. A `rate` paces the messages; without one, each sender has a window in flight.

    With `rooms` all talk is in so many rooms beside the one that everyone is in. Each has `room_size` members, or
    all of them; in plain nobody can be in two. There are to be as many senders as rooms, unless there is one room.
    """

    members: int
    senders: int = 10
    window: int = 10
    rate: float = 0
    size: int = 100
    rooms: int = 0
    room_size: int = 0

    def options(self) -> list[str]:
        mode = ["-M", "paced", "-r", str(self.rate)] if self.rate else ["-M", "saturate", "-w", str(self.window)]
        rooms = ["-R", str(self.rooms), "-S", str(self.room_size)] if self.rooms else []
        return [*mode, "-n", str(self.members), "-k", str(self.senders), "-z", str(self.size), *rooms]


def build(folder: Path) -> Programs | None:
    """Compile both into `folder`; return None where there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    programs = Programs(folder / "load", folder / "limit")
    for target, sources in ((programs.load, (SOURCES / "load").glob("*.c")), (programs.limit, [SOURCES / "limit.c"])):
        subprocess.run([compiler, "-O2", "-o", str(target), *map(str, sources)], check=True)
    return programs


def command(program: Path, server: Running, *options: str) -> list[str]:
    core = str(machine.cores()[1])
    return [str(program), "-D", server.dialect, "-p", str(server.port), "-x", str(server.pid), "-C", core, *options]


def talk(program: Path, server: Running, scenario: Scenario, seconds: float, *options: str) -> Talk:
    """Let the members talk for so long, after a second of warming up."""
    times = ["-d", str(seconds), "-W", str(min(1.0, seconds / 2))]
    began, others = time.monotonic(), machine.others_seconds(server.pid)
    finished = subprocess.run(
        command(program, server, *scenario.options(), *times, *options),
        capture_output=True,
        check=True,
        timeout=MOST_SECONDS,
    )
    talked = msgspec.json.decode(finished.stdout, type=Talk)
    talked.others = (machine.others_seconds(server.pid) - others) / (time.monotonic() - began)
    return talked


@contextlib.contextmanager
def holding(program: Path, server: Running, members: int, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Let members come in and stay until the end of the block; `entrance` says how the coming in went."""
    line = command(program, server, "-M", "hold", "-n", str(members), *options)
    process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def entrance(process: "subprocess.Popen[bytes]") -> Entrance:
    """Wait until all have come in."""
    output: IO[bytes] | None = process.stdout
    assert output is not None
    return msgspec.json.decode(output.readline(), type=Entrance)
