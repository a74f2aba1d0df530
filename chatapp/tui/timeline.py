"""The timeline: everything said, as one widget that lays out and draws only what is seen."""

from bisect import bisect_right
from itertools import accumulate

from textual import events
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chatapp.tui.entries import Entry, Look, count_rows, lay_out

_CACHED_ENTRIES = 512


class Timeline(ScrollView):
    """Entries from the oldest to the newest.

    At its end it follows what is added; scrolled up, it stays where it is, and tells what it hasn't shown.
    """

    COMPONENT_CLASSES = {"timeline--time", "timeline--notice", "timeline--error"}
    ALLOW_SELECT = False
    can_focus = False

    class Unseen(Message):
        """`count` entries stand below what was seen; 0 when the end is in view again."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__(id=id)
        self._entries: list[Entry] = []
        self._ends: list[int] = []
        """The row behind each entry, in the layout for `_width`."""
        self._width = 0
        self._strips: LRUCache[int, list[Strip]] = LRUCache(_CACHED_ENTRIES)
        self._follows = True
        self._unseen = 0
        self._is_update_due = False

    def add(self, entry: Entry) -> None:
        """Append `entry`. What one turn of the loop adds is shown at once."""
        self._entries.append(entry)
        if self._width:
            self._ends.append(self._row_count + count_rows(entry, self._width))
        if not self._follows:
            self._set_unseen(self._unseen + 1)
        if not self._is_update_due:
            self._is_update_due = True
            self.call_next(self._update)

    def go_to_end(self) -> None:
        """Show the newest, and follow from here on."""
        self._follow()
        self._keep_end_in_view()

    def render_line(self, y: int) -> Strip:
        row = self.scroll_offset.y + y
        index = bisect_right(self._ends, row)
        if index >= len(self._ends):
            return Strip.blank(self.size.width, self.visual_style.rich_style)
        return self._strips_of(index)[row - self._start_of(index)]

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value >= self.max_scroll_y:
            self._follow()
        elif new_value < old_value:
            self._follows = False

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    def on_resize(self, event: events.Resize) -> None:
        """Lay all out anew for another width; the first entry in view stays the first."""
        width = self.scrollable_content_region.width
        if width == self._width or not width:
            return self._keep_end_in_view()
        first = bisect_right(self._ends, self.scroll_offset.y)
        self._width = width
        self._ends = list(accumulate(count_rows(entry, width) for entry in self._entries))
        self._strips.clear()
        follows = self._follows
        self.virtual_size = Size(width, self._row_count)
        if not follows:
            self.scroll_to(y=self._start_of(first), animate=False, immediate=True, force=True)
        return self._keep_end_in_view()

    @property
    def _row_count(self) -> int:
        return self._ends[-1] if self._ends else 0

    def _start_of(self, index: int) -> int:
        return self._ends[index - 1] if index else 0

    def _update(self) -> None:
        self._is_update_due = False
        self.virtual_size = Size(self._width, self._row_count)
        self._keep_end_in_view()
        self.refresh()

    def _keep_end_in_view(self) -> None:
        if self._follows:  # by force: before the next layout there is no scroll bar yet, nor any scrolling
            self.scroll_end(animate=False, immediate=True, force=True)

    def _follow(self) -> None:
        self._follows = True
        self._set_unseen(0)

    def _set_unseen(self, count: int) -> None:
        if count != self._unseen:
            self._unseen = count
            self.post_message(self.Unseen(count))

    def _strips_of(self, index: int) -> list[Strip]:
        strips = self._strips.get(index)
        if strips is None:
            strips = self._strips[index] = self._draw(index)
        return strips

    def _draw(self, index: int) -> list[Strip]:
        entry, base = self._entries[index], self.visual_style
        continues = entry.continues(self._entries[index - 1] if index else None)
        rows = lay_out(entry, self._width, self._look(), continues=continues)
        return [Strip(row.render_segments(base)).crop_extend(0, self._width, base.rich_style) for row in rows]

    def _look(self) -> Look:
        return Look(*(self.get_visual_style(f"timeline--{part}") for part in ("time", "notice", "error")))
