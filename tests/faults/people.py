"""People who talk at a steady pace, each at an address of their own, and how soon each sees what they said."""

import asyncio
import time

from chatapp.protocol import rich
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, Say

PEOPLE = 100
PAUSE_SECONDS = 2.0
"""Each says something so often."""


class People:
    """PEOPLE peers of the server at `port`; `async with` brings them in, and takes them out at its end."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._delays: list[float] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._came = asyncio.Semaphore(0)

    async def __aenter__(self) -> "People":
        for number in range(PEOPLE):
            self._tasks.append(asyncio.create_task(self._talk(number)))
            await self._came.acquire()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)

    async def p99(self, seconds: float) -> float:
        """Talk for so long; return within how many seconds 99 of 100 messages came back to who said them."""
        self._delays.clear()
        await asyncio.sleep(seconds)
        delays = sorted(self._delays)
        assert len(delays) >= 0.9 * PEOPLE * seconds / PAUSE_SECONDS
        return delays[len(delays) * 99 // 100]

    async def _talk(self, number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(f"127.7.0.{number + 1}", 0))
        writer.write(rich.encode(Hello(f"person{number}")))
        await reader.readuntil(b'"welcomed"')
        self._came.release()
        await asyncio.sleep(PAUSE_SECONDS * number / PEOPLE)
        due, count = time.monotonic(), 0
        try:
            while True:
                writer.write(rich.encode(Say(GENERAL, "hola a todos", f"p{number}-{count}")))
                began = time.monotonic()
                await reader.readuntil(b'"id":"p%d-%d"' % (number, count))
                self._delays.append(time.monotonic() - began)
                due, count = due + PAUSE_SECONDS, count + 1
                await _read_until(reader, due)
        finally:
            writer.close()


async def _read_until(reader: asyncio.StreamReader, moment: float) -> None:
    """Take what comes until then."""
    while (left := moment - time.monotonic()) > 0:
        try:
            async with asyncio.timeout(left):
                await reader.read(2**16)
        except TimeoutError:
            return
