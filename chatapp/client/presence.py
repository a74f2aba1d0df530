"""How the person is there, as the server is told: idle without a key for long, and away by their own word alone."""

from collections.abc import Callable

from chatapp.client.state import ChatState, Link
from chatapp.protocol.events import Became, Event, Welcomed
from chatapp.protocol.requests import Presence, Request, SetPresence


class Attendance:
    """Tells the server by `ask` who is idle; never that somebody is back who is away by their own word, here or
    elsewhere. Each connection is told anew what isn't taken for granted.
    """

    def __init__(self, state: ChatState, ask: Callable[[Request], None]) -> None:
        self._state = state
        self._ask = ask
        self._is_idle = False
        self._told: Presence | None = None
        """What this connection counts as; None until a server was met that can be told."""
        self._word: SetPresence | None = None
        """By which the person went away here; None if they didn't, or are back."""
        self._is_away = False
        """What the server said last."""

    def want(self, request: Request) -> None:
        """Follow what the person says of themselves, which was sent."""
        if isinstance(request, SetPresence):
            self._word = request if request.state == "away" else None
            self._is_idle = request.state == "idle"
            self._told = "idle" if self._is_idle else "active"

    def set_idle(self, is_idle: bool) -> None:
        """Let the person have pressed no key for long, or one again; without a connection that is told later."""
        self._is_idle = is_idle
        self._tell()

    def follow(self, event: Event) -> None:
        """Draw the consequences of `event`, which the state has been told."""
        match event:
            case Welcomed():
                self._begin()
            case Became(nick, state) if self._state.is_own(nick):
                self._become(state)

    def _begin(self) -> None:
        self._told = "active"
        self._is_away = self._state.is_away
        if self._word is not None:
            self._ask(self._word)
        self._tell()

    def _become(self, state: Presence) -> None:
        """Be back if that ends being away; it may also be of before that, and only come now."""
        if self._is_away and state != "away":
            self._word = None
        self._is_away = state == "away"
        self._tell()

    def _tell(self) -> None:
        state: Presence = "idle" if self._is_idle else "active"
        is_away = self._is_away or self._word is not None
        if self._told in (None, state) or is_away or self._state.link is not Link.ONLINE:
            return
        self._told = state
        self._ask(SetPresence(state))
