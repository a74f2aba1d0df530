"""How entries are laid out: in how many cells, and in which columns."""

from functools import cached_property

import msgspec

from chatapp.preferences.table import Clock, Preferences
from chatapp.tui.clock import clock_text

WIDE_CELLS = 50
"""From this width on, time and nick have columns of their own."""

MARGIN_CELLS = 2
"""What is left free between the columns and the text, and in front of the text where there are none."""

_CLOCK_CELLS: dict[Clock, int] = {"24h": len("23:59"), "12h": len("11:59pm"), "none": 0}


class Shape(msgspec.Struct, frozen=True, dict=True):
    """`width` cells in all, of which `nick_cells` are the nick's column and as many as `clock` takes the time's.

    Without a column the nick stands in the text, and the time nowhere. With `is_spaced` an empty row is before each
    entry that doesn't continue the one before.
    """

    width: int
    nick_cells: int = 12
    clock: Clock = "24h"
    is_spaced: bool = False

    @cached_property
    def time_column(self) -> int:
        """How many cells the time has."""
        return _CLOCK_CELLS[self.clock] if self.width >= WIDE_CELLS else 0

    @cached_property
    def nick_column(self) -> int:
        """How many cells the nick has, at most a third of all."""
        return min(self.nick_cells, self.width // 3) if self.width >= WIDE_CELLS else 0

    @cached_property
    def columns(self) -> int:
        """How many cells stand left of the margin: those of time and nick, with one between."""
        return self.time_column + self.nick_column + bool(self.time_column and self.nick_column)

    @cached_property
    def body(self) -> int:
        """How many cells the text has."""
        return max(self.width - self.columns - MARGIN_CELLS, 2)

    def time_of(self, at: float) -> str:
        """Return the local time of day of `at` (seconds since 1970), in as many cells as it has; dashes for no time."""
        return clock_text(at, self.clock).rjust(self.time_column) if self.time_column else ""


AS_USUAL = Shape(0)


def shape_of(preferences: Preferences) -> Shape:
    """Return the shape that the person prefers, for as many cells as there will be."""
    is_spaced = preferences.density == "spaced"
    return Shape(0, nick_cells=preferences.nick_column, clock=preferences.time, is_spaced=is_spaced)
