"""What stands in the timeline: entries, and how one is laid out in rows of cells."""

import time
from dataclasses import dataclass
from enum import Enum

from rich.cells import cell_len, get_character_cell_size
from textual.content import Content
from textual.style import Style

from chatapp.protocol.safe import one_line, printable
from chatapp.tui.colours import nick_colour

TIME_CELLS = 5
NICK_CELLS = 12
WIDE_CELLS = 50
"""From this width on, time and nick have columns of their own."""

_INDENT = "  "


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

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable(self.text).expandtabs(4))
        object.__setattr__(self, "nick", one_line(self.nick))

    @property
    def clock(self) -> str:
        """The local time of day, as HH:MM; dashes for a time that no calendar has."""
        try:
            return time.strftime("%H:%M", time.localtime(self.at))
        except (ValueError, OverflowError, OSError):
            return "--:--"

    def continues(self, before: "Entry | None") -> bool:
        """Return whether the same person goes on speaking within the minute, so that time and nick are known."""
        return (
            before is not None
            and self.kind is before.kind is Kind.TEXT
            and (self.nick, self.at // 60) == (before.nick, before.at // 60)
        )


@dataclass(frozen=True)
class Look:
    """The styles of the timeline's parts."""

    time: Style
    notice: Style
    error: Style


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
    """Return `line` in rows of at most `width` cells, broken anywhere between two characters."""
    rows, room = [""], width
    for character in line:
        cells = get_character_cell_size(character)
        if cells > room:
            rows.append("")
            room = width
        rows[-1] += character
        room -= cells
    return rows


def count_rows(entry: Entry, width: int) -> int:
    """Return how many rows `lay_out` makes of `entry`."""
    if entry.kind is Kind.RULE:
        return 1
    return len(wrap(_inline(entry, width), body_width(width)))


def lay_out(entry: Entry, width: int, look: Look, *, continues: bool) -> list[Content]:
    """Return the rows of `entry`, each at most `width` cells."""
    if entry.kind is Kind.RULE:
        return [_rule(entry, width, look)]
    rows = [_styled(row, entry, look) for row in wrap(_inline(entry, width), body_width(width))]
    if width < WIDE_CELLS:
        return _with_inline_nick(rows, entry)
    gap = Content(" " * (TIME_CELLS + 1 + NICK_CELLS + 2))
    head = gap if continues else _head(entry, look)
    return [head + rows[0], *(gap + row for row in rows[1:])]


def _rule(entry: Entry, width: int, look: Look) -> Content:
    mark = entry.kind.value
    line = Content.styled(f"{mark} {one_line(entry.text)} {mark}", look.notice).truncate(width, ellipsis=True)
    return line.pad_left((width - line.cell_length) // 2)


def _inline(entry: Entry, width: int) -> str:
    """Return the text that is wrapped: where there is no column for the nick, it stands in the text."""
    if entry.kind is Kind.ACTION:
        return f"{entry.nick} {entry.text}"
    if width >= WIDE_CELLS:
        return entry.text
    return f"{entry.nick or entry.kind.value} {entry.text}"


def _styled(row: str, entry: Entry, look: Look) -> Content:
    match entry.kind:
        case Kind.TEXT:
            return Content(row)
        case Kind.ACTION:
            return Content.styled(row, Style(italic=True))
        case Kind.ERROR:
            return Content.styled(row, look.error)
        case _:
            return Content.styled(row, look.notice)


def _head(entry: Entry, look: Look) -> Content:
    mark = entry.nick if entry.kind is Kind.TEXT else entry.kind.value
    return Content.assemble((entry.clock, look.time), " ", _column(mark, entry, look), "  ")


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
    return Style.parse(nick_colour(entry.nick)) + Style(bold=entry.is_own)


def _with_inline_nick(rows: list[Content], entry: Entry) -> list[Content]:
    if entry.kind in (Kind.TEXT, Kind.ACTION):
        rows[0] = rows[0].stylize(_nick_style(entry), 0, min(len(entry.nick), len(rows[0])))
    return [rows[0], *(Content(_INDENT) + row for row in rows[1:])]
