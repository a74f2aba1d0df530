"""What a message answers, and the reactions to it, in rows of their own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.style import Style

from chatapp.tui.timeline.details import Details, Reaction
from chatapp.tui.timeline.entries import Entry, Kind, Look
from chatapp.tui.timeline.rows import count_rows, lay_out
from chatapp.tui.timeline.shape import WIDE_CELLS, Shape

LOOK = Look(Style(), Style(dim=True), Style(), Style(bold=True))
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]")

reactions = st.builds(
    Reaction, st.sampled_from(["heart", "thumbs_up", "no_such_emoji"]) | st.text(), st.lists(st.text()).map(tuple)
)
details = st.builds(
    Details, st.sampled_from([0, 3]), st.booleans(), st.booleans(), st.booleans(), st.lists(reactions).map(tuple)
)


def rows(entry: Entry, width: int, quoted: Entry | None = None, *, continues: bool = False) -> list[str]:
    return [row.plain for row in lay_out(entry, Shape(width), LOOK, continues=continues, quoted=quoted)]


def said(text: str, **marks: object) -> Entry:
    return Entry(Kind.TEXT, text, 0.0, "ana", seq=5, details=Details(**marks))  # type: ignore[arg-type]


def test_what_it_answers_stands_above() -> None:
    """In one row: who said it, and its first words; beside it time and nick, below it the answer."""
    entry = said("yes", reply=3)
    quoted = Entry(Kind.TEXT, "is it **done**,\nand how?", 0.0, "luis", seq=3)
    assert rows(entry, 60, quoted) == [
        f"{Shape(60).time_of(0.0)}          ana  ↳ luis: is it done, and how?",
        " " * 20 + "yes",
    ]
    assert rows(entry, 30, quoted) == ["  ↳ luis: is it done, and how?", "ana yes"]


def test_what_is_not_there_is_older() -> None:
    """An answer to what isn't loaded has as many rows as any."""
    assert rows(said("yes", reply=3), 60)[0].endswith("↳ an older message")
    assert count_rows(said("yes", reply=3), Shape(60)) == 2


def test_a_long_one_is_cut() -> None:
    """A quote never takes two rows."""
    quoted = Entry(Kind.TEXT, "日本語 " * 90, 0.0, "luis", seq=3)
    (quote, _) = rows(said("yes", reply=3), 60, quoted)
    assert cell_len(quote) <= 60
    assert quote.endswith("…")


def test_who_answers_is_named() -> None:
    """An answer doesn't go on where the same person's message before it ended."""
    assert said("one").continues(said("zero"))
    assert not said("one", reply=3).continues(said("zero"))


def test_reactions_stand_below() -> None:
    """Each with how many react so; the own ones stand out."""
    entry = said("hola", reactions=(Reaction("thumbs_up", ("luis", "mei")), Reaction("heart", ("ana",), is_own=True)))
    laid_out = lay_out(entry, Shape(60), LOOK, continues=False)
    assert laid_out[1].plain == " " * 20 + "👍 2  ❤ 1"
    assert [span.style for span in laid_out[1].spans] == [Style(dim=True), Style(bold=True)]


def test_many_reactions_take_many_rows() -> None:
    """What doesn't fit stands in the next row."""
    entry = said("hola", reactions=(Reaction("thumbs_up", ("luis",)),) * 14)
    assert [row.strip() for row in rows(entry, 60)] == [rows(entry, 60)[0], *["  ".join(["👍 1"] * 7)] * 2]


@pytest.mark.parametrize("width", [60, 30])
def test_a_mention_has_a_bar_beside_it(width: int) -> None:
    """Along all its rows, so that it shows without any colour."""
    entry = said("@mei " + "word " * 20, is_mention=True, reply=3, reactions=(Reaction("heart", ("ana",)),))
    assert all("▐ " in row for row in rows(entry, width))
    assert not any("▐" in row for row in rows(said("hola"), width))


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("hola", "hola (edited)"),
        ("hola **luis**", "hola luis (edited)"),
        ("hola\ny adiós", "y adiós (edited)"),
        ("```\ncode\n```", "(edited)"),
        ("> quoted", "(edited)"),
    ],
)
def test_an_edit_is_noted_behind_the_text(text: str, last: str) -> None:
    """Whatever the text; it is not part of a code block or a quote."""
    assert rows(said(text, is_edited=True), 60)[-1].endswith(f"  {last}")


def test_deleted_it_is_in_italics() -> None:
    """As nothing that anybody said."""
    (row,) = lay_out(said("message deleted", is_deleted=True), Shape(60), LOOK, continues=True)
    assert [span.style for span in row.spans] == [Style(dim=True, italic=True)]


@given(st.text(), details, st.text(), st.integers(1, 120))
def test_any_message_fits_and_is_harmless(text: str, marks: Details, quote: str, width: int) -> None:
    """Whatever a peer says or reacts with: the rows counted are the rows drawn, and no control character is in them."""
    entry = Entry(Kind.TEXT, text, 0.0, "ana", seq=5, details=marks)
    laid_out = rows(entry, width, Entry(Kind.TEXT, quote, 0.0, quote, seq=3))
    assert len(laid_out) == count_rows(entry, Shape(width))
    assert not CONTROL.search("".join(laid_out))
    if width >= WIDE_CELLS:
        assert max(map(cell_len, laid_out)) <= width
