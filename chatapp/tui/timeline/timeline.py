"""The timeline: everything said, as one widget that lays out and draws only what is seen."""

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.events import Click
from textual.geometry import Offset, Size
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip
from textual.timer import Timer

from chatapp.tui.pacing import Pace
from chatapp.tui.timeline.entries import Entry
from chatapp.tui.timeline.following import FollowingView
from chatapp.tui.timeline.layout import Layout
from chatapp.tui.timeline.rows import fold_row, has_quote
from chatapp.tui.timeline.selecting import cells_in, offset_at, selected_text, word_at
from chatapp.tui.timeline.shape import AS_USUAL, Shape
from chatapp.tui.timeline.strips import Strips

_MARKED_SECONDS = 2.0
_NONE = (0, 0.0)
"""No messages: those with a `seq` above the first, and not above the second."""

_UPDATE_SECONDS = 0.1
"""What is added is shown no more often: keys are to be quick in a flood too, and nobody reads it faster."""

_MANY = 1000
"""When so many were added since, more are to come at once, as after a pause: then it is shown later, but"""
_MOST_PUT_OFF = 4
"""no more often in succession."""


class Timeline(FollowingView):
    """Entries from the oldest to the newest.

    What is put before the first moves nothing in view.
    """

    COMPONENT_CLASSES = {
        "timeline--time",
        "timeline--notice",
        "timeline--error",
        "timeline--mention",
        "timeline--marked",
    }
    can_focus = False

    class Asked(Message):
        """The message `seq`, which another answers, is to be shown."""

        def __init__(self, seq: int) -> None:
            super().__init__()
            self.seq = seq

    def __init__(self, shape: Shape = AS_USUAL) -> None:
        """Lay entries out in `shape`, in as many cells as there are: those of `shape` don't matter."""
        super().__init__()
        self._layout = Layout(replace(shape, width=0))
        self._strips = Strips(self._layout, self)
        self._selection: Selection | None = None
        self._unread = _NONE
        self._updates = Pace(self, _UPDATE_SECONDS, self._update)
        self._added = 0
        """How many since that was looked at, and"""
        self._put_off = 0
        """how often in succession they were not shown then."""
        self._marked: int | None = None
        self._unmarking: Timer | None = None

    @property
    def entries(self) -> Sequence[Entry]:
        return self._layout.entries

    @property
    def has_rows(self) -> bool:
        """Whether there is anything that can be in view."""
        return self._layout.row_count > 0

    @property
    def first_seq(self) -> int | None:
        """The `seq` of the oldest message, None if there is none."""
        return self._layout.first_seq

    def add(self, entry: Entry) -> None:
        """Append `entry`."""
        self._layout.add(entry)
        self._added += 1
        self._count_unseen()
        if self._layout.line is None and self._is_unread(entry.seq):
            self._place_line()
        self._update_soon()

    def prepend(self, entries: Sequence[Entry]) -> None:
        """Put `entries`, the oldest first, before all others; the view stays where it is."""
        if self.entries:  # the first may go on where an older one ended
            self._strips.forget(self._layout.ordinal_at(0))
        self._strips.forget_quotes()
        y = self.scroll_y + self._layout.prepend(entries)
        self._show_size()
        if not self._follows:
            self._scroll_to_row(y)
        self._place_line()
        self._tell_if_top()

    def change_last(self, entry: Entry) -> None:
        """Let `entry` stand for the newest one."""
        self._change(self._layout.ordinal_at(0) + len(self.entries) - 1, lambda _: entry)

    def change(self, seq: int, changed: Callable[[Entry], Entry]) -> None:
        """Let what `changed` returns stand for the message `seq`, if that is there; what one reads stays in place."""
        if (ordinal := self._layout.ordinal_of(seq)) is not None:
            self._change(ordinal, changed)

    def fold(self, ordinal: int) -> None:
        """Show all rows of that entry, or only the first again, if it has many; what one reads stays in place."""
        layout, entry = self._layout, self._layout.entry(ordinal)
        if entry is None or not self.has_rows or (behind := fold_row(entry, layout.shape)) is None:
            return
        folded = replace(entry, details=replace(entry.details, is_open=not entry.details.is_open))
        if folded.details.is_open:
            self._unfold(ordinal, folded)
            return
        start = layout.start_of(ordinal)
        if start < self.scroll_y and not self._is_in_view(start + layout.above(ordinal) + behind):
            self._scroll_to_row(start)
        self._change(ordinal, lambda _: folded)

    def show_unread(self, after: int, upto: float = math.inf) -> None:
        """Let a line stand before the first message of another with `after` < seq <= `upto`, once one is there."""
        self._unread = (after, upto)
        self._place_line()

    def end_unread(self) -> None:
        """Let no line stand before anything."""
        self.show_unread(*_NONE)

    def clear(self) -> None:
        """Forget all, and follow what is added from here on."""
        self._begin_with(Layout(self._layout.shape))
        self._unread = _NONE
        self._follow()
        self._show_size()

    def reshape(self, shape: Shape) -> None:
        """Lay all out anew in `shape`, but in as many cells as there are; the first entry in view stays the first."""
        self._lay_out_in(replace(shape, width=self._layout.shape.width))

    def go_to(self, seq: int) -> bool:
        """Show the message `seq` in its context, marked for some time; return False if it isn't there."""
        ordinal = self._layout.ordinal_of(seq)
        if ordinal is None:
            return False
        self._go_to_ordinal(ordinal)
        return True

    def go_to_unread(self) -> None:
        """Show the first unread message in its context, if the line before it is there."""
        if self._layout.line is not None:
            self._go_to_ordinal(self._layout.line)
            self._tell_if_top()

    def newest(self, holds: Callable[[Entry], bool]) -> Entry | None:
        """Return the newest entry for which `holds`."""
        return next(filter(holds, reversed(self.entries)), None)

    def newest_in_view(self, holds: Callable[[Entry], bool]) -> Entry | None:
        """Return the lowest entry for which `holds` of those that are in view."""
        top = self.scroll_offset.y
        first, last = (self._layout.ordinal_at(row) for row in (top, top + self.size.height - 1))
        seen = (self._layout.entry(ordinal) for ordinal in range(last, first - 1, -1))
        return next((entry for entry in seen if entry is not None and holds(entry)), None)

    def render_line(self, y: int) -> Strip:
        row = self.scroll_offset.y + y
        if row >= self._layout.row_count:
            return Strip.blank(self.size.width, self.visual_style.rich_style)
        strip = self._strips.row(row)
        if self._marked is not None and self._layout.ordinal_at(row) == self._marked:
            strip = _over(strip, self._background_of("timeline--marked"))
        return strip if self._selection is None else self._with_selection(strip, row, self._selection)

    def on_click(self, event: Click) -> None:
        """Ask for what an entry answers where it is quoted, and fold it where that is said.

        Two clicks select a word, three the whole text.
        """
        if event.chain > 1:
            event.prevent_default()  # Textual would select all there is
            self._select_at(event.get_content_offset(self), whole=event.chain > 2)
        elif self.text_selection is None:  # it would have been selected by this very click
            self._follow_click(self.scroll_offset.y + event.y)

    def offset_at(self, x: int, y: int) -> Offset:
        """Return the place in the text (see `selecting`) at that cell of the view, or nearest to it; there are rows."""
        return offset_at(self._layout, self.scroll_offset.y + min(max(y, 0), self.size.height - 1), x)

    def get_selection(self, selection: Selection) -> tuple[str, str]:
        """Return the text that is selected, and what ends it."""
        return selected_text(self._layout, selection), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self._selection = selection
        self.refresh()

    def end_selection(self) -> None:
        """Have nothing selected here."""
        if self._selection is not None:
            self.screen.clear_selection()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """Fit the first size before it is painted: the event of a resize comes only afterwards."""
        is_resized = super()._size_updated(size, virtual_size, container_size, layout)
        if not self._layout.shape.width:
            self._fit()
        return is_resized

    def on_resize(self) -> None:
        self._fit()

    def watch_show_vertical_scrollbar(self) -> None:
        self._fit()

    def _begin_with(self, layout: Layout) -> None:
        """Have the entries of `layout` instead of those that are there."""
        self._layout = layout
        self._strips = Strips(layout, self)
        self.end_selection()
        self._mark(None)

    def _fit(self) -> None:
        """Lay all out anew for another width."""
        width = self.scrollable_content_region.width
        if width and width != self._layout.shape.width:
            self._lay_out_in(replace(self._layout.shape, width=width))
        self._keep_end_in_view()

    def _lay_out_in(self, shape: Shape) -> None:
        """Lay all out anew; the first entry in view stays the first, scrolled over as much of it."""
        layout, row, follows = self._layout, self.scroll_offset.y, self._follows
        first = layout.ordinal_at(row)
        behind, height = row - layout.start_of(first), layout.height_of(first)
        layout.reshape(shape)
        self._strips.clear()
        self._show_size()
        if not follows and shape.width:
            passed = behind * layout.height_of(first) // height if height else 0
            self._scroll_to_row(layout.start_of(first) + passed)

    def _change(self, ordinal: int, changed: Callable[[Entry], Entry]) -> None:
        before = self._layout.entry(ordinal)
        assert before is not None
        if (entry := changed(before)) is before:
            return
        is_above = self._layout.start_of(ordinal) < self.scroll_y
        more = self._layout.replace(ordinal, entry)
        self._strips.forget(ordinal, ordinal + 1)  # the next may go on where this one ended, or no more
        self._strips.forget_quotes()
        if more and is_above and not self._follows:
            self._move_with(more)
        self._update_soon()

    def _go_to_ordinal(self, ordinal: int) -> None:
        """Show that entry in its context, marked for some time."""
        self._show_size()
        self._scroll_into_middle(self._layout.start_of(ordinal))
        self._mark(ordinal, None if self.has_focus else _MARKED_SECONDS)

    def _is_unread(self, seq: int) -> bool:
        after, upto = self._unread
        return after < seq <= upto

    def _place_line(self) -> None:
        """Let the line before what is unread stand where it should; nothing else moves."""
        before, ordinal = self._layout.line, self._layout.first_of_others(*self._unread)
        if ordinal != before:
            self._strips.forget(*(each for each in (before, ordinal) if each is not None))
            with self._held_view():
                self._layout.move_line(ordinal)

    @contextlib.contextmanager
    def _held_view(self) -> Iterator[None]:
        """Keep the first row in view where it is, while entries above it, or what is above its own, change."""
        if not self.has_rows:
            yield
            return
        layout, row = self._layout, self.scroll_offset.y
        first = layout.ordinal_at(row)
        behind = row - layout.start_of(first) - layout.above(first)
        yield
        self._show_size()
        if not self._follows:
            self._scroll_to_row(max(layout.start_of(first) + layout.above(first) + behind, 0))

    def _unfold(self, ordinal: int, entry: Entry) -> None:
        """Let more rows come below those in view."""
        self._follows = False
        self._strips.forget(ordinal)
        with self._held_view():
            self._layout.replace(ordinal, entry)
        self._follow_at_end()

    def _move_with(self, more: int) -> None:
        """Go along with what is below the first row in view; at no time is there less than is scrolled over."""
        y = max(self.scroll_y + more, 0)
        if more < 0:
            self._scroll_to_row(y)
        self._show_size()
        if more > 0:
            self._scroll_to_row(y)

    def _follow_click(self, row: int) -> None:
        ordinal = self._layout.ordinal_at(row)
        if (entry := self._layout.entry(ordinal)) is None:
            return
        behind = row - self._layout.start_of(ordinal) - self._layout.above(ordinal)
        if behind == 0 and has_quote(entry):
            self.post_message(self.Asked(entry.details.reply))
        elif behind == fold_row(entry, self._layout.shape):
            self.fold(ordinal)

    def _is_in_view(self, row: int) -> bool:
        return self.scroll_offset.y <= row < self.scroll_offset.y + self.size.height

    def _select_at(self, place: Offset | None, *, whole: bool) -> None:
        """Select the word that stands there, or the whole text of the entry."""
        if place is None or not self.has_rows:
            return
        at, ordinal = self.offset_at(*place)
        if (entry := self._layout.entry(ordinal)) is not None:
            start, end = (0, len(entry.shown)) if whole else word_at(entry.shown, at)
            self.screen.selections = {self: Selection(Offset(start, ordinal), Offset(end, ordinal))}

    def _with_selection(self, strip: Strip, row: int, selection: Selection) -> Strip:
        start, end = cells_in(self._layout, row, selection)
        if start >= end:
            return strip
        selected = _over(strip.crop(start, end), self.screen.get_component_rich_style("screen--selection"))
        return Strip.join([strip.crop(0, start), selected, strip.crop(end)])

    def _background_of(self, part: str) -> RichStyle:
        return RichStyle(bgcolor=self.get_component_rich_style(part).bgcolor)

    def _update_soon(self) -> None:
        """Show what was done, and in a flood all of it together: each time all rows in view are drawn."""
        self._updates.ask()

    def _update(self) -> None:
        added, self._added = self._added, 0
        if added >= _MANY and self._put_off < _MOST_PUT_OFF:
            self._put_off += 1
            self._update_soon()
            return
        self._put_off = 0
        self._show_size()

    def _show_size(self) -> None:
        self._have_size(self._layout.shape.width, self._layout.row_count)

    def _mark(self, ordinal: int | None, seconds: float | None = None) -> None:
        """Let one entry stand out, or none, until another is to, or only for some time."""
        if self._unmarking is not None:
            self._unmarking.stop()
        self._marked = ordinal
        if seconds is not None:
            self._unmarking = self.set_timer(seconds, lambda: self._mark(None))
        self.refresh()


def _over(strip: Strip, style: RichStyle) -> Strip:
    """Return `strip` with `style` over its own."""
    return Strip([Segment(text, own + style if own else style) for text, own, _ in strip], strip.cell_length)
