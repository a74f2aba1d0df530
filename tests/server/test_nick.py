"""A nick that is refused: one line or error that says why, and another try on the same connection."""

import pytest

from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Welcomed
from chatapp.protocol.requests import Hello
from chatapp.server.server import Server
from chatapp.server.settings import Timing
from tests.server.talking import connected, plain, rich_peer, running

RULE = "-- A nick has 1 to 32 letters, digits, _ - or . and starts with a letter, digit or _. Choose one like that."
REFUSED = [
    ("", RULE, Code.BAD_NICK),
    ("x" * 33, RULE, Code.BAD_NICK),
    ("a b", RULE, Code.BAD_NICK),
    ("a:b", RULE, Code.BAD_NICK),
    ("-- ana", RULE, Code.BAD_NICK),
    ("a\x07", RULE, Code.BAD_NICK),
    ("a\x1b[2J", RULE, Code.BAD_NICK),
    ("a\u202eb", RULE, Code.BAD_NICK),
    ("servidor", "-- The nick servidor is reserved. Choose another.", Code.NICK_RESERVED),
    ("Chatapp", "-- The nick Chatapp is reserved. Choose another.", Code.NICK_RESERVED),
    ("ANA", "-- The nick ANA is taken. Choose another.", Code.NICK_TAKEN),
    ("ａｎａ", "-- The nick ａｎａ is taken. Choose another.", Code.NICK_TAKEN),
]


@pytest.mark.parametrize(("nick", "line", "_code"), REFUSED)
async def test_a_plain_peer_is_told_and_asked_again(server: Server, nick: str, line: str, _code: Code) -> None:
    """One line says why, NICK comes again, and the next nick is taken."""
    async with plain(server.port, "ana"), connected(server.port) as peer:
        peer.say(nick)
        assert await peer.lines(3) == ["NICK", line, "NICK"]
        peer.say("eva")
        assert await peer.lines(2) == ["eva se ha unido al chat.", "Conectado al servidor."]


@pytest.mark.parametrize(("nick", "_line", "code"), REFUSED)
async def test_a_rich_peer_gets_a_typed_error(server: Server, nick: str, _line: str, code: Code) -> None:
    """One error with its code, and the next hello on the same connection is granted."""
    async with plain(server.port, "ana"), connected(server.port) as peer:
        peer.send(Hello(nick), Hello("eva"))
        assert await peer.read_line() == "NICK"
        error = await peer.event()
        assert isinstance(error, Error)
        assert error.code == code
        assert isinstance(await peer.event(), Welcomed)


async def test_an_unframed_peer_is_told_and_asked_again() -> None:
    """The reason is one read, and the next is the bare NICK that such a peer knows."""
    async with running(Timing(unframed_after=0.02)) as server, connected(server.port) as peer:
        assert await peer.read() == b"NICK"
        peer.write("a b")
        assert await peer.read() == RULE.encode()
        assert await peer.read() == b"NICK"
        peer.write("ana")
        assert (await peer.read()).startswith(b"ana se ha unido al chat.")


async def test_every_line_stands_alone_however_fast_nicks_come(server: Server) -> None:
    """Refused nicks and a good one in one segment: no answer is glued to a NICK."""
    async with connected(server.port) as peer:
        peer.say("a b", "", "ana", "hola")
        assert await peer.lines(8) == [
            *("NICK", RULE, "NICK", RULE, "NICK"),
            *("ana se ha unido al chat.", "Conectado al servidor.", "ana: hola"),
        ]


async def test_of_two_who_ask_at_once_one_gets_it(server: Server) -> None:
    """A nick has one holder: the second in line is refused before the first is even seen to join."""
    async with connected(server.port) as one, connected(server.port) as two:
        one.send(Hello("ana"))
        two.send(Hello("ANA"))
        await one.read_line()
        await two.read_line()
        answers = {type(await one.event()), type(await two.event())}
        assert answers == {Welcomed, Error}


async def test_a_nick_is_kept_composed(server: Server) -> None:
    """Written with combining marks, it is shown, and taken, in the form NFC."""
    async with connected(server.port) as peer, connected(server.port) as other:
        peer.send(Hello("Jose\u0301"))
        await peer.read_line()
        assert (await peer.next(Welcomed)).nick == "Jos\u00e9"
        other.send(Hello("JOS\u00c9"))
        await other.read_line()
        assert (await other.next(Error)).code == Code.NICK_TAKEN


async def test_a_refused_nick_is_not_held(server: Server) -> None:
    """What was asked for and refused stays free for others."""
    async with connected(server.port) as peer:
        peer.send(Hello("ana", version=9))
        assert await peer.read_line() == "NICK"
        await peer.next(Error)
        async with rich_peer(server.port, "ana"):
            pass
