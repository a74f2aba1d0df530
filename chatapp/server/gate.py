"""The one gate: who may ask for what, in which room. Every request of somebody with a nick passes it or is refused.

Only a ping and a goodbye need no leave. Whose message it is that somebody wants to change, the log knows: see
`storage.changes`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatapp.protocol import limits
from chatapp.protocol.errors import NoSuchDevice, NotInRoom, NotModerator, NotOperator, NotPrivate, NotYours
from chatapp.protocol.names import CONVERSATION, PRIVATE, is_hidden, is_to_nick
from chatapp.protocol.requests import Intent
from chatapp.server.operators import is_operator
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


def with_key(_request: Any, session: "Session", _services: Services) -> None:
    """Raises NoSuchDevice: a guest has none."""
    if session.is_guest:
        raise NoSuchDevice


def in_room(request: Any, session: "Session", _services: Services) -> None:
    """Raises NotInRoom, the same for a room that isn't there and for one that is nothing to the session."""
    if request.room not in session.rooms:
        raise NotInRoom(request.room[: limits.ROOM_CHARACTERS])


def in_room_or_to_nick(request: Any, session: "Session", services: Services) -> None:
    """Raises NotInRoom; ``@nick`` is for everyone."""
    if not is_to_nick(request.room):
        in_room(request, session, services)


def may_speak(request: Any, session: "Session", services: Services) -> None:
    """Raises NotInRoom, or Muted; ``@nick`` is for everyone who may speak."""
    in_room_or_to_nick(request, session, services)
    check_mute(request.room, session, services)


def may_change(request: Any, session: "Session", services: Services) -> None:
    """Raises NotInRoom, or Muted."""
    in_room(request, session, services)
    check_mute(request.room, session, services)


def check_mute(room: str, session: "Session", services: Services) -> None:
    """Raises Muted, for others than operators."""
    if not (services.sanctions.is_empty or is_operator(session, services)):
        services.sanctions.check_mute(room, session.suspect)


def by_operator(_request: Any, session: "Session", services: Services) -> None:
    """Raises NotOperator."""
    if not is_operator(session, services):
        raise NotOperator


def by_moderator(request: Any, session: "Session", services: Services) -> None:
    """Raises NotInRoom, or NotModerator. An operator need not be in a public room."""
    if is_hidden(request.room) or not is_operator(session, services):
        in_room(request, session, services)
    if not is_moderator(request.room, session, services):
        raise NotModerator


def in_private_room(request: Any, session: "Session", services: Services) -> None:
    """Raises NotInRoom, or NotPrivate."""
    in_room(request, session, services)
    if not request.room.startswith(PRIVATE):
        raise NotPrivate


def made_room(request: Any, session: "Session", services: Services) -> None:
    """Raises NotInRoom, or NotYours for a room that is not the session's to look after."""
    in_room(request, session, services)
    if not is_moderator(request.room, session, services):
        raise NotYours


def is_moderator(room: str, session: "Session", services: Services) -> bool:
    """Return whether `room` is the session's to look after: who made it, and operators; a conversation is nobody's."""
    if room.startswith(CONVERSATION):
        return False
    return services.registry.facts(room).maker == session.account or is_operator(session, services)
