"""Peers for tests, over real sockets: netcat, a program that speaks JSON, and the seed's client and server."""

import asyncio
import contextlib
import json
import socket
from types import TracebackType
from typing import Any, Self

WAIT_SECONDS = 10.0
"""The longest that a test waits for what it claims will come; far longer than that ever takes."""

_HOST = "127.0.0.1"
_SEED_READ_BYTES = 1024


class RawPeer:
    """Reads and writes bytes as they are."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, port: int, host: str = _HOST) -> Self:
        async with asyncio.timeout(WAIT_SECONDS):
            return cls(*await asyncio.open_connection(host, port))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def send_bytes(self, data: bytes) -> None:
        self.writer.write(data)

    async def read_exactly(self, size: int) -> bytes:
        """Return the next `size` bytes. Raises IncompleteReadError at the end."""
        async with asyncio.timeout(WAIT_SECONDS):
            return await self.reader.readexactly(size)

    async def read_to_end(self) -> bytes:
        """Return all that comes until the server closes."""
        async with asyncio.timeout(WAIT_SECONDS):
            return await self.reader.read()

    def close(self) -> None:
        self.writer.close()

    def abort(self) -> None:
        """Let the connection be lost, with no goodbye."""
        self.writer.transport.abort()


class LinePeer(RawPeer):
    """A peer like netcat: lines out, lines in."""

    def send_line(self, text: str) -> None:
        self.send_bytes(f"{text}\n".encode())

    async def read_line(self) -> str:
        """Return the next line without its LF. Raises IncompleteReadError at the end."""
        async with asyncio.timeout(WAIT_SECONDS):
            line = await self.reader.readuntil(b"\n")
        return line.decode().removesuffix("\n")

    async def read_until(self, text: str) -> list[str]:
        """Return the lines up to the one that is `text`, which is the last."""
        lines = [await self.read_line()]
        while lines[-1] != text:
            lines.append(await self.read_line())
        return lines

    async def join(self, nick: str) -> None:
        """Take part as `nick`, and read as far as the words that say so."""
        self.send_line(nick)
        await self.read_until("Conectado al servidor.")


class RichPeer(LinePeer):
    """A program that speaks JSON: dictionaries out, dictionaries in."""

    def send(self, message: dict[str, Any]) -> None:
        self.send_line(json.dumps(message))

    async def read(self) -> dict[str, Any]:
        """Return the next event; the greeting is passed over."""
        line = await self.read_line()
        if line == "NICK":
            line = await self.read_line()
        event: dict[str, Any] = json.loads(line)
        return event

    async def read_type(self, kind: str) -> dict[str, Any]:
        """Return the next event of the type `kind`; those before it are passed over."""
        while (event := await self.read())["type"] != kind:
            pass
        return event

    async def hello(self, nick: str) -> dict[str, Any]:
        """Take part as `nick`; return the welcome, with the own `joined` read too."""
        self.send({"type": "hello", "nick": nick, "version": 1})
        welcomed = await self.read_type("welcomed")
        await self.read_type("joined")
        return welcomed


class _Socket:
    """A socket in the running loop, read and written as the seed does: one read is one message."""

    def __init__(self, inner: socket.socket) -> None:
        inner.setblocking(False)
        self._inner = inner
        self._loop = asyncio.get_running_loop()

    async def receive(self) -> bytes:
        """Return what one read brings; nothing at the end, however it came."""
        try:
            return await self._loop.sock_recv(self._inner, _SEED_READ_BYTES)
        except OSError:
            return b""

    async def send(self, text: str) -> None:
        with contextlib.suppress(OSError):
            await self._loop.sock_sendall(self._inner, text.encode())

    def close(self) -> None:
        self._inner.close()


class _Task:
    """Something that runs in the background from `async with` to its end, and tells when anything changes."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None]

    async def run(self) -> None:
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _tell_change(self) -> None:
        async with self._changed:
            self._changed.notify_all()


class SeedClient(_Task):
    """The seed's client: answers a read that is exactly NICK, prints all others, and names itself in what it says."""

    def __init__(self, port: int, nick: str) -> None:
        super().__init__()
        self.nick = nick
        self.printed: list[str] = []
        """What each read brought, as it came."""
        self.is_closed = False
        self._port = port

    @property
    def output(self) -> str:
        return "".join(self.printed)

    async def __aenter__(self) -> Self:
        inner = socket.socket()
        self._socket = _Socket(inner)
        await asyncio.get_running_loop().sock_connect(inner, (_HOST, self._port))
        return await super().__aenter__()

    async def __aexit__(self, *error: Any) -> None:
        await super().__aexit__(*error)
        self._socket.close()

    async def run(self) -> None:
        while data := await self._socket.receive():
            if data == b"NICK":
                await self._socket.send(self.nick)
            else:
                self.printed.append(data.decode(errors="replace"))
            await self._tell_change()
        self.is_closed = True
        await self._tell_change()

    async def type_line(self, line: str) -> None:
        """Do what the keyboard does: say the line, or leave at ``salir``."""
        await self._socket.send("SALIR" if line.lower() == "salir" else f"{self.nick}: {line}")

    async def wait_for(self, text: str) -> None:
        """Wait until `text` is in what was printed."""
        async with asyncio.timeout(WAIT_SECONDS), self._changed:
            await self._changed.wait_for(lambda: text in self.output)

    async def wait_closed(self) -> None:
        """Wait until the server has closed the connection."""
        async with asyncio.timeout(WAIT_SECONDS), self._changed:
            await self._changed.wait_for(lambda: self.is_closed)


class SeedServer(_Task):
    """The seed's server: no framing, no checks, one list of connections and one of nicks."""

    def __init__(self, port: int = 0) -> None:
        super().__init__()
        self.connections: list[_Socket] = []
        self.nicks: list[str] = []
        self.received: list[bytes] = []
        """What each read after the nick brought, of all connections."""
        self._port = port
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    async def __aenter__(self) -> Self:
        self._listener = socket.create_server((_HOST, self._port))
        self._listener.setblocking(False)
        return await super().__aenter__()

    async def __aexit__(self, *error: Any) -> None:
        await super().__aexit__(*error)
        self._listener.close()
        for serving in tuple(self._serving):
            serving.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def run(self) -> None:
        while True:
            inner, _ = await asyncio.get_running_loop().sock_accept(self._listener)
            serving = asyncio.create_task(self._serve(_Socket(inner)))
            self._serving.add(serving)
            serving.add_done_callback(self._serving.discard)

    async def broadcast(self, text: str) -> None:
        """Send `text` to every connection, one after the other."""
        for connection in tuple(self.connections):
            await connection.send(text)

    async def _serve(self, connection: _Socket) -> None:
        try:
            await connection.send("NICK")
            nick = (await connection.receive()).decode()
            await self._enter(connection, nick)
            await self._listen(connection)
            await self._leave(connection, nick)
        finally:
            connection.close()

    async def _enter(self, connection: _Socket, nick: str) -> None:
        self.connections.append(connection)
        self.nicks.append(nick)
        await self.broadcast(f"{nick} se ha unido al chat.")
        await connection.send("Conectado al servidor.")

    async def _listen(self, connection: _Socket) -> None:
        """Pass on every read, until one is SALIR or the connection is lost."""
        while (data := await connection.receive()) not in (b"", b"SALIR"):
            self.received.append(data)
            await self._tell_change()
            await self.broadcast(data.decode(errors="replace"))

    async def _leave(self, connection: _Socket, nick: str) -> None:
        await self.broadcast(f"{nick} se ha desconectado.")
        place = self.connections.index(connection)
        del self.connections[place], self.nicks[place]
