"""Lists where one was mentioned, in all rooms."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from chatapp.preferences.table import Clock
from chatapp.protocol.events import Found, Said
from chatapp.texts import tr
from chatapp.tui.screens.found_screen import FoundScreen, message_count


class MentionsScreen(FoundScreen):
    """Shows the answer to Mentions of whoever is called `nick`; `title_of` says what people call a room."""

    BINDINGS = [Binding("enter", "choose", "go there", show=False, id="mentions.go")]

    def __init__(self, nick: str, title_of: Callable[[str], str], clock: Clock) -> None:
        super().__init__(clock)
        self._nick = nick
        self._title_of = title_of

    def compose_top(self) -> ComposeResult:
        yield Static(tr("Where you were mentioned"), classes="heading", markup=False)

    def is_answer(self, found: Found) -> bool:
        return not found.room

    def words(self, found: Found) -> str:
        return f'"{self._nick}"'

    def place(self, said: Said) -> str:
        return self._title_of(said.room)

    def outcome(self, found: Found) -> str:
        if found.has_more:
            return tr("The newest {count} of more.", count=len(found.messages))
        return message_count(found)

    def action_choose(self) -> None:
        self.choose_highlighted()
