"""How a session comes to its nick: the hello, and the proof of its key."""

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatapp.protocol import limits
from chatapp.protocol.errors import BadProof, HelloAgain, HelloFirst, ProtocolError, VersionUnsupported
from chatapp.protocol.events import Challenged
from chatapp.protocol.identity import check_key, proof
from chatapp.protocol.names import GENERAL, check_nick
from chatapp.protocol.requests import Hello, Prove, Unlock
from chatapp.server.bus import Entering
from chatapp.server.door import Knock
from chatapp.server.networks import site_of
from chatapp.server.operators import is_operator, is_operators
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
    session.knock = None
    if not request.key:
        _let_in(Knock(request, "", site_of(session.address)), session, services)
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
    _let_in(Knock(asked, asked.key, site_of(session.address)), session, services)


def unlock(request: Unlock, session: "Session", services: Services) -> None:
    """Admit whoever stands before the door, once it is known that `request` opens it."""
    if (knock := session.knock) is None:
        raise HelloFirst

    def answer(error: ProtocolError | None) -> None:
        session.go_on_after(lambda: _enter(knock, error, session, services))

    services.door.unlock(knock, request.secret, answer)
    session.is_held = True


def _enter(knock: Knock, error: ProtocolError | None, session: "Session", services: Services) -> None:
    if error is not None:
        raise error
    _admit_as(knock, session, services)


def _let_in(knock: Knock, session: "Session", services: Services) -> None:
    """Admit members, operators, and all where the door is open. Raises what is asked of others."""
    if not (services.door.is_open or _is_known(knock, services)):
        session.knock = knock
        raise services.door.requirement(is_guest=not knock.key)
    _admit_as(knock, session, services)


def _is_known(knock: Knock, services: Services) -> bool:
    """Return whether the key owns a nick here, or is an operator's."""
    if not knock.key:
        return False
    account = _account_of(knock, services)
    return services.people.is_member(account, knock.hello.nick) or is_operators(account, services)


def _account_of(knock: Knock, services: Services) -> str:
    """Return whose key that is, "" for a guest. Raises KeyRevoked."""
    return services.devices.account_of(knock.key) if knock.key else ""


def _admit_as(knock: Knock, session: "Session", services: Services) -> None:
    """Admit somebody as the key that they proved, if any."""
    guest, session.knock = session.account, None
    session.account, session.key = _account_of(knock, services) or guest, knock.key
    try:
        _admit(knock.hello, session, services)
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
