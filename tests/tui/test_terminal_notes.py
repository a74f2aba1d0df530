"""What the terminal is told beside the screen: it is one command each, whatever is in it."""

import pytest

from chatapp.tui.terminal_notes import notification, title, way_of

HOSTILE = "a;b\x1b]2;x\x07\x9c\n\u202ec" + "x" * 1000


def controls(text: str) -> list[str]:
    return [character for character in text if not character.isprintable()]


@pytest.mark.parametrize(
    ("way", "sequence"),
    [
        ("osc9", "\x1b]9;ana: hola\x07"),
        ("osc777", "\x1b]777;notify;ana;hola\x07"),
        ("osc99", "\x1b]99;i=chatapp:d=0;ana\x1b\\\x1b]99;i=chatapp:d=1:p=body;hola\x1b\\"),
        ("none", ""),
    ],
)
def test_each_way_has_its_command(way: str, sequence: str) -> None:
    """As iTerm2, rxvt and kitty have laid them down."""
    assert notification(way, "ana", "hola") == sequence
    assert controls(notification(way, HOSTILE, HOSTILE)) == controls(sequence)
    assert notification(way, HOSTILE, HOSTILE).count(";") == sequence.count(";")
    assert len(notification(way, HOSTILE, HOSTILE)) < 500


def test_a_title_is_one_command() -> None:
    """Text from a peer can't end it."""
    assert title("#general") == "\x1b]2;#general\x07"
    assert controls(title(HOSTILE)) == ["\x1b", "\x07"]


@pytest.mark.parametrize(
    ("environment", "way"),
    [
        ({"TERM": "xterm-kitty"}, "osc99"),
        ({"TERM": "foot"}, "osc777"),
        ({"TERM": "rxvt-unicode-256color"}, "osc777"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "osc9"),
        ({"TERM": "xterm-256color", "WT_SESSION": "1"}, "osc9"),
        ({"TERM": "xterm-256color"}, "none"),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/x"}, "none"),
        ({}, "none"),
    ],
)
def test_the_way_is_known_by_the_terminal(environment: dict[str, str], way: str) -> None:
    """None is where it is not known to work: what a terminal doesn't know it may show."""
    assert way_of(environment) == way
