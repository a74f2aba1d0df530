"""Entries and the rows they take, so that adding at either end costs what is added, not what is there."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from chatapp.tui.days import with_days
from chatapp.tui.entries import Entry, count_rows


class Layout:
    """Entries from the oldest to the newest, in rows of `width` cells that count from 0; of no width, none has rows.

    Entries are named by ordinals: whole numbers that grow from each to the next, and stay when older ones come.
    """

    def __init__(self) -> None:
        self.width = 0
        self._entries: list[Entry] = []
        self._ends = array("q")
        """The row behind each entry, counted from where the first one was that was ever added."""
        self._top = 0
        """The row of the first entry, counted likewise: 0, or less when older ones came."""
        self._first = 0

    @property
    def entries(self) -> Sequence[Entry]:
        return self._entries

    @property
    def row_count(self) -> int:
        return self._ends[-1] - self._top if self._ends else 0

    @property
    def first_seq(self) -> int | None:
        """The `seq` of the oldest message, None if there is none."""
        return next((entry.seq for entry in self._entries if entry.seq), None)

    def add(self, entry: Entry) -> None:
        """Append `entry`."""
        for each in with_days([entry], self._entries[-1] if self._entries else None):
            self._entries.append(each)
            if self.width:
                self._ends.append((self._ends[-1] if self._ends else self._top) + count_rows(each, self.width))

    def prepend(self, entries: Sequence[Entry]) -> int:
        """Put `entries`, the oldest first, before all others; return how many rows they take."""
        after = self._entries[:1]
        older = list(with_days([*entries, *after], None))
        del older[len(older) - len(after) :]
        self._entries[:0] = older
        self._first -= len(older)
        return self._prepend_rows(older) if self.width else 0

    def resize(self, width: int) -> None:
        """Lay all out anew in `width` cells."""
        self.width = width
        self._top = 0
        self._ends = array("q", accumulate(count_rows(entry, width) for entry in self._entries))

    def entry(self, ordinal: int) -> Entry | None:
        """Return the entry of that ordinal, None before the first and behind the last."""
        index = ordinal - self._first
        return self._entries[index] if 0 <= index < len(self._entries) else None

    def ordinal_at(self, row: int) -> int:
        """Return the ordinal of the entry in `row`, or behind the last row the one after the last entry's."""
        return self._first + bisect_right(self._ends, row + self._top)

    def ordinal_of(self, seq: int) -> int | None:
        """Return the ordinal of the message `seq`, None if it isn't there."""
        return next((self._first + index for index, entry in enumerate(self._entries) if entry.seq == seq), None)

    def start_of(self, ordinal: int) -> int:
        """Return the first row of the entry of that ordinal."""
        index = ordinal - self._first
        return self._ends[index - 1] - self._top if index else 0

    def _prepend_rows(self, older: list[Entry]) -> int:
        heights = [count_rows(entry, self.width) for entry in older]
        self._top -= sum(heights)
        self._ends[:0] = array("q", (self._top + end for end in accumulate(heights)))
        return sum(heights)
