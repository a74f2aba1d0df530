"""A greeting that comes slowly, or never to its end: the client gets to the server all the same."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from chatapp.client.client import Client
from chatapp.client.connection import connect
from chatapp.client.events import Disconnected, Reason
from chatapp.client.keepsakes import Keepsakes
from chatapp.protocol import limits, rich
from chatapp.protocol.events import Said, Welcomed
from chatapp.protocol.requests import Hello
from chatapp.server.server import Server
from tests.client.watching import AN_HOUR, Watch, joined, pauses_of, serving

PING_SECONDS = 0.1


@pytest.fixture(autouse=True)
def quick_greeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let clients take 100 ms, not a second, to see that a server has no framing: twice what a newline takes."""
    monkeypatch.setattr(limits, "GREETING_SECONDS", 0.1)


class Wire:
    """Carries connections to a server; from one that is made while it `is_dead`, no byte comes after ``NICK``."""

    def __init__(self, port: int) -> None:
        self.is_dead = False
        self._port = port
        self._writers: list[asyncio.StreamWriter] = []

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_dead:
            writer.write(b"NICK")
            await reader.read()
            return
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers += [writer, to_server]
        await asyncio.gather(_pass_on(reader, to_server), _pass_on(from_server, writer))

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(2**16):
        writer.write(data)
    writer.close()


async def test_a_link_that_dies_within_the_first_greeting_is_given_up(server: Server) -> None:
    """What seemed to be a server without framing, and says nothing, is lost; the next try finds out what it is."""
    wire = Wire(server.port)
    wire.is_dead = True
    async with (
        serving(wire.carry) as port,
        Client("127.0.0.1", port, "ana", pauses=AN_HOUR, ping_seconds=PING_SECONDS) as client,
    ):
        ana = Watch(client)
        client.type_line("hola")
        assert (await ana.next(Disconnected)).reason is Reason.LOST
        wire.is_dead = False
        client.retry_now()
        assert (await ana.next(Welcomed)).server
        assert await ana.texts(1) == ["hola"]


async def test_a_link_that_dies_within_a_later_greeting_is_given_up(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was there before gives up the try that stopped within the greeting, comes back, and misses nothing."""
    monkeypatch.setattr("chatapp.client.client.connect", partial(connect, timeout=0.5))
    wire = Wire(server.port)
    async with (
        joined(server.port, "eva") as eva,
        serving(wire.carry) as port,
        Client("127.0.0.1", port, "ana", keepsakes=Keepsakes(tmp_path, "127.0.0.1", port), pauses=AN_HOUR) as client,
    ):
        ana = Watch(client)
        await ana.next(Welcomed)
        wire.is_dead = True
        wire.cut()
        assert (await ana.next(Disconnected)).reason is Reason.LOST
        eva.client.type_line("uno")
        client.type_line("dos")
        await eva.texts(1)
        client.retry_now()
        assert (await ana.next(Disconnected)).reason is Reason.UNREACHABLE
        wire.is_dead = False
        client.retry_now()
        assert await ana.texts(2) == ["uno", "dos"]
        assert [event.text for event in ana.seen if isinstance(event, Said)] == ["uno", "dos"]


async def test_a_slow_newline_makes_no_other_server_of_it() -> None:
    """Where a client has met framing, a newline that is late is waited for: it never speaks without framing there."""
    hellos = asyncio.Queue[Hello]()
    said_early = asyncio.Queue[bytes]()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK")
        if not hellos.empty():
            said_early.put_nowait(await _read_for(reader, 4 * limits.GREETING_SECONDS))
        writer.write(b"\n")
        hello = rich.decode_request((await reader.readline()).decode())
        assert isinstance(hello, Hello)
        hellos.put_nowait(hello)
        writer.write(rich.encode(Welcomed("ana", "#general", ["ana"], "log", 7, 1)))
        if hellos.qsize() == 2:
            await reader.read()
        writer.close()

    async with serving(script) as port, Client("127.0.0.1", port, "ana", pauses=pauses_of(0.01)) as client:
        ana = Watch(client)
        for _ in range(2):
            await ana.next(Welcomed)
        assert said_early.get_nowait() == b""
        assert [(hello.log, hello.seen) for hello in (hellos.get_nowait(), hellos.get_nowait())] == [
            ("", 0),
            ("log", 7),
        ]


async def _read_for(reader: asyncio.StreamReader, seconds: float) -> bytes:
    """Return what comes within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            return await reader.read(100)
    except TimeoutError:
        return b""
