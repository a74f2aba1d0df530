"""The ways into rooms: by one's own wish, by another client of one's own, and back after a connection was lost."""

from collections.abc import Callable

from chatapp.client.events import ClientEvent, Looked, Lost, Restarted
from chatapp.client.state import ChatState, Link
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Entered, Error, Event, Welcomed
from chatapp.protocol.names import check_room
from chatapp.protocol.requests import History, Join, Ping, Request

_REFUSALS = frozenset([Code.BAD_ROOM, Code.TOO_MANY_ROOMS])


class Moves:
    """Draws the consequences for rooms of what the server says: `ask` asks it for something, `emit` tells the client.

    To someone with a key the server gives back their rooms, as the answer to the hello; `joins_again` is for guests,
    whom it doesn't remember.
    """

    def __init__(
        self,
        state: ChatState,
        ask: Callable[[Request], None],
        emit: Callable[[ClientEvent], None],
        joins_again: bool,
    ) -> None:
        self._state = state
        self._ask = ask
        self._emit = emit
        self._joins_again = joins_again
        self._wanted = ""
        """The room that the person asked to join last, to look at it."""
        self._awaited: list[str] = []
        """The rooms of the connection before that this one is not in yet."""
        self._asked: set[str] = set()
        """The rooms of which this connection has asked for the last page."""

    def want(self, join: Join) -> None:
        """Look at the room once it is entered. Raises BadRoom."""
        self._wanted = check_room(join.room)

    def follow(self, event: Event) -> None:
        """Do what follows from `event`, which the state has been told."""
        self._asked.intersection_update(self._state.rooms)
        match event:
            case Welcomed():
                self._begin(event)
            case Entered():
                self._enter(event.room)
            case Error():
                self._wanted = "" if event.code in _REFUSALS else self._wanted
            case _ if not self._joins_again:  # the rooms come right after the welcome
                self._lose_awaited()
        self.ask_page()

    def ask_page(self) -> None:
        """Ask for the last page of the room that one looks at, unless it is there, or on its way."""
        state, room = self._state, self._state.room
        if state.link is Link.ONLINE and not state.here.has_page and room not in {*self._asked, *self._awaited}:
            self._asked.add(room)
            self._ask(History(room, before=state.here.first_seq or None))

    def _begin(self, event: Welcomed) -> None:
        self._wanted = ""
        self._asked.clear()
        self._awaited = [room for room in self._state.rooms if room != event.room]
        if self._joins_again:
            for room in self._awaited:
                self._ask(Join(room))
        elif self._awaited:
            self._ask(Ping())  # what answers it ends the list of rooms

    def _enter(self, room: str) -> None:
        if room in self._awaited:
            self._awaited.remove(room)
            if self._joins_again:
                self._emit(Restarted(room))
        if room == self._wanted:
            self._wanted = ""
            self._emit(Looked(room))

    def _lose_awaited(self) -> None:
        awaited, self._awaited = self._awaited, []
        for room in awaited:
            self._emit(Lost(room))
