"""Emoji by name."""

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.protocol.commands import Place, parse
from chatapp.protocol.emoji import check_emoji, emoji_for, with_emoji
from chatapp.protocol.errors import BadEmoji
from chatapp.protocol.requests import Say

PLACE = Place("#general", lambda: "id")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("hi :smile: there", "hi 😄 there"),
        (":Smile::CAT:", "😄🐱"),
        ("(:+1:)!", "(👍)!"),
        (":100: %", "💯 %"),
        ("`code` :cat: `more`", "`code` 🐱 `more`"),
        ("a ` alone :cat:", "a ` alone 🐱"),
        ("```\nx\n```\n:cat:", "```\nx\n```\n🐱"),
    ],
)
def test_names_become_emoji(text: str, shown: str) -> None:
    """Whatever the case, one behind the other, and beside punctuation."""
    assert with_emoji(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        *("no names: at all", ":nonesuch:", "10:100:20", "std::cat::x", "x:cat:", ":cat:x", ":cat :", ": cat:", "::"),
        *("`:cat:`", "`` a ` :cat: ``", "```\n:cat:\n```", "```py\n:cat:", "https://a.org/:cat:/x", "[:cat"),
    ],
)
def test_all_else_stays(text: str) -> None:
    """Unknown names, what touches words, code, fences and addresses."""
    assert with_emoji(text) == text


def test_typed_text_gets_emoji() -> None:
    """A message, an action and a reply in the composer or from a plain peer."""
    assert parse("hi :cat:", PLACE) == Say("#general", "hi 🐱", "id")
    assert parse("/me :cat:", PLACE) == Say("#general", "🐱", "id", "action")


@pytest.mark.parametrize("name", ["thumbs_up", ":thumbs_up:", "Thumbs_Up", ":+1:", "100"])
def test_a_name_is_normalised(name: str) -> None:
    """In small letters and without colons, it names an emoji."""
    checked = check_emoji(name)
    assert checked == name.strip(":").lower()
    assert emoji_for(checked) != checked


@pytest.mark.parametrize("name", ["", ":", "nonesuch", "two words", "👍", "cat:dog", "\x1b[2J", "x" * 100])
def test_what_names_none_is_refused(name: str) -> None:
    """The error's detail is the name, of at most 64 characters."""
    with pytest.raises(BadEmoji) as raised:
        check_emoji(name)
    assert raised.value.detail == name[:64]
    assert emoji_for(name) == name


@given(
    st.lists(st.sampled_from([":", "cat", ":cat:", "`", "```", "\n", " ", "a", "://", "é"]) | st.text()).map("".join)
)
def test_any_text_is_read_and_twice_is_once(text: str) -> None:
    """No text is too much; one that went through is not changed again."""
    assert with_emoji(with_emoji(text)) == with_emoji(text)


@pytest.mark.parametrize("unit", ["`", ":", ":a", ":cat:", ":cat:`", "` ", "`` ` ", "```\n", "a", " ", "https://"])
def test_a_hostile_text_is_read_in_time(unit: str) -> None:
    """A line full of anything takes less than 50 ms."""
    with_emoji(":cat:")  # loads the names
    text = ":cat: " + (unit * 8192)[:8192] + " :cat:"
    start = time.process_time()
    with_emoji(text)
    assert time.process_time() - start < 0.05


def test_rich_is_loaded_when_a_name_is_read() -> None:
    """Not before: a server that nobody sends a name starts without it."""
    program = (
        "import sys; from chatapp.protocol.emoji import with_emoji; with_emoji('no name: here');"
        "print('rich' in sys.modules); with_emoji(':cat:'); print('rich' in sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert loaded.stdout.split() == ["False", "True"]
