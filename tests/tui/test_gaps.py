"""Whatever is said, heard, asked for and answered meanwhile, a timeline has no gap and nothing twice."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from chatapp.client.client import Client
from chatapp.protocol.events import Event, HistoryPage, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import History, Request
from chatapp.tui.timeline import bounded, tail
from chatapp.tui.timeline.bounded import BoundedTimeline
from chatapp.tui.timeline.messages import entry_for_said
from chatapp.tui.timeline.past import Past

HEIGHT, PAGE = 8, 10
MOST_KEPT, MOST_ASIDE = 60, 15

Step = tuple[str, int]

steps = st.lists(
    st.tuples(st.sampled_from(["say", "say", "hear", "hear", "serve"]), st.integers(1, 25))
    | st.tuples(st.sampled_from(["up", "down", "settle"]), st.integers(1, 20))
    | st.tuples(st.sampled_from(["seek", "unread"]), st.integers(1, 300))
    | st.tuples(st.sampled_from(["first", "end"]), st.just(0)),
    max_size=40,
)


class Alone(App[None]):
    """A timeline and its past, on a server and a network that do something when they are told to."""

    CSS = "BoundedTimeline { height: 1fr; overflow-x: hidden; }"

    def __init__(self, said: int) -> None:
        super().__init__()
        self._talk: list[Said] = []
        self._requests: deque[History] = deque()
        self._events: deque[Event] = deque()
        self._client = Client("127.0.0.1", 1, "ana")
        self.say(said)
        self._events.clear()
        self._client.state.apply(Welcomed("ana", GENERAL, ["ana"], "log", self._last, 1))
        self._client.send = self._ask  # type: ignore[method-assign]
        self.missing = 0

    def compose(self) -> ComposeResult:
        yield BoundedTimeline()

    def on_mount(self) -> None:
        self.past = Past(self._client, GENERAL, self.timeline, self._complain)
        self._ask(History(GENERAL, before=self._last + 1))

    @property
    def timeline(self) -> BoundedTimeline:
        return self.query_one(BoundedTimeline)

    @property
    def _last(self) -> int:
        return self._talk[-1].seq if self._talk else 0

    @property
    def seqs(self) -> list[int]:
        return [said.seq for said in self._talk]

    @property
    def shown(self) -> list[int]:
        return [entry.seq for entry in self.timeline.entries if entry.seq]

    def on_following_view_top(self) -> None:
        self.past.ask_if_any()

    def on_following_view_bottom(self) -> None:
        self.past.ask_newer()

    def _complain(self, _: str) -> None:
        self.missing += 1

    def _ask(self, request: Request) -> None:
        assert isinstance(request, History)
        assert request not in self._requests
        self._requests.append(request)

    def say(self, count: int) -> None:
        """Let others say so much; numbers are left out, as of changes."""
        for _ in range(count):
            seq = self._last + 1 + len(self._talk) % 3
            said = Said(seq, GENERAL, "luis", f"number {seq}", 86_400.0 * (seq // 50), str(seq))
            self._talk.append(said)
            self._events.append(said)

    def serve(self, count: int) -> None:
        """Answer so many questions."""
        for _ in range(min(count, len(self._requests))):
            self._events.append(self._page(self._requests.popleft()))

    def _page(self, asked: History) -> HistoryPage:
        if asked.after is not None:
            found = [said for said in self._talk if said.seq > asked.after]
            return HistoryPage(GENERAL, found[:PAGE], len(found) > PAGE, after=asked.after)
        found = [said for said in self._talk if asked.before is None or said.seq < asked.before]
        return HistoryPage(GENERAL, found[-PAGE:], len(found) > PAGE, before=asked.before)

    def hear(self, count: int) -> None:
        """Take so much of what the server has said."""
        for _ in range(min(count, len(self._events))):
            event = self._events.popleft()
            self._client.state.apply(event)
            if isinstance(event, Said):
                self.timeline.add(entry_for_said(event, "ana"))
            elif isinstance(event, HistoryPage):
                self.past.take(event)

    def up(self, rows: int) -> None:
        self.timeline.scroll_relative(y=-rows, animate=False, immediate=True)

    def down(self, rows: int) -> None:
        self.timeline.scroll_relative(y=rows, animate=False, immediate=True)

    def seek(self, seq: int) -> None:
        self.past.seek(seq)

    def unread(self, after: int) -> None:
        self.timeline.show_unread(after)
        self.past.go_to_unread()

    def first(self, _: int) -> None:
        self.past.go_to_first()

    def end(self, _: int) -> None:
        self.past.go_to_end()

    def settle(self, count: int) -> None:
        self.serve(count)
        self.hear(1_000)

    @property
    def is_busy(self) -> bool:
        return bool(self._requests or self._events)


async def turns() -> None:
    """Let what was posted be handled."""
    for _ in range(20):
        await asyncio.sleep(0)


async def has_no_gap(before: int, done: list[Step]) -> None:
    app = Alone(before)
    async with app.run_test(size=(40, HEIGHT)) as pilot:
        await pilot.pause()
        for name, number in done:
            getattr(app, name)(number)
            await turns()
            check(app)
        app.end(0)
        await all_answered(app)
        assert app.timeline.is_at_end
        assert app.timeline.unseen == 0
        assert app.shown[-1:] == app.seqs[-1:]
        assert len(app.shown) >= min(HEIGHT, len(app.seqs))
        await reads_all(app, app.timeline.page_up, app.seqs[::-1])
        await reads_all(app, app.timeline.page_down, app.seqs)
        assert app.timeline.is_at_end


async def all_answered(app: Alone) -> None:
    await turns()
    while app.is_busy:
        app.settle(1_000)
        await turns()
        check(app)
    app.timeline._show_size()  # else that is done some times a second


def check(app: Alone) -> None:
    """See that what is shown is some of all that was said, whole."""
    shown, seqs = app.shown, app.seqs
    start = seqs.index(shown[0]) if shown else 0
    assert shown == seqs[start : start + len(shown)]
    assert len(app.timeline.entries) <= MOST_KEPT + 1
    rows = [app.timeline.render_line(row).text for row in range(HEIGHT)]
    assert len(shown) < HEIGHT or all(row.strip() for row in rows)


async def reads_all(app: Alone, move: Callable[[], None], seqs: list[int]) -> None:
    """See each once, in this order, as one moves page by page."""
    step = 1 if seqs == app.seqs else -1
    seen = in_view(app)[::step]
    while seen[-1:] != seqs[-1:]:
        before = len(seen)
        for _ in range(2):  # one may have to wait for a page
            move()
            await all_answered(app)
            seen += [seq for seq in in_view(app)[::step] if seq not in seen]
        assert len(seen) > before
    assert seen == seqs


def in_view(app: Alone) -> list[int]:
    rows = (app.timeline.render_line(row).text for row in range(HEIGHT))
    return [int(row.split("number ")[1].split()[0]) for row in rows if "number " in row]


@pytest.fixture(autouse=True, scope="module")
def _small() -> Iterator[None]:
    """Let little be much."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounded, "MOST_KEPT", MOST_KEPT)
        patch.setattr(tail, "MOST_ASIDE", MOST_ASIDE)
        yield


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 120), steps)
def test_nothing_is_missing_and_nothing_twice(before: int, done: list[Step]) -> None:
    """After each step all that is there is a whole part of the talk; at the end, one reads all of it both ways."""
    asyncio.run(has_no_gap(before, done))
