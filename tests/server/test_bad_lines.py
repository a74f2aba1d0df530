"""Lines that can't be: one error each, nothing of them is said, and everything goes on."""

import pytest

from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Joined, Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Say
from chatapp.server.server import Server
from tests.server.talking import Peer, plain, rich_peer

DEEP = b'{"type":"say","room":%b}' % (b"[" * 1000 + b"]" * 1000)

RICH = [
    (b"x" * (limits.LINE_BYTES + 1), Code.LINE_TOO_LONG, ""),
    (b"x" * 300_000, Code.LINE_TOO_LONG, ""),
    (b'{"type":"say","text":"\xff"}', Code.NOT_UTF8, ""),
    (b"", Code.MALFORMED, ""),
    (b"hola", Code.MALFORMED, ""),
    (b"salir", Code.MALFORMED, ""),
    (b"null", Code.MALFORMED, ""),
    (b"[]", Code.MALFORMED, ""),
    (b"{}", Code.MALFORMED, ""),
    (b'{"type":"say"', Code.MALFORMED, ""),
    (b'{"type":1}', Code.MALFORMED, ""),
    (b'{"type":"say","room":"#general","id":"1"}', Code.MALFORMED, ""),
    (b'{"type":"say","room":"#general","id":"1","text":7}', Code.MALFORMED, ""),
    (b'{"type":"say","room":"#general","id":"1","text":"a","kind":"shout"}', Code.MALFORMED, ""),
    (b'{"type":"say","room":"#general","id":"1","text":"\\ud800"}', Code.MALFORMED, ""),
    (DEEP, Code.MALFORMED, ""),
    (b"[" * 1000 + b"]" * 1000, Code.MALFORMED, ""),
    (b'{"type":"dance"}', Code.UNKNOWN_TYPE, ""),
    (b'{"type":"said","seq":1,"room":"#general","nick":"eva","text":"a","at":0,"id":"1"}', Code.UNKNOWN_TYPE, ""),
    (b'{"type":"say","room":"#other","id":"1","text":"a"}', Code.NOT_IN_ROOM, "1"),
    (b'{"type":"who","room":"#other"}', Code.NOT_IN_ROOM, ""),
    (b'{"type":"say","room":"#general","id":"","text":"a"}', Code.BAD_ID, ""),
    (b'{"type":"say","room":"#general","id":"a b","text":"a"}', Code.BAD_ID, ""),
    (b'{"type":"say","room":"#general","id":"%b","text":"a"}' % (b"x" * 65), Code.BAD_ID, ""),
    (b'{"type":"say","room":"#general","id":"1","text":" \\n\\t "}', Code.EMPTY_TEXT, "1"),
    (b'{"type":"say","room":"#general","id":"1","text":"a\\u0000b"}', Code.BAD_CHARACTER, "1"),
    (b'{"type":"say","room":"#general","id":"1","text":"a\\rb"}', Code.BAD_CHARACTER, "1"),
    (b'{"type":"say","room":"#general","id":"1","text":"%b"}' % (b"x" * 4097), Code.TEXT_TOO_LONG, "1"),
]

OVERLONG = f"-- That line is over {limits.LINE_BYTES} bytes and was dropped. Send it in shorter ones."

PLAIN = [
    (b"x" * (limits.LINE_BYTES + 1), OVERLONG),
    (b"x" * 300_000, OVERLONG),
    (b"x" * 4097, "-- That message is over 4096 bytes and was not sent. Send it in parts."),
    ("ñ".encode() * 2049, "-- That message is over 4096 bytes and was not sent. Send it in parts."),
    (b"Jos\xe9", "-- That was not UTF-8 text and was dropped. Set your terminal or program to UTF-8."),
    (b"\xed\xa0\x80", "-- That was not UTF-8 text and was dropped. Set your terminal or program to UTF-8."),
    (b"a\0b", "-- A message can't hold the character U+0000. Take it out and send it again."),
    (b"a\rb", "-- A message can't hold the character U+000D. Take it out and send it again."),
    (b"", "-- There is nothing in that message. Write something."),
]


@pytest.mark.parametrize(("line", "code", "message_id"), RICH)
async def test_a_rich_peer_gets_one_typed_error(server: Server, line: bytes, code: Code, message_id: str) -> None:
    """One error of the right code, which names the message if it can; the next line is read as ever."""
    async with plain(server.port, "eva") as eva, rich_peer(server.port, "ana") as ana:
        assert isinstance(await ana.event(), Joined)
        ana.write(line + b"\n")
        ana.send(Say(GENERAL, "hola", "2"))
        error, said = await ana.event(), await ana.event()
        assert isinstance(error, Error)
        assert (error.code, error.id, bool(error.text)) == (code, message_id, True)
        assert isinstance(said, Said)
        await _sees_only_hola(eva)


@pytest.mark.parametrize(("line", "answer"), PLAIN)
async def test_a_plain_peer_gets_one_line(server: Server, line: bytes, answer: str) -> None:
    """One line says what was wrong; the next line is a message as ever."""
    async with plain(server.port, "eva") as eva, plain(server.port, "ana") as ana:
        ana.write(line + b"\nhola\n")
        assert await ana.lines(2) == [answer, "ana: hola"]
        await _sees_only_hola(eva)


async def test_the_longest_line_and_text_are_taken(server: Server) -> None:
    """4,096 bytes are a text, and the longest line is read."""
    longest = "x" * limits.TEXT_BYTES
    async with plain(server.port, "ana") as ana, rich_peer(server.port, "eva") as eva:
        ana.say(longest)
        assert (await eva.next(Said)).text == longest
        request = b'{"type":"say","room":"#general","id":"1","text":"hola"}'
        eva.write(request.ljust(limits.LINE_BYTES) + b"\n")
        assert (await eva.next(Said)).text == "hola"


async def test_errors_stand_where_the_lines_stood(server: Server) -> None:
    """Of good and bad lines in one segment, each is answered."""
    async with rich_peer(server.port, "ana") as ana:
        ana.write(b'{"type":"ping"}\nhola\n{"type":"ping"}\n{"type":"dance"}\n{"type":"ping"}\n')
        assert await ana.event()
        answers = [await ana.event() for _ in range(5)]
        names = [answer.code if isinstance(answer, Error) else "pong" for answer in answers]
        assert names == ["pong", Code.MALFORMED, "pong", Code.UNKNOWN_TYPE, "pong"]


async def test_unknown_fields_are_passed_over(server: Server) -> None:
    """A newer client's fields don't trouble this server."""
    async with rich_peer(server.port, "ana") as ana:
        ana.write(b'{"type":"say","room":"#general","id":"1","text":"hola","mood":["new"]}\n')
        assert (await ana.next(Said)).text == "hola"


async def _sees_only_hola(peer: Peer) -> None:
    assert await peer.lines(2) == ["ana se ha unido al chat.", "ana: hola"]
