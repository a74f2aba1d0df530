"""Entries and the rows they take, so that adding or changing some costs what these are, not what is there."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence

from chatapp.tui.days import with_days
from chatapp.tui.entries import Entry
from chatapp.tui.heights import Heights
from chatapp.tui.rows import count_rows


class Layout:
    """Entries from the oldest to the newest, in rows of `width` cells that count from 0; of no width, none has rows.

    Entries are named by ordinals: whole numbers that grow from each to the next, and stay when older ones come.
    """

    def __init__(self) -> None:
        self.width = 0
        self._entries: list[Entry] = []
        self._heights = Heights()
        self._first = 0
        self._seqs = array("q")
        """Those of all messages, which ascend, and"""
        self._said_at = array("q")
        """the ordinals of these."""

    @property
    def entries(self) -> Sequence[Entry]:
        return self._entries

    @property
    def row_count(self) -> int:
        return self._heights.total

    @property
    def first_seq(self) -> int | None:
        """The `seq` of the oldest message, None if there is none."""
        return self._seqs[0] if self._seqs else None

    def add(self, entry: Entry) -> None:
        """Append `entry`."""
        for each in with_days([entry], self._entries[-1] if self._entries else None):
            if each.seq:
                self._seqs.append(each.seq)
                self._said_at.append(self._first + len(self._entries))
            self._entries.append(each)
            if self.width:
                self._heights.append(count_rows(each, self.width))

    def prepend(self, entries: Sequence[Entry]) -> int:
        """Put `entries`, the oldest first, before all others; return how many rows they take."""
        after = self._entries[:1]
        older = list(with_days([*entries, *after], None))
        del older[len(older) - len(after) :]
        self._entries[:0] = older
        self._first -= len(older)
        self._prepend_seqs(older)
        return self._prepend_rows(older)

    def replace(self, ordinal: int, entry: Entry) -> int:
        """Let `entry` stand for the one of that ordinal, of the same message; return how many rows more it takes."""
        self._entries[ordinal - self._first] = entry
        return self._heights.change(ordinal, count_rows(entry, self.width)) if self.width else 0

    def resize(self, width: int) -> None:
        """Lay all out anew in `width` cells."""
        self.width = width
        self._heights = Heights([count_rows(entry, width) for entry in self._entries], self._first)

    def entry(self, ordinal: int) -> Entry | None:
        """Return the entry of that ordinal, None before the first and behind the last."""
        index = ordinal - self._first
        return self._entries[index] if 0 <= index < len(self._entries) else None

    def ordinal_at(self, row: int) -> int:
        """Return the ordinal of the entry in `row`, or behind the last row the one after the last entry's."""
        return self._heights.ordinal_at(row) if self.width else self._first

    def ordinal_of(self, seq: int) -> int | None:
        """Return the ordinal of the message `seq`, None if it isn't there."""
        index = bisect_left(self._seqs, seq)
        return self._said_at[index] if index < len(self._seqs) and self._seqs[index] == seq else None

    def start_of(self, ordinal: int) -> int:
        """Return the first row of the entry of that ordinal."""
        return self._heights.start_of(ordinal)

    def _prepend_seqs(self, older: list[Entry]) -> None:
        ordinals = [ordinal for ordinal, entry in enumerate(older, self._first) if entry.seq]
        self._said_at[:0] = array("q", ordinals)
        self._seqs[:0] = array("q", [entry.seq for entry in older if entry.seq])

    def _prepend_rows(self, older: list[Entry]) -> int:
        if not self.width:
            return 0
        heights = [count_rows(entry, self.width) for entry in older]
        self._heights.prepend(heights)
        return sum(heights)
