"""The handshake: NICK first, then the peer's first bytes decide its dialect, within a limited time."""

import asyncio

import pytest

from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Joined, Pong, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, Ping, Say
from chatapp.server.server import Server
from chatapp.server.settings import Timing
from chatapp.version import SOFTWARE
from tests.server.talking import Peer, connected, plain, rich_peer, running

HELLO = b'{"type":"hello","nick":"ana"}\n'
QUICK = Timing(unframed_after=0.02)


async def test_nick_comes_alone_and_its_newline_later(server: Server) -> None:
    """Four bytes are one read of their own; the newline follows at least 50 ms later."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with connected(server.port) as peer:
        assert await peer.read() == b"NICK"
        assert await peer.read() == b"\n"
        assert loop.time() - began >= limits.NEWLINE_AFTER_SECONDS


async def test_a_hello_makes_a_rich_peer(server: Server) -> None:
    """A line that starts with a brace is a hello; its answers are one JSON object a line."""
    async with connected(server.port) as peer:
        peer.write(HELLO)
        assert await peer.read_line() == "NICK"
        welcome, joined = await peer.event(), await peer.event()
    assert isinstance(welcome, Welcomed)
    assert (welcome.nick, welcome.room, welcome.members, welcome.seq) == ("ana", GENERAL, ["ana"], 0)
    assert (welcome.version, welcome.server) == (1, SOFTWARE)
    assert isinstance(joined, Joined)
    assert (joined.room, joined.nick) == (GENERAL, "ana")


@pytest.mark.parametrize("line", [b"ana\n", b"ana\r\n", b"  ana \n"])
async def test_a_line_makes_a_plain_peer(server: Server, line: bytes) -> None:
    """Any other line is a nick, however it ends; arrival and welcome are a line each."""
    async with connected(server.port) as peer:
        peer.write(line)
        assert await peer.lines(3) == ["NICK", "ana se ha unido al chat.", "Conectado al servidor."]


async def test_bytes_with_no_newline_make_an_unframed_peer(server: Server) -> None:
    """A nick with nothing after it for 300 ms is an unframed peer's: NICK gets no newline then."""
    loop = asyncio.get_running_loop()
    async with connected(server.port) as peer:
        assert await peer.read() == b"NICK"
        peer.write(b"ana")
        began = loop.time()
        first = await peer.read()
        assert loop.time() - began >= limits.UNFRAMED_AFTER_SECONDS - 0.01
        received = first
        while not received.endswith(b"."):
            received += await peer.read()
    assert first.startswith(b"ana")
    assert received.replace(b"\n", b"") == b"ana se ha unido al chat.Conectado al servidor."


@pytest.mark.parametrize(
    ("opening", "answer"),
    [(HELLO, b'{"type":"welcomed"'), (b"ana\n", b"ana se ha unido"), (b"ana", b"ana se ha unido")],
)
async def test_byte_by_byte_it_is_the_same(opening: bytes, answer: bytes) -> None:
    """A first line in segments of one byte decides as it does in one."""
    async with running(Timing(unframed_after=0.2)) as server, connected(server.port) as peer:
        for byte in opening:
            peer.write(bytes([byte]))
            await peer.writer.drain()
            await asyncio.sleep(0)
        assert (await peer.found(b"(%b)" % answer, 1)) == [answer]


async def test_the_line_decides_even_after_the_newline_of_nick(server: Server) -> None:
    """Who waits for the whole line NICK is read as who doesn't."""
    async with connected(server.port) as peer:
        assert await peer.read_line() == "NICK"
        peer.write(HELLO)
        assert isinstance(await peer.event(), Welcomed)


async def test_what_follows_the_first_line_at_once_is_read(server: Server) -> None:
    """Nick and messages in one segment are a nick and messages."""
    async with connected(server.port) as peer:
        peer.say("ana", "uno", "dos", "SALIR")
        assert (await peer.rest()).decode().splitlines() == [
            "NICK",
            "ana se ha unido al chat.",
            "Conectado al servidor.",
            "ana: uno",
            "ana: dos",
            "ana se ha desconectado.",
        ]


@pytest.mark.parametrize(
    ("opening", "answer"),
    [
        (b"", "-- No nick within "),
        (b'{"type":"hel', '"code":"handshake-timeout"'),
        (b"a b\n", "-- No nick within "),
        (b'{"type":"ping"}\n', '"code":"handshake-timeout"'),
    ],
)
async def test_who_has_no_nick_in_time_is_dropped(opening: bytes, answer: str) -> None:
    """Half a handshake is told why, and closed; a peer that is through meanwhile stays."""
    async with running(Timing(handshake=0.1)) as server, plain(server.port, "eva") as eva:
        async with connected(server.port) as peer:
            peer.write(opening)
            *_, last = (await peer.rest()).decode().splitlines()
            assert answer in last
        eva.say("still here")
        assert await eva.read_line() == "eva: still here"


def test_a_handshake_may_take_ten_seconds() -> None:
    """The time that people get."""
    assert Timing().handshake == 10


async def test_peers_with_half_a_handshake_hold_nobody_up(server: Server) -> None:
    """While 50 peers are somewhere in their first line, another one joins and talks."""
    halves = [await Peer.connect(server.port) for _ in range(50)]
    for number, peer in enumerate(halves):
        peer.write(b'{"type":"hel' if number % 2 else b"")
    async with plain(server.port, "ana") as ana:
        ana.say("hola")
        assert await ana.read_line() == "ana: hola"
    for peer in halves:
        peer.abort()


async def test_another_version_is_refused_and_may_be_corrected(server: Server) -> None:
    """A hello with a version that the server doesn't speak is told which it does."""
    async with connected(server.port) as peer:
        peer.send(Hello("ana", version=2))
        assert await peer.read_line() == "NICK"
        error = await peer.event()
        assert isinstance(error, Error)
        assert (error.code, error.limit) == (Code.VERSION, 1)
        peer.send(Hello("ana"))
        assert isinstance(await peer.event(), Welcomed)


async def test_hello_comes_first(server: Server) -> None:
    """Before the hello only a ping is answered; a message is refused, and the hello still welcome."""
    async with connected(server.port) as peer:
        peer.send(Say(GENERAL, "hola", "1"), Ping(), Hello("ana"))
        assert await peer.read_line() == "NICK"
        error = await peer.event()
        assert isinstance(error, Error)
        assert (error.code, error.id) == (Code.HELLO_FIRST, "1")
        assert await peer.event() == Pong()
        assert isinstance(await peer.event(), Welcomed)


async def test_hello_comes_once(server: Server) -> None:
    """A second hello is refused; one stays who one is."""
    async with rich_peer(server.port, "ana") as peer:
        peer.send(Hello("eva"), Say(GENERAL, "hola", "1"))
        assert (await peer.next(Error)).code == Code.HELLO_AGAIN
        assert (await peer.next(Said)).nick == "ana"


@pytest.mark.parametrize("salir", [b"SALIR\n", b"salir\n", b"SALIR"])
async def test_salir_before_a_nick_just_closes(salir: bytes) -> None:
    """Who leaves before it has a nick is let go without a word, and nobody hears of it."""
    async with running(QUICK) as server, plain(server.port, "eva") as eva:
        async with connected(server.port) as peer:
            peer.write(salir)
            assert (await peer.rest()).rstrip() == b"NICK"
        eva.say("hola")
        assert await eva.read_line() == "eva: hola"
