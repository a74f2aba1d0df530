"""The text of an entry in rows, without the columns left of it."""

from collections.abc import Iterator

import msgspec
from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from chatapp.tui.colours import nick_colour
from chatapp.tui.timeline.entries import Entry, Kind, Look
from chatapp.tui.timeline.markup import Block, code_ground, content_of
from chatapp.tui.timeline.shape import Shape
from chatapp.tui.timeline.wrapping import fold, wrap

_BAR = "▎ "
_ROOM_BESIDE_BARS = 8
"""In fewer cells a block has neither bars nor a margin."""


class Place(msgspec.Struct, frozen=True):
    """Which characters of an entry's `shown` text a row has: from `start` to before `end`, behind so many `cells`."""

    cells: int
    start: int
    end: int


def count_body(entry: Entry, shape: Shape) -> int:
    """Return how many rows `draw_body` makes of `entry`."""
    if entry.blocks:
        return sum(len(_wrap_block(block, shape.body)) for block in _led(entry, shape))
    return len(wrap(_inline(entry, shape), shape.body))


def draw_body(entry: Entry, shape: Shape, look: Look) -> list[Content]:
    """Return the rows of the text of `entry`, each at most `shape.body` cells."""
    rows = list(_rows(entry, shape, look))
    if not shape.nick_column and entry.kind in (Kind.TEXT, Kind.ACTION):
        rows[0] = rows[0].stylize(nick_style(entry), 0, min(len(entry.nick), len(rows[0])))
    return rows


def body_places(entry: Entry, shape: Shape) -> Iterator[Place]:
    """Yield what each of the rows of `draw_body` has; the nick is no part of the text."""
    behind = -len(_lead(entry, shape))
    for text, rows, cells in _parts(entry, shape):
        end = 0
        for row in rows:
            start = text.index(row, end)
            end = start + len(row)
            led = min(max(-start - behind, 0), len(row))
            yield Place(cells + cell_len(row[:led]), max(behind + start, 0), max(behind + end, 0))
        behind += len(text) + 1


def _parts(entry: Entry, shape: Shape) -> Iterator[tuple[str, list[str], int]]:
    """Yield each part of the text, its rows, and the cells left of these; between two is a line break."""
    if not entry.blocks:
        text = _inline(entry, shape)
        yield text, wrap(text, shape.body), 0
        return
    for block in _led(entry, shape):
        yield block.text, _wrap_block(block, shape.body), _bar_cells(block, shape.body) + _margin(block, shape.body)


def nick_style(entry: Entry) -> Style:
    return Style(foreground=nick_colour(entry.nick), bold=entry.is_own)


def _rows(entry: Entry, shape: Shape, look: Look) -> Iterator[Content]:
    if not entry.blocks:
        yield from (_styled(row, entry, look) for row in wrap(_inline(entry, shape), shape.body))
        return
    for block in _led(entry, shape):
        rows = _draw_block(block, shape.body, look)
        yield from (row.stylize_before(Style(italic=True)) for row in rows) if entry.kind is Kind.ACTION else rows


def _inline(entry: Entry, shape: Shape) -> str:
    """Return the text that is wrapped: where there is no column for the nick, it stands in the text."""
    return _lead(entry, shape) + entry.text


def _led(entry: Entry, shape: Shape) -> list[Block]:
    """Return the entry's blocks behind the nick, if that has no column."""
    lead, (first, *rest) = _lead(entry, shape), entry.blocks
    if not lead:
        return [first, *rest]
    if first.quotes or first.language is not None:
        return [Block(lead.rstrip()), first, *rest]
    return [first.after(lead), *rest]


def _lead(entry: Entry, shape: Shape) -> str:
    if entry.kind is Kind.ACTION:
        return f"{entry.nick} "
    if shape.nick_column:
        return ""
    return f"{entry.nick or entry.kind.value} "


def _styled(row: str, entry: Entry, look: Look) -> Content:
    match entry.kind:
        case Kind.TEXT if entry.details.is_deleted:
            return Content.styled(row, look.notice + Style(italic=True))
        case Kind.TEXT:
            return Content(row)
        case Kind.ACTION:
            return Content.styled(row, Style(italic=True))
        case Kind.ERROR:
            return Content.styled(row, look.error)
        case _:
            return Content.styled(row, look.notice)


def _bar_cells(block: Block, width: int) -> int:
    cells = block.quotes * len(_BAR)
    return cells if width - cells >= _ROOM_BESIDE_BARS else 0


def _margin(block: Block, width: int) -> int:
    """Return how many cells a fenced block's background has on either side of its text."""
    return int(block.language is not None and width - _bar_cells(block, width) >= _ROOM_BESIDE_BARS)


def _wrap_block(block: Block, width: int) -> list[str]:
    """Return the rows of the text of `block` in `width` cells, in which its bars and margins are counted."""
    room = width - _bar_cells(block, width) - 2 * _margin(block, width)
    return wrap(block.text, room) if block.language is None else fold(block.text, room)


def _draw_block(block: Block, width: int, look: Look) -> list[Content]:
    texts = _wrap_block(block, width)
    rows = _cut(content_of(block, look.notice), texts)
    if block.language is not None:
        rows = _on_background(rows, _margin(block, width))
    bars = Content.styled(_BAR * (_bar_cells(block, width) // len(_BAR)), look.time)
    return [bars + row for row in rows]


def _cut(content: Content, texts: list[str]) -> list[Content]:
    """Return the parts of `content` that read `texts`, in that order."""
    plain, end, offsets = content.plain, 0, list[int]()
    for text in texts:
        start = plain.index(text, end)
        end = start + len(text)
        offsets += start, end
    return content.divide(offsets)[1::2]


def _on_background(rows: list[Content], margin: int) -> list[Content]:
    cells = max(row.cell_length for row in rows)
    return [row.pad_right(cells - row.cell_length).pad(margin, margin).stylize_before(code_ground()) for row in rows]
