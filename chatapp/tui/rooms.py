"""The rooms that one is in, on the left."""

from collections.abc import Sequence
from itertools import groupby

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chatapp.texts import tr
from chatapp.tui.colours import palette
from chatapp.tui.listing import Listed, count_text

_MARK_CELLS = 3


class Rooms(ScrollView):
    """Rooms, and below them conversations: the one in view marked, with counts of what is unread beside each."""

    ALLOW_SELECT = False
    can_focus = False

    class Chosen(Message):
        """`room` was clicked."""

        def __init__(self, room: str) -> None:
            super().__init__()
            self.room = room

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__(id=id)
        self._rows: list[Listed | str] = []
        """Rooms, and the headings between them."""
        self._current = ""

    def show(self, listed: Sequence[Listed], current: str) -> None:
        """Show the rooms that are `listed`, of which `current` is in view."""
        before, was = self._rows, self._current
        self._rows, self._current = _with_headings(listed), current
        if len(before) != len(self._rows):
            self.virtual_size = Size(self.size.width, len(self._rows))
            self.refresh()
        if current != was:
            self._scroll_to_current()
        for index, (old, new) in enumerate(zip(before, self._rows, strict=False)):
            if old != new or (current != was and isinstance(new, Listed) and new.room in (was, current)):
                self.refresh_line(index)

    def on_resize(self) -> None:
        self._scroll_to_current()

    def on_click(self, event: Click) -> None:
        row = self.scroll_offset.y + event.y
        if 0 <= row < len(self._rows) and isinstance(listed := self._rows[row], Listed):
            self.post_message(self.Chosen(listed.room))

    def render_line(self, y: int) -> Strip:
        index = self.scroll_offset.y + y
        base = self.visual_style.rich_style
        row = self._rows[index] if index < len(self._rows) else ""
        strip = self._draw(row, base) if isinstance(row, Listed) else Strip([Segment(row, base + Style(bold=True))])
        return strip.crop_extend(0, self.size.width, base)

    def _draw(self, listed: Listed, base: Style) -> Strip:
        is_current = listed.room == self._current
        style = base + Style(bold=is_current or bool(listed.news), dim=listed.is_muted)
        counts = _counts(listed, style)
        width = max(self.size.width - _MARK_CELLS - sum(segment.cell_length for segment in counts), 1)
        name = Content(listed.title).truncate(width, ellipsis=True).plain
        mark = " ● " if is_current else " ✎ " if listed.has_draft else " " * _MARK_CELLS
        return Strip([Segment(mark, style), Segment(set_cell_size(name, width), style), *counts])

    def _scroll_to_current(self) -> None:
        """Let the room in view be in the list: if it isn't, in the middle, so that the next ones are there as well."""
        rows, height = self._rows, self.size.height
        row = next((y for y, each in enumerate(rows) if isinstance(each, Listed) and each.room == self._current), 0)
        if height and not self.scroll_y <= row < self.scroll_y + height:
            self.scroll_to(y=row - height // 2, animate=False, immediate=True, force=True)


def _with_headings(listed: Sequence[Listed]) -> list[Listed | str]:
    """Return `listed` with a heading before the rooms, and one, behind an empty row, before the conversations.

    Each says how many there are, since not all may be in view.
    """
    rows: list[Listed | str] = []
    for are_conversations, group in groupby(listed, lambda each: each.is_conversation):
        listed_here = list(group)
        heading = tr("Conversations") if are_conversations else tr("Rooms")
        rows += [*([""] if rows else []), f" {heading} · {len(listed_here)}", *listed_here]
    return rows


def _counts(listed: Listed, style: Style) -> list[Segment]:
    """Return how many mention one, and how many are unread, with a space around each; what isn't wanted is dim."""
    segments = [Segment(" ", style)]
    unread = Style(color=palette().accent.rich_color) if listed.level == "all" else Style(bold=False, dim=True)
    if listed.mentions:
        segments += [Segment(f"@{count_text(listed.mentions)}", style + _mentioned()), Segment(" ", style)]
    if listed.unread:
        segments += [Segment(count_text(listed.unread), style + unread), Segment(" ", style)]
    return segments


def _mentioned() -> Style:
    return Style(color=palette().on_accent.rich_color, bgcolor=palette().accent.rich_color, bold=True)
