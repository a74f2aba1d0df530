"""What a server does for each request: who may do it, and what goes onto the bus; refusals are raised."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatapp.protocol import limits
from chatapp.protocol.errors import HelloAgain, HelloFirst, VersionUnsupported
from chatapp.protocol.events import Pong
from chatapp.protocol.names import check_id, check_nick, check_text
from chatapp.protocol.requests import Hello, Help, Intent, Ping, Quit, Rename, Say, Who
from chatapp.server.bus import Asking, Bus, Entering, Leaving, Posting, Renaming
from chatapp.server.dialects import help_lines
from chatapp.server.hub import Hub
from chatapp.server.settings import Settings
from chatapp.server.store import Post

if TYPE_CHECKING:
    from chatapp.server.session import Session


@dataclass(frozen=True)
class Services:
    """What sessions and the handling of their requests stand on."""

    settings: Settings
    hub: Hub
    bus: Bus


def handle(intent: Intent, session: "Session", services: Services) -> None:
    """Do what `session` asks for. Raises ProtocolError if it can't be."""
    handler = _HANDLERS[type(intent)]
    if session.nick is None and handler not in _BEFORE_HELLO:
        raise HelloFirst
    handler(intent, session, services)


def leave(session: "Session", services: Services) -> None:
    """Give back the session's nick and let everyone know; without a nick, only close."""
    nick, session.nick = session.nick, None
    if nick is None:
        session.close()
    else:
        session.stop_listening()
        services.hub.release(nick)
        services.bus.publish(Leaving(session, nick))


def _hello(request: Hello, session: "Session", services: Services) -> None:
    if session.nick is not None:
        raise HelloAgain
    if request.version != limits.PROTOCOL_VERSION:
        raise VersionUnsupported(limit=limits.PROTOCOL_VERSION)
    nick = check_nick(request.nick)
    services.hub.claim(nick, session)
    session.nick = nick
    services.bus.publish(Entering(session, nick))


def _say(request: Say, session: "Session", services: Services) -> None:
    services.hub.room(request.room)
    check_id(request.id)
    check_text(request.text)
    post = Post(_nick_of(session), request, services.settings.clock())
    services.bus.publish(Posting(post, session))


def _rename(request: Rename, session: "Session", services: Services) -> None:
    nick, to = _nick_of(session), check_nick(request.nick)
    services.hub.exchange(nick, to, session)
    session.nick = to
    services.bus.publish(Renaming(session, nick, to))


def _who(request: Who, session: "Session", services: Services) -> None:
    room = services.hub.room(request.room)
    services.bus.publish(Asking(session, room.name))


def _ping(_request: Ping, session: "Session", _services: Services) -> None:
    session.send(Pong())


def _help(_request: Help, session: "Session", _services: Services) -> None:
    for line in help_lines():
        session.notify(line)


def _quit(_request: Quit, session: "Session", services: Services) -> None:
    leave(session, services)


def _nick_of(session: "Session") -> str:
    if session.nick is None:
        raise HelloFirst
    return session.nick


_Handler = Callable[[Any, "Session", Services], None]

_HANDLERS: dict[type[Intent], _Handler] = {
    Hello: _hello,
    Say: _say,
    Rename: _rename,
    Who: _who,
    Ping: _ping,
    Help: _help,
    Quit: _quit,
}

_BEFORE_HELLO: tuple[_Handler, ...] = (_hello, _ping, _quit)
