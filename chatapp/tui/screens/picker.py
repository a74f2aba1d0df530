"""Asks for one of many by some letters of it."""

from collections.abc import Iterable
from typing import NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Input, OptionList

from chatapp.tui.line_input import LineInput

_FOUND = Style(bold=True, underline=True)


class Pick(NamedTuple):
    """What can be picked, and the row that shows it."""

    value: str
    row: Content


class Picks(OptionList, can_focus=False):
    """The list of what fits; the keys go to the screen."""


class Picker(ModalScreen[str]):
    """Ends with the value that was picked. `placeholder` says of what; at most so many characters are typed."""

    CSS_PATH = "picker.tcss"
    BINDINGS = [
        Binding("escape", "dismiss", "close", show=False, id="picker.close"),
        Binding("up", "move('cursor_up')", "the one before", show=False, id="picker.previous"),
        Binding("down", "move('cursor_down')", "the next one", show=False, id="picker.next"),
    ]

    def __init__(self, placeholder: str, most_characters: int) -> None:
        super().__init__(classes="picker")
        self._placeholder = placeholder
        self._most_characters = most_characters
        self._fitting: list[Pick] = []
        self._query = ""
        """What those fit."""

    def fitting(self, query: str) -> list[Pick]:
        """Return what fits `query`, the likeliest first."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield LineInput(placeholder=self._placeholder, max_length=self._most_characters, compact=True)
            yield Picks(markup=False, compact=True)

    def on_mount(self) -> None:
        self._fill("")

    def on_input_changed(self) -> None:
        self._fill(self.query_one(Input).value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Pick what is marked; if more was typed meanwhile, what fitted best when Enter was pressed."""
        if event.value != self._query:
            self._fill(event.value)
        if (highlighted := self.query_one(Picks).highlighted) is not None:
            self._pick(highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._pick(event.option_index)

    async def action_move(self, how: str) -> None:
        await self.query_one(Picks).run_action(how)

    def _pick(self, index: int) -> None:
        """End with what is listed there, once: a double click picks it twice, and what fits may have changed."""
        if self.is_current and index < len(self._fitting):
            self.dismiss(self._fitting[index].value)

    def _fill(self, value: str) -> None:
        """List what fits `value`, which stands in the input."""
        self._query = value
        self._fitting = self.fitting(value.strip())
        picks = self.query_one(Picks)
        picks.set_options(pick.row for pick in self._fitting)
        picks.highlighted = 0 if self._fitting else None


def marked(text: str, places: Iterable[int]) -> Content:
    """Return `text` with the letters at those `places` marked."""
    row = Content(text)
    for place in places:
        row = row.stylize(_FOUND, place, place + 1)
    return row
