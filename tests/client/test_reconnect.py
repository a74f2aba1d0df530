"""A connection that mends itself: what was typed meanwhile arrives once and in order, and nothing is sent twice."""

import asyncio
import itertools

import pytest

from chatapp.client.events import Connecting, Disconnected, Queued, Reason
from chatapp.client.state import Link
from chatapp.protocol import limits
from chatapp.protocol.errors import Code, Offline
from chatapp.protocol.events import Error, Left, Renamed, Said, Welcomed
from chatapp.protocol.requests import Who
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.client.watching import joined, pauses_of, serving, watched
from tests.ports import free_port


async def started(port: int = 0) -> Server:
    server = Server(Settings(port=port))
    await server.start()
    return server


async def test_what_is_typed_while_offline_arrives_once_and_in_order() -> None:
    """The server restarts on its port; what was typed in between is queued, and said to everyone once."""
    first = await started()
    async with joined(first.port, "ana") as ana:
        await first.stop()
        assert await ana.next(Disconnected) == Disconnected(Reason.SHUTTING_DOWN, 3600)
        for text in ("uno", "dos", "tres"):
            ana.client.type_line(text)
        second = await started(ana.client.port)
        async with joined(second.port, "eva") as eva:
            ana.client.retry_now()
            assert await eva.texts(3) == ["uno", "dos", "tres"]
            assert await ana.texts(3) == ["uno", "dos", "tres"]
            assert ana.client.state.pending == {}
            ana.client.type_line("last")
            assert await eva.texts(1) == await ana.texts(1) == ["last"]
        await second.stop()


async def test_offline_only_messages_wait() -> None:
    """While there is no connection all other requests are refused, and the members are nobody."""
    server = await started()
    async with joined(server.port, "ana") as ana:
        await server.stop()
        await ana.next(Disconnected)
        assert (ana.client.state.link, ana.client.state.members) == (Link.OFFLINE, {})
        with pytest.raises(Offline):
            ana.client.send(Who("#general"))
        with pytest.raises(Offline):
            ana.client.type_line("/nick eva")


class Cutter:
    """A wire to a server that is cut, the first time, in place of the first line that holds `before`."""

    def __init__(self, port: int, before: bytes) -> None:
        self._port = port
        self._before: bytes | None = before

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what both sides write, until one of them ends or the cut comes."""
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._port)
        asking = asyncio.create_task(self._pass_on(reader, to_server))
        await self._pass_on(from_server, writer)
        asking.cancel()
        writer.transport.abort()
        to_server.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            if self._before is not None and self._before in line:
                self._before = None
                return
            writer.write(line)


async def test_a_message_whose_echo_was_lost_is_not_said_twice(server: Server) -> None:
    """Cut off between its message and the echo, a client sends it again, and the server knows it."""
    cutter = Cutter(server.port, b'"said"')
    async with joined(server.port, "eva") as eva, serving(cutter.carry) as port, joined(port, "ana") as ana:
        ana.client.type_line("hola")
        assert (await ana.next(Disconnected)).reason is Reason.LOST
        await eva.next(Left)
        ana.client.retry_now()
        assert (await ana.next(Said)).text == "hola"
        assert ana.client.state.pending == {}
        ana.client.type_line("last")
        assert await ana.texts(1) == ["last"]
        await eva.next(Said)
        assert [event.text for event in eva.seen if isinstance(event, Said)] == ["hola", "last"]


async def test_a_rename_outlives_the_connection() -> None:
    """After a reconnect one is who one was last."""
    first = await started()
    async with joined(first.port, "ana") as ana:
        ana.client.type_line("/nick Anita")
        await ana.next(Renamed)
        await first.stop()
        await ana.next(Disconnected)
        second = await started(ana.client.port)
        ana.client.retry_now()
        assert (await ana.next(Welcomed)).nick == "Anita"
        await second.stop()


async def test_pauses_follow_one_another_until_a_try_succeeds() -> None:
    """Each failed try takes the next pause; once online, they begin anew."""
    port = free_port()
    async with watched(port, "ana", pauses=lambda: itertools.count(1000.0)) as ana:
        for pause in (1000, 1001, 1002):
            assert await ana.next(Disconnected) == Disconnected(Reason.REFUSED, pause)
            if pause < 1002:
                ana.client.retry_now()
        server = await started(port)
        ana.client.retry_now()
        await ana.next(Welcomed)
        await server.stop()
        assert await ana.next(Disconnected) == Disconnected(Reason.SHUTTING_DOWN, 1000)


async def test_retry_now_cuts_the_pause_short(server: Server) -> None:
    """In a pause of an hour, `retry_now` has the next try follow at once."""
    port = free_port()
    async with watched(port, "ana") as ana:
        assert (await ana.next(Disconnected)).retry_in == 3600
        ana.client.retry_now()
        assert await ana.next(Connecting, seconds=2) == Connecting("127.0.0.1", port)


async def test_a_pause_ends_by_itself() -> None:
    """Without anybody's doing the client tries again when the pause is over."""
    port = free_port()
    async with watched(port, "ana", pauses=pauses_of(0.01)) as ana:
        await ana.next(Disconnected)
        server = await started(port)
        await ana.next(Welcomed)
        await server.stop()


async def test_a_message_that_can_not_be_sent_is_refused_when_its_turn_comes() -> None:
    """Typed while offline, a text too long for the wire is refused on the way out, and those behind it go on."""
    port = free_port()
    async with watched(port, "ana") as ana:
        await ana.next(Disconnected)
        ana.client.type_line('"' * limits.TEXT_BYTES)
        too_long = await ana.next(Queued)
        ana.client.type_line("hola")
        server = await started(port)
        ana.client.retry_now()
        error = await ana.next(Error)
        assert (error.code, error.id, error.limit) == (Code.LINE_TOO_LONG, too_long.say.id, limits.LINE_BYTES)
        assert await ana.texts(1) == ["hola"]
        assert ana.client.state.pending == {}
        await server.stop()
