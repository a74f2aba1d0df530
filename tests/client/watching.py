"""A client under test: who watches it, and servers that do what a test has them do."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent
from chatapp.client.pauses import Pauses
from chatapp.protocol.events import Said, Welcomed

E = TypeVar("E", bound=ClientEvent)

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Watch:
    """Takes a client's events one by one; `seen` holds all that were taken."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.seen: list[ClientEvent] = []
        self._events = aiter(client)

    async def next(self, kind: type[E], seconds: float = 10) -> E:
        """Return the next event of this kind, passing over others."""
        async with asyncio.timeout(seconds):
            async for event in self._events:
                self.seen.append(event)
                if isinstance(event, kind):
                    return event
        raise AssertionError(f"the client ended with no {kind.__name__}")

    async def texts(self, count: int) -> list[str]:
        """Return what the next `count` messages say."""
        return [(await self.next(Said)).text for _ in range(count)]

    async def end(self, seconds: float = 10) -> None:
        """Take all that is left."""
        async with asyncio.timeout(seconds):
            async for event in self._events:
                self.seen.append(event)


def pauses_of(seconds: float) -> Pauses:
    """Make pauses that are always as long."""
    return lambda: itertools.repeat(seconds)


AN_HOUR = pauses_of(3600)
"""For tests in which only `retry_now` ends a pause."""


@contextlib.asynccontextmanager
async def watched(
    port: int,
    nick: str = "",
    *,
    host: str = "127.0.0.1",
    pauses: Pauses = AN_HOUR,
    host_here: Callable[[], Awaitable[bool]] | None = None,
) -> AsyncIterator[Watch]:
    """Run a client, and leave at the end."""
    async with Client(host, port, nick, pauses=pauses, host_here=host_here) as client:
        yield Watch(client)


@contextlib.asynccontextmanager
async def joined(port: int, nick: str, *, pauses: Pauses = AN_HOUR) -> AsyncIterator[Watch]:
    """Run a client that is welcome already."""
    async with watched(port, nick, pauses=pauses) as watch:
        await watch.next(Welcomed)
        yield watch


@contextlib.asynccontextmanager
async def serving(script: Script, port: int = 0) -> AsyncIterator[int]:
    """Listen, and follow `script` with each peer; give the port. At the end every connection is cut."""
    writers = set[asyncio.StreamWriter]()

    async def follow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        with contextlib.suppress(ConnectionError):
            await script(reader, writer)

    listener = await asyncio.start_server(follow, "127.0.0.1", port)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        for writer in writers:
            writer.transport.abort()


def saying(*lines: bytes) -> Script:
    """Make a script: greet as a chatapp server does, read the hello, write `lines`, and wait for SALIR."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK\n")
        await reader.readline()
        writer.writelines(lines)
        await goodbye(reader)
        writer.close()

    return script


async def goodbye(reader: asyncio.StreamReader) -> None:
    """Read on to SALIR, or to the end."""
    while await reader.readline() not in (b"SALIR\n", b""):
        pass
