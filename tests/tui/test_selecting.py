"""Text is selected with the mouse, and copied."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size
from textual.events import MouseMove
from textual.geometry import Offset
from textual.selection import Selection
from textual.style import Style

from chatapp.server.server import Server
from chatapp.tui.timeline.details import Details, Reaction
from chatapp.tui.timeline.entries import Entry, Kind, Look
from chatapp.tui.timeline.layout import Layout
from chatapp.tui.timeline.rows import lay_out, places
from chatapp.tui.timeline.selecting import cells_in, offset_at, selected_text
from chatapp.tui.timeline.shape import Shape
from tests.tui.screens import Window, say_all, window

LOOK = Look(Style(), Style(), Style())
TALK = ("uno dos tres", "**cuatro** " + "palabra " * 20 + "fin", "seis")

shapes = st.builds(Shape, st.integers(4, 90), st.sampled_from([12, 0, 3]), st.sampled_from(["24h", "none"]))
pieces = st.lists(st.sampled_from(["a", "日本", "👍🏽", " ", "\n", "**b** ", "> ", "```py\n", "x" * 20, "```"])).map(
    "".join
)


async def talk(ana: Window, port: int) -> None:
    await say_all(port, "luis", TALK)
    await ana.shows("seis")


def spot(ana: Window, text: str) -> tuple[int, int]:
    """Return the column and row of the screen where `text` begins."""
    row = next(row for row, shown in enumerate(ana.rows()) if text in shown)
    return cell_len(ana.rows()[row].partition(text)[0]), row


async def drag(ana: Window, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Press the mouse at `start`, and let it go at `end`."""
    await ana.pilot.mouse_down(offset=start)
    await ana.pilot.hover(offset=end)
    await ana.pilot.mouse_up(offset=end)


async def copied(ana: Window) -> str:
    await ana.press("ctrl+c")
    return ana.app.clipboard


async def test_part_of_a_message(server: Server) -> None:
    """From one character to another, in either direction; the nick is none of it."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        (x, y), (tres, _) = spot(ana, "uno dos"), spot(ana, "tres")
        await drag(ana, (x + 4, y), (tres - 2, y))
        assert await copied(ana) == "dos"
        await drag(ana, (tres + 3, y), (0, y))
        assert await copied(ana) == "uno dos tres"


async def test_wrapped_rows_are_copied_as_they_were_said(server: Server) -> None:
    """No row's end is in the copy, nor what marks it up; right of a row is its end."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        x, y = spot(ana, "cuatro")
        (fin, last) = spot(ana, "fin")
        assert last > y
        await drag(ana, (x, y), (fin + 20, last))
        assert await copied(ana) == TALK[1].replace("*", "")


async def test_several_messages_say_who_said_them(server: Server) -> None:
    """Each is a line with its nick; a notice has none, and the line of a day is left out."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.type("/me saluda")
        await ana.shows("ana saluda")
        (x, y), (end, last) = spot(ana, "fin"), spot(ana, "saluda")
        await drag(ana, (x, y), (end + 2, last))
        await ana.until(lambda: ana.timeline._selection is not None)
        assert (await copied(ana)).splitlines() == ["luis: fin", "luis: seis", "luis left", "* ana sal"]


async def test_it_stays_when_all_is_laid_out_anew(server: Server) -> None:
    """Older messages, newer ones, and another width: what is selected is the same text, and stands out where it is."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        x, y = spot(ana, "dos")
        await drag(ana, (x, y), (x + 2, y))
        ana.timeline.prepend([Entry(Kind.TEXT, f"older {number}", 0.0, "mei") for number in range(9)])
        await ana.resize(60, 20)
        await say_all(server.port, "mei", ["nueva"])
        await ana.shows("nueva")
        assert await copied(ana) == "dos"
        assert standing_out(ana) == "dos"


async def test_it_goes_nowhere_else(server: Server) -> None:
    """Out in the list of people, below in the composer and above: it ends in the timeline; all else selects nothing."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        x, y = spot(ana, "seis")
        people, composer = spot(ana, "People"), spot(ana, "Write a")
        await drag(ana, (x, y), (people[0], y))
        assert await copied(ana) == "seis"
        await drag(ana, (x + 2, y), composer)
        assert set(ana.app.screen.selections) == {ana.timeline}
        assert (await copied(ana)).splitlines()[0] == "luis: is"
        await ana.pilot.click(offset=composer)
        await drag(ana, (2, ana.app.size.height - 1), (x, y))
        await drag(ana, people, (x, y))
        assert not ana.app.screen.selections


async def test_at_an_edge_the_timeline_scrolls_and_more_is_selected(server: Server) -> None:
    """The mouse rests at the top: what comes into view under it is selected, to the first of all."""
    async with window(server.port, size=(80, 16)) as ana:
        await say_all(server.port, "luis", [f"number {number}." for number in range(40)])
        await ana.shows("number 39.", "luis left")
        x, y = spot(ana, "number 39.")
        await ana.pilot.mouse_down(offset=(x + 8, y))
        for row in range(y, -1, -1):
            ana.app.screen._forward_event(MouseMove(None, x, row, 0, -1, 1, False, False, False))
        await ana.until(lambda: ana.timeline.scroll_y == 0)
        await ana.until(lambda: (ana.app.screen.get_selected_text() or "").startswith("You are in #general"))
        await ana.pilot.mouse_up(offset=(x, 0))
        assert (await copied(ana)).splitlines()[-2:] == ["luis: number 38.", "luis: number 39"]


async def test_two_clicks_take_a_word_and_three_a_message(server: Server) -> None:
    """Never all there is."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        x, y = spot(ana, "dos")
        left, top = ana.timeline.region.offset
        await ana.pilot.double_click(ana.timeline, offset=(x + 1 - left, y - top))
        assert await copied(ana) == "dos"
        await ana.pilot.triple_click(ana.timeline, offset=(x + 1 - left, y - top))
        assert await copied(ana) == "uno dos tres"
        await ana.pilot.click(ana.timeline, offset=(x - left, y - top))
        assert not ana.app.screen.selections
        for widget in ("#status", "#sidebar", "#composer"):
            await ana.pilot.triple_click(widget)
            assert not ana.app.screen.selections


async def test_another_room_has_nothing_selected(server: Server) -> None:
    """What can't be seen isn't copied."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        x, y = spot(ana, "dos")
        await drag(ana, (x, y), (x + 2, y))
        ana.client.type_line("/join #ops")
        await ana.shows("You are in #ops now.")
        assert await copied(ana) == ""
        await ana.shows("ctrl+c copies what is selected")


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (20, 5)])
async def test_a_small_screen_or_an_empty_one(server: Server, size: tuple[int, int]) -> None:
    """Wherever the mouse is pressed and moved, nothing fails."""
    async with window(server.port, size=size) as ana:
        for count in (0, 1):
            await drag(ana, (0, 0), (size[0] - 1, size[1] - 1))
            await ana.pilot.triple_click(offset=(0, 0))
            if count == 0:
                ana.timeline.clear()
        assert ana.app.is_running


def standing_out(ana: Window) -> str:
    """Return the text that is drawn as selected."""
    background = ana.app.screen.get_component_rich_style("screen--selection").bgcolor
    strips = ana.app.screen._compositor.render_strips()
    return "".join(part.text for strip in strips for part in strip if part.style and part.style.bgcolor == background)


@given(pieces, st.sampled_from([Kind.TEXT, Kind.ACTION, Kind.NOTICE]), shapes, st.booleans(), st.booleans())
@example("日本 日本", Kind.TEXT, Shape(5), False, True)
def test_each_row_has_what_is_said(text: str, kind: Kind, shape: Shape, is_mention: bool, is_edited: bool) -> None:
    """A place is told for each row: what it has of the text stands there, and all rows together have all of it."""
    details = Details(3, is_edited=is_edited, is_mention=is_mention, reactions=(Reaction("heart", ("ana",)),) * 4)
    entry = Entry(kind, text, 0.0, "日ana", details=details)
    rows, found = [row.plain for row in lay_out(entry, shape, LOOK, continues=False)], places(entry, shape)
    assert len(rows) == len(found)
    for row, place in zip(rows, found, strict=True):
        if place is not None:
            assert row.removeprefix(set_cell_size(row, place.cells)).startswith(entry.shown[place.start : place.end])
    shown = [entry.shown[place.start : place.end] for place in found if place is not None]
    assert "".join("".join(shown).split()) == "".join(entry.shown.split())


@given(st.lists(pieces, min_size=1, max_size=5), shapes, st.data())
def test_what_is_selected_is_what_stands_out(texts: list[str], shape: Shape, data: st.DataObject) -> None:
    """From any cell to any other: the cells that stand out have the text that is copied, but for spaces."""
    layout = Layout(shape)
    for text in texts:
        layout.add(Entry(Kind.TEXT, text or "-", 0.0, "ana"))
    spots = st.tuples(st.integers(0, layout.row_count), st.integers(0, shape.width))
    start, end = sorted(
        (offset_at(layout, *data.draw(spots)) for _ in range(2)), key=lambda offset: (offset.y, offset.x)
    )
    selection = Selection.from_offsets(start, end + Offset(1, 0))
    standing = "".join(stands_out(layout, row, selection) for row in range(layout.row_count))
    expected = selected_text(layout, selection).replace("ana: ", "")
    assert "".join(standing.split()) == "".join(expected.split())


def stands_out(layout: Layout, row: int, selection: Selection) -> str:
    ordinal = layout.ordinal_at(row)
    entry = layout.entry(ordinal)
    assert entry is not None
    drawn = lay_out(entry, layout.shape, LOOK, continues=False)[row - layout.start_of(ordinal)]
    start, end = cells_in(layout, row, selection)
    return set_cell_size(drawn.plain, end).removeprefix(set_cell_size(drawn.plain, start))
