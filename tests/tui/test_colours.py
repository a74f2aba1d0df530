"""Colours: text can be read in every theme, and nicks can be told apart, to the colour-blind too."""

import math
from collections.abc import Iterator
from itertools import combinations

import pytest
from textual.color import Color, rgb_to_lab
from textual.theme import Theme

from chatapp.protocol.names import name_key
from chatapp.tui.colours import READABLE, contrast, nick_colour, palette_of, use_theme
from chatapp.tui.themes import DARK, LIGHT, THEMES

OWN = (DARK, LIGHT)
COLOURED = [theme for theme in THEMES.values() if not theme.ansi]

EYES = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""What such eyes make of linear red, green and blue (Machado, Oliveira and Fernandes 2009, severity 1)."""

TOLD_APART = 10.0
"""So far apart in CIE L*a*b* two colours are different at a glance; 2.3 is the least that is noticed at all."""


@pytest.fixture(autouse=True)
def _dark_again() -> Iterator[None]:
    yield
    use_theme(DARK)


def named(theme: Theme, name: str) -> Color:
    return Color.parse(theme.to_color_system().generate()[name])


def seen(colour: Color, matrix: tuple[tuple[float, ...], ...]) -> Color:
    """Return what eyes with that `matrix` see of `colour`."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    mixed = (min(max(sum(map(math.prod, zip(row, linear, strict=True))), 0), 1) for row in matrix)
    red, green, blue = (round(255 * (12.92 * m if m <= 0.0031308 else 1.055 * m ** (1 / 2.4) - 0.055)) for m in mixed)
    return Color(red, green, blue)


def distance(one: Color, other: Color) -> float:
    return math.dist(*((lab.L, lab.a, lab.b) for lab in map(rgb_to_lab, (one, other))))


def test_contrast_is_that_of_wcag() -> None:
    """Black on white has 21, a colour on itself 1, and #767676 is the lightest grey that can be read on white."""
    white = Color.parse("white")
    assert contrast(Color.parse("black"), white) == pytest.approx(21)
    assert contrast(white, white) == 1
    assert contrast(Color.parse("#777777"), white) < READABLE < contrast(Color.parse("#767676"), white)


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_nicks_can_be_read_in_every_theme(theme: Theme) -> None:
    """Each has a contrast of 4.5 or more with the grounds of the timeline and of the list of people (WCAG 2.2, AA)."""
    for colour in palette_of(theme).nicks:
        assert min(contrast(colour, named(theme, ground)) for ground in ("background", "surface")) >= READABLE


@pytest.mark.parametrize("theme", OWN, ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", ["foreground", "primary", "secondary", "accent", "warning", "error", "success"])
def test_the_own_themes_can_be_read(theme: Theme, name: str) -> None:
    """Whatever is written in one of their colours has a contrast of 4.5 or more with each of their grounds."""
    assert min(contrast(named(theme, name), named(theme, g)) for g in ("background", "surface", "panel")) >= READABLE


@pytest.mark.parametrize("theme", OWN, ids=lambda theme: theme.name)
def test_what_is_paler_can_be_read(theme: Theme) -> None:
    """So can times and notices, which style sheets draw at 65 % of the foreground."""
    for ground in ("background", "surface"):
        on = named(theme, ground)
        assert contrast(on.blend(named(theme, "foreground"), 0.65), on) >= READABLE


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_counts_of_mentions_can_be_read(theme: Theme) -> None:
    """They stand on the theme's accent."""
    colours = palette_of(theme)
    assert contrast(colours.on_accent, colours.accent) >= READABLE


@pytest.mark.parametrize("theme", OWN, ids=lambda theme: theme.name)
@pytest.mark.parametrize("eyes", EYES)
def test_nicks_are_told_apart(theme: Theme, eyes: str) -> None:
    """Any two of the colours of nicks are far apart, whatever the eyes."""
    shown = [seen(colour, EYES[eyes]) for colour in palette_of(theme).nicks]
    assert min(distance(one, other) for one, other in combinations(shown, 2)) >= TOLD_APART


@pytest.mark.parametrize("theme", [theme for theme in THEMES.values() if theme.ansi], ids=lambda theme: theme.name)
def test_the_terminals_own_colours_are_used(theme: Theme) -> None:
    """In such a theme nothing has a colour of its own."""
    colours = palette_of(theme)
    assert all(each.ansi is not None for each in (*colours.nicks, colours.accent, colours.success, colours.error))


def test_a_nick_has_one_colour() -> None:
    """Names that compare equal have the same colour, in every run; with another theme it may be another."""
    assert nick_colour("Ana") == nick_colour(name_key("ANA"))
    assert nick_colour("ana") == Color.parse("#e98061")
    use_theme(LIGHT)
    assert nick_colour("ana") == Color.parse("#9a29cc")
