"""How far a person has read each room: told to the server, but not with each message, and to no one without a key."""

import asyncio
from collections.abc import Callable

from chatapp.client.events import ClientEvent, Read
from chatapp.client.state import ChatState, Link
from chatapp.protocol.events import Counted, Event, Welcomed
from chatapp.protocol.requests import MarkRead, Request

_PAUSE_SECONDS = 0.3
"""Of one room the server is told no more often."""


class Reading:
    """Asks the server by `ask` to keep how far was read, and has `emit` tell the client.

    Where no server counts, as `is_counted` says, since one is a guest or it is a simple one, the client counts for
    itself. A server that counts says how far was read in each room before it is told anything of that room: what was
    read without a connection, or not confirmed before that was lost, is news to it then or is not.
    """

    def __init__(
        self,
        state: ChatState,
        ask: Callable[[Request], None],
        emit: Callable[[ClientEvent], None],
        is_counted: Callable[[], bool],
    ) -> None:
        self._state = state
        self._ask = ask
        self._emit = emit
        self._is_counted = is_counted
        self._known: dict[str, int] = {}
        """How far each room was read as the server knows, or was told over this connection."""
        self._pauses: dict[str, asyncio.TimerHandle] = {}

    def mark(self, room: str) -> None:
        """Have read all that is known of `room`; one that one isn't in is passed over."""
        if (known := self._state.rooms.get(room)) is None:
            return
        if not self._is_counted():
            if known.unread or known.last_seq > known.read:
                self._emit(Counted(room, known.last_seq, known.last_seq, 0, level=known.level))
            return
        if known.unread or known.last_seq > known.read_here:
            self._emit(Read(room))
        self._tell(room)

    def follow(self, event: Event) -> None:
        """Draw the consequences of `event`, which the state has been told."""
        match event:
            case Welcomed():
                self._end_pauses()
                self._known.clear()
            case Counted(room=room, read=read):
                self._known[room] = max(read, self._known.get(room, 0))
                self._tell(room)

    def stop(self) -> None:
        """Tell what is still to be told, and nothing after that."""
        for room in self._end_pauses():
            self._send(room)
        self._known.clear()

    def _tell(self, room: str) -> None:
        """Tell the server at once, or after the pause that there is to be."""
        if room not in self._pauses and self._send(room):
            loop = asyncio.get_running_loop()
            self._pauses[room] = loop.call_later(_PAUSE_SECONDS, self._end_pause, room)

    def _end_pauses(self) -> list[str]:
        """Wait for no room any more; return those that were waited for."""
        rooms = list(self._pauses)
        for room in rooms:
            self._pauses.pop(room).cancel()
        return rooms

    def _end_pause(self, room: str) -> None:
        del self._pauses[room]
        self._tell(room)

    def _send(self, room: str) -> bool:
        """Tell the server, if it is news to it; return whether it was."""
        known = self._state.rooms.get(room)
        if self._state.link is not Link.ONLINE or known is None or room not in self._known:
            return False
        if known.read_here <= self._known[room]:
            return False
        self._known[room] = known.read_here
        self._ask(MarkRead(room, known.read_here))
        return True
