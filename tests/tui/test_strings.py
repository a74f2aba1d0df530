"""Whatever a message says, each of its rows stays in its cells: what stands right of it is where it should be.

`pyte` is the strictest of terminals here: it counts each code point by itself, as xterm and older ones do, so that a
family (U+200D between emoji) has eight cells, a flag four, and a heart with U+FE0F one. Rich, by which the app lays
out, counts what newer terminals draw: two. Both are right, each for some terminal; so the app moves the cursor to
where it should be behind all such (`chatapp/tui/steady.py`), and what is claimed here holds for both. A terminal that
draws an emoji wider than it should have its end drawn over. (In the last column the next part of the screen is, until
that is drawn again: at most nine cells of it, since a joined emoji has at most four parts.)

Left out are characters of the BMP that only one of Rich's and wcwidth's tables of Unicode knows, and what a width has
no room for: in less than four cells, an indent and one emoji, Rich cuts an emoji in two. There nothing may crash or
get out, and no more is claimed.
"""

import re
import time
from collections.abc import Callable, Iterable
from unicodedata import combining

import pyte
import pytest
from pyte import modes
from pyte.screens import Char
from rich.console import Console
from rich.segment import Segment
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from wcwidth import wcwidth

from chatapp.tui.steady import steady
from chatapp.tui.timeline.details import Details, Reaction
from chatapp.tui.timeline.entries import Entry, Kind, Look
from chatapp.tui.timeline.rows import count_rows, lay_out
from chatapp.tui.timeline.shape import Shape
from tests.tui.strings import CONTROLS, EMOJI, hostile

BASE = Style.parse("#d5d9e0 on #14161b")
LOOK = Look(Style(dim=True), Style(dim=True), Style(bold=True), Style(bold=True))
CONSOLE = Console(color_system="truecolor", force_terminal=True, legacy_windows=False, width=200)
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff]")
SURE = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u3041-\u9fff\uac00-\ud7a3]*")
SIDE = "┃ luis        "
STALE = "\u2591"
ROOM_CELLS = 4
MOST_ROWS = 30

DEFAULT_STRINGS = 1_500
CAMPAIGN_STRINGS = 100_000
CAMPAIGN_SECONDS = 30 * 60


def entry_of(number: int) -> tuple[Entry, Entry, int]:
    """Return the message of that number, what it answers, and the width that it is shown in."""
    text, source = hostile(number)
    reactions = tuple(
        Reaction(source.choice(("heart", "tada", *EMOJI, *CONTROLS)), ("ana",) * n) for n in range(source.randrange(4))
    )
    details = Details(
        reply=source.choice((0, 0, 3)),
        is_edited=source.random() < 0.2,
        is_mention=source.random() < 0.2,
        reactions=reactions,
    )
    nick = source.choice(("ana", "日本語の長い名前です", "e\u0301va", f"e{text[:31]}"))
    kind = source.choice((Kind.TEXT, Kind.TEXT, Kind.ACTION, Kind.NOTICE, Kind.ERROR, Kind.RULE))
    quoted = Entry(Kind.TEXT, hostile(source.randrange(10**9))[0], 0.0, "luis", seq=3)
    return Entry(kind, text, 0.0, nick, seq=5, details=details), quoted, source.randint(1, 200)


def strips_of(entry: Entry, quoted: Entry, width: int) -> list[Strip]:
    """Return the rows of `entry` as the timeline has them drawn."""
    rows = lay_out(entry, Shape(width), LOOK, continues=False, quoted=quoted)
    if entry.kind is not Kind.RULE and not (
        entry.kind is not Kind.TEXT and (entry.details.reply or entry.details.reactions)
    ):
        assert len(rows) == count_rows(entry, Shape(width))
    return [Strip(row.render_segments(BASE)).crop_extend(0, width, BASE.rich_style) for row in rows]


def output_of(strips: list[Strip], width: int) -> str:
    """Return what is written for `strips` with something right of them, as Textual's compositor does it."""
    side = Strip([Segment(SIDE, BASE.rich_style)])
    lines: list[Iterable[Strip]] = [[strip, side] for strip in strips]
    return steady(LayoutUpdate(lines, Region(0, 0, width + len(SIDE), len(strips))).render_segments(CONSOLE))


class StrictScreen(pyte.Screen):
    """A screen that counts by code points; lines don't wrap, as Textual tells terminals."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width, height)
        self.reset_mode(modes.DECAWM >> 5, private=True)

    @property
    def default_char(self) -> Char:
        """What stands wherever nothing was drawn: as if something else had been shown before."""
        return Char(STALE)

    def draw(self, data: str) -> None:
        """Draw `data` without what takes no cell: behind such, pyte would draw no more of it."""
        super().draw("".join(character for character in data if wcwidth(character) or combining(character)))

    def row(self, y: int, start: int = 0) -> str:
        """Return what a row shows from the column `start` on."""
        return "".join(self.buffer[y][x].data for x in range(start, self.columns))


def draw(output: str, width: int, height: int) -> StrictScreen:
    """Return what a terminal shows after `output`."""
    screen = StrictScreen(width, height)
    pyte.Stream(screen).feed(output)
    return screen


def check(number: int) -> None:
    """Show the string of that number. Raises AssertionError for a row out of line, or a control that got out."""
    entry, quoted, width = entry_of(number)
    strips = strips_of(entry, quoted, width)[:MOST_ROWS]
    texts = [strip.text for strip in strips]
    assert not CONTROL.search("".join(texts))
    assert {strip.cell_length for strip in strips} == {width}
    if width < ROOM_CELLS:
        return
    screen = draw(output_of(strips, width), width + len(SIDE), len(strips))
    for row, text in enumerate(texts):
        assert screen.row(row, width) == SIDE, text
        assert STALE not in screen.row(row) or STALE in text, text
        assert not SURE.fullmatch(text) or screen.row(row) == text + SIDE


def check_all(numbers: Iterable[int], seconds: float) -> int:
    """Show these strings until all are or the time is up; return how many were. A failure names its number."""
    end = time.monotonic() + seconds
    for done, number in enumerate(numbers):
        if time.monotonic() > end:
            return done
        try:
            check(number)
        except Exception as error:
            raise AssertionError(f"string {number}, {entry_of(number)}: {error!r}") from error
    return done + 1


def test_no_string_moves_what_stands_beside_it() -> None:
    """Some thousand strings: no crash, no control gets out, and each row has its cells on a strict terminal too."""
    assert check_all(range(DEFAULT_STRINGS), 60) == DEFAULT_STRINGS


@pytest.mark.campaign
def test_a_hundred_thousand_strings(tell: Callable[[str], None]) -> None:
    """The same with many more: ``python -m pytest -n 0 -m campaign tests/tui/test_strings.py``, in half an hour."""
    tell(f"{check_all(range(CAMPAIGN_STRINGS), CAMPAIGN_SECONDS):,} strings shown, none out of line")
