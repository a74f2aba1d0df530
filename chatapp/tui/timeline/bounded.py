"""A timeline that keeps what is near its view, and lets go of the rest: that is to be asked for again."""

from collections.abc import Callable, Sequence

from textual.selection import Selection

from chatapp.tui.timeline.entries import Entry
from chatapp.tui.timeline.layout import Layout
from chatapp.tui.timeline.shape import AS_USUAL, Shape
from chatapp.tui.timeline.tail import Tail
from chatapp.tui.timeline.timeline import Timeline

MOST_KEPT = 10_000
"""So many entries are kept at most; with more a quarter goes, so that it is seldom, and while the end is followed, when
nobody reads the older ones, three quarters.

It is far more than some screens and a page: within two screens of the view nothing goes, or it would be asked for.
"""


class BoundedTimeline(Timeline):
    """Keeps at most MOST_KEPT entries: of more, those go that are furthest from what is in view, which doesn't move.

    When the newest have gone, what comes is kept aside; it is there again as soon as nothing is missing before it.
    """

    def __init__(self, shape: Shape = AS_USUAL) -> None:
        super().__init__(shape)
        self._tail: Tail | None = None
        """The newest, while others are there; None while they are."""
        self._has_dropped_oldest = False

    @property
    def has_newest(self) -> bool:
        return self._tail is None

    @property
    def last_seq(self) -> int | None:
        """The `seq` of the newest message that is there, None if there is none."""
        return self._layout.last_seq

    @property
    def has_dropped_oldest(self) -> bool:
        """Whether there were older ones than the first since all began."""
        return self._has_dropped_oldest

    @property
    def reacted_to(self) -> set[int]:
        """The `seq` of each message that somebody reacts to, also of those kept aside."""
        aside = self._tail.entries if self._tail is not None else ()
        return {entry.seq for entries in (self.entries, aside) for entry in entries if entry.details.reactions}

    @property
    def unread(self) -> tuple[int, float]:
        """What is unread: it has a `seq` above the first of these, and not above the second."""
        return self._unread

    @property
    def has_line(self) -> bool:
        """Whether the first unread message is there, with a line before it."""
        return self._layout.line is not None

    def add(self, entry: Entry) -> None:
        if self._tail is not None:
            self._tail.add(entry)
            self._count_unseen()
            return
        super().add(entry)
        self._let_go()

    def prepend(self, entries: Sequence[Entry]) -> None:
        super().prepend(entries)
        self._let_go()

    def append(self, entries: Sequence[Entry], upto: int) -> None:
        """Put `entries` behind the last, while the newest isn't there; with them all up to the `seq` `upto` is."""
        if self._tail is None:
            return
        for entry in entries:
            self._layout.add(entry)
        self._join(upto)
        self._place_line()
        self._show_size()
        self._let_go()
        self._follow_at_end()
        self._tell_if_bottom()

    def show_part(self, entries: Sequence[Entry], upto: int, known: int) -> None:
        """Have `entries` instead of all; with them all from the first of them up to the `seq` `upto` is there.

        If the timeline had no message, there was none up to the `seq` `known` that was heard.
        """
        if self._tail is None:
            self._set_newest_aside(known)
        self._begin_with(Layout(self._layout.shape))
        self._scroll_to_row(0)
        self._follows = False
        for entry in entries:
            self._layout.add(entry)
        self._join(upto)
        self._place_line()
        self._show_size()

    def change_last(self, entry: Entry) -> None:
        if self._tail is not None:
            self._tail.change_last(entry)
        else:
            super().change_last(entry)

    def change(self, seq: int, changed: Callable[[Entry], Entry]) -> None:
        super().change(seq, changed)
        if self._tail is not None:
            self._tail.change(seq, changed)

    def newest(self, holds: Callable[[Entry], bool]) -> Entry | None:
        """Return the newest entry for which `holds`, of those at the end of all."""
        return super().newest(holds) if self._tail is None else next(filter(holds, reversed(self._tail.entries)), None)

    def clear(self) -> None:
        self._tail = None
        self._has_dropped_oldest = False
        super().clear()

    def go_to_end(self) -> None:
        """Show the newest, and follow from here on: at once, since the newest is always here."""
        if self._tail is not None:
            self._begin_with(Layout(self._layout.shape))
            self._join(self._tail.since)
            self._place_line()
            self._follow()
            self._show_size()
            self._tell_if_top()
        super().go_to_end()

    def _join(self, upto: int) -> None:
        """Have what was kept aside too, if it goes on where the entries up to the `seq` `upto` end."""
        if self._tail is not None and self._tail.since <= upto:
            tail, self._tail = self._tail, None
            for entry in tail.after(self.last_seq or 0):
                self._layout.add(entry)

    def _let_go(self) -> None:
        """Keep no more than MOST_KEPT: those stay that are nearest to the view."""
        count = len(self.entries)
        if count <= MOST_KEPT:
            return
        if self._follows:
            self._drop_oldest(count - max(MOST_KEPT // 4, 3 * self.size.height))
            return
        layout, top = self._layout, self.scroll_offset.y
        near = 2 * self.size.height
        above = layout.ordinal_at(top) - layout.ordinal_at(0) - near
        below = layout.ordinal_at(0) + count - layout.ordinal_at(top + self.size.height) - near
        too_many = count - MOST_KEPT * 3 // 4
        if above >= max(below, 1):
            self._drop_oldest(min(too_many, above))
        elif below > 0:
            self._drop_newest(min(too_many, below))

    def _drop_oldest(self, count: int) -> None:
        self._has_dropped_oldest = True
        if self._follows:
            self._layout.drop_first(count)
            self._forget_dropped()
            self._show_size()
            return
        before = self._layout.row_count
        self._layout.drop_first(count)
        self._forget_dropped()
        self._move_with(self._layout.row_count - before)

    def _drop_newest(self, count: int) -> None:
        if self._tail is None:
            self._set_newest_aside(0)
        self._layout.drop_last(count)
        self._forget_dropped()
        self._show_size()

    def _set_newest_aside(self, known: int) -> None:
        first = self.first_seq
        self._tail = Tail.of(self.entries, known if first is None else first - 1)

    def _forget_dropped(self) -> None:
        """Let nothing remain of entries that went: others may have their ordinals later."""
        self._strips.clear()
        if self._marked is not None and self._layout.entry(self._marked) is None:
            self._mark(None)
        if self._selection is not None and not self._holds(self._selection):
            self.end_selection()

    def _holds(self, selection: Selection) -> bool:
        """Return whether what is selected begins and ends in entries that are there."""
        return all(self._layout.entry(place.y) is not None for place in selection if place is not None)
