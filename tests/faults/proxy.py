"""A TCP proxy that does to connections what networks do: delay, split, cut, half-open, refuse."""

import asyncio
import contextlib
import socket
from random import Random
from typing import Self

_HOST = "127.0.0.1"
_RESET = b"\1\0\0\0\0\0\0\0"
"""SO_LINGER, on, with no time: closing sends RST."""


class Proxy:
    """Passes on what comes to `port`, to `target` and back, until it is told to do harm.

    `random` decides how bytes are split, `delay` is the longest time in seconds that each piece is kept back.
    """

    def __init__(self, target: int, random: Random, delay: float = 0.0) -> None:
        self.port = 0
        self.is_down = False
        """Whether who connects is reset at once."""
        self._target = target
        self._random = random
        self._delay = delay
        self._links: set[_Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._accept, _HOST, 0)
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listener.close()
        self.reset()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def reset(self) -> None:
        """End every connection with a reset on both sides, wherever in a line it is."""
        for link in tuple(self._links):
            link.reset()

    def reset_within(self, most: int) -> None:
        """Reset every connection when some random number of bytes more, up to `most`, has come from the server."""
        for link in self._links:
            link.bytes_left = self._random.randint(0, most)

    def half_open(self) -> None:
        """From now on drop what comes, on every connection there is, and tell neither side."""
        for link in self._links:
            link.is_dropping = True

    def end(self) -> None:
        """End every connection as who closes it does."""
        for link in tuple(self._links):
            link.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if self.is_down:
            _reset(writer)
            return
        try:
            from_server, to_server = await asyncio.open_connection(_HOST, self._target)
        except OSError:
            _reset(writer)
            return
        link = _Link(writer, to_server, self._random, self._delay)
        self._links.add(link)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(link.pass_on(reader, to_server))
                group.create_task(link.pass_on(from_server, writer, counts=True))
        finally:
            link.close()
            self._links.discard(link)


class _Link:
    """One connection through the proxy."""

    def __init__(
        self, to_client: asyncio.StreamWriter, to_server: asyncio.StreamWriter, random: Random, delay: float
    ) -> None:
        self.is_dropping = False
        self.bytes_left: int | None = None
        self._writers = (to_client, to_server)
        self._random = random
        self._delay = delay

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, counts: bool = False) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(self._random.choice([1, 7, 100, 65536])):
                if self._delay:
                    await asyncio.sleep(self._random.uniform(0, self._delay))
                if counts and self.bytes_left is not None:
                    data, self.bytes_left = data[: self.bytes_left], max(0, self.bytes_left - len(data))
                if not self.is_dropping:
                    writer.write(data)
                    await writer.drain()
                if counts and self.bytes_left == 0:
                    self.reset()
        if not self.is_dropping:
            self.close()

    def reset(self) -> None:
        for writer in self._writers:
            _reset(writer)

    def close(self) -> None:
        for writer in self._writers:
            writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    inner: socket.socket = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        inner.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
