"""The title of the terminal's window: where one is, and how much is unread."""

from collections.abc import Callable

from chatapp.client.state import ChatState
from chatapp.protocol.safe import one_line
from chatapp.tui.listing import count_text, listing
from chatapp.tui.terminal_notes import RESTORE_TITLE, SAVE_TITLE, title


class WindowTitle:
    """Shows how `state` stands in the title, as long as it is on; `write` takes what goes to the terminal."""

    def __init__(self, state: ChatState, write: Callable[[str], None]) -> None:
        self._state = state
        self._write = write
        self._is_on = False
        self._shown = ""

    def turn(self, *, on: bool) -> None:
        """Show a title, or give back the one that was there before."""
        if on != self._is_on:
            self._is_on, self._shown = on, ""
            self._write(SAVE_TITLE if on else RESTORE_TITLE)
        self.show()

    def show_anew(self) -> None:
        """Show how things stand, whatever the title is: another program had the terminal."""
        self._shown = ""
        self.show()

    def show(self) -> None:
        """Show how things stand, if that is anything new."""
        if self._is_on and (text := title_of(self._state)) != self._shown:
            self._shown = text
            self._write(title(text))


def title_of(state: ChatState) -> str:
    """Return the room in view, behind what is unread anywhere of what one wants to be told of, and the mentions."""
    listed = listing(state)
    news, mentions = sum(each.news for each in listed), sum(each.mentions for each in listed)
    counts = " ".join(filter(None, (count_text(news) if news else "", f"@{count_text(mentions)}" if mentions else "")))
    return f"{f'({counts}) ' if counts else ''}{one_line(state.title_of(state.room))} · chatapp"
