"""`chatapp serve` in a process of its own, to be killed and started again."""

import asyncio
import contextlib
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

from tests.ports import free_port


class ServerProcess:
    """`chatapp serve` on one port and folder, killed and started again."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.up_seconds = 0.0
        """How long it listened, over all its lives that have ended."""
        self.slowest_start = 0.0
        """The longest time in seconds from a start to its listening."""
        self._data = data
        self._process: Process
        self._coming_up: asyncio.Task[float | None]

    @property
    def log(self) -> Path:
        return self._data / f"server-{self.port}"

    @property
    def pid(self) -> int:
        return self._process.pid

    async def start(self) -> None:
        arguments = ("-m", "chatapp", "serve", "--port", str(self.port), "--data", str(self._data), "--rate", "none")
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, "--log-level", "error", stdout=PIPE, stderr=DEVNULL
        )
        self._coming_up = asyncio.create_task(self._come_up(time.monotonic()))

    async def listening(self) -> None:
        """Wait until it says that it listens."""
        async with asyncio.timeout(20):
            assert await self._coming_up is not None

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        if (since := await self._coming_up) is not None:
            self.up_seconds += time.monotonic() - since

    async def _come_up(self, start: float) -> float | None:
        """Return since when it listens, None if it was killed before."""
        assert self._process.stdout is not None
        if not (await self._process.stdout.readline()).startswith(b"Listening"):
            return None
        self.slowest_start = max(self.slowest_start, (now := time.monotonic()) - start)
        return now


@contextlib.asynccontextmanager
async def serving(data: Path) -> AsyncIterator[ServerProcess]:
    """Run a server with its log under `data`; kill it at the end."""
    server = ServerProcess(data)
    await server.start()
    try:
        await server.listening()
        yield server
    finally:
        await server.kill()
