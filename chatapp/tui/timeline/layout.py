"""Entries and the rows they take, so that adding or changing some costs what these are, not what is there."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from chatapp.tui.timeline.days import with_days
from chatapp.tui.timeline.entries import Entry, Kind
from chatapp.tui.timeline.heights import Heights
from chatapp.tui.timeline.rows import count_rows
from chatapp.tui.timeline.shape import Shape


class Layout:
    """Entries from the oldest to the newest, in rows of a `shape` that count from 0; of no width, none has rows.

    Entries are named by ordinals: whole numbers that grow from each to the next, and stay when older ones come.
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._entries: list[Entry] = []
        self._counted = Heights()
        """The rows of the first entries; those of what was added since are counted when somebody asks."""
        self._first = 0
        self._line: int | None = None
        self._seqs = array("q")
        """Those of all messages, which ascend, and"""
        self._said_at = array("q")
        """the ordinals of these."""

    @property
    def entries(self) -> Sequence[Entry]:
        return self._entries

    @property
    def line(self) -> int | None:
        """The ordinal of the entry above which the line before what is unread stands, None for nowhere."""
        return self._line

    @property
    def row_count(self) -> int:
        return self._heights.total

    @property
    def first_seq(self) -> int | None:
        """The `seq` of the oldest message, None if there is none."""
        return self._seqs[0] if self._seqs else None

    @property
    def last_seq(self) -> int | None:
        """The `seq` of the newest message, None if there is none."""
        return self._seqs[-1] if self._seqs else None

    def add(self, entry: Entry) -> None:
        """Append `entry`."""
        for each in with_days([entry], self._entries[-1] if self._entries else None):
            if each.seq:
                self._seqs.append(each.seq)
                self._said_at.append(self._first + len(self._entries))
            self._entries.append(each)

    def prepend(self, entries: Sequence[Entry]) -> int:
        """Put `entries`, the oldest first, before all others; return by how many rows these move."""
        after, gap, heights = self._entries[:1], self.gap(self._first), self._heights
        older = list(with_days([*entries, *after], None))
        del older[len(older) - len(after) :]
        self._entries[:0] = older
        self._first -= len(older)
        self._prepend_seqs(older)
        return self._prepend_rows(heights, len(older)) + self._close_up(self._first + len(older), gap)

    def drop_first(self, count: int) -> None:
        """Let go of the first `count` entries, and of a day's line behind them."""
        first = min(self._first + count, self._first + len(self._entries))
        while self._is_rule(first):
            first += 1
        gap = self.gap(first)
        del self._entries[: first - self._first]
        self._drop_first_rows(first)
        self._first = first
        said = bisect_left(self._said_at, first)
        del self._seqs[:said], self._said_at[:said]
        self._forget_line()
        self._close_up(first, gap)

    def drop_last(self, count: int) -> None:
        """Let go of the last `count` entries, and of a day's line before them."""
        behind = max(self._first + len(self._entries) - count, self._first)
        while self._is_rule(behind - 1):
            behind -= 1
        if self.shape.width and behind < self._counted.behind:
            self._counted.drop_last(self._counted.behind - behind)
        del self._entries[behind - self._first :]
        said = bisect_left(self._said_at, behind)
        del self._seqs[said:], self._said_at[said:]
        self._forget_line()

    def replace(self, ordinal: int, entry: Entry) -> int:
        """Let `entry` stand for the one of that ordinal, of the same message; return how many rows more that takes."""
        gap, heights = self.gap(ordinal + 1), self._heights
        self._entries[ordinal - self._first] = entry
        if not self.shape.width:
            return 0
        return heights.change(ordinal, self._count(ordinal)) + self._close_up(ordinal + 1, gap)

    def reshape(self, shape: Shape) -> None:
        """Lay all out anew in `shape`."""
        self.shape = shape
        if not shape.width:
            return
        heights = [count_rows(entry, shape) for entry in self._entries]
        if shape.is_spaced or self._line is not None:
            heights = [height + self.above(ordinal) for ordinal, height in enumerate(heights, self._first)]
        self._counted = Heights(heights, self._first)

    def move_line(self, ordinal: int | None) -> None:
        """Let the line before what is unread stand above the entry of that ordinal, or nowhere."""
        before, self._line = self._line, ordinal
        for each in (before, ordinal):
            if each is not None and self.shape.width:
                self._heights.change(each, self._count(each))

    def continues(self, ordinal: int) -> bool:
        """Return whether the entry of that ordinal goes on where the one before it ended."""
        entry = self.entry(ordinal)
        return entry is not None and ordinal != self._line and entry.continues(self.entry(ordinal - 1))

    def gap(self, ordinal: int) -> int:
        """Return how many empty rows stand above the entry of that ordinal."""
        if not self.shape.is_spaced or ordinal == self._first or self.entry(ordinal) is None:
            return 0
        return int(not self.continues(ordinal))

    def above(self, ordinal: int) -> int:
        """Return how many rows stand above the entry of that ordinal: they count as the first of its rows."""
        return self.gap(ordinal) + (ordinal == self._line)

    def first_of_others(self, after: int, upto: float) -> int | None:
        """Return the ordinal of the first message of somebody else's with `after` < seq <= `upto`; None if none is."""
        for index in range(bisect_right(self._seqs, after), bisect_right(self._seqs, upto)):
            entry = self.entry(ordinal := self._said_at[index])
            if entry is not None and entry.is_talk and not entry.is_own:
                return ordinal
        return None

    def entry(self, ordinal: int) -> Entry | None:
        """Return the entry of that ordinal, None before the first and behind the last."""
        index = ordinal - self._first
        return self._entries[index] if 0 <= index < len(self._entries) else None

    def ordinal_at(self, row: int) -> int:
        """Return the ordinal of the entry in `row`, or behind the last row the one after the last entry's."""
        return self._heights.ordinal_at(row) if self.shape.width else self._first

    def ordinal_of(self, seq: int) -> int | None:
        """Return the ordinal of the message `seq`, None if it isn't there."""
        index = bisect_left(self._seqs, seq)
        return self._said_at[index] if index < len(self._seqs) and self._seqs[index] == seq else None

    def start_of(self, ordinal: int) -> int:
        """Return the first row of the entry of that ordinal."""
        return self._heights.start_of(ordinal) if self.shape.width else 0

    def height_of(self, ordinal: int) -> int:
        """Return how many rows the entry of that ordinal takes, 0 for none of the entries."""
        return 0 if self.entry(ordinal) is None else self.start_of(ordinal + 1) - self.start_of(ordinal)

    @property
    def _heights(self) -> Heights:
        """The rows of all entries; if there is no width, of none."""
        behind = self._first + len(self._entries) if self.shape.width else 0
        for ordinal in range(self._counted.behind, behind):
            self._counted.append(self._count(ordinal))
        return self._counted

    def _is_rule(self, ordinal: int) -> bool:
        entry = self.entry(ordinal)
        return entry is not None and entry.kind is Kind.RULE

    def _forget_line(self) -> None:
        """Let the line before what is unread stand nowhere, if its entry is gone."""
        if self._line is not None and self.entry(self._line) is None:
            self._line = None

    def _prepend_seqs(self, older: list[Entry]) -> None:
        ordinals = [ordinal for ordinal, entry in enumerate(older, self._first) if entry.seq]
        self._said_at[:0] = array("q", ordinals)
        self._seqs[:0] = array("q", [entry.seq for entry in older if entry.seq])

    def _prepend_rows(self, counted: Heights, count: int) -> int:
        """Give rows to so many new first entries; return how many."""
        if not self.shape.width:
            return 0
        heights = [self._count(ordinal) for ordinal in range(self._first, self._first + count)]
        counted.prepend(heights)
        return sum(heights)

    def _drop_first_rows(self, first: int) -> None:
        """Let go of the rows before those of the entry of that ordinal, as far as they are counted."""
        if not self.shape.width:
            return
        if first < self._counted.behind:
            self._counted.drop_first(first - self._first)
        else:
            self._counted = Heights((), first)

    def _close_up(self, ordinal: int, gap: int) -> int:
        """Let the entry of that ordinal, which had such a `gap`, have that which it should; return how much it grew."""
        more = self.gap(ordinal) - gap
        if more == 0 or not self.shape.width or ordinal >= self._counted.behind:
            return 0
        return self._heights.change(ordinal, self.height_of(ordinal) + more)

    def _count(self, ordinal: int) -> int:
        """Return how many rows the entry of that ordinal takes."""
        return self.above(ordinal) + count_rows(self._entries[ordinal - self._first], self.shape)
