"""What stands in the timeline: entries, and how one is laid out in rows of cells."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from rich.cells import cell_len, split_graphemes
from textual.content import Content
from textual.style import Style

from chatapp.protocol.safe import one_line, printable
from chatapp.texts import tr
from chatapp.tui.colours import nick_colour
from chatapp.tui.details import PLAIN, Details
from chatapp.tui.markup import Block, Mark, Part, blocks_of, code_ground, content_of, may_have_markup

TIME_CELLS = 5
NICK_CELLS = 12
WIDE_CELLS = 50
"""From this width on, time and nick have columns of their own."""

_INDENT = "  "
_MENTION = "▐ "
_BAR = "▎ "
_ROOM_BESIDE_BARS = 8
"""In fewer cells a block has neither bars nor a margin."""


class Kind(Enum):
    """What an entry is; the value is its mark in the nick's column."""

    TEXT = ""
    ACTION = "*"
    NOTICE = "·"
    JOINED = "→"
    LEFT = "←"
    ERROR = "!"
    RULE = "—"
    """A line of its own, in the middle between its marks: a new day, or that nothing is older."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing said or noticed, at a time in seconds since 1970. Its strings are made safe here."""

    kind: Kind
    text: str
    at: float
    nick: str = ""
    is_own: bool = False
    seq: int = 0
    """A message's number in the log, 0 for what is no message."""
    details: Details = PLAIN
    _blocks: tuple[Block, ...] | None = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable(self.text))
        object.__setattr__(self, "nick", one_line(self.nick))
        if self.details.is_edited or (self.kind in (Kind.TEXT, Kind.ACTION) and may_have_markup(self.text)):
            object.__setattr__(self, "_blocks", None)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of a message with markup; none if its text is shown as it was typed."""
        if self._blocks is None:
            blocks = blocks_of(self.text)
            object.__setattr__(self, "_blocks", _with_note(blocks, self.text) if self.details.is_edited else blocks)
        return self._blocks or ()

    @property
    def clock(self) -> str:
        """The local time of day, as HH:MM; dashes for a time that no calendar has."""
        try:
            return time.strftime("%H:%M", time.localtime(self.at))
        except (ValueError, OverflowError, OSError):
            return "--:--"

    @property
    def is_talk(self) -> bool:
        """Whether it is a message of somebody's that is still there: one may answer it, react to it and the like."""
        return self.seq != 0 and self.kind in (Kind.TEXT, Kind.ACTION) and not self.details.is_deleted

    @property
    def links(self) -> list[str]:
        """Where the links of its text lead, in their order."""
        return [mark.target for block in self.blocks for mark in block.marks if mark.target]

    def continues(self, before: "Entry | None") -> bool:
        """Return whether the same person goes on speaking within the minute, so that time and nick are known."""
        return (
            before is not None
            and not self.details.reply
            and self.kind is before.kind is Kind.TEXT
            and (self.nick, self.at // 60) == (before.nick, before.at // 60)
        )


NO_STYLE = Style()


@dataclass(frozen=True)
class Look:
    """The styles of the timeline's parts."""

    time: Style
    notice: Style
    error: Style
    mention: Style = NO_STYLE
    """Of the bar beside what mentions one."""


def body_width(width: int) -> int:
    """Return how many of `width` cells the text has."""
    return max(width - (TIME_CELLS + 1 + NICK_CELLS + 2 if width >= WIDE_CELLS else len(_INDENT)), 2)


def wrap(text: str, width: int) -> list[str]:
    """Return the rows of `text` in `width` cells; its line breaks stay."""
    return [row for line in text.split("\n") for row in _wrap_line(line, width)]


def _wrap_line(line: str, width: int) -> list[str]:
    if len(line) <= width and (line.isascii() or cell_len(line) <= width):
        return [line]
    try:
        return [row.plain for row in Content(line).wrap(width)]
    except IndexError:  # joiners with nothing to join, among wide characters, are too much for it
        return _fold(line, width)


def _fold(line: str, width: int) -> list[str]:
    """Return `line` in rows of at most `width` cells, broken anywhere between two characters as people count them."""
    rows, room = [""], width
    for start, end, cells in split_graphemes(line)[0]:
        if cells > room:
            rows.append("")
            room = width
        rows[-1] += line[start:end]
        room -= cells
    return rows


def count_rows(entry: Entry, width: int) -> int:
    """Return how many rows `lay_out` makes of `entry`."""
    if entry.kind is Kind.RULE:
        return 1
    body = body_width(width)
    if entry.blocks:
        return sum(len(_wrap_block(block, body)) for block in _led(entry, width))
    return len(wrap(_inline(entry, width), body))


def lay_out(entry: Entry, width: int, look: Look, *, continues: bool) -> list[Content]:
    """Return the rows of `entry`, each at most `width` cells."""
    if entry.kind is Kind.RULE:
        return [_rule(entry, width, look)]
    rows = list(_rows(entry, width, look))
    space = margin(entry, width, look)
    if width < WIDE_CELLS:
        return _with_inline_nick(rows, entry, space)
    left = space if continues else head(entry, look)
    return [left + rows[0], *(space + row for row in rows[1:])]


def margin(entry: Entry, width: int, look: Look) -> Content:
    """Return what stands left of each row but the first: nothing, or a bar where one is mentioned."""
    edge = _edge(entry, look)
    return edge.pad_left(TIME_CELLS + 1 + NICK_CELLS) if width >= WIDE_CELLS else edge


def _edge(entry: Entry, look: Look) -> Content:
    return Content.styled(_MENTION, look.mention) if entry.details.is_mention else Content(_INDENT)


def _with_note(blocks: tuple[Block, ...], text: str) -> tuple[Block, ...]:
    """Return `blocks`, or if there are none `text` in one, with a note behind it that it read otherwise before."""
    *before, last = blocks or (Block(text),)
    note = Block(tr("(edited)"))
    if last.quotes or last.language is not None:
        return (*before, last, _dimmed(note, 0))
    return (*before, _dimmed(Block(f"{last.text} {note.text}", last.marks), len(last.text)))


def _dimmed(block: Block, start: int) -> Block:
    """Return `block` with all from `start` on as what is not said by who wrote it."""
    return replace(block, marks=(*block.marks, Mark(start, len(block.text), Part.NOTE)))


def _rows(entry: Entry, width: int, look: Look) -> Iterator[Content]:
    """Yield the rows of the body."""
    body = body_width(width)
    if not entry.blocks:
        yield from (_styled(row, entry, look) for row in wrap(_inline(entry, width), body))
        return
    for block in _led(entry, width):
        rows = _draw_block(block, body, look)
        yield from (row.stylize_before(Style(italic=True)) for row in rows) if entry.kind is Kind.ACTION else rows


def _led(entry: Entry, width: int) -> list[Block]:
    """Return the entry's blocks behind the nick, if that has no column."""
    lead, (first, *rest) = _lead(entry, width), entry.blocks
    if not lead:
        return [first, *rest]
    if first.quotes or first.language is not None:
        return [Block(lead.rstrip()), first, *rest]
    return [first.after(lead), *rest]


def _bar_cells(block: Block, width: int) -> int:
    cells = block.quotes * len(_BAR)
    return cells if width - cells >= _ROOM_BESIDE_BARS else 0


def _margin(block: Block, width: int) -> int:
    """Return how many cells a fenced block's background has on either side of its text."""
    return int(block.language is not None and width - _bar_cells(block, width) >= _ROOM_BESIDE_BARS)


def _wrap_block(block: Block, width: int) -> list[str]:
    """Return the rows of the text of `block` in `width` cells, in which its bars and margins are counted."""
    room = width - _bar_cells(block, width) - 2 * _margin(block, width)
    if block.language is None:
        return wrap(block.text, room)
    return [row for line in block.text.split("\n") for row in _fold(line, room)]


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


def _rule(entry: Entry, width: int, look: Look) -> Content:
    mark = entry.kind.value
    line = Content.styled(f"{mark} {one_line(entry.text)} {mark}", look.notice).truncate(width, ellipsis=True)
    return line.pad_left((width - line.cell_length) // 2)


def _inline(entry: Entry, width: int) -> str:
    """Return the text that is wrapped: where there is no column for the nick, it stands in the text."""
    return _lead(entry, width) + entry.text


def _lead(entry: Entry, width: int) -> str:
    if entry.kind is Kind.ACTION:
        return f"{entry.nick} "
    if width >= WIDE_CELLS:
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


def head(entry: Entry, look: Look) -> Content:
    """Return what stands left of the first row, where time and nick have columns."""
    mark = entry.nick if entry.kind is Kind.TEXT else entry.kind.value
    return Content.assemble((entry.clock, look.time), " ", _column(mark, entry, look), _edge(entry, look))


def _column(mark: str, entry: Entry, look: Look) -> Content:
    """Return `mark` at the right of the nick's column; one that is too long ends in an ellipsis."""
    column = Content.styled(mark, _mark_style(entry, look)).truncate(NICK_CELLS, ellipsis=True)
    return column.pad_left(NICK_CELLS - column.cell_length)


def _mark_style(entry: Entry, look: Look) -> Style:
    match entry.kind:
        case Kind.TEXT | Kind.ACTION:
            return _nick_style(entry)
        case Kind.ERROR:
            return look.error
        case _:
            return look.notice


def _nick_style(entry: Entry) -> Style:
    return Style(foreground=nick_colour(entry.nick), bold=entry.is_own)


def _with_inline_nick(rows: list[Content], entry: Entry, space: Content) -> list[Content]:
    if entry.kind in (Kind.TEXT, Kind.ACTION):
        rows[0] = rows[0].stylize(_nick_style(entry), 0, min(len(entry.nick), len(rows[0])))
    first = space + rows[0] if entry.details.is_mention else rows[0]
    return [first, *(space + row for row in rows[1:])]
