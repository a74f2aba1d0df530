"""How an entry is laid out in rows of cells."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.style import Style

from chatapp.tui.timeline.entries import Entry, Kind, Look
from chatapp.tui.timeline.rows import count_rows, lay_out
from chatapp.tui.timeline.shape import WIDE_CELLS, Shape
from chatapp.tui.timeline.wrapping import wrap

LOOK = Look(Style(), Style(), Style(bold=True))
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def rows(entry: Entry, width: int, *, continues: bool = False) -> list[str]:
    return [row.plain for row in lay_out(entry, Shape(width), LOOK, continues=continues)]


def said(text: str, nick: str = "ana", kind: Kind = Kind.TEXT, at: float = 0.0) -> Entry:
    return Entry(kind, text, at, nick)


def test_time_and_nick_have_columns() -> None:
    """The nick ends where the column ends, two cells before the text; wrapped rows hang below the text."""
    entry = said("one two three four five six seven eight nine ten")
    assert rows(entry, 60) == [
        f"{Shape(60).time_of(0.0)}          ana  one two three four five six seven eight",
        "                    nine ten",
    ]


def test_a_narrow_screen_has_the_nick_in_the_text() -> None:
    """Below 50 cells there is no column, and wrapped rows are indented by two."""
    assert rows(said("hola a todos los presentes"), 20) == ["ana hola a todos", "  los presentes"]


def test_who_goes_on_speaking_is_named_once() -> None:
    """Within the same minute the same person's next message has neither time nor nick."""
    first, second = said("one", at=0.0), said("two", at=59.0)
    assert second.continues(first)
    assert rows(second, 60, continues=True) == [" " * 20 + "two"]


@pytest.mark.parametrize(
    "before",
    [None, said("x", nick="luis"), said("x", at=-1.0), said("x", kind=Kind.ACTION), Entry(Kind.NOTICE, "x", 0.0)],
)
def test_after_anything_else_the_speaker_is_named(before: Entry | None) -> None:
    """Another person, another minute, an action or a notice between: time and nick stand there again."""
    assert not said("hola").continues(before)


def test_line_breaks_stay() -> None:
    """A text of several lines keeps them, empty ones too."""
    assert wrap("a\n\nb", 10) == ["a", "", "b"]


def test_an_action_is_a_sentence() -> None:
    """The star stands in the nick's column, the nick in the sentence."""
    assert rows(said("waves", kind=Kind.ACTION), 60)[0].endswith(" *  ana waves")


def test_a_long_nick_ends_in_an_ellipsis() -> None:
    """A nick of 32 characters takes no more than its column."""
    row = rows(said("hola", nick="x" * 32), 60)[0]
    assert cell_len(row) == 20 + len("hola")
    assert "…" in row


@pytest.mark.parametrize("text", ["日本語のとても長い文章です" * 5, "👍🏽👨‍👩‍👧 ok " * 9, "e\u0301" * 90, "a" * 300])
@pytest.mark.parametrize("width", [4, 12, 49, 50, 80])
def test_no_row_is_wider_than_the_screen(text: str, width: int) -> None:
    """Wide characters, emoji, combining marks and endless words stay in their cells, and none is lost."""
    laid_out = rows(said(text), width)
    assert max(map(cell_len, laid_out)) <= width
    assert text.replace(" ", "") in "".join(row.strip() for row in laid_out).replace(" ", "")


@given(st.text(), st.sampled_from(list(Kind)), st.integers(1, 120))
def test_any_text_fits_and_is_harmless(text: str, kind: Kind, width: int) -> None:
    """Whatever a peer says: the rows counted are the rows drawn, and no control character is in them."""
    entry = said(text, kind=kind)
    laid_out = rows(entry, width)
    assert len(laid_out) == count_rows(entry, Shape(width))
    assert not CONTROL.search("".join(laid_out))
    if width >= WIDE_CELLS:
        assert max(map(cell_len, laid_out)) <= width
