"""The table of preferences: what each may be, and what is said of what it can't be."""

from datetime import time

import pytest
from msgspec.structs import fields

from chatapp.preferences.kinds import as_text, is_within
from chatapp.preferences.table import DEFAULTS, PREFERENCES, THEME_NAMES, Preferences, Unfit
from chatapp.tui.themes import THEMES


def test_each_preference_has_a_row() -> None:
    """All but the keys, which have a table of their own in the file."""
    assert [field.name for field in fields(Preferences)] == [*PREFERENCES, "keys"]


@pytest.mark.parametrize("name", PREFERENCES)
def test_what_is_at_first_may_be_said(name: str) -> None:
    """Each default is read from the text that it is shown as."""
    assert DEFAULTS.having(name, as_text(DEFAULTS.value(name))) == DEFAULTS


def test_every_theme_can_be_chosen() -> None:
    """The table, which knows no screen, names all that the screen has."""
    assert set(THEME_NAMES) == set(THEMES)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("theme", "NORD", "nord"),
        ("rooms", "Off", False),
        ("nick_column", "0", 0),
        ("nick_column", "24", 24),
        ("quiet", "22:00-7:30", "22:00-07:30"),
        ("quiet", "off", "off"),
        ("nick", "ana", "ana"),
        ("nick", "", ""),
    ],
)
def test_what_is_read(name: str, text: str, value: object) -> None:
    """A value may be written in any case; hours are made alike."""
    assert DEFAULTS.having(name, text).value(name) == value


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("theme", "nrod", "theme can't be nrod; expected: nord."),
        ("time", "25h", "time can't be 25h; expected: 24h | 12h."),
        ("density", "wide", "density can't be wide; expected: compact | spaced."),
        ("rooms", "maybe", "rooms can't be maybe; expected: on | off."),
        ("nick_column", "25", "nick_column can't be 25; expected: a whole number from 0 to 24."),
        ("nick_column", "-1", "nick_column can't be -1; expected: a whole number from 0 to 24."),
        ("nick_column", "٣", "nick_column can't be ٣; expected: a whole number from 0 to 24."),
        ("quiet", "22-7", "quiet can't be 22-7; expected: hours, as in 22:00-07:30, or off."),
        ("quiet", "25:00-07:00", "quiet can't be 25:00-07:00; expected: hours, as in 22:00-07:30, or off."),
        ("nick", "a b", "nick can't be a b; expected: a nick, like ana."),
        ("colour", "red", "There is no setting colour; there are: nick, "),
        ("thme", "nord", "There is no setting thme. Did you mean theme?"),
    ],
)
def test_what_can_not_be(name: str, text: str, expected: str) -> None:
    """One line says what was wrong and what was expected, or what was meant perhaps."""
    with pytest.raises(Unfit) as caught:
        DEFAULTS.having(name, text)
    assert str(caught.value).startswith(expected)


@pytest.mark.parametrize(
    ("hours", "now", "is_in"),
    [
        ("22:00-07:00", time(23), True),
        ("22:00-07:00", time(6, 59), True),
        ("22:00-07:00", time(7), False),
        ("22:00-07:00", time(21, 59), False),
        ("13:00-14:30", time(13), True),
        ("13:00-14:30", time(14, 30), False),
        ("off", time(3), False),
    ],
)
def test_hours(hours: str, now: time, is_in: bool) -> None:
    """They begin with the first minute and end before the last, also over midnight."""
    assert is_within(hours, now) is is_in
