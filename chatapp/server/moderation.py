"""What those do who moderate: take somebody out, keep them out, let them say nothing, slow a room down."""

from collections.abc import Callable, Iterable
from ipaddress import ip_network
from typing import TYPE_CHECKING, NamedTuple

from chatapp.protocol import limits
from chatapp.protocol.errors import (
    BadDuration,
    BadNetwork,
    BadNick,
    Banned,
    Kicked,
    NoSuchNick,
    NothingToLift,
    NotOperator,
    ProtocolError,
    TooManySanctions,
)
from chatapp.protocol.events import AuditPage
from chatapp.protocol.identity import check_key, fingerprint
from chatapp.protocol.moderating import spoken
from chatapp.protocol.names import GENERAL, check_nick, check_reason, check_room
from chatapp.protocol.requests import Audit, Ban, Kick, Kind, Mute, Slow, Unban, Unmute
from chatapp.server.bus import Answering, Noting
from chatapp.server.deeds import told_deed
from chatapp.server.operators import check_exempt, is_operator
from chatapp.server.places import go_in, go_out, post
from chatapp.server.sanctions import NETWORK, guests_at
from chatapp.server.services import Services
from chatapp.server.storage.records import GUEST, LIFTING, Deed, row_of

if TYPE_CHECKING:
    from chatapp.server.session import Session

_TOLD_AS: dict[str, Kind] = {
    "kick": "kicked", "ban": "banned", "unban": "unbanned", "mute": "muted", "unmute": "unmuted", "slow": "slowed"
}  # fmt: skip


class _Target(NamedTuple):
    """To whom something is done: `whom` people call it, its `subjects`, and its account, "" for a network."""

    whom: str
    subjects: tuple[str, ...]
    account: str = ""


def kick(request: Kick, session: "Session", services: Services, nick: str) -> None:
    """Take somebody out of a room, or off the chat; they may come again. Raises NoSuchNick if they aren't there."""
    room = _room(request.room, session)
    account = services.people.account_of(check_nick(request.nick))
    check_exempt(account, request.nick, session, services)
    sessions = services.people.sessions_of(account)
    is_in = any(room in one.rooms for one in sessions) or room in services.registry.rooms(account)
    if not is_in:
        raise NoSuchNick(request.nick[: limits.NICK_CHARACTERS])
    whom = services.people.nick_of(account)
    deed = _deed("kick", room, session, services, nick, whom=whom, reason=check_reason(request.reason))
    if room == GENERAL:
        _tell(deed, session, services, _dismissal(sessions, Kicked(deed.reason), services))
    else:
        _tell(deed, session, services)
        _take_out(room, account, services)


def ban(request: Ban, session: "Session", services: Services, nick: str) -> None:
    """Keep somebody, or a network, out of a room or the chat, and take out whoever of them is there."""
    deed = _lasting("ban", request, session, services, nick)
    services.sanctions.follow(deed)
    hit = [one for one in services.hub.people() if _is_hit(one, deed, services)]
    if deed.room == GENERAL:
        error = Banned(deed.reason, retry_after=deed.until - deed.at if deed.until else None)
        _tell(deed, session, services, _dismissal(hit, error, services))
        return
    _tell(deed, session, services)
    keys = (subject.removeprefix("key:") for subject in deed.subjects if subject.startswith("key:"))
    for account in dict.fromkeys((*keys, *(one.account for one in hit))):
        _take_out(deed.room, account, services)


def mute(request: Mute, session: "Session", services: Services, nick: str) -> None:
    """Let somebody, or a network, say nothing in a room, or in all of them."""
    _do(_lasting("mute", request, session, services, nick), session, services)


def lift(request: Unban | Unmute, session: "Session", services: Services, nick: str) -> None:
    """Let it be over. Raises NothingToLift."""
    room, what = _room(request.room, session), "unban" if isinstance(request, Unban) else "unmute"
    who = request.who.removeprefix("@")
    try:
        target = _target(who, services)
    except (NoSuchNick, BadNick):
        target = _Target(who, ())
    subjects = services.sanctions.naming(LIFTING[what], room, target.whom, target.subjects)
    if not subjects:
        raise NothingToLift(who[: limits.ROOM_CHARACTERS])
    _check_network(subjects, session, services)
    _do(_deed(what, room, session, services, nick, whom=target.whom, subjects=subjects), session, services)


def slow(request: Slow, session: "Session", services: Services, nick: str) -> None:
    """Let each person say one message in so many seconds. Raises BadDuration."""
    room = _room(request.room, session)
    if not 0 <= request.seconds <= limits.SLOW_SECONDS:
        raise BadDuration(limit=limits.SLOW_SECONDS)
    _do(_deed("slow", room, session, services, nick, seconds=request.seconds), session, services)


def audit(request: Audit, session: "Session", services: Services, _nick: str) -> None:
    services.reads.audit(request.limit, session)


def _lasting(what: str, request: Ban | Mute, session: "Session", services: Services, nick: str) -> Deed:
    """Return the deed that lets something be in force. Raises what says why it can't be."""
    room, reason = _room(request.room, session), check_reason(request.reason)
    if not 0 <= request.seconds <= limits.SANCTION_SECONDS:
        raise BadDuration(limit=limits.SANCTION_SECONDS)
    target = _target(request.who.removeprefix("@"), services)
    _check_network(target.subjects, session, services)
    if target.account:
        check_exempt(target.account, target.whom, session, services)
    if services.sanctions.count(what, room) + len(target.subjects) > limits.SANCTIONS:
        raise TooManySanctions(limit=limits.SANCTIONS)
    deed = _deed(what, room, session, services, nick, whom=target.whom, subjects=target.subjects, reason=reason)
    return deed if not request.seconds else _until(deed, request.seconds)


def _until(deed: Deed, seconds: int) -> Deed:
    return Deed(
        deed.at, deed.account, deed.nick, deed.what, deed.room, deed.whom, deed.subjects, deed.at + seconds, deed.reason
    )


def _deed(
    what: str,
    room: str,
    session: "Session",
    services: Services,
    nick: str,
    *,
    whom: str = "",
    subjects: tuple[str, ...] = (),
    reason: str = "",
    seconds: int = 0,
) -> Deed:
    now = services.settings.clock()
    return Deed(now, session.account, nick, what, room, whom, subjects, 0, reason, seconds)


# Whom and where


def _room(room: str, session: "Session") -> str:
    """Return `room`, which may be a public one that an operator is not in. Raises BadRoom."""
    return room if room in session.rooms else check_room(room)


def _target(who: str, services: Services) -> _Target:
    """Read a nick, a key, the fingerprint of one, or a network. Raises NoSuchNick, BadNick or BadNetwork."""
    if who.startswith("SHA256:"):
        key = services.devices.key_of(who) or services.people.key_of(who)
        return _of_account(services.devices.person(key), services)
    if "/" in who or ":" in who:
        return _of_network(who)
    account = services.devices.person(who) if _is_key(who) else services.people.account_of(check_nick(who))
    return _of_account(account, services)


def _is_key(who: str) -> bool:
    try:
        return bool(check_key(who))
    except ProtocolError:
        return False


def _of_network(who: str) -> _Target:
    try:
        network = ip_network(who, strict=False)
    except ValueError:
        raise BadNetwork(who[: limits.ROOM_CHARACTERS]) from None
    return _Target(str(network), (f"{NETWORK}{network}",))


def _of_account(account: str, services: Services) -> _Target:
    """Return a person by key, or a guest by nick; and, if they are here, all guests from where they are."""
    sessions = services.people.sessions_of(account)
    nick = services.people.nick_of(account)
    own = [subject for one in sessions for subject in one.suspect.subjects]
    if not account.startswith(GUEST):
        own = [f"key:{account}"]
        nick = nick if nick != "?" else fingerprint(account)
    around = [subject for one in sessions for subject in guests_at(one.address)]
    return _Target(nick, tuple(dict.fromkeys((*own, *around))), account)


def _check_network(subjects: Iterable[str], session: "Session", services: Services) -> None:
    """Raises NotOperator: who made a room is not to know, or to guess, where people come from."""
    if any(subject.startswith(NETWORK) for subject in subjects) and not is_operator(session, services):
        raise NotOperator


def _is_hit(one: "Session", deed: Deed, services: Services) -> bool:
    """Return whether what was just done is against `one`: never an operator, nor who did it."""
    if one.account == deed.account or is_operator(one, services):
        return False
    return services.sanctions.find(deed.what, deed.room, one.suspect) is not None


# Doing it


def _do(deed: Deed, session: "Session", services: Services) -> None:
    services.sanctions.follow(deed)
    _tell(deed, session, services)


def _tell(deed: Deed, session: "Session", services: Services, then: Callable[[], None] | None = None) -> None:
    """Have the room told and the log note it, `then` do what follows, and the doer know."""
    is_told = not any(subject.startswith(NETWORK) for subject in deed.subjects)
    if is_told:
        post(deed.room, _TOLD_AS[deed.what], _told(deed), session, services, deed.nick)
    services.bus.publish(Noting(deed, then))
    if not is_told or deed.room not in session.rooms:
        services.bus.publish(Answering(session, AuditPage([told_deed(row_of(deed))])))


def _told(deed: Deed) -> str:
    """Return what the room is told of a deed, after who did what: to whom, for how long, and why."""
    if deed.what == "slow":
        return str(deed.seconds)
    time = f" ({spoken(deed.until - deed.at)})" if deed.until else ""
    return f"{deed.whom}{time}" + (f": {deed.reason}" if deed.reason else "")


def _dismissal(sessions: "Iterable[Session]", error: ProtocolError, services: Services) -> Callable[[], None]:
    """Take nothing more of `sessions`; return what tells them why, and closes them, when its turn comes."""
    gone = tuple(sessions)
    for one in gone:
        one.stop_listening()

    def dismiss() -> None:
        services.hub.flush()
        for one in gone:
            one.dismiss(error)

    return dismiss


def _take_out(room: str, account: str, services: Services) -> None:
    """Let somebody out of a room; who types is back in the one in which everyone is."""
    sessions = [one for one in services.people.sessions_of(account) if room in one.rooms]
    if not sessions and room not in services.registry.rooms(account):
        return
    go_out(room, account, services)
    if any(not one.voice.is_rich for one in sessions):
        go_in(GENERAL, account, services)
