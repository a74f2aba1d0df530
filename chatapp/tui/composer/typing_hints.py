"""Who is writing: shown in the composer's border, and, if the person allows it, told to others."""

import time

from textual.content import Content
from textual.timer import Timer

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent
from chatapp.client.hints import Hint, Typists
from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.tui.composer.composer import Composer


class TypingHints:
    """Shows in the border of `composer`, which takes no place of its own, who else is writing in the room in view.

    That this person is, is told only if that was allowed.
    """

    def __init__(self, client: Client, composer: Composer) -> None:
        self._state = client.state
        self._composer = composer
        self._hint: Hint | None = None
        self._send = client.send
        self._typists = Typists(client.state)
        self._shown: list[str] = []
        self._ending: Timer | None = None

    def allow(self, *, is_told: bool) -> None:
        """Tell others from here on that this person is writing, or don't."""
        if is_told != (self._hint is not None):
            self._hint = Hint(self._send) if is_told else None

    def write(self) -> None:
        """Follow what stands in the composer now."""
        if self._hint is not None:
            self._hint.write(self._state.room, self._composer.text, time.monotonic())

    def end(self) -> None:
        """Let what stood in the composer be sent."""
        if self._hint is not None:
            self._hint.end()

    def follow(self, event: ClientEvent) -> None:
        """Know who is writing after `event`; `show` shows it."""
        self._typists.follow(event, time.monotonic())

    def show(self) -> None:
        """Show who is writing in the room in view, and look again when somebody will have stopped."""
        now = time.monotonic()
        writing = self._typists.writing(self._state.room, now)
        if writing != self._shown:
            self._shown = writing
            self._composer.border_title = Content(one_line(words(writing))) if writing else None
        if self._ending is None and (seconds := self._typists.seconds_to_end(now)) is not None:
            self._ending = self._composer.set_timer(seconds, self._end)

    def _end(self) -> None:
        self._ending = None
        self.show()


def words(nicks: list[str]) -> str:
    """Return that those called `nicks`, one or more, are writing."""
    match nicks:
        case [nick]:
            return tr("{nick} is typing…", nick=nick)
        case [nick, other]:
            return tr("{nick} and {other} are typing…", nick=nick, other=other)
        case _:
            return tr("several people are typing…")
