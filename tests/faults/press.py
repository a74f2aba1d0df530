"""Peers that mean no good, in a process of their own: ``python -m tests.faults.press halves | flood PORT COUNT``."""

import asyncio
import contextlib
import json
import resource
import sys
import time

from chatapp.protocol import rich
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, Say

HALVES_A_SECOND = 1000
A_HOST = 10
"""So many half handshakes come from one address."""

LINES_A_SECOND = 10_000
_SLICE_SECONDS = 0.002


async def halves(port: int, count: int) -> dict[str, int]:
    """Connect `count` times, say nothing or half a hello, and wait for the end; return how each ended."""
    ended = {"refused": 0, "told": 0, "cut": 0}
    start, tasks = time.monotonic(), list[asyncio.Task[None]]()
    for number in range(count):
        if (early := start + number / HALVES_A_SECOND - time.monotonic()) > 0:
            await asyncio.sleep(early)
        tasks.append(asyncio.create_task(_half(port, number, ended)))
    await asyncio.gather(*tasks)
    return ended


async def _half(port: int, number: int, ended: dict[str, int]) -> None:
    host = number // A_HOST
    try:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(f"127.9.{host // 250}.{host % 250 + 1}", 0)
        )
    except OSError:
        ended["refused"] += 1
        return
    if number % 2:
        writer.write(b'{"type":"hel')
    with contextlib.suppress(OSError):
        ended["told" if b"-- No nick" in await reader.read() or number % 2 else "cut"] += 1
    writer.close()


class Flooder:
    """Says LINES_A_SECOND messages, come what may; it comes back as soon as it was dropped."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._number = 0
        self.ended = {"sent": 0, "said": 0, "errors": 0, "connections": 0, "failed": 0}

    async def run(self, seconds: float) -> dict[str, int]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                await self._flood(end)
        return self.ended

    async def _flood(self, end: float) -> None:
        self.ended["connections"] += 1
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=("127.8.0.1", 0))
        writer.write(rich.encode(Hello("flooder")))
        reading = asyncio.create_task(self._read(reader))
        due = time.monotonic()
        while not reading.done() and (now := time.monotonic()) < end:
            lines = round((now - due) * LINES_A_SECOND)
            due += lines / LINES_A_SECOND
            writer.write(b"".join(self._line() for _ in range(lines)))
            await asyncio.sleep(_SLICE_SECONDS)
        writer.transport.abort()
        reading.cancel()
        await asyncio.wait([reading])

    def _line(self) -> bytes:
        self._number += 1
        self.ended["sent"] += 1
        return rich.encode(Say(GENERAL, "flood", f"flood{self._number}"))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self.ended["said"] += b'"id":"flood' in line and b'"said"' in line
                self.ended["errors"] += b'"error"' in line
        except OSError:
            self.ended["failed"] += 1


async def _main(what: str, port: int, count: int) -> None:
    ended = await halves(port, count) if what == "halves" else await Flooder(port).run(count)
    print(json.dumps(ended))


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(_main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
