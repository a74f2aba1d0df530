"""A connection that went silent is given up, and taken up where it ended."""

import asyncio
from random import Random

from chatapp.client.client import Client
from chatapp.client.events import Connecting, Disconnected, Reason
from chatapp.protocol import rich
from chatapp.protocol.events import HistoryPage, Pong, Said, Welcomed
from chatapp.protocol.requests import Hello, Ping
from chatapp.server.server import Server
from chatapp.server.settings import Timing
from tests.client.watching import AN_HOUR, Watch, joined, pauses_of, serving
from tests.faults.proxy import Proxy
from tests.server.talking import running

PING_SECONDS = 0.05


def client_of(port: int, nick: str = "ana") -> Client:
    return Client("127.0.0.1", port, nick, pauses=AN_HOUR, ping_seconds=PING_SECONDS)


async def test_pings_keep_a_quiet_connection() -> None:
    """Where nobody says anything, client and server stay connected far beyond the silence that either puts up with."""
    pongs = asyncio.Queue[None]()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", server.port)

        async def answers() -> None:
            while line := await from_server.readline():
                writer.write(line)
                if line == rich.encode(Pong()):
                    pongs.put_nowait(None)

        answering = asyncio.create_task(answers())
        while line := await reader.readline():
            to_server.write(line)
        answering.cancel()
        to_server.close()

    timing = Timing(silence=3 * PING_SECONDS, sweep=PING_SECONDS)
    async with running(timing) as server, serving(script) as port, client_of(port) as client:
        watch = Watch(client)
        await watch.next(Welcomed)
        async with asyncio.timeout(10):
            for _ in range(20):
                await pongs.get()
        client.type_line("hola")
        assert await watch.texts(1) == ["hola"]
        assert not [event for event in watch.seen if isinstance(event, Disconnected)]


async def test_a_silent_server_is_given_up_after_three_pings() -> None:
    """A server that answers nothing is lost after three intervals, and not before it was asked twice."""
    asked = list[str]()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK\n")
        await reader.readline()
        writer.write(rich.encode(Welcomed("ana", "#general", ["ana"], "log", 0, 1)))
        while line := await reader.readline():
            asked.append(line.decode())

    async with serving(mute) as port, client_of(port) as client:
        watch = Watch(client)
        await watch.next(Welcomed)
        start = asyncio.get_running_loop().time()
        assert (await watch.next(Disconnected)).reason is Reason.LOST
        took = asyncio.get_running_loop().time() - start
        assert 2.5 * PING_SECONDS < took < 2
        assert asked.count(rich.encode(Ping()).decode()) >= 2


async def test_a_silent_connection_is_taken_up_where_it_ended(server: Server) -> None:
    """Dropped by the network without a word, the client comes back and is shown what it missed, once and in order."""
    async with joined(server.port, "eva") as eva, Proxy(server.port, Random(1)) as proxy:  # noqa: SIM117 (clearer apart)
        async with client_of(proxy.port, "luis") as client:
            luis = Watch(client)
            await luis.next(HistoryPage)
            eva.client.type_line("uno")
            assert await luis.texts(1) == ["uno"]
            proxy.half_open()
            for text in ("dos", "tres"):
                eva.client.type_line(text)
            assert (await luis.next(Disconnected)).reason is Reason.LOST
            client.choose_nick("luisa")  # luis is still there, as a guest's ghost
            client.retry_now()
            assert await luis.texts(2) == ["dos", "tres"]
            eva.client.type_line("last")
            assert await luis.texts(1) == ["last"]
            assert [event.text for event in luis.seen if isinstance(event, Said)] == ["uno", "dos", "tres", "last"]


async def test_a_hello_says_what_was_seen() -> None:
    """The first one knows no log; that after a loss names the log and the last message."""
    hellos = asyncio.Queue[Hello]()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK\n")
        hello = rich.decode_request((await reader.readline()).decode())
        assert isinstance(hello, Hello)
        hellos.put_nowait(hello)
        writer.write(rich.encode(Welcomed("ana", "#general", ["ana"], "the-log", 6, 1)))
        writer.write(rich.encode(Said(7, "#general", "eva", "hola", 0.0, "id")))
        await writer.drain()
        writer.close()

    async with serving(script) as port, Client("127.0.0.1", port, "ana", pauses=pauses_of(0.01)) as client:
        watch = Watch(client)
        async with asyncio.timeout(10):
            assert [((hello := await hellos.get()).log, hello.seen) for _ in range(3)] == [
                ("", 0),
                ("the-log", 7),
                ("the-log", 7),
            ]
        await watch.next(Said)
        for _ in range(3):
            await watch.next(Connecting)
        assert len([event for event in watch.seen if isinstance(event, Said)]) == 1


async def test_after_a_gap_the_last_page_is_asked_for() -> None:
    """Told that too much was missed, the client starts anew from history, and shows nothing twice."""
    lines = asyncio.Queue[str]()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK\n")
        has_seen = b'"seen"' in await reader.readline()
        writer.write(rich.encode(Welcomed("ana", "#general", ["ana"], "log", 90 if has_seen else 6, 1, "", has_seen)))
        lines.put_nowait((await reader.readline()).decode())
        writer.write(rich.encode(Said(91 if has_seen else 7, "#general", "eva", "hola", 0.0, "id")))
        await writer.drain()
        if not has_seen:
            writer.close()
        await reader.read()

    async with serving(script) as port, Client("127.0.0.1", port, "ana", pauses=pauses_of(0.01)) as client:
        watch = Watch(client)
        assert [(await watch.next(Said)).seq for _ in range(2)] == [7, 91]
        assert client.state.here.first_seq == 91
        async with asyncio.timeout(10):
            assert [await lines.get() for _ in range(2)] == [
                '{"type":"history","room":"#general","before":7}\n',
                '{"type":"history","room":"#general","before":91}\n',
            ]
