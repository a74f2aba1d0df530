"""The app's own theme, and the colour of each nick."""

import zlib

from textual.theme import Theme

from chatapp.protocol.names import name_key

THEME = Theme(
    name="chatapp",
    primary="#7aa2f7",
    secondary="#9aa5ce",
    accent="#ffb454",
    warning="#ffb454",
    error="#ff8f80",
    success="#5fd7a7",
    foreground="#d5d9e0",
    background="#14161b",
    surface="#1a1d23",
    panel="#22262e",
    dark=True,
)

NICK_COLOURS = (
    "#7cb8ff",
    "#ffb454",
    "#5fd7a7",
    "#f78fb3",
    "#e6db74",
    "#56d4e0",
    "#c4a7ff",
    "#ff9580",
)
"""Told apart in the common kinds of colour blindness by brightness too; each has a contrast of over 4.5
with the theme's background (WCAG 2.2, AA)."""


def nick_colour(nick: str) -> str:
    """Return the colour of `nick`, the same on every screen and in every run."""
    return NICK_COLOURS[zlib.crc32(name_key(nick).encode()) % len(NICK_COLOURS)]
