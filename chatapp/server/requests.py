"""What a server does for each request: who may do it, and what goes onto the bus; refusals are raised."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatapp.protocol import limits
from chatapp.protocol.errors import (
    BadProof,
    BadQuery,
    HelloAgain,
    HelloFirst,
    NickTaken,
    NotInRoom,
    StaysInGeneral,
    TooManyRooms,
    VersionUnsupported,
)
from chatapp.protocol.events import Challenged, Pong
from chatapp.protocol.identity import check_key, proof
from chatapp.protocol.names import GENERAL, check_id, check_nick, check_room, check_text
from chatapp.protocol.requests import (
    Hello,
    Help,
    History,
    Intent,
    Join,
    Leave,
    Ping,
    Prove,
    Quit,
    Rename,
    Rooms,
    Say,
    Search,
    Who,
)
from chatapp.server.bus import Asking, Bus, Departing, Entering, Joining, Leaving, Posting, Renaming
from chatapp.server.dialects import help_lines
from chatapp.server.hub import Hub
from chatapp.server.people import People
from chatapp.server.proofs import verify
from chatapp.server.reads import Reads
from chatapp.server.settings import Settings
from chatapp.server.storage.records import Claim, Membership, Post

if TYPE_CHECKING:
    from chatapp.server.session import Session

_NONCE_BYTES = 32

_SHOWN = 40
"""So many characters of a search that is too long are named in its refusal."""


@dataclass(frozen=True)
class Challenge:
    """What a session is to prove: that the key of its `hello` is its own."""

    hello: Hello
    nonce: str


@dataclass(frozen=True)
class Services:
    """What sessions and the handling of their requests stand on."""

    settings: Settings
    log: str
    hub: Hub
    bus: Bus
    people: People
    reads: Reads
    buffer: memoryview
    """What all sessions read into, in turn."""


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
        services.people.leave(nick, session)
        services.bus.publish(Leaving(session, nick))


def _hello(request: Hello, session: "Session", services: Services) -> None:
    """Admit a guest; challenge whoever names a key."""
    if session.nick is not None:
        raise HelloAgain
    services.hub.check_capacity(session)
    if request.version != limits.PROTOCOL_VERSION:
        raise VersionUnsupported(limit=limits.PROTOCOL_VERSION)
    check_nick(request.nick)
    if not request.key:
        _admit(request, session, services)
        return
    check_key(request.key)
    session.challenge = Challenge(request, secrets.token_hex(_NONCE_BYTES))
    session.send(Challenged(services.log, session.challenge.nonce))


def _prove(request: Prove, session: "Session", services: Services) -> None:
    """Admit whoever signed this connection's challenge; each may be answered once."""
    challenge, session.challenge = session.challenge, None
    if challenge is None:
        raise HelloFirst
    if session.nick is not None:
        raise HelloAgain
    hello = challenge.hello
    if not verify(hello.key, request.signature, proof(services.log, challenge.nonce, hello.key, hello.nick)):
        raise BadProof
    guest, session.account = session.account, hello.key
    try:
        _admit(hello, session, services)
    except NickTaken:
        session.account = guest
        raise


def _admit(hello: Hello, session: "Session", services: Services) -> None:
    nick = check_nick(hello.nick)
    services.people.enter(nick, session)
    session.take_nick(nick)
    claim = _claim(nick, "", session, services)
    session.rooms = _rooms_of(session, services)
    services.bus.publish(Entering(session, nick, hello.log, hello.seen, claim, session.rooms))


def _rooms_of(session: "Session", services: Services) -> tuple[str, ...]:
    """Return the rooms of whoever comes with `session`: as their other connections, or as they left."""
    assert session.nick is not None
    others = [one.rooms for one in services.people.sessions(session.nick) if one is not session]
    return others[0] if others else (GENERAL, *services.people.rooms(session.account))


def _claim(nick: str, releases: str, session: "Session", services: Services) -> Claim | None:
    """Return what makes `nick` the session's own, None for a guest, or if it is already."""
    if session.is_guest or services.people.owns(nick, session.account):
        return None
    return Claim(nick, session.account, services.settings.clock(), releases)


def _ping(_request: Ping, session: "Session", _services: Services) -> None:
    session.pings = True
    session.send(Pong())


def _quit(_request: Quit, session: "Session", services: Services) -> None:
    """Leave, once what was asked for before is answered."""
    session.stop_listening()
    session.hurry()
    services.reads.when_done(session, lambda: leave(session, services))


def _say(request: Say, session: "Session", services: Services, nick: str) -> None:
    _require_in(request.room, session)
    check_id(request.id)
    check_text(request.text)
    post = Post(session.author, nick, request, services.settings.clock())
    services.bus.publish(Posting(post, session))


def _rename(request: Rename, session: "Session", services: Services, nick: str) -> None:
    to = check_nick(request.nick)
    sessions = services.people.rename(nick, to, session)
    for one in sessions:
        one.take_nick(to)
    services.bus.publish(Renaming(sessions, nick, to, session.rooms, _claim(to, nick, session, services)))
    _unite(session, services, to)


def _unite(session: "Session", services: Services, nick: str) -> None:
    """Bring all connections of a person to the same rooms: with a nick, one may take over others of its key."""
    sessions = services.people.sessions(nick)
    for room in dict.fromkeys(room for one in sessions for room in one.rooms):
        if any(room not in one.rooms for one in sessions):
            _go_in(room, session, services, nick)


def _join(request: Join, session: "Session", services: Services, nick: str) -> None:
    """Let the person into the room; whoever types is in one room at a time, and leaves the one before."""
    room = check_room(request.room)
    if not session.voice.is_rich:
        for left in session.rooms:
            if left != room:
                _go_out(left, session, services, nick)
    elif room not in session.rooms and len({*session.rooms, *services.people.rooms(session.account)}) >= limits.ROOMS:
        raise TooManyRooms(room, limits.ROOMS)
    _go_in(room, session, services, nick)


def _leave(request: Leave, session: "Session", services: Services, nick: str) -> None:
    """Let the person out of the room; whoever types is back in the one that is always there."""
    _require_in(request.room, session)
    if request.room == GENERAL:
        raise StaysInGeneral
    _go_out(request.room, session, services, nick)
    if not session.voice.is_rich:
        _go_in(GENERAL, session, services, nick)


def _go_in(room: str, session: "Session", services: Services, nick: str) -> None:
    record = None if room in session.rooms else _keep(room, session, services, True)
    sessions = services.people.sessions(nick)
    for one in sessions:
        one.take_room(room)
    services.bus.publish(Joining(sessions, nick, room, record))


def _go_out(room: str, session: "Session", services: Services, nick: str) -> None:
    record = _keep(room, session, services, False)
    sessions = services.people.sessions(nick)
    for one in sessions:
        one.drop_room(room)
    services.bus.publish(Departing(sessions, nick, room, record))


def _keep(room: str, session: "Session", services: Services, is_member: bool) -> Membership | None:
    """Let the session's key come back to `room`, or not any more; return what keeps that, None for a guest."""
    if session.is_guest:
        return None
    services.people.keep(session.account, room, is_member)
    return Membership(session.account, room, services.settings.clock(), is_member)


def _require_in(room: str, session: "Session") -> None:
    """Raises NotInRoom if the peer is not in `room`."""
    if room not in session.rooms:
        raise NotInRoom(room[: limits.ROOM_CHARACTERS])


def _rooms(_request: Rooms, session: "Session", services: Services, _nick: str) -> None:
    services.reads.rooms(session, services.hub.counts())


def _who(request: Who, session: "Session", services: Services, _nick: str) -> None:
    _require_in(request.room, session)
    services.bus.publish(Asking(session, request.room))


def _history(request: History, session: "Session", services: Services, _nick: str) -> None:
    _require_in(request.room, session)
    services.reads.history(request, session, services.hub.last_seq)


def _search(request: Search, session: "Session", services: Services, _nick: str) -> None:
    _require_in(request.room, session)
    if len(request.query) > limits.QUERY_CHARACTERS:
        raise BadQuery(f"{request.query[:_SHOWN]}…", limit=limits.QUERY_CHARACTERS)
    services.reads.search(request, session)


def _help(_request: Help, session: "Session", _services: Services, _nick: str) -> None:
    for line in help_lines():
        session.notify(line)


_BEFORE_HELLO: dict[type[Intent], Callable[[Any, "Session", Services], None]] = {
    Hello: _hello,
    Prove: _prove,
    Ping: _ping,
    Quit: _quit,
}
"""What anyone may ask for."""

_MEMBERS: dict[type[Intent], Callable[[Any, "Session", Services, str], None]] = {
    Say: _say,
    Rename: _rename,
    Join: _join,
    Leave: _leave,
    Rooms: _rooms,
    Who: _who,
    History: _history,
    Search: _search,
    Help: _help,
}
"""What only those may ask for who have a nick, which their handlers are given."""
