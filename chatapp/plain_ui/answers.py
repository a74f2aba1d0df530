"""What was asked and is not answered yet: a pipe's next line waits for that, as a person would."""

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, Disconnected
from chatapp.protocol.events import AuditPage, Described, Error, Found, Freed, Members, RoomList
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Audit, Free, Mentions, Request, Rooms, Say, Search, SetLevel, Who, Whois

_ANSWERS: dict[type[Request], type[ClientEvent]] = {
    Rooms: RoomList,
    Search: Found,
    Mentions: Found,
    Who: Members,
    Whois: Described,
    Audit: AuditPage,
    Free: Freed,
}
_FOLLOWED = (Say, SetLevel)
"""What `Telling` knows the end of."""


class Answers:
    """Follows one question after the other.

    What has no answer of its own, since it may change nothing, is followed by a `who`, which is answered in its turn.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._awaited: type[ClientEvent] | None = None
        self._fences = 0
        """How many answers are to come to a `who` that nobody typed."""

    @property
    def are_there(self) -> bool:
        return self._awaited is None and not self._fences

    def ask(self, request: Request) -> None:
        """Await the answer to `request`, which was sent."""
        if isinstance(request, _FOLLOWED):
            return
        self._awaited = _ANSWERS.get(type(request))
        if self._awaited is None:
            self._client.send(Who(GENERAL))
            self._fences += 1

    def take(self, event: ClientEvent) -> bool:
        """Follow `event`; return whether it answers what nobody typed."""
        match event:
            case Members() if self._fences:
                self._fences -= 1
                return True
            case Disconnected():
                self._awaited, self._fences = None, 0
            case Error(id=""):
                self._awaited = None
            case _ if type(event) is self._awaited:
                self._awaited = None
        return False
