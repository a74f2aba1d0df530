"""A view that follows its end, or stays where it was scrolled to."""

from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView


class FollowingView(ScrollView):
    """At its end it follows what is added; scrolled up, it stays where it is, and tells what it hasn't shown."""

    class Unseen(Message):
        """`unseen` has changed."""

    class Top(Message):
        """Less than a screen is left above what is in view; told at each step there."""

    class Bottom(Message):
        """Less than a screen is left below what is in view, and what is newer isn't there; told at each step there."""

    def __init__(self) -> None:
        super().__init__()
        self._follows = True
        self._unseen = 0

    @property
    def is_at_end(self) -> bool:
        """Whether the newest is in view."""
        return self._follows

    @property
    def unseen(self) -> int:
        """How much stands below what was seen, 0 when the end is in view."""
        return self._unseen

    @property
    def has_newest(self) -> bool:
        """Whether the newest is there, at the end; else the end is followed by nothing."""
        return True

    def go_to_end(self) -> None:
        """Show the newest, and follow from here on."""
        self._follow()
        self._keep_end_in_view()

    def go_to_top(self) -> None:
        """Show the oldest of what is there."""
        self._scroll_to_row(0)
        self._tell_if_top()

    def page_up(self) -> None:
        """Go up by a page, at once: what is added before the next frame would otherwise take the view back down."""
        self._scroll_to_row(max(self.scroll_y - self.scrollable_content_region.height, 0))
        self._tell_if_top()

    def page_down(self) -> None:
        """Go down by a page, at once, and follow if that is the end."""
        self._scroll_to_row(min(self.scroll_y + self.scrollable_content_region.height, self.max_scroll_y))
        self._follow_at_end()
        self._tell_if_bottom()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value >= self.max_scroll_y:
            self._follow_at_end()
        elif new_value < old_value:
            self._follows = False
            self._tell_if_top()
        self._tell_if_bottom()

    def on_mouse_scroll_up(self) -> None:
        self._tell_if_top()

    def on_mouse_scroll_down(self) -> None:
        self._tell_if_bottom()

    def _have_size(self, width: int, rows: int) -> None:
        """Be so large, and draw all that is in view.

        Once all is laid out, only the bar has to follow; the reactive would lay out the whole screen each time.
        """
        if self.container_size.height:
            self.set_reactive(FollowingView.virtual_size, Size(width, rows))
            self._scrollbar_changes.clear()
            self._scroll_update(self.virtual_size)
        else:
            self.virtual_size = Size(width, rows)
        self._keep_end_in_view()
        self.refresh()

    def _scroll_to_row(self, row: float) -> None:
        """Show `row` first; by force: before the next layout there is no scroll bar yet, nor any scrolling."""
        self.scroll_to(y=row, animate=False, immediate=True, force=True)

    def _scroll_into_middle(self, row: int) -> None:
        """Show `row` in the middle of the view, and follow only if that is at the end."""
        self._follows = False
        self._scroll_to_row(max(row - self.size.height // 2, 0))
        self._follow_at_end()

    def _keep_end_in_view(self) -> None:
        if self._follows:
            self._scroll_to_row(self.max_scroll_y)

    def _tell_if_top(self) -> None:
        if self.scroll_y < self.size.height:
            self.post_message(self.Top())

    def _tell_if_bottom(self) -> None:
        if not self.has_newest and self.max_scroll_y - self.scroll_y < self.size.height:
            self.post_message(self.Bottom())

    def _follow_at_end(self) -> None:
        """Follow from here on, if the newest is in view."""
        if self.has_newest and self.scroll_y >= self.max_scroll_y:
            self._follow()

    def _follow(self) -> None:
        self._follows = True
        self._set_unseen(0)

    def _count_unseen(self) -> None:
        """Have one thing more below, unless it is seen."""
        if not self._follows:
            self._set_unseen(self._unseen + 1)

    def _set_unseen(self, count: int) -> None:
        if count != self._unseen:
            self._unseen = count
            self.post_message(self.Unseen())
