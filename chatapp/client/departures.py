"""Which room one is in no more, and who saw to that."""

from chatapp.client.events import ClientEvent, Lost
from chatapp.client.state import ChatState
from chatapp.client.wording import no_more_in
from chatapp.protocol.events import Entered, Left, Renamed, Said
from chatapp.texts.rooms import called


class Departures:
    """Follows what `state`, which may be ahead, was told, and so knows what a room was called that isn't there now."""

    def __init__(self, state: ChatState) -> None:
        self._state = state
        self._titles: dict[str, str] = {}
        """What people call the rooms that one is in, as far as was told; the one that is always there isn't left."""
        self._removers: dict[str, str] = {}
        """Who is about to take one out of which room: the server says that first."""

    def follow(self, event: ClientEvent) -> str:
        """Return what the person is to be told of `event`: that they are out of a room, "" for nothing."""
        if isinstance(event, Said):  # by far the most are
            if event.kind == "removed" and self._state.is_own(event.text):
                self._removers[event.room] = event.nick
            return ""
        match event:
            case Entered():
                self._titles[event.room] = called(event.room, event.title)
            case Renamed():
                known = self._titles.keys() & self._state.rooms.keys()
                self._titles |= {room: self._state.title_of(room) for room in known}
            case Lost(room) if room in self._titles:
                return self._part(room)
            case Left(room, nick) if room in self._titles and self._state.is_own(nick):
                return self._part(room)
        return ""

    def _part(self, room: str) -> str:
        return no_more_in(self._titles.pop(room), self._removers.pop(room, ""))
