"""The one gate: who may ask for what, in which room. Every request of somebody with a nick passes it or is refused.

Only a ping and a goodbye need no leave. Whose message it is that somebody wants to change, the log knows: see
`storage.changes`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatapp.protocol import limits
from chatapp.protocol.errors import NotInRoom, NotPrivate, NotYours
from chatapp.protocol.names import CONVERSATION, PRIVATE, is_to_nick
from chatapp.protocol.requests import Intent
from chatapp.server.services import Services

if TYPE_CHECKING:
    from chatapp.server.session import Session

Handler = Callable[[Any, "Session", Services, str], None]
"""Does what is asked for by the session of that nick. Raises ProtocolError."""


@dataclass(frozen=True)
class Rule:
    """`check` raises the refusal, if the session may not ask for that; only then `handler` is there to do it."""

    check: Callable[[Any, "Session", Services], None]
    handler: Handler


def pass_through(rule: Rule, intent: Intent, session: "Session", services: Services, nick: str) -> None:
    """Do what `intent` asks for if the session may; raises ProtocolError."""
    rule.check(intent, session, services)
    rule.handler(intent, session, services, nick)


def anyone(_request: Any, _session: "Session", _services: Services) -> None:
    """For what is of no room, or of none yet."""


def in_room(request: Any, session: "Session", _services: Services) -> None:
    """Raises NotInRoom, the same for a room that isn't there and for one that is nothing to the session."""
    if request.room not in session.rooms:
        raise NotInRoom(request.room[: limits.ROOM_CHARACTERS])


def in_room_or_to_nick(request: Any, session: "Session", services: Services) -> None:
    """Raises NotInRoom; ``@nick`` is for everyone."""
    if not is_to_nick(request.room):
        in_room(request, session, services)


def in_private_room(request: Any, session: "Session", services: Services) -> None:
    """Raises NotInRoom, or NotPrivate."""
    in_room(request, session, services)
    if not request.room.startswith(PRIVATE):
        raise NotPrivate


def made_room(request: Any, session: "Session", services: Services) -> None:
    """Raises NotInRoom, or NotYours for a room that somebody else made."""
    in_room(request, session, services)
    if not is_maker(request.room, session, services):
        raise NotYours


def is_maker(room: str, session: "Session", services: Services) -> bool:
    """Return whether `room` is the session's to look after; a conversation is nobody's."""
    return not room.startswith(CONVERSATION) and services.registry.facts(room).maker == session.account
