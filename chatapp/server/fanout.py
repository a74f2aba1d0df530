"""What is told in the rooms, on its way to who hears it: in one order, though it is of several rooms."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chatapp.protocol.events import Event
from chatapp.protocol.opening import Dialect
from chatapp.server.dialects import encode_all

if TYPE_CHECKING:
    from chatapp.server.room import Room
    from chatapp.server.session import Session

_Told = list[tuple["Room", Event]]


class Fanout:
    """Events are told one by one; with each flush every listener of their rooms is handed one bytes object.

    Who hears in a room may only be changed when nothing waits.
    """

    def __init__(self) -> None:
        self._told: _Told = []

    def tell(self, room: "Room", event: Event) -> None:
        """Show `event` to every listener of `room`, at the next flush."""
        self._told.append((room, event))

    def flush(self) -> None:
        """Write all that was told since the last flush."""
        told, self._told = self._told, []
        if not told:
            return
        rooms = dict.fromkeys(room for room, _ in told)
        for dialect in Dialect:
            for heard, listeners in _audiences(rooms, dialect).items():
                _write(dialect, [event for room, event in told if room in heard], listeners)


def _audiences(rooms: "Iterable[Room]", dialect: Dialect) -> "dict[tuple[Room, ...], Iterable[Session]]":
    """Return who speaks `dialect` in which of `rooms`: those who hear the same are written the same bytes."""
    first, *others = rooms
    if not others:
        return {(first,): first.listeners(dialect)}
    heard: dict[Session, tuple[Room, ...]] = {}
    for room in rooms:
        for session in room.listeners(dialect):
            heard[session] = (*heard.get(session, ()), room)
    audiences: dict[tuple[Room, ...], list[Session]] = {}
    for session, places in heard.items():
        audiences.setdefault(places, []).append(session)
    return dict(audiences)


def _write(dialect: Dialect, events: list[Event], listeners: "Iterable[Session]") -> None:
    if listeners and (data := encode_all(dialect, events)):
        for listener in listeners:
            listener.push_shared(data)
