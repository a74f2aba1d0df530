"""That somebody is writing: told to others, if the person allows that, and heard of them. Times are in seconds."""

import contextlib
from collections.abc import Callable

from chatapp.client.events import ClientEvent, Disconnected
from chatapp.client.state import ChatState
from chatapp.protocol import limits
from chatapp.protocol.errors import ProtocolError
from chatapp.protocol.events import Left, Renamed, Said, Typed
from chatapp.protocol.names import name_key
from chatapp.protocol.requests import Request, Typing

_PAUSE_SECONDS = 3.0
"""Of one room the server is told no more often."""


class Hint:
    """Tells the server by `send` that the person is writing; `send` may raise ProtocolError: then nobody is told."""

    def __init__(self, send: Callable[[Request], None]) -> None:
        self._send = send
        self._room = ""
        self._at = 0.0

    def write(self, room: str, text: str, now: float) -> None:
        """Let `text` be what the person has written so far for `room`; of commands nobody is told."""
        if not text.strip() or (text.startswith("/") and not text.startswith("//")):
            return
        if room != self._room or now >= self._at + _PAUSE_SECONDS:
            self._room, self._at = room, now
            with contextlib.suppress(ProtocolError):
                self._send(Typing(room))

    def end(self) -> None:
        """Let what was written be sent: the next message is told of at once."""
        self._room = ""


class Typists:
    """Who else is writing, and where, as `state` knows them: for some time after they said so last."""

    def __init__(self, state: ChatState) -> None:
        self._state = state
        self._until: dict[tuple[str, str], tuple[float, str]] = {}
        """By room and the nick's `name_key`: until when, and the nick."""

    def follow(self, event: ClientEvent, now: float) -> None:
        match event:
            case Typed(room, nick) if not self._state.is_own(nick):
                self._until[room, name_key(nick)] = now + limits.TYPING_SECONDS, nick
            case Said() | Left():
                self._until.pop((event.room, name_key(event.nick)), None)
            case Renamed(nick):
                for key in [key for key in self._until if key[1] == name_key(nick)]:
                    del self._until[key]
            case Disconnected():
                self._until.clear()

    def writing(self, room: str, now: float) -> list[str]:
        """Return who is writing in `room`, those first who began first."""
        self._until = {key: value for key, value in self._until.items() if value[0] > now}
        return [nick for (where, _), (_, nick) in self._until.items() if where == room]

    def seconds_to_end(self, now: float) -> float | None:
        """Return in how long the first of them will have stopped, None if nobody is writing."""
        return min((until - now for until, _ in self._until.values()), default=None)
