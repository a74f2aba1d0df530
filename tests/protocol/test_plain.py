"""The plain dialect: one safe line for each event, the seed's words, and no way to speak as another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.protocol import plain
from chatapp.protocol.events import Joined, Left, Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Kind
from chatapp.protocol.safe import one_line
from tests.protocol.strategies import texts

nicks = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9)
kinds: st.SearchStrategy[Kind] = st.sampled_from(["text", "action"])


def said(nick: str, text: str, kind: Kind = "text") -> Said:
    return Said(1, GENERAL, nick, text, 0.0, "1", kind)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Joined(GENERAL, "ana", 0.0), "ana se ha unido al chat."),
        (Left(GENERAL, "ana", 0.0), "ana se ha desconectado."),
        (said("ana", "hola"), "ana: hola"),
        (said("ana", "saluda", "action"), "* ana saluda"),
        (said("ana", "a\nb\x1b"), "ana: a ↵ b␛"),
    ],
)
def test_what_plain_peers_read(event: Said | Joined | Left, line: str) -> None:
    """The seed's words stay as they are, and a message is on one line."""
    assert plain.line_for(event) == line


@given(nicks, texts, kinds)
def test_a_message_is_one_safe_line(nick: str, text: str, kind: Kind) -> None:
    """Whatever a message holds, its line is safe, and says who spoke before anything that they chose."""
    line = plain.line_for(said(nick, text, kind))
    assert line == one_line(line)
    assert line.startswith((f"{nick}: ", f"* {nick} "))


@given(nicks, texts, kinds)
def test_no_message_passes_for_the_server(nick: str, text: str, kind: Kind) -> None:
    """Only the server's own lines start with two dashes."""
    assert not plain.line_for(said(nick, text, kind)).startswith("-- ")
    assert plain.notice(text).startswith("-- ")


@given(texts)
def test_a_notice_is_one_safe_line(text: str) -> None:
    """What a notice quotes from a peer is made safe too."""
    assert plain.notice(text) == one_line(plain.notice(text))


@pytest.mark.parametrize(
    ("text", "rest"),
    [("ana: hola", "hola"), ("ana: ana: hola", "ana: hola"), ("luis: hola", "luis: hola"), ("ana:hola", "ana:hola")],
)
def test_the_own_name_is_dropped_once(text: str, rest: str) -> None:
    """A peer that names itself, as the seed's client does, is not named twice; another's name is text."""
    assert plain.without_speaker(text, "ana") == rest
