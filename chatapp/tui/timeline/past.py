"""What is older than the timeline shows: it is asked for page by page, and put before the rest."""

import contextlib
from collections.abc import Callable

from chatapp.client.client import Client
from chatapp.protocol import limits
from chatapp.protocol.errors import Offline, ProtocolError
from chatapp.protocol.events import HistoryPage
from chatapp.texts import tr
from chatapp.texts.errors import explain_error
from chatapp.tui.timeline.entries import Entry, Kind
from chatapp.tui.timeline.messages import entry_for_said
from chatapp.tui.timeline.timeline import Timeline

_MOST_PAGES_SOUGHT = 100
"""So many pages are loaded to reach one message; each holds up to PAGE_MOST_MESSAGES."""


class Past:
    """Fills the `timeline` of `room` with what is older; `complain` is told, for a person, why something can't be."""

    def __init__(self, client: Client, room: str, timeline: Timeline, complain: Callable[[str], None]) -> None:
        self._client = client
        self._room = room
        self._timeline = timeline
        self._complain = complain
        self.forget()

    def forget(self) -> None:
        """Begin anew: the timeline is empty."""
        self._has_begun = False
        """Whether the first of all messages is there."""
        self.stop_waiting()

    def stop_waiting(self) -> None:
        """Let go of what was asked for: no answer comes any more."""
        self._is_asked = False
        self._sought: int | None = None
        self._pages_left = 0

    def ask(self) -> None:
        """Ask for one page more, unless one is on its way. Raises what `Client.ask_older` raises."""
        if not self._is_asked:
            self._client.ask_older(self._room)
            self._is_asked = True

    def ask_if_any(self) -> None:
        """Ask for one page more if there is one and it can be asked for."""
        room = self._client.state.rooms.get(self._room)
        if room is not None and room.has_more:
            with contextlib.suppress(Offline):
                self.ask()

    def seek(self, seq: int) -> None:
        """Show the message `seq` in its context, once as much is loaded as that takes."""
        self._sought, self._pages_left = seq, _MOST_PAGES_SOUGHT
        self._go_on_seeking()

    def take(self, page: HistoryPage) -> None:
        """Put `page` before the rest, but for what is there already."""
        self._is_asked = False
        first = self._timeline.first_seq
        messages = [said for said in page.messages if first is None or said.seq < first]
        self._timeline.prepend([entry_for_said(said, self._client.state.nick) for said in messages])
        if not page.has_more:
            self._begin()
        self._go_on_seeking()

    def _begin(self) -> None:
        """Say once that nothing is older."""
        if not self._has_begun and self._timeline.first_seq is not None:
            self._has_begun = True
            self._timeline.prepend([Entry(Kind.RULE, tr("nothing older"), self._timeline.entries[0].at)])

    def _go_on_seeking(self) -> None:
        if self._sought is None:
            return
        first = self._timeline.first_seq
        if self._timeline.go_to(self._sought):
            self._sought = None
        elif self._has_begun or self._pages_left == 0 or (first is not None and first < self._sought):
            self._give_up(tr("That message is too far back, or gone; it can't be shown in its place."))
        else:
            self._ask_much()

    def _ask_much(self) -> None:
        if self._is_asked:
            return
        try:
            self._client.ask_older(self._room, limits.PAGE_MOST_MESSAGES)
        except ProtocolError as error:
            self._give_up(explain_error(error))
        else:
            self._is_asked = True
            self._pages_left -= 1

    def _give_up(self, reason: str) -> None:
        self._sought = None
        self._complain(reason)
