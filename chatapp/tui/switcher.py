"""Goes to a room or a person by a few letters of the name."""

from collections.abc import Sequence
from typing import NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import FuzzySearch
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Input, OptionList

from chatapp.protocol import limits
from chatapp.texts import tr
from chatapp.tui.line_input import LineInput
from chatapp.tui.listing import count_text

_FOUND = Style(bold=True, underline=True)


class Goal(NamedTuple):
    """A room, or ``@nick``, what it is called in one safe line, and how much is unread there."""

    place: str
    title: str
    news: int = 0


class Goals(OptionList, can_focus=False):
    """The list of what fits; the keys go to the screen."""


class Switcher(ModalScreen[str]):
    """Ends with the place that was chosen of `goals`; what fits best stands first, then what stood first."""

    BINDINGS = [
        Binding("escape,alt+k", "dismiss", "close", show=False, id="switcher.close"),
        Binding("up", "move('cursor_up')", "the one before", show=False, id="switcher.previous"),
        Binding("down", "move('cursor_down')", "the next one", show=False, id="switcher.next"),
    ]

    def __init__(self, goals: Sequence[Goal]) -> None:
        super().__init__()
        self._goals = goals
        self._fitting: list[Goal] = []
        self._query = ""
        """What those fit."""
        self._search = FuzzySearch()

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield LineInput(placeholder=tr("a room or a person"), max_length=limits.ROOM_CHARACTERS, compact=True)
            yield Goals(id="goals", markup=False, compact=True)

    def on_mount(self) -> None:
        self._fill("")

    def on_input_changed(self) -> None:
        self._fill(self.query_one(Input).value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose what is marked; if more was typed meanwhile, what fitted best when Enter was pressed."""
        if event.value != self._query:
            self._fill(event.value)
        if (highlighted := self.query_one(Goals).highlighted) is not None:
            self.dismiss(self._fitting[highlighted].place)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._fitting[event.option_index].place)

    async def action_move(self, how: str) -> None:
        await self.query_one(Goals).run_action(how)

    def _fill(self, value: str) -> None:
        """List what fits `value`, which stands in the input."""
        self._query, query = value, value.strip()
        fits = [(*self._search.match(query, goal.title), goal) if query else (1.0, (), goal) for goal in self._goals]
        fits = sorted((fit for fit in fits if fit[0]), key=lambda fit: -fit[0])
        self._fitting = [goal for _, _, goal in fits]
        goals = self.query_one(Goals)
        goals.set_options(_row(goal, found) for _, found, goal in fits)
        goals.highlighted = 0 if fits else None


def _row(goal: Goal, found: Sequence[int]) -> Content:
    """Return the title, with the letters at the places `found` marked, and how much is unread."""
    row = Content(goal.title)
    for place in found:
        row = row.stylize(_FOUND, place, place + 1)
    return row + Content.styled(f"  {count_text(goal.news)}", Style(dim=True)) if goal.news else row
