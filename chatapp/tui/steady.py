"""Output whose columns stay in line, however wide a terminal draws what terminals disagree about."""

import re

from rich.cells import cell_len
from textual.driver import Driver

from chatapp.protocol.safe import CONJUNCT, EMOJI, SKIN_TONES

_SELECTORS = "\ufe00-\ufe0f"
_ASTRAL = "\U00010000-\U0010ffff"
_FLAG_LETTERS = "\U0001f1e6-\U0001f1ff"

_MAY_BE_UNSURE = re.compile(f"[\u200d{_SELECTORS}{_ASTRAL}]")
_UNSURE = (
    rf"[{_FLAG_LETTERS}]{{1,2}}"
    rf"|\u200d?(?=[{_ASTRAL}]|.[{_SELECTORS}{SKIN_TONES}\u200d]){EMOJI}[{_SELECTORS}]*"
    rf"|[0-9#*][{_SELECTORS}]+\u20e3?|[^\x00-\x7f]?[{_SELECTORS}{SKIN_TONES}]+|{CONJUNCT}|\u200d[^\x00-\x7f]?|[{_ASTRAL}]"
)
"""Compiled when it is first needed: that takes long, and not every screen has any of it."""


def steady(output: str) -> str:
    """Return `output` with each emoji and the like in just as many cells as the layout has for it.

    Terminals draw a family in two cells or in eight, a heart with a variation selector in one or two. What one draws
    too wide is drawn over by what follows, where one draws too little the rest is empty, and nothing is pushed aside.
    """
    if not _MAY_BE_UNSURE.search(output):
        return output
    return "\x1b".join(map(_steady_part, output.split("\x1b")))


def _steady_part(part: str) -> str:
    """Return what stands between two escapes; of an operating system command, as a title, nothing is drawn."""
    if part.startswith("]") or not _MAY_BE_UNSURE.search(part):
        return part
    return re.sub(_UNSURE, _anchored, part)


def _anchored(match: re.Match[str]) -> str:
    """Return what was found, drawn over blanks from a cursor that is saved, and then moved from there behind it.

    (DECSC, DECRC and CUF, which all terminals with a cursor have.)
    """
    cells = cell_len(match.group())
    if not cells:
        return f"\x1b7{match.group()}\x1b8"
    return f"\x1b7{' ' * cells}\x1b8\x1b7{match.group()}\x1b8\x1b[{cells}C"


def steadied(driver: type[Driver]) -> type[Driver]:
    """Return `driver` with all that it writes made steady."""

    def write(self: Driver, data: str) -> None:
        driver.write(self, steady(data))

    return type(driver.__name__, (driver,), {"write": write})
