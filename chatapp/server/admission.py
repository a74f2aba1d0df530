"""How a session comes to its nick: the hello, and the proof of its key."""

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatapp.protocol import limits
from chatapp.protocol.errors import BadProof, HelloAgain, HelloFirst, ProtocolError, VersionUnsupported
from chatapp.protocol.events import Challenged
from chatapp.protocol.identity import check_key, proof
from chatapp.protocol.names import GENERAL, check_nick
from chatapp.protocol.requests import Hello, Prove
from chatapp.server.bus import Entering
from chatapp.server.operators import is_operator
from chatapp.server.ownership import claim_of, sighting_of
from chatapp.server.presence import tell_status
from chatapp.server.proofs import verify
from chatapp.server.sanctions import suspect_of
from chatapp.server.services import Services

if TYPE_CHECKING:
    from chatapp.server.session import Session

_NONCE_BYTES = 32


@dataclass(frozen=True)
class Challenge:
    """What a session is to prove: that the key of its `hello` is its own."""

    hello: Hello
    nonce: str


def hello(request: Hello, session: "Session", services: Services) -> None:
    """Admit a guest; challenge whoever names a key."""
    if session.nick is not None:
        raise HelloAgain
    if request.version != limits.PROTOCOL_VERSION:
        raise VersionUnsupported(limit=limits.PROTOCOL_VERSION)
    check_nick(request.nick)
    if not request.key:
        _admit(request, session, services)
        return
    check_key(request.key)
    session.challenge = Challenge(request, secrets.token_hex(_NONCE_BYTES))
    session.send(Challenged(services.log, session.challenge.nonce))


def prove(request: Prove, session: "Session", services: Services) -> None:
    """Admit whoever signed this connection's challenge; each may be answered once."""
    challenge, session.challenge = session.challenge, None
    if challenge is None:
        raise HelloFirst
    if session.nick is not None:
        raise HelloAgain
    asked = challenge.hello
    if not verify(asked.key, request.signature, proof(services.log, challenge.nonce, asked.key, asked.nick)):
        raise BadProof
    guest, session.account = session.account, services.devices.account_of(asked.key)
    session.key = asked.key
    try:
        _admit(asked, session, services)
    except ProtocolError:
        session.account, session.key = guest, ""
        raise


def _admit(asked: Hello, session: "Session", services: Services) -> None:
    nick = check_nick(asked.nick)
    if not is_operator(session, services):
        services.sanctions.check_ban(GENERAL, suspect_of(session.account, nick, session.address))
    services.people.enter(nick, session)
    session.take_nick(nick)
    record = claim_of(nick, "", session, services) or sighting_of(nick, session, services)
    session.rooms = _rooms_of(session, services)
    services.bus.publish(Entering(session, nick, asked.log, asked.seen, record, session.rooms))
    tell_status(nick, services)


def _rooms_of(session: "Session", services: Services) -> tuple[str, ...]:
    """Return the rooms of whoever comes with `session`: as their other connections, or as they left."""
    others = [one.rooms for one in services.people.sessions_of(session.account) if one is not session]
    if others:
        return others[0]
    sanctions, rooms = services.sanctions, services.registry.rooms(session.account)
    return (GENERAL, *(room for room in rooms if sanctions.find("ban", room, session.suspect) is None))
