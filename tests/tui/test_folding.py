"""Of a message of many rows the first are shown, until one wants to see all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from textual.style import Style

from chatapp.protocol.requests import Edit
from chatapp.server.server import Server
from chatapp.texts import use_language
from chatapp.tui.timeline.details import Details, Reaction
from chatapp.tui.timeline.entries import Entry, Kind, Look
from chatapp.tui.timeline.rows import count_rows, fold_row, lay_out, places
from chatapp.tui.timeline.shape import WIDE_CELLS, Shape
from tests.tui.screens import Window, say_all, window

LOOK = Look(Style(), Style(dim=True), Style())
SIZE = (80, 20)
LONG = "\n".join(f"line {number}." for number in range(100))

texts = st.lists(st.sampled_from(["a", "日本", "\n", "\n\n\n", "> ", "```\n", "word " * 9]), max_size=60).map("".join)
shapes = st.builds(Shape, st.integers(2, 90), st.sampled_from([12, 0]))


def rows(text: str, width: int = 60, **details: object) -> list[str]:
    entry = Entry(Kind.TEXT, text, 0.0, "ana", seq=3, details=Details(**details))  # type: ignore[arg-type]
    return [row.plain.strip() for row in lay_out(entry, Shape(width), LOOK, continues=True)]


def lines(count: int) -> str:
    return "\n".join(map(str, range(count)))


@pytest.mark.parametrize(("language", "more", "fewer"), [("en", "more", "fewer"), ("es", "más", "menos")])
def test_ten_rows_and_how_many_more(language: str, more: str, fewer: str) -> None:
    """Twelve are shown as they are; of thirteen, ten; unfolded all are there, and what folds them again."""
    use_language(language)
    assert rows(lines(12)) == [str(number) for number in range(12)]
    folded, unfolded = rows(lines(13)), rows(lines(13), is_open=True)
    assert folded[:10] == unfolded[:10] == [str(number) for number in range(10)]
    assert len(folded) == 11
    assert folded[10].split()[:2] == ["…", "3"]
    assert more in folded[10]
    assert unfolded[10:13] == ["10", "11", "12"]
    assert fewer in unfolded[13]


def test_only_what_somebody_said() -> None:
    """A list that was asked for is shown whole; so is what answers a message, and who reacts to it."""
    notice = Entry(Kind.NOTICE, lines(50), 0.0)
    assert count_rows(notice, Shape(60)) == 50
    answer = rows(lines(50), reply=2, reactions=(Reaction("heart", ("luis",)),))
    assert "an older message" in answer[0]
    assert "40 more" in answer[11]
    assert "❤ 1" in answer[12]


@given(texts, shapes, st.booleans(), st.sampled_from([0, 2]))
def test_any_text_fits(text: str, shape: Shape, is_open: bool, reply: int) -> None:
    """The rows counted are the rows drawn, each has its place, and the line that folds is where it is said to be."""
    entry = Entry(Kind.TEXT, text, 0.0, "ana", seq=3, details=Details(reply=reply, is_open=is_open))
    drawn = [row.plain for row in lay_out(entry, shape, LOOK, continues=False)]
    assert len(drawn) == count_rows(entry, shape) == len(places(entry, shape))
    if shape.width >= WIDE_CELLS:
        assert max(map(cell_len, drawn)) <= shape.width
    at = fold_row(entry, shape)
    assert (at is not None) == any("…" in row for row in drawn if "older" not in row and "↳" not in row)
    assert at is None or "…" in drawn[at]


async def said(ana: Window, port: int, *, after: int = 0) -> None:
    """Let luis say something long, and `after` it so many lines."""
    await say_all(port, "luis", [LONG, *(f"after {number}" for number in range(after))])
    await ana.shows("luis left")


def row_of(ana: Window, text: str) -> int:
    """Return the row of the screen in which `text` stands."""
    return next(row for row, shown in enumerate(ana.rows()) if text in shown)


def above(ana: Window, text: str) -> list[str]:
    """Return what stands in the timeline above `text`."""
    return [row[:55] for row in ana.rows()[: row_of(ana, text)]]


async def has_width(ana: Window, cells: int) -> None:
    await ana.until(lambda: ana.timeline.size.width == cells)


async def click(ana: Window, text: str) -> None:
    await ana.pilot.click(ana.timeline, offset=(30, row_of(ana, text)))


async def test_a_click_unfolds_and_folds(server: Server) -> None:
    """What stands above it stays in its row; folded again by the line at the end, what stands below that does."""
    async with window(server.port, size=SIZE) as ana:
        await said(ana, server.port, after=2)
        await ana.shows("… 90 more lines", without="line 10.")
        before = above(ana, "more lines")
        await click(ana, "more lines")
        await ana.shows("line 10.", without="more lines")
        assert above(ana, "line 10.") == before
        await ana.press(*["pagedown"] * 6)
        await ana.shows("… fewer lines", "after 0")
        ana.timeline.scroll_relative(y=-1, animate=False, immediate=True)
        await ana.until(lambda: not ana.timeline.is_at_end)
        row = row_of(ana, "fewer lines")
        await click(ana, "fewer lines")
        await ana.shows("… 90 more lines")
        assert row_of(ana, "more lines") == row


async def test_a_key_does_it_to_what_is_chosen(server: Server) -> None:
    """It is still the chosen one, and its first rows are in view."""
    async with window(server.port, size=SIZE) as ana:
        await said(ana, server.port)
        await ana.press("shift+tab", "space")
        await ana.shows("line 10.")
        await ana.press("pagedown")
        await ana.shows("line 20.", without="line 0.")
        await ana.press("space")
        await ana.shows("line 0.", "… 90 more lines")
        assert ana.timeline.chosen is not None
        assert ana.timeline.chosen.text == LONG
        await ana.press("escape", "escape", "x")
        await ana.until(lambda: ana.composer.text == "x")


async def test_another_width_leaves_one_where_one_reads_in_it(server: Server) -> None:
    """Not at its first row, which may be far above."""
    async with window(server.port, size=SIZE) as ana:
        await said(ana, server.port)
        await ana.press("shift+tab", "space")
        await ana.shows("line 10.")
        await ana.press("pagedown", "pagedown")
        await ana.shows("line 30.", without="line 20.")
        first, width = ana.rows()[0][:40], ana.timeline.size.width
        for more in (9, 0):
            await ana.resize(SIZE[0] + more, SIZE[1])
            await has_width(ana, width + more)
            assert ana.rows()[0][:40] == first


async def test_a_short_one_has_nothing_to_unfold(server: Server) -> None:
    """The key does nothing, and is not typed."""
    async with window(server.port, size=SIZE) as ana:
        await ana.type("hola")
        await ana.shows("hola")
        await ana.press("shift+tab", "space")
        await ana.pilot.pause()
        assert ana.composer.text == ""
        assert not ana.timeline.chosen or not ana.timeline.chosen.details.is_open


async def test_at_the_end_of_a_short_timeline_one_stays_there(server: Server) -> None:
    """Where all of it fits, the newest is in view still."""
    async with window(server.port, size=(80, 40)) as ana:
        await ana.paste(lines(14))
        await ana.press("enter")
        await ana.shows("… 4 more lines")
        await click(ana, "more lines")
        await ana.shows("… fewer lines")
        assert ana.timeline.is_at_end
        await ana.type("hola")
        await ana.shows("hola")


async def test_an_edit_leaves_it_unfolded(server: Server) -> None:
    """And what is copied of it is all of it, folded or not."""
    async with window(server.port, size=(80, 40)) as ana:
        await ana.paste(LONG)
        await ana.press("enter")
        await ana.shows("… 90 more lines")
        y = row_of(ana, "line 0.")
        await ana.pilot.triple_click(ana.timeline, offset=(30, y))
        await ana.press("ctrl+c")
        assert ana.app.clipboard == LONG
        seq = next(entry.seq for entry in ana.timeline.entries if entry.seq)
        ana.timeline.change(seq, lambda entry: replace(entry, details=replace(entry.details, is_open=True)))
        ana.client.send(Edit("#general", LONG.replace("line 99.", "the end"), seq))
        await ana.until(lambda: ana.timeline.entries[-1].text.endswith("the end"))
        assert ana.timeline.entries[-1].details.is_open
