"""What a server does for each request: who may do it, and what goes onto the bus; refusals are raised."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatapp.protocol import limits
from chatapp.protocol.errors import BadProof, BadQuery, HelloAgain, HelloFirst, NickTaken, VersionUnsupported
from chatapp.protocol.events import Challenged, Pong
from chatapp.protocol.identity import check_key, proof
from chatapp.protocol.names import check_id, check_nick, check_text
from chatapp.protocol.requests import Hello, Help, History, Intent, Ping, Prove, Quit, Rename, Say, Search, Who
from chatapp.server.bus import Asking, Bus, Entering, Leaving, Posting, Renaming
from chatapp.server.dialects import help_lines
from chatapp.server.hub import Hub
from chatapp.server.people import People
from chatapp.server.proofs import verify
from chatapp.server.reads import Reads
from chatapp.server.settings import Settings
from chatapp.server.storage.records import Claim, Post

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
    services.bus.publish(Entering(session, nick, hello.log, hello.seen, claim))


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
    services.hub.room(request.room)
    check_id(request.id)
    check_text(request.text)
    post = Post(session.author, nick, request, services.settings.clock())
    services.bus.publish(Posting(post, session))


def _rename(request: Rename, session: "Session", services: Services, nick: str) -> None:
    to = check_nick(request.nick)
    sessions = services.people.rename(nick, to, session)
    for one in sessions:
        one.take_nick(to)
    services.bus.publish(Renaming(sessions, nick, to, _claim(to, nick, session, services)))


def _who(request: Who, session: "Session", services: Services, _nick: str) -> None:
    room = services.hub.room(request.room)
    services.bus.publish(Asking(session, room.name))


def _history(request: History, session: "Session", services: Services, _nick: str) -> None:
    services.hub.room(request.room)
    services.reads.history(request, session)


def _search(request: Search, session: "Session", services: Services, _nick: str) -> None:
    services.hub.room(request.room)
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
    Who: _who,
    History: _history,
    Search: _search,
    Help: _help,
}
"""What only those may ask for who have a nick, which their handlers are given."""
