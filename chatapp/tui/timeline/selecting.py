"""Text of the timeline that is selected: from one character of an entry to one of another, whatever the rows.

A place in the text is an Offset: x the character in what the entry shows, y the entry's ordinal. So it stays when
rows are wrapped anew, and when older ones come.
"""

import re
from functools import lru_cache

from rich.cells import cell_len, split_graphemes
from textual.geometry import Offset
from textual.selection import Selection

from chatapp.tui.timeline.bodies import Place
from chatapp.tui.timeline.entries import Entry, Kind
from chatapp.tui.timeline.layout import Layout
from chatapp.tui.timeline.rows import places
from chatapp.tui.timeline.shape import Shape

_WORD = r"\w+|\s+|[^\w\s]+"


def offset_at(layout: Layout, row: int, cell: int) -> Offset:
    """Return what stands at `cell` of `row`, or nearest to it; there are rows.

    Of a row that has nothing of the text it is where that ends above it, or where it begins.
    """
    ordinal = layout.ordinal_at(min(row, layout.row_count - 1))
    entry = layout.entries[ordinal - layout.ordinal_at(0)]
    above = _places(entry, layout.shape)[: max(_row_of(layout, ordinal, row) + 1, 0)]
    if above and above[-1] is not None:
        return Offset(_character_at(above[-1], entry.shown, cell), ordinal)
    return Offset(max((place.end for place in above if place is not None), default=0), ordinal)


def cells_in(layout: Layout, row: int, selection: Selection) -> tuple[int, int]:
    """Return from which cell to before which the text of `row` is selected; the same twice if none is."""
    ordinal = layout.ordinal_at(row)
    entry, index = layout.entry(ordinal), _row_of(layout, ordinal, row)
    if entry is None or index < 0 or (place := _places(entry, layout.shape)[index]) is None:
        return 0, 0
    start, end = _span(entry, ordinal, selection)
    start, end = max(start, place.start), min(end, place.end)
    first = place.cells + cell_len(entry.shown[place.start : start])
    return first, first + cell_len(entry.shown[start:end])


def selected_text(layout: Layout, selection: Selection) -> str:
    """Return what is selected, without any wrapping; of several entries each with who said it."""
    first = layout.ordinal_at(0)
    start = first if selection.start is None else selection.start.y
    last = first + len(layout.entries) - 1 if selection.end is None else selection.end.y
    parts = [_part(layout, ordinal, selection) for ordinal in range(start, last + 1)]
    told = [(entry, text) for entry, text in parts if entry is not None and entry.kind is not Kind.RULE]
    return "\n".join(_with_nick(entry, text) if len(told) > 1 else text for entry, text in told)


def word_at(text: str, index: int) -> tuple[int, int]:
    """Return where the word begins that has that character, and where it ends."""
    return next((match.span() for match in re.finditer(_WORD, text) if index < match.end()), (0, len(text)))


@lru_cache(maxsize=64)
def _places(entry: Entry, shape: Shape) -> list[Place | None]:
    """Ask for the places of an entry once: each of its rows in view wants them."""
    return places(entry, shape)


def _row_of(layout: Layout, ordinal: int, row: int) -> int:
    """Return which of the entry's own rows that is: below 0 for those above it."""
    return row - layout.start_of(ordinal) - layout.above(ordinal)


def _character_at(place: Place, text: str, cell: int) -> int:
    behind, last = place.cells, place.start
    for start, _, cells in split_graphemes(text[place.start : place.end])[0]:
        behind, last = behind + cells, place.start + start
        if cell < behind:
            break
    return last


def _part(layout: Layout, ordinal: int, selection: Selection) -> tuple[Entry | None, str]:
    entry = layout.entry(ordinal)
    return entry, "" if entry is None else entry.shown[slice(*_span(entry, ordinal, selection))]


def _span(entry: Entry, ordinal: int, selection: Selection) -> tuple[int, int]:
    """Return where in the entry's text the selection begins and ends: with whole characters, as people see them."""
    start, end = selection.get_span(ordinal) or (0, 0)
    if end == -1:
        return start, len(entry.shown)
    if end == start or entry.shown.isascii():
        return start, end
    return start, next((stop for _, stop, _ in split_graphemes(entry.shown)[0] if stop >= end), len(entry.shown))


def _with_nick(entry: Entry, text: str) -> str:
    match entry.kind:
        case Kind.TEXT:
            return f"{entry.nick}: {text}"
        case Kind.ACTION:
            return f"* {entry.nick} {text}"
        case _:
            return text
