"""The machine that is measured on: what it is, its cores, and what else it is doing."""

import contextlib
import os
import platform
import resource
import time
from collections.abc import Iterator
from pathlib import Path

BUSY_FIELDS = (1, 2, 3, 8)
"""User, nice, system and stolen time, in the first line of /proc/stat."""


def describe(folder: Path) -> str:
    """Say in one line what the machine is, how busy it is, and what lies under `folder`."""
    return ", ".join(
        (
            f"{os.cpu_count()} cores ({processor()})",
            f"{memory_gib():.0f} GiB",
            f"{platform.system()} {platform.release().partition('-')[0]}",
            f"Python {platform.python_version()}",
            f"data on {filesystem(folder)}",
            f"load {os.getloadavg()[0]:.1f}",
            time.strftime("%Y-%m-%d"),
        )
    )


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def filesystem(folder: Path) -> str:
    """Return the type of the file system that `folder` is in."""
    best, kind = "", "?"
    for line in Path("/proc/mounts").read_text("utf-8").splitlines():
        _, place, type_ = line.split()[:3]
        if str(folder.resolve()).startswith(place) and len(place) >= len(best):
            best, kind = place, type_
    return kind


def cores() -> tuple[int, int]:
    """Return the core of the server and that of the load; with only one core they share it."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


@contextlib.contextmanager
def on_core(core: int) -> Iterator[None]:
    """Let the processes that are started within run on `core` alone."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def most_descriptors() -> int:
    """Return the limit of open files that a process here can raise its own to."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def busy_seconds() -> float:
    """Return the processor time that the whole machine has used."""
    fields = Path("/proc/stat").read_text("utf-8").splitlines()[0].split()
    return sum(int(fields[field]) for field in BUSY_FIELDS) / os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Return the processor time that the process has used, its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def exact_cpu_seconds(pid: int) -> float:
    """Return the same by the clock of the process (clock_getcpuclockid(3)), which has no ticks."""
    return time.clock_gettime((~pid << 3) | 2)


def own_cpu_seconds() -> float:
    """Return the processor time of this process and those of its children that have ended."""
    return sum(os.times()[:4])


def others_seconds(pid: int) -> float:
    """Return the processor time of all but this process, those that it ended, and `pid`: of use as a difference."""
    return busy_seconds() - own_cpu_seconds() - cpu_seconds(pid)


def memory_bytes(pid: int) -> int:
    """Return the memory that the process has to itself, and its share of what it shares (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise LookupError(pid)


def resident_bytes(pid: int) -> int:
    """Return the memory that the process has at hand (RSS): a coarser figure, but one that costs nothing to ask for."""
    return int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")
