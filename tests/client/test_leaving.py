"""Leaving: SALIR, the end of the connection and of the iteration, from wherever the client stands."""

import asyncio
from collections.abc import Iterator

import pytest

from chatapp.client import connection
from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, Disconnected, NickWanted
from chatapp.client.state import ChatState
from chatapp.protocol.events import Joined, Left, Welcomed
from chatapp.server.server import Server
from tests.client.watching import AN_HOUR, joined, serving, watched
from tests.ports import free_port


class Broken(ChatState):
    """A state that can't take anything."""

    def is_news(self, event: ClientEvent) -> bool:
        raise ZeroDivisionError


class Log:
    """A script that keeps the lines that a client writes after the greeting, to SALIR."""

    def __init__(self) -> None:
        self.lines: asyncio.Queue[bytes] = asyncio.Queue()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK\n")
        while line := await reader.readline():
            self.lines.put_nowait(line)
            if line == b"SALIR\n":
                writer.close()

    async def line(self) -> bytes:
        async with asyncio.timeout(5):
            return await self.lines.get()


async def test_leaving_says_salir_and_closes() -> None:
    """The last line on the wire is SALIR, in capitals and alone, and the iteration ends."""
    async with serving(log := Log()) as port, watched(port, "ana") as watch:
        assert b'"hello"' in await log.line()
        await watch.client.leave()
        assert await log.line() == b"SALIR\n"
        await watch.end()
    assert log.lines.empty()


async def test_others_see_it_at_once(server: Server) -> None:
    """When `leave` returns the server has taken it: the nick is free."""
    async with joined(server.port, "eva") as eva, joined(server.port, "ana") as ana:
        await ana.client.leave()
        await ana.end()
        async with joined(server.port, "ana"):
            assert (await eva.next(Left)).nick == "ana"


async def test_leaving_twice_is_leaving(server: Server) -> None:
    """The second time nothing happens."""
    async with joined(server.port, "ana") as ana:
        await ana.client.leave()
        await ana.client.leave()
        await ana.end()


async def test_leaving_while_a_nick_is_wanted(server: Server) -> None:
    """Who is still asked for a nick leaves at once."""
    async with watched(server.port) as watch:
        await watch.next(NickWanted)
    await watch.end(seconds=1)


async def test_leaving_in_a_pause() -> None:
    """The pause doesn't hold the leaver up."""
    async with watched(free_port(), "ana") as watch:
        await watch.next(Disconnected)
    await watch.end(seconds=1)


async def test_leaving_while_it_connects() -> None:
    """Before the greeting there is nobody to say SALIR to: the connection is just closed."""
    connected, received = asyncio.Event(), asyncio.Queue[bytes]()

    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        connected.set()
        received.put_nowait(await reader.read())

    async with serving(silent) as port:
        async with watched(port, "ana") as watch, asyncio.timeout(5):
            await connected.wait()
        await watch.end()
        async with asyncio.timeout(5):
            assert await received.get() == b""


async def test_a_server_that_never_closes_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The leaver waits for the server's end only so long."""
    monkeypatch.setattr(connection, "_GOODBYE_SECONDS", 0.05)
    greeted = asyncio.Event()

    async def stubborn(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK\n")
        await reader.readline()
        greeted.set()
        await asyncio.Event().wait()

    async with serving(stubborn) as port, watched(port, "ana") as watch:
        async with asyncio.timeout(5):
            await greeted.wait()
            await watch.client.leave()
        await watch.end()


async def test_a_failure_inside_is_raised_to_who_iterates() -> None:
    """A client that breaks doesn't hang: the iteration raises what went wrong, and so does leaving."""

    def broken() -> Iterator[float]:
        raise ZeroDivisionError

    client = Client("127.0.0.1", free_port(), "ana", pauses=broken)
    with pytest.raises(ZeroDivisionError):
        await _run(client)
    with pytest.raises(ZeroDivisionError):
        await client.leave()


async def _run(client: Client) -> None:
    """Take all that the client gives; break it once it is online."""
    async with client, asyncio.timeout(5):
        async for event in client:
            if isinstance(event, Welcomed):
                client.state = Broken()


async def test_a_failure_closes_the_connection(server: Server) -> None:
    """A client that breaks while it is online leaves all the same: others see it go."""
    async with joined(server.port, "eva") as eva:
        client = Client("127.0.0.1", server.port, "ana", pauses=AN_HOUR)
        running = asyncio.create_task(_run(client))
        while (await eva.next(Joined)).nick != "ana":
            pass
        eva.client.type_line("hola")
        with pytest.raises(ZeroDivisionError):
            await running
        assert (await eva.next(Left)).nick == "ana"


async def test_a_client_that_never_started_has_nothing_to_leave() -> None:
    """A signal may come before the client is started: leaving it then is no fault."""
    async with asyncio.timeout(5):
        await Client("127.0.0.1", 1, "ana").leave()
