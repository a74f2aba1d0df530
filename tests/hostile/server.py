"""A server that keeps no rule, and what it is asked."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TypeVar

from chatapp.protocol import rich
from chatapp.protocol.events import Event, Pong
from chatapp.protocol.requests import History, MarkRead, Ping, Quit, Request, SetPresence

R = TypeVar("R", bound=Request | Quit)


_BY_THEMSELVES = (History, MarkRead, SetPresence)


class LyingServer:
    """Takes one client after the other, and tells the last of them whatever is to be told."""

    def __init__(self, *greeting: Event) -> None:
        self._greeting = greeting
        self._writer: asyncio.StreamWriter | None = None
        self._asked = asyncio.Event()
        self.requests: list[Request | Quit] = []
        """What was asked and not yet looked at, but for signs of life."""

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK\n")
        await reader.readline()
        self._writer = writer
        self.tell(*self._greeting)
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while (line := await reader.readline()) and self._take(rich.decode_request(line.decode().rstrip("\n"))):
                pass
        writer.close()

    def _take(self, request: Request | Quit) -> bool:
        """Note what is asked; return whether more is to come."""
        if isinstance(request, Ping):
            self.tell(Pong())
        else:
            self.requests.append(request)
            self._asked.set()
        return not isinstance(request, Quit)

    def tell(self, *events: Event) -> None:
        assert self._writer is not None
        self._writer.write(rich.encode_all(events))

    async def asked(self, kind: type[R]) -> R:
        """Wait for a request of that type, and return it; before it only what clients ask by themselves may come."""
        async with asyncio.timeout(20):
            while True:
                for place, request in enumerate(self.requests):
                    if isinstance(request, kind):
                        assert all(isinstance(one, _BY_THEMSELVES) for one in self.requests[:place]), self.requests
                        del self.requests[: place + 1]
                        return request
                self._asked.clear()
                await self._asked.wait()


@contextlib.asynccontextmanager
async def lying(*greeting: Event) -> AsyncIterator[tuple[LyingServer, int]]:
    """Run such a server; yield it and its port."""
    liar = LyingServer(*greeting)
    server = await asyncio.start_server(liar.handle, "127.0.0.1", 0, limit=1 << 20)
    async with server:
        yield liar, server.sockets[0].getsockname()[1]
