"""Goes to a room or a person by a few letters of the name."""

from collections.abc import Sequence
from typing import NamedTuple

from textual.binding import Binding
from textual.content import Content
from textual.fuzzy import FuzzySearch
from textual.style import Style

from chatapp.protocol import limits
from chatapp.texts import tr
from chatapp.tui.listing import count_text
from chatapp.tui.screens.picker import Pick, Picker, marked


class Goal(NamedTuple):
    """A room, or ``@nick``, what it is called in one safe line, and how much is unread there."""

    place: str
    title: str
    news: int = 0


class Switcher(Picker):
    """Ends with the place that was chosen of `goals`; what fits best stands first, then what stood first."""

    BINDINGS = [Binding("alt+k", "dismiss", "close", show=False, id="switcher.close")]

    def __init__(self, goals: Sequence[Goal]) -> None:
        super().__init__(tr("a room or a person"), limits.ROOM_CHARACTERS)
        self._goals = goals
        self._search = FuzzySearch()

    def fitting(self, query: str) -> list[Pick]:
        fits = [(*self._search.match(query, goal.title), goal) if query else (1.0, (), goal) for goal in self._goals]
        fits = sorted((fit for fit in fits if fit[0]), key=lambda fit: -fit[0])
        return [Pick(goal.place, _row(goal, found)) for _, found, goal in fits]


def _row(goal: Goal, found: Sequence[int]) -> Content:
    """Return the title, with the letters at the places `found` marked, and how much is unread."""
    row = marked(goal.title, found)
    return row + Content.styled(f"  {count_text(goal.news)}", Style(dim=True)) if goal.news else row
