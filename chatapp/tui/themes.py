"""The app's own themes, a dark and a light one; beside them there are all of Textual's."""

import os
from collections.abc import Mapping

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="chatapp-dark",
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

LIGHT = Theme(
    name="chatapp-light",
    primary="#2a5db0",
    secondary="#55627d",
    accent="#8f4700",
    warning="#8a5000",
    error="#b3261e",
    success="#17693f",
    foreground="#23272e",
    background="#fbfaf7",
    surface="#f3f1ec",
    panel="#e8e5de",
    dark=False,
)

COLOURLESS = "ansi-dark"
"""What NO_COLOR asks for (no-color.org): with this theme nothing but bold, dim and the like is left of the colours."""

THEMES: Mapping[str, Theme] = {DARK.name: DARK, LIGHT.name: LIGHT, **BUILTIN_THEMES}
"""Those whose names begin with ``ansi-`` have the terminal's own 16 colours."""


def ansi_color() -> bool | None:
    """Return what an app is to have as its `ansi_color`: with NO_COLOR Textual would leave greys of the colours.

    NO_COLOR that is set to nothing counts as not set, but not to Textual: it is taken away.
    """
    if os.environ.get("NO_COLOR"):
        return True
    os.environ.pop("NO_COLOR", None)
    return None
