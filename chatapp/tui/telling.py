"""What the timelines tell of what happens, beside what was said."""

from collections.abc import Callable

from chatapp.client.client import Client
from chatapp.client.departures import Departures
from chatapp.client.events import ClientEvent, Disconnected, Reason
from chatapp.client.wording import told_of
from chatapp.protocol.events import Counted, Joined, Left, Said, Welcomed
from chatapp.protocol.requests import Say, SetLevel
from chatapp.texts import tr
from chatapp.tui import wording
from chatapp.tui.timeline.entries import Entry, Kind
from chatapp.tui.timeline.messages import entry_for_refused, entry_for_said
from chatapp.tui.timeline.timelines import Timelines


class Telling:
    """Tells in `timelines` what the client hears. `clock` gives the time in seconds since 1970."""

    def __init__(self, client: Client, clock: Callable[[], float], timelines: Timelines) -> None:
        self._client = client
        self._clock = clock
        self._timelines = timelines
        self._departures = Departures(client.state)
        self._levels: set[SetLevel] = set()
        """What was asked for and not yet answered."""
        self._log = ""
        """Which log the timelines show, "" before the first welcome."""
        self._told_reason: Reason | None = None
        """Why there is no connection, as far as that was told."""

    def note(self, text: str, kind: Kind = Kind.NOTICE, room: str = "") -> None:
        """Let the timeline of `room`, or the one in view, say something that no event said."""
        self._timelines.add(room or self._timelines.room, Entry(kind, text, self._clock()))

    def follow(self, event: ClientEvent) -> None:
        """Tell of `event`, and show what follows from it."""
        if isinstance(event, Said):  # from which nothing follows here; by far the most are
            self._departures.follow(event)
            if event.room in self._client.state.rooms:
                self._timelines.add(event.room, entry_for_said(event, self._client.state.nick))
            return
        match event:
            case Welcomed():
                self._welcome(event)
            case Counted():
                self._tell_level(event)
            case Joined() | Left():
                self._timelines.tell_coming(event)
        if not self._was_told(event) and (entry := wording.entry_for(event, self._client, self._clock())) is not None:
            self._timelines.tell(event, entry)
        self._timelines.follow(event)
        if parted := self._departures.follow(event):
            self.note(parted, Kind.ERROR, self._client.state.room)

    def ask_level(self, asked: SetLevel) -> None:
        """Tell, when it is so, what of a room the person is told of: that was asked for here."""
        self._levels.add(asked)

    def refuse(self, text: str, say: Say | None) -> None:
        """Say by `text` what was refused, which may be the message `say`: that is told where it was to be said.

        If that waits no more, it stands there too.
        """
        state = self._client.state
        room = say.room if say is not None and say.room in state.rooms else state.room
        if say is not None and say.id not in state.pending:
            self._timelines.add(room, entry_for_refused(say, state.nick, self._clock()))
            text = f"{text} {tr('Up brings it back to the line that you write.')}"
        self.note(text, Kind.ERROR, room)

    def _was_told(self, event: ClientEvent) -> bool:
        """Return whether `event` is one more failed try, for the same reason as the one before."""
        if not isinstance(event, Disconnected):
            return False
        told, self._told_reason = self._told_reason, event.reason
        return told is event.reason

    def _welcome(self, event: Welcomed) -> None:
        """Say so the first time; later, begin anew if what is shown does not lead up to what comes.

        A server with no name keeps no log that could be another.
        """
        self._told_reason = None
        before, self._log = self._log, event.log
        if not before:
            self.note(wording.welcome(self._client))
        elif event.has_gap or (event.log != before and event.server):
            self._timelines.clear()
            self.note(wording.new_start(event))

    def _tell_level(self, event: Counted) -> None:
        if (asked := SetLevel(event.room, event.level)) in self._levels:
            self._levels.remove(asked)
            self.note(told_of(event.level, self._client.state.title_of(event.room)), room=event.room)
