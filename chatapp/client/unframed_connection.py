"""A connection to a server that has no framing."""

import asyncio
import time
import uuid

from chatapp.client.connection import READ_BYTES, read_to_end
from chatapp.client.unframed import UnframedReader, unframed_text
from chatapp.protocol import limits
from chatapp.protocol.events import Event
from chatapp.protocol.requests import SALIR, Hello, Request, Say


class UnframedConnection:
    """A connection to a server without framing: a pause between writes makes each one read there."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._next_write = 0.0
        self._incoming = UnframedReader(uuid.uuid4().hex, time.time)

    async def read(self) -> list[Event] | None:
        data = await self._reader.read(READ_BYTES)
        return self._incoming.feed(data) if data else None

    @property
    def answers_pings(self) -> bool:
        return False

    @property
    def is_private(self) -> bool:
        return False

    def hello(self, hello: Hello) -> None:
        self._incoming.nick = hello.nick
        self._write(hello.nick.encode())

    def send(self, request: Request) -> None:
        self._write(unframed_text(request, self._incoming.nick))
        if isinstance(request, Say):
            self._incoming.awaited.append(request)

    async def leave(self) -> None:
        self._write(SALIR.encode())
        await read_to_end(self._reader)
        self.close()

    def close(self) -> None:
        self._writer.close()

    def _write(self, data: bytes) -> None:
        moment = max(self._loop.time(), self._next_write)
        self._next_write = moment + limits.UNFRAMED_PAUSE_SECONDS
        self._loop.call_at(moment, self._writer.write, data)
