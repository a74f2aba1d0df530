"""Entries, drawn as they come into view."""

from textual.cache import LRUCache
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from chatapp.texts import tr
from chatapp.tui.timeline.entries import Look
from chatapp.tui.timeline.layout import Layout
from chatapp.tui.timeline.rows import has_quote, lay_out, line

_CACHED_ENTRIES = 100
"""Or those of two screens, if these may be more: each takes some 10 KiB with what Textual keeps of it."""


class Strips:
    """Keeps what was drawn of the entries of `layout`; `widget` has the styles."""

    def __init__(self, layout: Layout, widget: Widget) -> None:
        self._layout = layout
        self._widget = widget
        self._drawn: LRUCache[int, list[Strip]] = LRUCache(_CACHED_ENTRIES)
        self._styles: Look | None = None
        """Those in use, once they were asked for."""

    def row(self, row: int) -> Strip:
        """Return what stands in that row, in all cells there are."""
        ordinal = self._layout.ordinal_at(row)
        strips = self._drawn.get(ordinal)
        if strips is None:
            self._drawn.grow(2 * self._widget.size.height)
            strips = self._drawn[ordinal] = self._draw(ordinal)
        return strips[row - self._layout.start_of(ordinal)]

    def forget(self, *ordinals: int) -> None:
        """Draw those anew."""
        for ordinal in ordinals:
            self._drawn.discard(ordinal)

    def forget_quotes(self) -> None:
        """Let what answers another be drawn again: that may read otherwise, or be there now."""
        for ordinal in list(self._drawn.keys()):
            if (entry := self._layout.entry(ordinal)) is not None and has_quote(entry):
                self._drawn.discard(ordinal)

    def clear(self) -> None:
        """Draw all anew, in the styles that there are then."""
        self._drawn.clear()
        self._styles = None

    def _draw(self, ordinal: int) -> list[Strip]:
        layout, base = self._layout, self._widget.visual_style
        entry, width = layout.entry(ordinal), layout.shape.width
        assert entry is not None
        answered = layout.ordinal_of(entry.details.reply)
        quoted = None if answered is None else layout.entry(answered)
        look = self._look()
        rows = lay_out(entry, layout.shape, look, continues=layout.continues(ordinal), quoted=quoted)
        above = [Content()] * layout.gap(ordinal)
        if ordinal == layout.line:
            above.append(line(tr("new"), width, look.mention))
        return [Strip(row.render_segments(base)).adjust_cell_length(width, base.rich_style) for row in (*above, *rows)]

    def _look(self) -> Look:
        if self._styles is None:
            style = self._widget.get_visual_style
            self._styles = Look(*(style(f"timeline--{part}") for part in ("time", "notice", "error", "mention")))
        return self._styles
