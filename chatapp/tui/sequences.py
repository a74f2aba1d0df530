"""What terminals without the kitty protocol send for keys with alt, where Textual would read something else."""

from enum import Enum
from string import ascii_lowercase

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import Keys

_Alt = Enum("_Alt", {letter: f"alt+{letter}" for letter in ascii_lowercase})  # type: ignore[misc]
"""Textual knows no such keys by name."""


def learn_sequences() -> None:
    """Let Textual read ESC CR, which is alt+enter, not as enter, and ESC with a letter at once.

    It would wait for 100 ms whether more follows the letter, and take a second ESC in that time for a circumflex. What
    it knows by another name, as alt+b by ctrl+left, keeps that.
    """
    read: dict[str, object] = ANSI_SEQUENCES_KEYS  # type: ignore[assignment]  # declared as read-only
    read["\x1b\r"] = (Keys.ControlJ,)
    for alt in _Alt:
        read.setdefault(f"\x1b{alt.name}", (alt,))
