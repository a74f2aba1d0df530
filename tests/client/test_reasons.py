"""Why there is no connection: each cause is told apart, and the next try follows its pause."""

import asyncio
import errno
from functools import partial

import pytest

from chatapp.client.connect_error import ConnectError
from chatapp.client.connection import connect
from chatapp.client.events import Disconnected, Reason
from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Said, Welcomed
from tests.client.watching import Script, goodbye, pauses_of, saying, serving, watched
from tests.ports import free_port

WELCOME = b'{"type":"welcomed","nick":"ana","room":"#general","members":["ana"],"log":"l","seq":0,"version":1}\n'
SAID = b'{"type":"said","seq":1,"room":"#general","nick":"eva","text":"hola","at":0,"id":"1"}\n'


async def reason_for(port: int, host: str = "127.0.0.1") -> Reason:
    """Return why a client that joins there is not connected."""
    async with watched(port, "ana", host=host) as watch:
        return (await watch.next(Disconnected)).reason


async def test_nothing_listens() -> None:
    """A port on which nobody listens refuses."""
    assert await reason_for(free_port()) is Reason.REFUSED


async def test_nobody_talks_to_oneself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection whose own end is the port where nobody listens is none, and leaves the port to a server."""
    port = free_port()
    to_itself = partial(asyncio.open_connection, local_addr=("127.0.0.1", port))
    monkeypatch.setattr("asyncio.open_connection", to_itself)
    assert await reason_for(port) is Reason.REFUSED


@pytest.mark.parametrize("host", ["host.invalid", "x" * 64 + ".invalid", "a..b"])
async def test_an_unknown_host(host: str) -> None:
    """A name that resolves to nothing, or can't even be asked for, is an unknown host."""
    assert await reason_for(9000, host) is Reason.UNKNOWN_HOST


async def test_a_host_that_can_not_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """No route to it is neither a refusal nor an unknown name."""

    async def no_route(*_: object) -> None:
        raise OSError(errno.EHOSTUNREACH, "No route to host")

    monkeypatch.setattr(asyncio, "open_connection", no_route)
    assert await reason_for(9000) is Reason.UNREACHABLE


async def test_a_host_that_takes_too_long() -> None:
    """A server that says nothing within the time for connecting is unreachable."""
    async with serving(writing()) as port:
        with pytest.raises(ConnectError) as caught:
            await connect("127.0.0.1", port, timeout=0.05)
    assert caught.value.reason is Reason.UNREACHABLE


def writing(*parts: bytes, closing: bool = False) -> Script:
    """Make a script that writes `parts` to whoever comes, and then closes or waits."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.writelines(parts)
        if not closing:
            await reader.read()
        writer.close()

    return script


@pytest.mark.parametrize(
    "greeting",
    [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n", b"\xff\x00\x16\x03", b"NICKNAME?\n", b"\n"],
)
async def test_a_server_that_greets_otherwise_is_no_chat(greeting: bytes) -> None:
    """Whatever is not NICK and a newline, or NICK alone, is another service, and that is known at once."""
    async with serving(writing(greeting)) as port:
        assert await reason_for(port) is Reason.NOT_CHAT


@pytest.mark.parametrize("parts", [(), (b"NICK",), (b"NI",)])
async def test_a_server_that_closes_at_once_is_no_chat(parts: tuple[bytes, ...]) -> None:
    """The end before the greeting is over is no chat."""
    async with serving(writing(*parts, closing=True)) as port:
        assert await reason_for(port) is Reason.NOT_CHAT


@pytest.mark.parametrize("parts", [(), (b"NIC",)])
async def test_a_server_that_stays_silent_is_no_chat(parts: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """A greeting that doesn't come, or stops halfway, is waited for only so long; then the client hangs up."""
    monkeypatch.setattr(limits, "GREETING_SECONDS", 0.05)
    hung_up = asyncio.Event()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.writelines(parts)
        await reader.read()
        hung_up.set()

    async with serving(script) as port:
        assert await reason_for(port) is Reason.NOT_CHAT
        async with asyncio.timeout(5):
            await hung_up.wait()


async def test_a_lost_connection() -> None:
    """A connection that is reset in the middle is lost."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK\n")
        await reader.readline()
        writer.write(WELCOME)
        await writer.drain()
        writer.transport.abort()

    async with serving(script) as port:
        assert await reason_for(port) is Reason.LOST


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (Code.SHUTTING_DOWN, Reason.SHUTTING_DOWN),
        (Code.VERSION, Reason.VERSION),
        (Code.HANDSHAKE_TIMEOUT, Reason.LOST),
        (Code.KICKED, Reason.KICKED),
        (Code.BANNED, Reason.BANNED),
    ],
)
async def test_a_goodbye_is_the_reason(code: Code, reason: Reason) -> None:
    """What the server says last is why; the client hangs up then, even if the server doesn't."""
    hung_up = asyncio.Event()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await saying(b'{"type":"error","code":"%s","text":"bye"}\n' % code.encode())(reader, writer)
        hung_up.set()

    async with serving(script) as port:
        assert await reason_for(port) is reason
        async with asyncio.timeout(5):
            await hung_up.wait()


@pytest.mark.parametrize(
    ("code", "time", "seconds"),
    [(Code.KICKED, b"", 30), (Code.BANNED, b"", 300), (Code.BANNED, b',"retry_after":60', 60)],
)
async def test_what_somebody_decided_is_told_and_respected(code: Code, time: bytes, seconds: float) -> None:
    """Why, and until when, comes before the reason; the next try, if nobody asks for one, is not soon."""
    line = b'{"type":"error","code":"%s","text":"","detail":"spam"%s}\n' % (code.encode(), time)
    async with serving(saying(line)) as port, watched(port, "ana", pauses=pauses_of(0.01)) as watch:
        assert (await watch.next(Error)).detail == "spam"
        assert (await watch.next(Disconnected)).retry_in == seconds


@pytest.mark.parametrize(
    ("code", "seconds"),
    [
        (Code.SHUTTING_DOWN, limits.NEW_CONNECTIONS_SECONDS),
        (Code.TOO_MANY_GUESSES, limits.NEW_CONNECTIONS_SECONDS),
        (Code.BANNED, limits.SANCTION_SECONDS),
    ],
)
async def test_no_server_keeps_one_away_for_ever(code: Code, seconds: float) -> None:
    """A time that no server has a reason for is cut to the longest that there is one for."""
    line = b'{"type":"error","code":"%s","text":"","retry_after":1e300}\n' % code.encode()
    async with serving(saying(line)) as port, watched(port, "ana", pauses=pauses_of(0.01)) as watch:
        assert (await watch.next(Disconnected)).retry_in == seconds


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"hola",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"type":"said"}',
        b'{"type":"said","seq":"one","room":"#general","nick":"eva","text":"hola","at":0,"id":"1"}',
        b'{"type":"topic-changed","room":"#general","topic":"new"}',
        b"[" * 1000 + b"]" * 1000,
        b"x" * (limits.OUTBOX_BYTES + 1),
    ],
)
async def test_what_can_not_be_read_is_passed_over(line: bytes) -> None:
    """A malformed or unknown event changes nothing: those around it are read."""
    async with serving(saying(WELCOME, line + b"\n", SAID)) as port, watched(port, "ana") as watch:
        assert (await watch.next(Said)).text == "hola"
        assert [type(event) for event in watch.seen[1:]] == [Welcomed, Said]


async def test_events_may_come_in_any_pieces() -> None:
    """A greeting and events that come byte by byte, or with the newline behind, are the same events."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in b"NICK\r\n" + WELCOME + SAID:
            writer.write(bytes([byte]))
            await asyncio.sleep(0)
        await goodbye(reader)
        writer.close()

    async with serving(script) as port, watched(port, "ana") as watch:
        assert (await watch.next(Said)).text == "hola"
        assert watch.client.state.members == {"ana": "ana"}
