"""The rooms that one is in, on the left."""

from collections.abc import Mapping

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.tui.colours import THEME

_MARK_CELLS = 3


class Rooms(ScrollView):
    """Rooms in the order in which one came, the one in view marked, with the count of what is unread beside each."""

    ALLOW_SELECT = False
    can_focus = False

    class Chosen(Message):
        """`room` was clicked."""

        def __init__(self, room: str) -> None:
            super().__init__()
            self.room = room

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__(id=id)
        self._rooms: list[tuple[str, int]] = []
        self._current = ""

    def show(self, unread: Mapping[str, int], current: str) -> None:
        """Show the rooms that `unread` counts for, of which `current` is in view."""
        self._rooms = list(unread.items())
        has_moved, self._current = current != self._current, current
        self.virtual_size = Size(self.size.width, len(self._rooms) + 1)
        if has_moved and current in unread:
            self._scroll_to_see(list(unread).index(current) + 1)
        self.refresh()

    def on_click(self, event: Click) -> None:
        row = self.scroll_offset.y + event.y - 1
        if 0 <= row < len(self._rooms):
            self.post_message(self.Chosen(self._rooms[row][0]))

    def render_line(self, y: int) -> Strip:
        row = self.scroll_offset.y + y - 1
        base = self.visual_style.rich_style
        if row < 0:
            strip = Strip([Segment(f" {tr('Rooms')}", base + Style(bold=True))])
        elif row < len(self._rooms):
            strip = self._draw(*self._rooms[row], base)
        else:
            strip = Strip.blank(self.size.width, base)
        return strip.crop_extend(0, self.size.width, base)

    def _draw(self, room: str, unread: int, base: Style) -> Strip:
        is_current = room == self._current
        count = f" {unread} " if unread else " "
        width = max(self.size.width - _MARK_CELLS - len(count), 1)
        name = Content(one_line(room)).truncate(width, ellipsis=True).plain
        style = base + Style(bold=is_current or bool(unread))
        return Strip(
            [
                Segment(" ● " if is_current else " " * _MARK_CELLS, style),
                Segment(set_cell_size(name, width), style),
                Segment(count, style + Style(color=THEME.accent)),
            ]
        )

    def _scroll_to_see(self, row: int) -> None:
        """Let `row` be in view, with as little movement as that takes."""
        top = max(min(self.scroll_y, row), row - self.size.height + 1)
        self.scroll_to(y=top, animate=False, immediate=True, force=True)
