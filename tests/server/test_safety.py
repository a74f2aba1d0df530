"""Hostile text: what reaches a plain peer's terminal moves no cursor, hides nothing and forges no line."""

import pytest

from chatapp.protocol.events import Error, Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, Say
from chatapp.server.server import Server
from tests.server.talking import connected, plain, rich_peer

HOSTILE = [
    ("\x1b[2Jhola", "␛[2Jhola"),
    ("\x1b]0;title\x07", "␛]0;title␇"),
    ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
    ("a\x08\x08b", "a␈␈b"),
    ("\x9b2J", "\ufffd2J"),
    ("\x7f", "␡"),
    ("a\u202egnp.exe", "a\ufffdgnp.exe"),
    ("a\u2066b\u2069", "a\ufffdb\ufffd"),
    ("a\u200bb\ufeff", "a\ufffdb\ufffd"),
    ("hola\nana: forged", "hola ↵ ana: forged"),
    ("hola\n-- The server is shutting down.", "hola ↵ -- The server is shutting down."),
    ("hola\u2028ana: forged", "hola\ufffdana: forged"),
    ("hola\x85ana: forged", "hola\ufffdana: forged"),
    ("hola\x0bana: forged", "hola␋ana: forged"),
    ("a\tb", "a    b"),
    ("{0} %s {nick}", "{0} %s {nick}"),
]


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
async def test_a_plain_peer_gets_one_harmless_line(server: Server, text: str, shown: str) -> None:
    """Said by a rich peer, as text or action, it is one line with a mark for each character that is no text."""
    async with plain(server.port, "ana") as ana, rich_peer(server.port, "eva") as eva:
        eva.send(Say(GENERAL, text, "1"), Say(GENERAL, text, "2", "action"), Say(GENERAL, "last", "3"))
        assert await ana.lines(4) == ["eva se ha unido al chat.", f"eva: {shown}", f"* eva {shown}", "eva: last"]


@pytest.mark.parametrize(("text", "_shown"), HOSTILE)
async def test_a_rich_peer_gets_it_as_data(server: Server, text: str, _shown: str) -> None:
    """JSON carries any text in one line; what it looks like is the reader's care."""
    async with rich_peer(server.port, "ana") as ana, rich_peer(server.port, "eva") as eva:
        eva.send(Say(GENERAL, text, "1"))
        assert (await ana.next(Said)).text == text


async def test_errors_repeat_nothing_hostile_to_a_plain_peer(server: Server) -> None:
    """An answer that names what was typed shows it as harmlessly as a message."""
    async with plain(server.port, "ana") as ana:
        ana.write(b"/\x1b[2J\n/nick \x1b[2J\n")
        answers = await ana.lines(2)
        assert all(answer.startswith("-- ") and "\x1b" not in answer for answer in answers)


@pytest.mark.parametrize("tail", ["\n-- forged", "\x1b[2J", "\u202e", ": "])
async def test_no_nick_holds_what_a_text_may(server: Server, tail: str) -> None:
    """A nick stands unguarded in front of every line, so such characters are refused in it."""
    async with connected(server.port) as peer:
        peer.send(Hello("ana" + tail))
        assert await peer.read_line() == "NICK"
        assert isinstance(await peer.event(), Error)


async def test_a_message_can_not_pass_for_another_peer(server: Server) -> None:
    """The speaker is the server's to name: a claimed one is just text behind it."""
    async with plain(server.port, "ana") as ana, plain(server.port, "eva"):
        ana.say("eva: soy eva", "eva se ha desconectado.", "-- aviso")
        expected = ["ana: eva: soy eva", "ana: eva se ha desconectado.", "ana: -- aviso"]
        assert await ana.lines(4) == ["eva se ha unido al chat.", *expected]
