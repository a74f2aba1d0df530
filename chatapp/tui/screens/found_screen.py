"""Lists messages, the newest first, and leads to the one that is chosen."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import OptionList, Static

from chatapp.preferences.table import Clock
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Found, Said
from chatapp.protocol.safe import one_line, printable
from chatapp.texts import tr, tr_plural
from chatapp.tui.clock import clock_text
from chatapp.tui.colours import nick_colour
from chatapp.tui.timeline.days import day_of
from chatapp.tui.timeline.matches import excerpt
from chatapp.tui.timeline.shape import WIDE_CELLS


class Results(OptionList, can_focus=False):
    """The list of what was found; the keys go to the screen."""


class FoundScreen(ModalScreen[Said]):
    """Ends with the message that was chosen; the time of each is as `clock` says."""

    CSS_PATH = "found_screen.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (12, "-tall")]
    BINDINGS = [
        Binding("escape", "dismiss", "close", show=False, id="found.close"),
        Binding("up", "move('cursor_up')", "newer", show=False, id="found.newer"),
        Binding("down", "move('cursor_down')", "older", show=False, id="found.older"),
        Binding("pageup", "move('page_up')", "newer by a page", show=False, id="found.page-newer"),
        Binding("pagedown", "move('page_down')", "older by a page", show=False, id="found.page-older"),
    ]
    REFUSALS = frozenset([Code.BAD_QUERY, Code.BUSY, Code.LOG_UNREADABLE, Code.NOT_IN_ROOM])
    """The errors that answer a query."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._found: Found | None = None

    def compose_top(self) -> ComposeResult:
        """Yield what stands above the results."""
        yield from ()

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_subtitle = tr("Enter goes there · Esc closes")
            yield from self.compose_top()
            yield Static(id="outcome", markup=False)
            yield Results(id="results", markup=False, compact=True)

    def is_answer(self, found: Found) -> bool:
        """Return whether `found` answers what was asked here last."""
        raise NotImplementedError

    def words(self, found: Found) -> str:
        """Return the query whose words are marked."""
        return found.query

    def place(self, said: Said) -> str:
        """Return where `said` was said, "" where that goes without saying."""
        return ""

    def outcome(self, found: Found) -> str:
        """Return in a sentence what was found."""
        if found.has_more:
            return tr("The newest {count} of more; further words narrow it down.", count=len(found.messages))
        return message_count(found)

    def show(self, found: Found) -> None:
        """Show what was found, if it answers what was asked last."""
        if not self.is_mounted:  # a server is quick, or says what nobody asked
            self.call_later(self.show, found)
        elif self.is_answer(found):
            self._found = found
            self._fill(0)
            self._say(self.outcome(found))

    def refuse(self, reason: str) -> None:
        """Say why there is no answer."""
        if not self.is_mounted:
            self.call_later(self.refuse, reason)
            return
        self._found = None
        self._fill(None)
        self._say(reason)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option_index)

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._fit)

    async def action_move(self, how: str) -> None:
        await self.query_one(Results).run_action(how)

    def choose_highlighted(self) -> None:
        """End with the result that is marked, if one is."""
        if (highlighted := self.query_one(Results).highlighted) is not None:
            self._choose(highlighted)

    def _choose(self, index: int) -> None:
        """End with the result of that index, once: a double click chooses it twice."""
        if self._found is not None and self.is_current:
            self.dismiss(self._found.messages[index])

    def _fit(self) -> None:
        self._fill(self.query_one(Results).highlighted)

    def _say(self, text: str) -> None:
        self.query_one("#outcome", Static).update(printable(text))

    def _fill(self, highlighted: int | None) -> None:
        results = self.query_one(Results)
        width = results.scrollable_content_region.width
        results.set_options(self._rows(self._found, width) if self._found else [])
        results.highlighted = highlighted

    def _rows(self, found: Found, width: int) -> list[Content]:
        words = self.words(found)
        return [self._row(said, words, width) for said in found.messages]

    def _row(self, said: Said, words: str, width: int) -> Content:
        stamp, place = self._stamp(said.at, width), one_line(self.place(said))
        dim = [(f"{text} ", Style(dim=True)) for text in (stamp, place) if text]
        nick = (one_line(said.nick), Style(foreground=nick_colour(said.nick)))
        head = Content.assemble(*dim, nick, " ").truncate(max(width - 1, 1), ellipsis=True)
        return head + excerpt(said.text, words, max(width - head.cell_length, 1))

    def _stamp(self, at: float, width: int) -> str:
        """Return the local time, with its date where there is room."""
        day = day_of(at) if width >= WIDE_CELLS else None
        return f"{day or ''} {clock_text(at, self._clock)}".strip()


def message_count(found: Found) -> str:
    """Return how many messages were found."""
    count = len(found.messages)
    return tr_plural("{count} message", "{count} messages", count) if count else tr("Nothing was found.")
