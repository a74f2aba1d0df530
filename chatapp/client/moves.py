"""The ways into rooms: by one's own wish, by another client of one's own, and back after a connection was lost."""

from collections.abc import Callable

from chatapp.client.events import ClientEvent, Looked, Lost, Restarted
from chatapp.client.state import ChatState, Link
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Entered, Error, Event, HistoryPage, Said, Welcomed
from chatapp.protocol.names import (
    CONVERSATION,
    PRIVATE,
    check_nick,
    check_room,
    check_title,
    is_hidden,
    is_to_nick,
    name_key,
)
from chatapp.protocol.requests import History, Join, MakePrivate, Ping, Request, Say

_JOIN_REFUSALS = frozenset(
    [
        *(Code.BAD_ROOM, Code.BAD_NICK, Code.NICK_RESERVED, Code.NO_SUCH_NICK, Code.TOO_MANY_ROOMS),
        Code.BANNED_FROM_ROOM,
    ]
)
_PAGE_REFUSALS = frozenset([Code.BUSY, Code.LOG_UNREADABLE])


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
        """The room that the person asked to come into last, to look at it, as `_asked_as` writes it."""
        self._wanted_by = ""
        """The id of the message that asked for it, "" if none did."""
        self._awaited: list[str] = []
        """The rooms of the connection before that this one is not in yet."""
        self._asked = ""
        """The room whose last page is on its way, "" for none: there is at most one."""
        self._refused: set[str] = set()
        """The rooms whose last page could not be had."""

    def check(self, request: Request) -> None:
        """Raises BadRoom, BadNick or NickReserved for a room to come into that there can't be."""
        self._destination(request)

    def want(self, request: Request) -> None:
        """Look at the room that `request`, which was sent, leads into, if into any, once it is entered."""
        if wanted := self._destination(request):
            self._wanted = wanted
            self._wanted_by = request.id if isinstance(request, Say) else ""

    def _destination(self, request: Request) -> str:
        """Return where `request` leads, as `_asked_as` writes it, "" for nowhere."""
        match request:
            case Join(room=room) | Say(room=room) if is_to_nick(room):
                return f"@{name_key(check_nick(room[1:]))}"
            case Join(room=room):
                return room if room in self._state.rooms else check_room(room)
            case MakePrivate(title=title):
                return PRIVATE + check_title(title)
            case _:
                return ""

    def look_at(self, room: str) -> None:
        """Have the last page of `room`, which one looks at now, even if it could not be had before."""
        self._refused.discard(room)
        self._ask_page()

    def follow(self, event: Event) -> None:
        """Do what follows from `event`, which the state has been told."""
        if isinstance(event, Said) and not self._awaited:  # nothing does, and by far the most are
            return
        match event:
            case Welcomed():
                self._begin(event)
            case Entered():
                self._enter(event)
            case Error():
                self._follow_refusal(event)
            case HistoryPage(room=room, after=None) if room == self._asked:
                self._asked = ""
            case _ if not self._joins_again:  # the rooms come right after the welcome
                self._lose(self._awaited)
        self._ask_page()

    def _ask_page(self) -> None:
        """Ask for the last page of the room that one looks at, unless it is there or can't be had yet."""
        state, room = self._state, self._state.room
        if state.link is not Link.ONLINE or state.here.has_page or self._asked:
            return
        if room not in self._awaited and room not in self._refused:
            self._asked = room
            self._ask(History(room, before=state.here.first_seq or None))

    def _begin(self, event: Welcomed) -> None:
        self._wanted = self._asked = ""
        self._refused.clear()
        self._awaited = [room for room in self._state.rooms if room != event.room]
        if self._joins_again:
            self._lose([room for room in self._awaited if is_hidden(room)])
            for room in self._awaited:
                self._ask(Join(room))
        elif self._awaited:
            self._ask(Ping())  # what answers it ends the list of rooms

    def _enter(self, event: Entered) -> None:
        if event.room in self._awaited:
            self._awaited.remove(event.room)
            if self._joins_again:
                self._emit(Restarted(event.room, event.seq))
        if self._wanted in (event.room, _asked_as(event)):
            self._wanted = ""
            self._emit(Looked(event.room))

    def _follow_refusal(self, error: Error) -> None:
        if error.id:
            if error.id == self._wanted_by and error.id not in self._state.pending:
                self._wanted = ""
        elif error.code in _JOIN_REFUSALS:
            self._wanted = ""
            self._lose([room for room in self._awaited if room == error.detail])
        elif error.code in _PAGE_REFUSALS or (error.code == Code.NOT_IN_ROOM and error.detail == self._asked):
            self._refused.add(self._asked)
            self._asked = ""

    def _lose(self, rooms: list[str]) -> None:
        self._awaited = [room for room in self._awaited if room not in rooms]
        for room in rooms:
            self._emit(Lost(room))


def _asked_as(event: Entered) -> str:
    """Return how one asks for the room that was entered: a conversation by the nick, a new private one by its title."""
    if event.room.startswith(CONVERSATION):
        return f"@{name_key(event.title)}"
    return PRIVATE + name_key(event.title) if event.room.startswith(PRIVATE) else event.room
