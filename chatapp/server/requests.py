"""What a server does for each request: tables of who may do it, and how; refusals are raised."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chatapp.protocol import limits
from chatapp.protocol.errors import BadQuery, HelloFirst, Malformed
from chatapp.protocol.events import Pong
from chatapp.protocol.names import check_nick
from chatapp.protocol.requests import (
    Audit,
    Ban,
    Delete,
    Devices,
    Edit,
    Free,
    Hello,
    Help,
    History,
    Intent,
    Invite,
    Join,
    Kick,
    Leave,
    LinkDevice,
    MakePrivate,
    MarkRead,
    Mentions,
    Mute,
    Ping,
    Prove,
    Quit,
    React,
    Remove,
    Rename,
    RevokeDevice,
    Rooms,
    Say,
    Search,
    Set,
    SetLevel,
    SetPresence,
    Slow,
    Typing,
    Unban,
    Unlock,
    Unmute,
    Who,
    Whois,
)
from chatapp.server import moderation, places, posts, presence
from chatapp.server.admission import hello, prove, unlock
from chatapp.server.bus import Asking, Leaving, Renaming
from chatapp.server.devices import link_device, list_devices, revoke_device
from chatapp.server.dialects import help_lines
from chatapp.server.gate import (
    Rule,
    anyone,
    by_moderator,
    by_operator,
    in_private_room,
    in_room,
    made_room,
    may_change,
    may_speak,
    pass_through,
    with_key,
)
from chatapp.server.ownership import claim_of, free, is_operators_nick, sighting_of
from chatapp.server.services import Services
from chatapp.texts import tr

if TYPE_CHECKING:
    from chatapp.server.session import Session

_SHOWN = 40
"""So many characters of a search that is too long are named in its refusal."""


def handle(intent: Intent, session: "Session", services: Services) -> None:
    """Do what `session` asks for. Raises ProtocolError if it can't be."""
    if (handler := _BEFORE_HELLO.get(type(intent))) is not None:
        handler(intent, session, services)
    elif session.nick is None:
        raise HelloFirst
    else:
        pass_through(RULES[type(intent)], intent, session, services, session.nick)


def leave(session: "Session", services: Services) -> None:
    """Give back the session's nick and let everyone know; without a nick, only close."""
    nick, session.nick = session.nick, None
    if nick is None:
        session.close()
        return
    session.stop_listening()
    seen = sighting_of(nick, session, services)
    services.people.leave(nick, session)
    presence.tell_status(nick, services)
    if session.is_guest:
        places.part_guest(session, services)
    services.bus.publish(Leaving(session, nick, seen))


def _ping(_request: Ping, session: "Session", _services: Services) -> None:
    session.pings = True
    session.send(Pong())


def _quit(_request: Quit, session: "Session", services: Services) -> None:
    """Leave, once what was asked for before is answered."""
    session.stop_listening()
    session.hurry()
    services.reads.when_done(session, lambda: leave(session, services))


def _rename(request: Rename, session: "Session", services: Services, nick: str) -> None:
    to = check_nick(request.nick)
    sessions = services.people.rename(nick, to, session)
    for one in sessions:
        one.take_nick(to)
    releases = "" if is_operators_nick(nick, services.settings) else nick
    services.bus.publish(Renaming(sessions, nick, to, session.rooms, claim_of(to, releases, session, services)))
    presence.tell_status(to, services)


def _rooms(_request: Rooms, session: "Session", services: Services, _nick: str) -> None:
    services.reads.rooms(session, services.hub.counts(session), services.registry.facts)


def _who(request: Who, session: "Session", services: Services, _nick: str) -> None:
    services.bus.publish(Asking(session, request.room))


def _history(request: History, session: "Session", services: Services, _nick: str) -> None:
    if request.before is not None and request.after is not None:
        raise Malformed("before and after")
    services.reads.history(request, session, services.hub.last_seq)


def _search(request: Search, session: "Session", services: Services, _nick: str) -> None:
    if len(request.query) > limits.QUERY_CHARACTERS:
        raise BadQuery(f"{request.query[:_SHOWN]}…", limit=limits.QUERY_CHARACTERS)
    services.reads.search(request, session)


def _mentions(request: Mentions, session: "Session", services: Services, nick: str) -> None:
    services.reads.mentions(request, session, nick)


def _help(_request: Help, session: "Session", _services: Services, _nick: str) -> None:
    for line in help_lines():
        session.notify(line)


def _set(_request: Set, session: "Session", _services: Services, _nick: str) -> None:
    session.notify(tr("Settings are the full screen's; here there are none."))


_BEFORE_HELLO: dict[type[Intent], Callable[[Any, "Session", Services], None]] = {
    Hello: hello,
    Prove: prove,
    Unlock: unlock,
    Ping: _ping,
    Quit: _quit,
}
"""What anyone may ask for."""

RULES: dict[type[Intent], Rule] = {
    Say: Rule(may_speak, posts.say),
    Edit: Rule(may_change, posts.edit),
    Delete: Rule(in_room, posts.delete),
    React: Rule(may_change, posts.react),
    MarkRead: Rule(in_room, posts.mark_read),
    SetLevel: Rule(in_room, posts.set_level),
    SetPresence: Rule(anyone, presence.set_presence),
    Typing: Rule(in_room, presence.typing),
    Whois: Rule(anyone, presence.whois),
    Rename: Rule(anyone, _rename),
    Free: Rule(by_operator, free),
    Devices: Rule(with_key, list_devices),
    LinkDevice: Rule(with_key, link_device),
    RevokeDevice: Rule(with_key, revoke_device),
    Join: Rule(anyone, places.join),
    Leave: Rule(in_room, places.leave),
    MakePrivate: Rule(anyone, places.make_private),
    Invite: Rule(in_private_room, places.invite),
    Remove: Rule(made_room, places.remove),
    Kick: Rule(by_moderator, moderation.kick),
    Ban: Rule(by_moderator, moderation.ban),
    Unban: Rule(by_moderator, moderation.lift),
    Mute: Rule(by_moderator, moderation.mute),
    Unmute: Rule(by_moderator, moderation.lift),
    Slow: Rule(by_moderator, moderation.slow),
    Audit: Rule(by_operator, moderation.audit),
    Rooms: Rule(anyone, _rooms),
    Who: Rule(in_room, _who),
    History: Rule(in_room, _history),
    Search: Rule(in_room, _search),
    Mentions: Rule(anyone, _mentions),
    Help: Rule(anyone, _help),
    Set: Rule(anyone, _set),
}
"""What only those may ask for who have a nick, which their handlers are given; `anyone`'s handlers name no room, or one
that is yet to be entered."""
