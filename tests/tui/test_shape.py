"""In which columns entries are laid out, and that another shape may be given at any time."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.style import Style

from chatapp.preferences.table import Clock
from chatapp.server.server import Server
from chatapp.tui.timeline.details import Details, Reaction
from chatapp.tui.timeline.entries import Entry, Kind, Look
from chatapp.tui.timeline.rows import count_rows, lay_out
from chatapp.tui.timeline.shape import WIDE_CELLS, Shape
from chatapp.tui.timeline.timelines import Timelines
from tests.tui.screens import say_all, window

LOOK = Look(Style(), Style(dim=True), Style(), Style(bold=True))
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]")
EVENING = time.mktime((2026, 3, 1, 21, 5, 0, 0, 0, -1))

shapes = st.builds(
    Shape, st.integers(1, 120), st.integers(0, 200), st.sampled_from(["24h", "12h", "none"]), st.booleans()
)


def rows(shape: Shape, kind: Kind = Kind.TEXT, *, continues: bool = False, **marks: object) -> list[str]:
    entry = Entry(kind, "one two three four five six seven eight nine", EVENING, "ana", details=Details(**marks))  # type: ignore[arg-type]
    return [row.plain for row in lay_out(entry, shape, LOOK, continues=continues)]


@pytest.mark.parametrize(
    ("shape", "first", "second"),
    [
        (Shape(50), "21:05          ana  one two three four five six", " " * 20 + "seven eight nine"),
        (Shape(50, 5), "21:05   ana  one two three four five six seven", " " * 13 + "eight nine"),
        (Shape(50, 3, "12h"), " 9:05pm ana  one two three four five six seven", " " * 13 + "eight nine"),
        (Shape(50, 12, "none"), "         ana  one two three four five six seven", " " * 14 + "eight nine"),
        (Shape(50, 0), "21:05  ana one two three four five six seven eight", "       nine"),
        (Shape(50, 0, "none"), "ana one two three four five six seven eight nine", ""),
        (Shape(30, 12, "12h"), "ana one two three four five", "  six seven eight nine"),
    ],
)
def test_columns(shape: Shape, first: str, second: str) -> None:
    """Each column is as wide as it is asked for; a nick without one stands in the text, and wrapped rows hang below."""
    assert rows(shape) == [row for row in (first, second) if row]


@pytest.mark.parametrize(("hour", "text"), [(0, "12:05am"), (9, " 9:05am"), (12, "12:05pm"), (23, "11:05pm")])
def test_twelve_hours(hour: int, text: str) -> None:
    """Midnight and noon are twelve."""
    assert Shape(50, clock="12h").time_of(time.mktime((2026, 3, 1, hour, 5, 0, 0, 0, -1))) == text


@pytest.mark.parametrize("clock", ["24h", "12h"])
def test_a_time_that_no_calendar_has(clock: Clock) -> None:
    """It is dashes, in as many cells as any."""
    shape = Shape(50, clock=clock)
    assert shape.time_of(1e300) == "--:--".rjust(shape.time_column)


def test_who_goes_on_is_named_where_the_nick_stands_in_the_text() -> None:
    """Only the time is known from the row above."""
    assert rows(Shape(50, 0), continues=True)[0] == "       ana one two three four five six seven eight"


def test_an_answer_has_time_beside_what_it_answers() -> None:
    """With no column for the nick, the nick stands in the answer."""
    assert rows(Shape(60, 0), reply=3)[:2] == [
        "21:05  ↳ an older message",
        "       ana one two three four five six seven eight nine",
    ]


def test_a_nick_never_has_more_than_a_third() -> None:
    """Whatever is asked for, there is a place for the text."""
    assert Shape(60, 500).body == 60 - 5 - 1 - 20 - 2


@given(st.text(), st.sampled_from(list(Kind)), shapes, st.booleans(), st.booleans())
def test_any_text_fits_any_shape(text: str, kind: Kind, shape: Shape, is_mention: bool, continues: bool) -> None:
    """The rows counted are the rows drawn, none has a control character, and none of a wide shape is too wide."""
    reactions = (Reaction("heart", ("ana",)),) * 9
    entry = Entry(kind, text, 0.0, text, details=Details(3, is_mention=is_mention, reactions=reactions))
    laid_out = [row.plain for row in lay_out(entry, shape, LOOK, continues=continues)]
    assert len(laid_out) == count_rows(entry, shape)
    assert not CONTROL.search("".join(laid_out))
    if shape.width >= WIDE_CELLS:
        assert max(map(cell_len, laid_out)) <= shape.width


async def test_all_rooms_take_another_shape(server: Server) -> None:
    """Those in view, those not in view, and those that are yet to come; where one reads, that stays the first row."""
    async with window(server.port, size=(100, 14)) as ana:
        await say_all(server.port, "luis", [f"number {number}" for number in range(40)])
        await ana.shows("number 39")
        ana.client.type_line("/join #ops")
        await ana.shows("You are in #ops now.")
        ana.app.chat.query_one(Timelines).reshape(Shape(0, 0, "none", is_spaced=True))
        await ana.type("hola")
        await ana.shows(" ana hola ", without="ana  hola")
        await ana.press("alt+up")
        await ana.shows(" luis number 39")
        await ana.press("pageup")
        await ana.until(lambda: not ana.timeline.is_at_end)
        first = ana.timeline._layout.ordinal_at(ana.timeline.scroll_offset.y)
        ana.app.chat.query_one(Timelines).reshape(Shape(0))
        await ana.pilot.pause()
        assert ana.timeline._layout.ordinal_at(ana.timeline.scroll_offset.y) == first
        ana.client.type_line("/join #new")
        await ana.shows("·  You are in #new now.")


async def test_an_empty_row_stands_between(server: Server) -> None:
    """Before all but the first entry, unless it continues the one before; at the end one stays there."""
    async with window(server.port, size=(80, 14)) as ana:
        ana.app.chat.query_one(Timelines).reshape(Shape(0, is_spaced=True))
        entries = [Entry(Kind.TEXT, text, 0.0, nick, seq=seq) for seq, (nick, text) in enumerate(TALK, 1)]
        ana.timeline.clear()
        for entry in entries:
            ana.timeline.add(entry)
        await ana.shows("cuatro")
        shown = [row[20:59].strip() for row in ana.rows()[:8]]
        assert shown == ["uno", "", "dos", "tres", "", "cuatro", "", ""]


TALK = (("ana", "uno"), ("luis", "dos"), ("luis", "tres"), ("ana", "cuatro"))
