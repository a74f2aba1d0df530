"""The timeline alone: whatever comes at either end, the view stays."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from chatapp.tui.pacing import Pace
from chatapp.tui.timeline import bounded, timeline
from chatapp.tui.timeline.bounded import BoundedTimeline
from chatapp.tui.timeline.details import Details
from chatapp.tui.timeline.entries import Entry, Kind
from chatapp.tui.timeline.timeline import Timeline
from tests.tui.screens import WAIT_SECONDS

Step = tuple[str, int]

HEIGHT = 8

steps = st.lists(
    st.tuples(st.sampled_from(["add", "prepend", "up", "down", "top", "end"]), st.integers(1, 9))
    | st.tuples(st.just("resize"), st.integers(12, 70))
    | st.tuples(st.just("change"), st.integers(0, 2_000)),
    max_size=12,
)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show what is added in the next turn, however often: no test waits for its time."""
    monkeypatch.setattr("chatapp.tui.timeline.timeline._UPDATE_SECONDS", 0.0)


class Alone(App[None]):
    """A timeline that fills the screen, with `count` entries."""

    CSS = "Timeline { height: 1fr; overflow-x: hidden; .timeline--marked { background: red; } }"

    def __init__(self, count: int = 0) -> None:
        super().__init__()
        self._newest = 0
        self._oldest = -1
        self._count = count

    def compose(self) -> ComposeResult:
        yield Timeline()

    @property
    def timeline(self) -> Timeline:
        return self.query_one(Timeline)

    def on_mount(self) -> None:
        self.add(self._count)

    def entry(self, number: int) -> Entry:
        """Return the entry of that number; of some, the text takes several rows."""
        return Entry(Kind.TEXT, f"number {number}. " + "word " * (number % 11), 0.0, "ana", seq=number + 1)

    async def has_width(self, pilot: Pilot[None], cells: int) -> None:
        """Wait until all is laid out for so many cells."""
        async with asyncio.timeout(WAIT_SECONDS):
            while self.timeline.size.width != cells or not self._fits:
                await pilot.pause()

    @property
    def _fits(self) -> bool:
        return self.timeline._layout.shape.width == self.timeline.scrollable_content_region.width

    def add(self, count: int) -> None:
        for _ in range(count):
            self.timeline.add(self.entry(self._newest))
            self._newest += 1

    def prepend(self, count: int) -> None:
        self._oldest -= count
        self.timeline.prepend([self.entry(self._oldest + index) for index in range(count)])

    def change(self, number: int) -> None:
        """Let one message read otherwise: which one, and in how many words, is in `number`."""
        entry = self.timeline.entries[number % len(self.timeline.entries)]
        text = f"changed to {number}. " + "word " * (number % 13)
        self.timeline.change(entry.seq, lambda entry: replace(entry, text=text))

    def up(self, rows: int) -> None:
        self.timeline.scroll_relative(y=-rows, animate=False, immediate=True)

    def down(self, rows: int) -> None:
        self.timeline.scroll_relative(y=rows, animate=False, immediate=True)

    def top(self, _: int) -> None:
        self.timeline.go_to_top()

    def end(self, _: int) -> None:
        self.timeline.go_to_end()

    def anchor(self) -> tuple[Entry | None, int]:
        """Return the entry of the first row in view, and which of its rows that is."""
        layout, row = self.timeline._layout, self.timeline.scroll_offset.y
        ordinal = layout.ordinal_at(row)
        return layout.entry(ordinal), row - layout.start_of(ordinal)

    def first_begun(self) -> tuple[int, int]:
        """Return the ordinal of the first entry that begins in view, and in which row of the view."""
        layout, top = self.timeline._layout, self.timeline.scroll_offset.y
        ordinal = layout.ordinal_at(top)
        if layout.start_of(ordinal) < top:
            ordinal += 1
        return ordinal, self.row_of(ordinal)

    def row_of(self, ordinal: int) -> int:
        """Return in which row of the view an entry begins."""
        return self.timeline._layout.start_of(ordinal) - self.timeline.scroll_offset.y

    def rows(self) -> list[str]:
        return [self.timeline.render_line(row).text for row in range(self.timeline.size.height)]


class AloneBounded(Alone):
    """The same, of which no more is kept than MOST_KEPT."""

    def compose(self) -> ComposeResult:
        yield BoundedTimeline()


async def keeps_its_view(app: Alone, done: list[Step]) -> None:
    async with app.run_test(size=(40, HEIGHT)) as pilot:
        await pilot.pause()
        for name, number in done:
            before, was_following = app.anchor(), app.timeline._follows
            begun = app.first_begun()
            if name == "resize":
                await pilot.resize_terminal(number, HEIGHT)
                await app.has_width(pilot, number)
            else:
                getattr(app, name)(number)
            await pilot.pause()
            check(app, name, before, was_following=was_following)
            if name == "change" and not app.timeline._follows and app.timeline.scroll_y > 0:
                assert app.row_of(begun[0]) == begun[1]


def check(app: Alone, name: str, before: tuple[Entry | None, int], *, was_following: bool) -> None:
    timeline = app.timeline
    if name in ("add", "prepend"):
        assert timeline._follows == was_following
    if timeline._follows:
        assert timeline.scroll_y == timeline.max_scroll_y
    elif name in ("add", "prepend"):
        assert app.anchor() == before
    elif name == "resize":
        assert app.anchor()[0] is before[0]


@settings(max_examples=25, deadline=None)
@given(steps)
def test_any_steps_keep_the_view(done: list[Step]) -> None:
    """Scrolled up, what is added, prepended, changed or laid out anew leaves the first row; at the end, that stays."""
    asyncio.run(keeps_its_view(Alone(20), done))


@settings(max_examples=15, deadline=None)
@given(steps)
def test_what_goes_moves_nothing_in_view(done: list[Step]) -> None:
    """The same where each step makes something go, or may."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounded, "MOST_KEPT", 58)
        asyncio.run(keeps_its_view(AloneBounded(57), done))


async def test_prepending_changes_no_row_in_view() -> None:
    """At once, with no frame between, the same rows are drawn: scrolled up, and at the end."""
    app = Alone(60)
    async with app.run_test(size=(40, HEIGHT)) as pilot:
        await pilot.pause()
        for rows_up in (0, 15):
            app.up(rows_up)
            before = app.rows()
            app.prepend(30)
            assert app.rows() == before
            await pilot.pause()
            assert app.rows() == before


async def test_the_first_goes_on_where_an_older_one_ended() -> None:
    """Once the same person's message of the same minute stands before it, the name is not there twice."""
    app = Alone(3)
    async with app.run_test(size=(70, HEIGHT)) as pilot:
        await pilot.pause()
        assert app.rows()[0].split()[1] == "ana"
        app.prepend(1)
        await pilot.pause()
        assert "".join(app.rows()).split().count("ana") == 1


async def test_a_message_is_shown_in_its_context_and_marked_for_a_while() -> None:
    """It stands in the middle on a background of its own, until some seconds later."""
    app = Alone(100)
    async with app.run_test(size=(70, HEIGHT)) as pilot:
        await pilot.pause()
        assert app.timeline.go_to(51)
        row = next(row for row, text in enumerate(app.rows()) if "number 50." in text)
        assert row == HEIGHT // 2
        backgrounds = [
            {segment.style.bgcolor for segment in app.timeline.render_line(y) if segment.style} for y in (0, row)
        ]
        assert backgrounds[0].isdisjoint(backgrounds[1])
        assert app.timeline._unmarking is not None
        app.timeline._mark(None)
        assert {segment.style.bgcolor for segment in app.timeline.render_line(row) if segment.style} == backgrounds[0]
        assert not app.timeline.go_to(1_000)


async def test_the_last_message_shown_so_is_followed() -> None:
    """Going to one on the last screen is being at the end."""
    app = Alone(30)
    async with app.run_test(size=(70, HEIGHT)) as pilot:
        await pilot.pause()
        app.up(50)
        app.timeline.go_to(30)
        app.add(1)
        await pilot.pause()
        assert "number 30." in "".join(app.rows())


async def test_cleared_it_is_as_new() -> None:
    """Nothing is left, and what comes then is shown and followed."""
    app = Alone(30)
    async with app.run_test(size=(70, HEIGHT)) as pilot:
        await pilot.pause()
        app.up(50)
        app.timeline.clear()
        assert "".join(app.rows()).strip() == ""
        app.add(1)
        await pilot.pause()
        assert "number 30." in app.rows()[0]


async def test_what_changes_above_moves_nothing() -> None:
    """At once, with no frame between: a message above what one reads becomes longer, shorter, and goes on to be so."""
    app = Alone(60)
    async with app.run_test(size=(40, HEIGHT)) as pilot:
        await pilot.pause()
        app.up(30)
        before = app.rows()
        for text in ("long " * 90, "short", "long " * 90):
            app.timeline.change(3, lambda entry, text=text: replace(entry, text=text))  # type: ignore[misc]
            assert app.rows() == before
            await pilot.pause()
            assert app.rows() == before
        assert app.timeline.unseen == 0


async def test_what_comes_by_thousands_is_shown_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fifth time it could be; as soon as less came, at once."""
    monkeypatch.setattr(timeline, "_MANY", 10)
    app, shown = Alone(), list[bool]()
    async with app.run_test(size=(40, HEIGHT)) as pilot:
        await pilot.pause()
        monkeypatch.setattr(Pace, "ask", lambda _: None)
        for count in (10, 10, 10, 10, 10, 10, 9):
            app.add(count)
            app.timeline._update()
            shown.append(app.timeline.virtual_size.height == app.timeline._layout.row_count)
    assert shown == [False] * 4 + [True, False, True]


async def test_at_the_end_a_change_leaves_one_there() -> None:
    """What grows pushes the rest up, and the newest stays in view."""
    app = Alone(60)
    async with app.run_test(size=(40, HEIGHT)) as pilot:
        await pilot.pause()
        app.timeline.change(60, lambda entry: replace(entry, text="long " * 20 + "end"))
        await pilot.pause()
        assert app.timeline.is_at_end
        assert "end" in app.rows()[-1]


async def test_a_quote_follows_what_it_quotes() -> None:
    """When that is changed, and when it comes with an older page; what isn't there costs nothing."""
    app = Alone()
    async with app.run_test(size=(70, HEIGHT)) as pilot:
        app.timeline.add(Entry(Kind.TEXT, "yes", 90.0, "ana", seq=9, details=Details(reply=4)))
        await pilot.pause()
        assert "↳ an older message" in app.rows()[0]
        app.timeline.change(4, lambda entry: replace(entry, text="never"))
        app.timeline.prepend([Entry(Kind.TEXT, "is it?", 0.0, "luis", seq=4)])
        await pilot.pause()
        assert "↳ luis: is it?" in app.rows()[1]
        app.timeline.change(4, lambda entry: replace(entry, text="is it done?"))
        await pilot.pause()
        assert "↳ luis: is it done?" in app.rows()[1]


async def test_what_was_never_in_view_may_change() -> None:
    """In a room that one hasn't looked at yet nothing has rows: what changes there reads so once it is shown."""
    app = Alone()
    async with app.run_test(size=(70, HEIGHT)) as pilot:
        app.timeline.display = False
        await pilot.pause()
        hidden = Timeline()
        hidden.display = False
        await app.mount(hidden)
        for number in range(3):
            hidden.add(app.entry(number))
        hidden.change(2, lambda entry: replace(entry, text="changed"))
        hidden.change_last(app.entry(9))
        hidden.show_unread(0)
        assert hidden.go_to(2)
        hidden.display = True
        async with asyncio.timeout(WAIT_SECONDS):
            while not (hidden.size.height and hidden.render_line(0).text.strip()):
                await pilot.pause()
        shown = [hidden.render_line(row).text for row in range(HEIGHT)]
        assert "new" in shown[0]
        assert "changed" in shown[2]
        assert "number 9." in "".join(shown)
