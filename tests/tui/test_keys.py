"""Keys: what they are called by, put on other keys, and read from what terminals send."""

import importlib
import pkgutil
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.binding import Binding
from textual.dom import DOMNode
from textual.events import Paste

from chatapp import tui
from chatapp.server.server import Server
from chatapp.tui.app import ChatApp
from chatapp.tui.keys import keys_of
from chatapp.tui.rebinding import bindings, read_keys
from chatapp.tui.sequences import SafeParser, learn_sequences
from chatapp.tui.timeline.choosing import ChoosingTimeline
from tests.tui.screens import person, window


def all_bindings() -> list[Binding]:
    """Return the bindings of all that stands in the screen's modules."""
    for module in pkgutil.walk_packages(tui.__path__, f"{tui.__name__}."):
        importlib.import_module(module.name)
    return list(set(bindings(DOMNode)))


def test_every_binding_has_an_id_of_its_own() -> None:
    """It says where the key works and what it does there, so that a person may put that on another key."""
    ids = [str(binding.id) for binding in all_bindings()]
    assert {"app.leave", "composer.newline", "composer.editor", "timeline.reply", "composer.room-9"} <= set(ids)
    assert [id_ for id_ in ids if not re.fullmatch(r"[a-z]+\.[a-z0-9-]+", id_)] == []
    assert sorted(ids) == sorted(set(ids))


def test_the_readme_names_every_binding() -> None:
    """But those of the first screen, which has no settings yet."""
    readme = Path(__file__).parents[2].joinpath("README.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z]+)\.` \| (.*?) \|", readme, re.MULTILINE)
    named = [f"{area}.{name}" for area, names in rows for name in re.findall(r"`([a-z0-9-]+)`", names)]
    expected = {str(binding.id) for binding in all_bindings() if not str(binding.id).startswith("welcome.")}
    assert sorted(named) == sorted(expected)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("PgUp, ctrl+Home", "pageup,ctrl+home"),
        ("alt+↑", "alt+up"),
        ("Esc,F5", "escape,f5"),
        ("?,+", "question_mark,plus"),
        ("x,X", "x,X"),
    ],
)
def test_keys_may_be_written_as_the_help_writes_them(written: str, read: str) -> None:
    """By the names that Textual has for them, too, with or without capitals; only of a letter the case matters."""
    assert read_keys("chat.search", written) == read_keys("chat.search", read) == read


async def test_what_a_key_does_can_be_put_on_another(server: Server) -> None:
    """In the composer, in the timeline and on the screen; the keys before do it no more, and the help tells them."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        luis.type_line("hola")
        await ana.shows("luis  hola")
        keymap = {"composer.newline": "ctrl+n,f5", "composer.choose": "f6", "timeline.stop": "x", "chat.help": "f7"}
        ana.app.set_keymap(keymap)
        await ana.press("a", "ctrl+n", "b", "f5", "c", "ctrl+j")
        assert ana.composer.text == "a\nb\nc"
        await ana.press("f6", "escape")
        assert isinstance(ana.app.focused, ChoosingTimeline)
        await ana.press("x")
        assert ana.composer.has_focus
        await ana.press("f1", "f7")
        await ana.shows("F6         choose a message", "ctrl+n     break the line")


async def test_what_is_on_another_key_leaves_the_others(server: Server) -> None:
    """Up does what it does in any text, once it no longer goes back through what was sent."""
    async with window(server.port) as ana:
        ana.app.set_keymap({"composer.older": "ctrl+n"})
        await ana.type("sent")
        await ana.press("a", "ctrl+j", "b", "up", "up")
        assert (ana.composer.text, ana.composer.cursor_location[0]) == ("a\nb", 0)
        await ana.press("ctrl+n")
        assert ana.composer.text == "sent"


def test_a_binding_has_the_keys_of_the_keymap() -> None:
    """Or its own, where that says nothing of it."""
    app = ChatApp.__new__(ChatApp)
    app._keymap = {"timeline.react": "full_stop,r"}
    reply, react = (
        next(each for each in ChoosingTimeline.KEYS if each.id == f"timeline.{what}") for what in ("reply", "react")
    )
    assert keys_of(react, app) == ["full_stop", "r"]
    assert keys_of(reply, app) == ["r", "enter"]


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("\x1b\r", ["ctrl+j"]),
        ("\x1f", ["ctrl+underscore"]),
        ("\x1bk\x1bk", ["alt+k", "alt+k"]),
        ("\x1bd\x1b[A", ["alt+d", "up"]),
        ("\x1bb\x1bf", ["ctrl+left", "ctrl+right"]),
        ("\x1b[98;3u", ["alt+b"]),
        ("\x1b[13;2u", ["shift+enter"]),
        ("\x1b[13;3u", ["alt+enter"]),
    ],
)
def test_what_terminals_send_is_read_as(sent: str, keys: list[str]) -> None:
    """ESC CR is no Enter; keys with alt that come close together are all of them read, with no mark between them."""
    learn_sequences()
    assert [getattr(event, "key", None) for event in XTermParser().feed(sent)] == keys


@given(
    st.lists(st.sampled_from(["\x1b[", ":", ";", "1", "27", "55296", "9" * 12, "u", "~", "R", "I", "a"]), max_size=9)
)
def test_a_key_that_none_is_is_none(parts: list[str]) -> None:
    """Whatever numbers stand where a key's should: nothing fails, and nothing is typed that can't be written."""
    parser = SafeParser()
    for event in (*parser.feed("\x1b[" + "".join(parts)), *parser.tick(), *parser.feed("b")):
        (getattr(event, "character", None) or "").encode()


PASTED = "uno\x1b[31mdos\x1b\x1bd\rsalir\r\x1b[20"
PASTE = f"a\x1b[200~{PASTED}\x1b[201~b\x1b[A\x1b[200~tres\x1b[201~"


@given(st.sets(st.integers(1, len(PASTE) - 1)))
def test_a_paste_is_text_and_no_keys(cuts: set[int]) -> None:
    """Whatever escapes are in it, and wherever reads cut it: what follows an ESC in it would be typed, Enter too."""
    parser, ends = SafeParser(), [*sorted(cuts), len(PASTE)]
    events = [event for start, end in pairwise([0, *ends]) for event in parser.feed(PASTE[start:end])]
    read = [event.text if isinstance(event, Paste) else getattr(event, "key", None) for event in events]
    assert read == ["a", PASTED.replace("\x1b", "\u241b"), "b", "up", "tres"]
