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
    if (handler := _BEFORE_HELLO.get(type(intent))) is not None:
        handler(intent, session, services)
    elif session.nick is None:
        raise HelloFirst
    else:
        _MEMBERS[type(intent)](intent, session, services, session.nick)


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


def _ping(_request: Ping, session: "Session", _services: Services) -> None:
    session.send(Pong())


def _quit(_request: Quit, session: "Session", services: Services) -> None:
    leave(session, services)


def _say(request: Say, session: "Session", services: Services, nick: str) -> None:
    services.hub.room(request.room)
    check_id(request.id)
    check_text(request.text)
    services.bus.publish(Posting(Post(nick, request, services.settings.clock()), session))


def _rename(request: Rename, session: "Session", services: Services, nick: str) -> None:
    to = check_nick(request.nick)
    services.hub.exchange(nick, to, session)
    session.nick = to
    services.bus.publish(Renaming(session, nick, to))


def _who(request: Who, session: "Session", services: Services, _nick: str) -> None:
    room = services.hub.room(request.room)
    services.bus.publish(Asking(session, room.name))


def _help(_request: Help, session: "Session", _services: Services, _nick: str) -> None:
    for line in help_lines():
        session.notify(line)


_BEFORE_HELLO: dict[type[Intent], Callable[[Any, "Session", Services], None]] = {
    Hello: _hello,
    Ping: _ping,
    Quit: _quit,
}
"""What anyone may ask for."""

_MEMBERS: dict[type[Intent], Callable[[Any, "Session", Services, str], None]] = {
    Say: _say,
    Rename: _rename,
    Who: _who,
    Help: _help,
}
"""What only those may ask for who have a nick, which their handlers are given."""
