"""Servers with settings of a test's own, and peers over real sockets whose every wait is bounded."""

import asyncio
import contextlib
import re
import socket
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from chatapp.protocol import limits, rich
from chatapp.protocol.events import Event, Welcomed
from chatapp.protocol.requests import Hello, Quit, Request
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings, Timing
from chatapp.server.storage.errors import StorageFull
from chatapp.server.storage.records import Outcome, Record
from chatapp.server.storage.sqlite_store import SqliteStore
from chatapp.server.store import Store
from tests.peers import WAIT_SECONDS, LinePeer

E = TypeVar("E", bound=Event)


class GatedStore:
    """A log on disk that keeps nothing while its gate is shut; all else goes through to it."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.waiting = asyncio.Event()
        self.batches: list[int] = []
        """How many messages came at a time."""
        self._inner: SqliteStore

    async def open(self) -> Store:
        self._inner = await SqliteStore.open(Path(tempfile.mkdtemp()))
        return cast(Store, self)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def append(self, records: Sequence[Record]) -> list[Outcome]:
        self.waiting.set()
        await self.gate.wait()
        self.batches.append(len(records))
        return await self._inner.append(records)

    async def until_waiting(self) -> None:
        """Wait until a message stands before the gate."""
        async with asyncio.timeout(WAIT_SECONDS):
            await self.waiting.wait()


class LateStore(GatedStore):
    """A log on disk that says so only when its gate is open."""

    async def append(self, records: Sequence[Record]) -> list[Outcome]:
        outcomes = await self._inner.append(records)
        self.waiting.set()
        await self.gate.wait()
        return outcomes


class FullStore(GatedStore):
    """A log whose disk has no room as long as it `is_full`."""

    def __init__(self) -> None:
        super().__init__()
        self.is_full = True
        self.asked: list[list[type[Record]]] = []
        """What it was to keep, each time."""
        self.kept: dict[type[Record], list[Any]] = defaultdict(list)

    async def append(self, records: Sequence[Record]) -> list[Outcome]:
        self.asked.append([type(record) for record in records])
        if self.is_full:
            raise StorageFull("no room")
        for record in records:
            self.kept[type(record)].append(record)
        return await self._inner.append(records)


@contextlib.asynccontextmanager
async def running(
    timing: Timing | None = None,
    outbox_bytes: int = limits.OUTBOX_BYTES,
    store: GatedStore | None = None,
    connections: int | None = None,
    rates: Rates | None = None,
    host: str = "127.0.0.1",
) -> AsyncIterator[Server]:
    """Run a server on a free port, and stop it at the end; without `rates` it takes whatever comes."""
    settings = Settings(
        host,
        port=0,
        timing=timing or Timing(),
        rates=rates or Rates(per_second=None),
        outbox_bytes=outbox_bytes,
        connections=connections,
    )
    server = Server(settings, await store.open() if store else None)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


class Peer(LinePeer):
    """A peer of any dialect: what is read is bytes, lines or typed events."""

    def write(self, data: bytes | str) -> None:
        self.writer.write(data.encode() if isinstance(data, str) else data)

    def say(self, *lines: str) -> None:
        """Write each as a line."""
        self.write("".join(f"{line}\n" for line in lines))

    def send(self, *requests: Request | Quit) -> None:
        """Write each as a line of the rich dialect."""
        self.write(b"".join(map(rich.encode, requests)))

    async def read(self, most: int = limits.UNFRAMED_READ_BYTES) -> bytes:
        """Return what one read brings. Raises EOFError at the end, so that nobody waits for more in vain."""
        async with asyncio.timeout(WAIT_SECONDS):
            data = await self.reader.read(most)
        if not data:
            raise EOFError
        return data

    async def lines(self, count: int) -> list[str]:
        return [await self.read_line() for _ in range(count)]

    async def until(self, last: str) -> list[str]:
        """Return the lines up to `last`, without it."""
        lines = list[str]()
        while (line := await self.read_line()) != last:
            lines.append(line)
        return lines

    async def found(self, pattern: bytes, count: int) -> list[bytes]:
        """Return the first group of `pattern` in each of `count` places in what comes, however it is framed."""
        pending, found = b"", list[bytes]()
        while len(found) < count:
            pending += await self.read(2**16)
            for match in re.finditer(pattern, pending):
                found.append(match[1])
                pending = match.string[match.end() :]
        return found

    async def event(self) -> Event:
        return rich.decode_event(await self.read_line())

    async def next(self, kind: type[E]) -> E:
        """Return the next event of this kind, passing over others."""
        while not isinstance(event := await self.event(), kind):
            pass
        return event

    async def rest(self) -> bytes:
        """Return all that comes up to the end; a reset is an end too."""
        received = b""
        with contextlib.suppress(ConnectionResetError, EOFError):
            while True:
                received += await self.read()
        return received

    def stop_reading(self) -> None:
        self.writer.transport.pause_reading()  # type: ignore[attr-defined]

    def cut(self) -> None:
        """End the connection with a reset, as a crash may."""
        sock: socket.socket = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.writer.transport.abort()


@contextlib.asynccontextmanager
async def connected(port: int) -> AsyncIterator[Peer]:
    """Give a peer that has said nothing yet; it is gone at the end."""
    peer = await Peer.connect(port)
    try:
        yield peer
    finally:
        peer.abort()


@contextlib.asynccontextmanager
async def plain(port: int, nick: str) -> AsyncIterator[Peer]:
    """Give a plain peer that has joined."""
    async with connected(port) as peer:
        peer.say(nick)
        await peer.until("Conectado al servidor.")
        yield peer


@contextlib.asynccontextmanager
async def rich_peer(port: int, nick: str) -> AsyncIterator[Peer]:
    """Give a rich peer that is welcome; its own arrival is what comes next."""
    async with connected(port) as peer:
        peer.send(Hello(nick))
        assert await peer.read_line() == "NICK"
        assert isinstance(await peer.event(), Welcomed)
        yield peer


@contextlib.asynccontextmanager
async def unframed(port: int, nick: str) -> AsyncIterator[Peer]:
    """Give an unframed peer that has joined."""
    async with connected(port) as peer:
        assert await peer.read_exactly(4) == b"NICK"
        peer.write(nick)
        received = b""
        while b"Conectado al servidor." not in received:
            received += await peer.read()
        yield peer
