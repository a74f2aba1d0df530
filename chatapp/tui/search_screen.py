"""Finds what was said: results as one types, the newest first."""

import time
from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.screen import ModalScreen
from textual.style import Style
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static

from chatapp.protocol import limits
from chatapp.protocol.errors import Code, ProtocolError
from chatapp.protocol.events import Found, Said
from chatapp.protocol.safe import one_line, printable
from chatapp.texts import tr, tr_plural
from chatapp.texts.errors import explain_error
from chatapp.tui.colours import nick_colour
from chatapp.tui.entries import WIDE_CELLS
from chatapp.tui.line_input import LineInput
from chatapp.tui.matches import excerpt, with_prefix

_PAUSE_SECONDS = 0.15
"""A search begins when nothing was typed for so long."""


class Results(OptionList, can_focus=False):
    """The list of what was found; the keys go to the input."""


class SearchScreen(ModalScreen[int]):
    """Ends with the `seq` of the message that was chosen. `ask` sends a query; it may raise ProtocolError."""

    VERTICAL_BREAKPOINTS = [(0, "-flat"), (12, "-tall")]
    BINDINGS = [
        Binding("escape,ctrl+f", "dismiss", "close", show=False),
        Binding("up", "move('cursor_up')", "newer", show=False),
        Binding("down", "move('cursor_down')", "older", show=False),
        Binding("pageup", "move('page_up')", "newer by a page", show=False),
        Binding("pagedown", "move('page_down')", "older by a page", show=False),
    ]
    REFUSALS = frozenset([Code.BAD_QUERY, Code.BUSY])
    """The errors that answer a query."""

    def __init__(self, ask: Callable[[str], None], query: str = "") -> None:
        super().__init__()
        self._ask_for = ask
        self._start = query
        self._asked = ""
        self._found: Found | None = None
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield LineInput(
                self._start,
                placeholder=tr('words, "phrases", from:ana, before:2026-01-31'),
                max_length=limits.QUERY_CHARACTERS - len("*"),
                compact=True,
            )
            yield Static(id="outcome", markup=False)
            yield Results(id="results", markup=False, compact=True)

    def on_mount(self) -> None:
        self.call_after_refresh(self._ask)

    def show(self, found: Found) -> None:
        """Show what was found, if it answers what was asked last."""
        if found.query == self._asked:
            self._found = found
            self._fill(0)
            self._say(_outcome(found))

    def refuse(self, reason: str) -> None:
        """Say why there is no answer."""
        self._found = None
        self._fill(None)
        self._say(reason)

    def on_input_changed(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE_SECONDS, self._ask)

    def on_input_submitted(self) -> None:
        """Choose the result that is marked; one of an older query is none."""
        highlighted = self.query_one(Results).highlighted
        if self._found is not None and self._found.query == self._query() and highlighted is not None:
            self._choose(highlighted)
        else:
            self._ask()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option_index)

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        self._fill(self.query_one(Results).highlighted)

    async def action_move(self, how: str) -> None:
        await self.query_one(Results).run_action(how)

    def _choose(self, index: int) -> None:
        if self._found is not None:
            self.dismiss(self._found.messages[index].seq)

    def _query(self) -> str:
        return with_prefix(self.query_one(Input).value.strip())

    def _ask(self) -> None:
        """Ask for what stands in the input, unless that was asked already."""
        query = self._query()
        if query == self._asked:
            return
        self._asked = query
        if not query:
            self.refuse("")
            return
        try:
            self._ask_for(query)
        except ProtocolError as error:
            self.refuse(explain_error(error))

    def _say(self, text: str) -> None:
        self.query_one("#outcome", Static).update(printable(text))

    def _fill(self, highlighted: int | None) -> None:
        results = self.query_one(Results)
        messages, query = (self._found.messages, self._found.query) if self._found else ([], "")
        width = results.scrollable_content_region.width
        results.set_options(_row(said, query, width) for said in messages)
        results.highlighted = highlighted


def _outcome(found: Found) -> str:
    count = len(found.messages)
    if not count:
        return tr("Nothing was found.")
    if found.has_more:
        return tr("The newest {count} of more; further words narrow it down.", count=count)
    return tr_plural("{count} message", "{count} messages", count)


def _row(said: Said, query: str, width: int) -> Content:
    head = Content.assemble(
        (_stamp(said.at, width), Style(dim=True)), " ", (one_line(said.nick), nick_colour(said.nick)), " "
    ).truncate(max(width - 1, 1), ellipsis=True)
    return head + excerpt(said.text, query, max(width - head.cell_length, 1))


def _stamp(at: float, width: int) -> str:
    """Return the local time, with its date where there is room; dashes for a time that no calendar has."""
    try:
        return time.strftime("%Y-%m-%d %H:%M" if width >= WIDE_CELLS else "%H:%M", time.localtime(at))
    except (ValueError, OverflowError, OSError):
        return "--:--"
