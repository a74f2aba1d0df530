"""Messages of many rows: only the first are shown, until one wants to see all."""

from textual.content import Content
from textual.style import Style

from chatapp.texts import tr
from chatapp.tui.timeline.entries import Entry

_MOST_ROWS = 12
"""A text of more is folded, to"""
_SHOWN_ROWS = 10


def fold_at(entry: Entry, rows: int) -> int | None:
    """Return behind how many of its text's `rows` the line stands that folds or unfolds it; None if there is none."""
    if rows <= _MOST_ROWS or not (entry.is_talk or entry.details.is_refused):
        return None
    return rows if entry.details.is_open else _SHOWN_ROWS


def fold_line(entry: Entry, rows: int, width: int, style: Style) -> Content:
    """Return the line that says how many of the `rows` are not shown, or that some need not be."""
    is_open = entry.details.is_open
    text = tr("… fewer lines") if is_open else tr("… {count} more lines", count=rows - _SHOWN_ROWS)
    return Content.styled(text, style).truncate(width, ellipsis=True)
