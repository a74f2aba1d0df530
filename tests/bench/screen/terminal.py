"""A program in a terminal: what it writes is read at once and searched, no screen is drawn of it."""

import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.bench import machine

SIZE = (120, 40)
"""Columns and rows."""

WAIT_SECONDS = 60.0
_READ_BYTES = 1 << 16

ROOT = Path(__file__).parents[3]


class Silence(Exception):
    """The program ended, or did not write in time what was waited for."""


class Terminal:
    """Runs `command` on the core of servers, in a terminal of its own, until the end of the block."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._control, inside = os.openpty()
        self._set_size(*SIZE)
        self.began = time.perf_counter()
        """When the program was started."""
        with machine.on_core(machine.cores()[0]):
            self._process = subprocess.Popen(
                ["setsid", "--ctty", *command],  # which becomes the program, and keeps its pid
                stdin=inside,
                stdout=inside,
                stderr=inside,
                env=_environment(folder),
            )
        os.close(inside)
        self.written = 0
        """How many bytes the program has written."""
        self.last_read = self.began
        """When it wrote last."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the program at once: what it says on its way out is not measured."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        os.close(self._control)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def cpu_seconds(self) -> float:
        return machine.exact_cpu_seconds(self.pid)

    @property
    def resident_mib(self) -> float:
        return machine.resident_bytes(self.pid) / 2**20

    def type(self, text: str) -> None:
        os.write(self._control, text.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Change the size; the system tells the program."""
        self._set_size(columns, rows)

    def read(self, seconds: float) -> bytes:
        """Return what is there within `seconds`, as soon as anything is. Raises Silence when the program has ended."""
        if not select.select([self._control], [], [], max(seconds, 0))[0]:
            return b""
        try:
            data = os.read(self._control, _READ_BYTES)
        except OSError:
            raise Silence(f"{self._process.args!r} ended") from None
        self.last_read = time.perf_counter()
        self.written += len(data)
        return data

    def until(self, mark: str, seconds: float = WAIT_SECONDS) -> float:
        """Read up to `mark`; return when that was written, by `time.perf_counter`. Raises Silence."""
        sought, seen, ends = mark.encode(), b"", time.perf_counter() + seconds
        while time.perf_counter() < ends:
            seen = seen[1 - len(sought) :] + self.read(ends - time.perf_counter())
            if sought in seen:
                return self.last_read
        raise Silence(f"{self._process.args!r} did not write {mark!r}")

    def read_for(self, seconds: float) -> bytes:
        """Return all that is written within `seconds`."""
        ends, parts = time.perf_counter() + seconds, list[bytes]()
        while (left := ends - time.perf_counter()) > 0:
            parts.append(self.read(left))
        return b"".join(parts)

    def settle(self, quiet_seconds: float) -> bytes:
        """Return what is written until nothing is for so long."""
        parts = [self.read(quiet_seconds)]
        while parts[-1]:
            parts.append(self.read(quiet_seconds))
        return b"".join(parts)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._control, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def _environment(folder: Path) -> Mapping[str, str]:
    """Return what a person's shell would set, but for files, which are in `folder`."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": str(ROOT),
    }
