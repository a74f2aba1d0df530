"""How far was read: told to the server, once and not too often, also if the connection was lost in between."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatapp.client import reading
from chatapp.client.client import Client
from chatapp.client.connection import RichConnection
from chatapp.client.events import Disconnected, Read
from chatapp.client.keepsakes import Keepsakes
from chatapp.protocol import limits, rich
from chatapp.protocol.events import Counted, Event, HistoryPage, Pong, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import History, Intent, MarkRead, Ping, Quit, Request
from tests.client.watching import AN_HOUR, Watch, serving
from tests.peers import SeedServer


class CountingServer:
    """Welcomes whoever comes, with a count if it is to; notes what is asked, and answers pings and with empty pages."""

    def __init__(self, *counts: Counted) -> None:
        self.counts = counts
        self.asked: list[Intent] = []
        self._came = asyncio.Condition()
        self._writer: asyncio.StreamWriter

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        writer.write(b"NICK\n")
        await reader.readline()
        self.say(Welcomed("ana", GENERAL, ["ana"], "log", 5, 1), *self.counts)
        while line := await reader.readline():
            await self._note(rich.decode_request(line.decode().rstrip()))
            if self.asked[-1] == Quit():
                break
        writer.close()

    async def _note(self, request: Intent) -> None:
        self.asked.append(request)
        if request == Ping():
            self.say(Pong())
        if isinstance(request, History):
            self.say(HistoryPage(GENERAL, []))
        async with self._came:
            self._came.notify_all()

    def say(self, *events: Event) -> None:
        self._writer.writelines(map(rich.encode, events))

    def cut(self) -> None:
        self._writer.transport.abort()

    @property
    def marks(self) -> list[MarkRead]:
        return [request for request in self.asked if isinstance(request, MarkRead)]

    async def until_marked(self, seq: int) -> None:
        async with asyncio.timeout(10), self._came:
            await self._came.wait_for(lambda: MarkRead(GENERAL, seq) in self.asked)


def counted(seq: int, read: int, unread: int) -> Counted:
    return Counted(GENERAL, seq, read, unread)


def said(seq: int, room: str = GENERAL) -> Said:
    return Said(seq, room, "eva", "hola", 0.0, "other")


@contextlib.asynccontextmanager
async def talking(server: CountingServer, folder: Path | None) -> AsyncIterator[Watch]:
    """Run a client of somebody with a key, or of a guest, that is welcome, and has heard what the server counts."""
    async with serving(server.serve) as port:
        keepsakes = None if folder is None else Keepsakes(folder, "127.0.0.1", port)
        async with Client("127.0.0.1", port, "ana", keepsakes=keepsakes, pauses=AN_HOUR) as client:
            watch = Watch(client)
            await watch.next(Counted if server.counts else Welcomed)
            yield watch


async def answered(watch: Watch) -> None:
    """Wait until the server has read all that was sent."""
    watch.client.send(Ping())
    await watch.next(Pong)


async def test_what_is_in_view_is_read(tmp_path: Path) -> None:
    """The server is told up to where; nothing is unread here from then on, and it is told no second time."""
    server = CountingServer(counted(5, 2, 3))
    async with talking(server, tmp_path) as ana:
        assert (ana.client.state.here.unread, ana.client.state.here.read) == (3, 2)
        for _ in range(3):
            ana.client.mark_read(GENERAL)
        assert await ana.next(Read) == Read(GENERAL)
        await answered(ana)
        assert server.marks == [MarkRead(GENERAL, 5)]
        assert ana.client.state.here.unread == 0
        server.say(counted(5, 5, 0))
        await ana.next(Counted)
        assert ana.client.state.here.read == 5
    assert server.marks == [MarkRead(GENERAL, 5)]
    assert len([event for event in ana.seen if isinstance(event, Read)]) == 1


async def test_what_was_read_before_is_no_news(tmp_path: Path) -> None:
    """What the server knows as read, by another window perhaps, it is not told."""
    server = CountingServer(counted(5, 7, 0))
    async with talking(server, tmp_path) as ana:
        ana.client.mark_read(GENERAL)
        ana.client.mark_read("#elsewhere")
        await answered(ana)
        assert server.marks == []


async def test_in_quick_talk_the_last_is_told_after_a_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what follows within the pause only the last is told, and at its end."""
    sent, send = list[float](), RichConnection.send

    def noting_send(self: RichConnection, request: Request) -> None:
        sent.append(asyncio.get_running_loop().time())
        send(self, request)

    assert reading._PAUSE_SECONDS == 0.3
    monkeypatch.setattr(reading, "_PAUSE_SECONDS", 1.0)  # so that slow machines are within it too
    server = CountingServer(counted(5, 5, 0))
    async with talking(server, tmp_path) as ana:
        await ana.next(HistoryPage)
        monkeypatch.setattr(RichConnection, "send", noting_send)
        for seq in (6, 7, 8, 9):
            server.say(said(seq))
            await ana.next(Said)
            ana.client.mark_read(GENERAL)
        await server.until_marked(9)
        assert server.marks == [MarkRead(GENERAL, 6), MarkRead(GENERAL, 9)]
        assert [len(sent), sent[-1] - sent[0] > 0.99] == [2, True]


async def test_who_leaves_has_read_what_was_in_view(tmp_path: Path) -> None:
    """What waits for the end of a pause is told before the goodbye, and nothing is left running."""
    server = CountingServer(counted(5, 5, 0))
    async with talking(server, tmp_path) as ana:
        for seq in (6, 7):
            server.say(said(seq))
            await ana.next(Said)
            ana.client.mark_read(GENERAL)
        pauses = list(ana.client._reading._pauses.values())
        await ana.client.leave()
        assert server.asked[-2:] == [MarkRead(GENERAL, 7), Quit()]
        assert all(pause.cancelled() for pause in pauses)
        ana.client.mark_read(GENERAL)
        assert ana.client._reading._pauses == {}


@pytest.mark.parametrize("reads_offline", [False, True])
async def test_what_was_not_confirmed_is_told_again(tmp_path: Path, reads_offline: bool) -> None:
    """Lost with the connection, or read without one, it is told as soon as the server says that it doesn't know."""
    server = CountingServer(counted(5, 2, 3))
    async with talking(server, tmp_path) as ana:
        if not reads_offline:
            ana.client.mark_read(GENERAL)
            await answered(ana)
        server.cut()
        await ana.next(Disconnected)
        ana.client.mark_read(GENERAL)
        server.asked.clear()
        ana.client.retry_now()
        await ana.next(Counted)
        await answered(ana)
        assert server.marks == [MarkRead(GENERAL, 5)]
        assert ana.client.state.here.unread == 0


async def test_what_was_confirmed_meanwhile_is_not_told_again(tmp_path: Path) -> None:
    """Back after a loss, the server says that it knows."""
    server = CountingServer(counted(5, 2, 3))
    async with talking(server, tmp_path) as ana:
        ana.client.mark_read(GENERAL)
        await answered(ana)
        server.cut()
        await ana.next(Disconnected)
        server.counts = (counted(5, 5, 0),)
        server.asked.clear()
        ana.client.retry_now()
        await ana.next(Counted)
        await answered(ana)
        assert server.marks == []


async def test_a_count_that_does_not_know_yet_changes_nothing_in_view(tmp_path: Path) -> None:
    """While the server is being told, what it counted before makes nothing unread that was read here."""
    server = CountingServer(counted(5, 5, 0))
    async with talking(server, tmp_path) as ana:
        server.say(said(6))
        await ana.next(Said)
        ana.client.mark_read(GENERAL)
        server.say(counted(8, 5, 1))
        await ana.next(Counted)
        assert ana.client.state.here.unread == 0
        server.say(said(9), counted(9, 5, 2))
        await ana.next(Counted)
        assert ana.client.state.here.unread == 2


async def test_a_server_that_counts_nothing_is_told_nothing(tmp_path: Path) -> None:
    """An older server doesn't know what that is."""
    server = CountingServer()
    async with talking(server, tmp_path) as ana:
        server.say(said(6))
        await ana.next(Said)
        ana.client.mark_read(GENERAL)
        await answered(ana)
        assert server.marks == []


async def test_a_guest_counts_alone() -> None:
    """A guest's server is told nothing; what was read is known here."""
    server = CountingServer()
    async with talking(server, None) as ana:
        state = ana.client.state
        server.say(said(6))
        await ana.next(Said)
        assert (state.here.read, state.here.last_seq) == (5, 6)
        for _ in range(2):
            ana.client.mark_read(GENERAL)
        await answered(ana)
        assert (state.here.read, state.here.unread) == (6, 0)
        assert len([event for event in ana.seen if isinstance(event, Counted)]) == 1
        assert server.marks == []


async def test_a_simple_server_is_told_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a server without framing, the client of somebody with a key counts alone too."""
    monkeypatch.setattr(limits, "GREETING_SECONDS", 0.05)
    async with SeedServer() as seed:
        keepsakes = Keepsakes(tmp_path, "127.0.0.1", seed.port)
        async with Client("127.0.0.1", seed.port, "ana", keepsakes=keepsakes, pauses=AN_HOUR) as client:
            ana = Watch(client)
            await ana.next(Welcomed)
            for text in ("uno", "dos"):
                client.type_line(text)
                assert await ana.texts(1) == [text]
                client.mark_read(GENERAL)
            assert (client.state.here.read, client.state.here.unread) == (2, 0)
            assert seed.received == [b"ana: uno", b"ana: dos"]
