"""The colours that no style sheet gives: those of nicks, marks and code, as they go with the theme in use."""

import zlib
from collections.abc import Sequence
from functools import cache

import msgspec
from textual.color import Color
from textual.theme import Theme

from chatapp.protocol.names import name_key
from chatapp.tui.themes import DARK

_ON_DARK = ("#b9a7ea", "#64e755", "#e98061", "#b4d8ef", "#d071a4", "#7d85eb", "#e7aaad", "#e8f3b5")
_ON_LIGHT = ("#1513dd", "#0f6546", "#9a29cc", "#4d163b", "#5a0606", "#9c2a87", "#070c51", "#665a0d")
"""Found by a search for eight that stay furthest apart to eyes with any of the three kinds of colour blindness, too."""

_OF_THE_TERMINAL = ("blue", "green", "magenta", "cyan", "bright_blue", "bright_green", "bright_magenta", "bright_red")

READABLE = 4.5
"""The contrast that text must have with its ground (WCAG 2.2, success criterion 1.4.3, level AA)."""

_FAINT = Color.parse("#8a93a5")
_BLENDS = 20

_theme = DARK


class Palette(msgspec.Struct, frozen=True):
    """The colours that go with a theme."""

    nicks: tuple[Color, ...]
    accent: Color
    on_accent: Color
    """Of what stands on a ground of `accent`."""
    panel: Color
    success: Color
    warning: Color
    error: Color
    faint: Color
    """Of comments in code."""


def palette_of(theme: Theme) -> Palette:
    """Return the colours for `theme`; on its grounds nicks have the contrast that text needs."""
    colours = theme.to_color_system().generate()
    grounds = [Color.parse(colours[name]) for name in ("background", "surface")]
    named = {name: Color.parse(colours[name]) for name in ("accent", "panel", "success", "warning", "error")}
    faint = Color.parse("ansi_default") if theme.ansi else _readable(_FAINT, grounds)
    return Palette(nicks=_nicks(theme, grounds), on_accent=_on(named["accent"], theme), faint=faint, **named)


def use_theme(theme: Theme) -> None:
    """Have `palette` return the colours for `theme` from here on."""
    global _theme
    _theme = theme
    palette.cache_clear()


@cache
def palette() -> Palette:
    """Return the colours for the theme in use."""
    return palette_of(_theme)


def nick_colour(nick: str) -> Color:
    """Return the colour of `nick`, the same on every screen with that theme and in every run."""
    nicks = palette().nicks
    return nicks[zlib.crc32(name_key(nick).encode()) % len(nicks)]


def contrast(one: Color, other: Color) -> float:
    """Return the contrast between two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Color) -> float:
    """Return the relative luminance of WCAG 2.2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _nicks(theme: Theme, grounds: Sequence[Color]) -> tuple[Color, ...]:
    if theme.ansi:
        return tuple(Color.parse(f"ansi_{name}") for name in _OF_THE_TERMINAL)
    return tuple(_readable(Color.parse(name), grounds) for name in (_ON_DARK if theme.dark else _ON_LIGHT))


def _readable(colour: Color, grounds: Sequence[Color]) -> Color:
    """Return `colour`, or the first on its way to white or black that can be read on each of `grounds`."""
    end = grounds[0].get_contrast_text(1.0)
    blends = (colour.blend(end, step / _BLENDS) for step in range(_BLENDS))
    return next((blend for blend in blends if min(contrast(blend, each) for each in grounds) >= READABLE), end)


def _on(ground: Color, theme: Theme) -> Color:
    if theme.ansi:
        return Color.parse("ansi_black" if theme.dark else "ansi_white")
    return max((Color.parse("black"), Color.parse("white")), key=lambda text: contrast(text, ground))
