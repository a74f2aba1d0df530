"""Peers that are no chat's: one line that says what this port is, and the end, with nobody else troubled."""

import pytest

from chatapp.protocol import limits
from chatapp.server.server import Server
from chatapp.server.settings import Timing
from tests.server.talking import connected, plain, running

NOT_CHAT = "-- This port is a chat, not {}. Join it with: chatapp join"
NOT_UTF8 = "-- That was not UTF-8 text and was dropped. Set your terminal or program to UTF-8."
TOO_LONG = f"-- That line is over {limits.LINE_BYTES} bytes and was dropped. Send it in shorter ones."
FOREIGN = [
    (b"GET / HTTP/1.1\r\nHost: localhost:9000\r\n\r\n", NOT_CHAT.format("HTTP")),
    (b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nSALIR\nhola", NOT_CHAT.format("HTTP")),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64), NOT_CHAT.format("TLS")),
    (b"SSH-2.0-OpenSSH_9.6\r\n", NOT_CHAT.format("SSH")),
    (b"Jos\xe9\n", NOT_UTF8),
    (b"Jos\xe9", NOT_UTF8),
    (b'{"type":"hello","nick":"Jos\xe9"}\n', f'{{"type":"error","code":"not-utf8","text":"{NOT_UTF8[3:]}"}}'),
    (b"x" * (limits.LINE_BYTES + 1), TOO_LONG),
]


@pytest.mark.parametrize(("opening", "answer"), FOREIGN)
async def test_one_line_and_the_end(opening: bytes, answer: str) -> None:
    """Behind NICK comes exactly one line, and the server closes; who chats there goes on, and hears nothing."""
    async with running(Timing(unframed_after=0.02)) as server, plain(server.port, "ana") as ana:
        async with connected(server.port) as peer:
            peer.write(opening)
            assert (await peer.rest()).decode() == f"NICK\n{answer}\n"
        ana.say("hola")
        assert await ana.read_line() == "ana: hola"


async def test_it_is_known_from_the_first_bytes(server: Server) -> None:
    """An HTTP request need not end, nor even have a newline, to be told apart."""
    async with connected(server.port) as peer:
        assert await peer.read_line() == "NICK"
        peer.write(b"GET ")
        assert (await peer.rest()).decode() == NOT_CHAT.format("HTTP") + "\n"


async def test_what_looks_foreign_later_is_a_message(server: Server) -> None:
    """Only the opening is judged: one may talk about HTTP."""
    async with plain(server.port, "ana") as ana:
        ana.say("GET / HTTP/1.1")
        assert await ana.read_line() == "ana: GET / HTTP/1.1"
