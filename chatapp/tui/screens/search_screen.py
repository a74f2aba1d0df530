"""Finds what was said: results as one types, the newest first."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.timer import Timer
from textual.widgets import Input

from chatapp.preferences.table import Clock
from chatapp.protocol import limits
from chatapp.protocol.errors import ProtocolError
from chatapp.protocol.events import Found
from chatapp.texts import tr
from chatapp.texts.errors import explain_error
from chatapp.tui.line_input import LineInput
from chatapp.tui.screens.found_screen import FoundScreen
from chatapp.tui.timeline.matches import with_prefix

_PAUSE_SECONDS = 0.15
"""A search begins when nothing was typed for so long."""


class SearchScreen(FoundScreen):
    """`ask` sends a query; it may raise ProtocolError."""

    BINDINGS = [Binding("ctrl+f", "dismiss", "close", show=False, id="search.close")]

    def __init__(self, ask: Callable[[str], None], query: str, clock: Clock) -> None:
        super().__init__(clock)
        self._ask_for = ask
        self._start = query
        self._asked = ""
        self._pause: Timer | None = None

    def compose_top(self) -> ComposeResult:
        yield LineInput(
            self._start,
            placeholder=tr('words, "phrases", from:ana, before:2026-01-31'),
            max_length=limits.QUERY_CHARACTERS - len("*"),
            compact=True,
        )

    def on_mount(self) -> None:
        self.call_after_refresh(self._ask)

    def is_answer(self, found: Found) -> bool:
        return bool(found.room) and found.query == self._asked

    def on_input_changed(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE_SECONDS, self._ask)

    def on_input_submitted(self) -> None:
        """Choose the result that is marked; one of an older query is none."""
        if self._found is not None and self._found.query == self._query() and self._found.messages:
            self.choose_highlighted()
        else:
            self._ask()

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
