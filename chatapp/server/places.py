"""How people come to rooms and go: public ones by name, private ones by whoever brings them, conversations by nick."""

import secrets
from typing import TYPE_CHECKING

from chatapp.protocol import limits
from chatapp.protocol.errors import NoSuchNick, StaysInGeneral, TooManyRooms
from chatapp.protocol.names import (
    CONVERSATION,
    GENERAL,
    PRIVATE,
    check_nick,
    check_room,
    check_title,
    is_hidden,
    is_to_nick,
)
from chatapp.protocol.requests import Invite, Join, Kind, Leave, MakePrivate, Remove, Say
from chatapp.server.bus import Becoming, Departing, Joining, Noting, Posting
from chatapp.server.operators import check_exempt, is_operator
from chatapp.server.people import ACTIVE
from chatapp.server.registry import is_lasting, other_of
from chatapp.server.sanctions import suspect_of
from chatapp.server.services import Services
from chatapp.server.storage.records import GUEST, Ending, Making, Membership, Post, RoomFacts

if TYPE_CHECKING:
    from chatapp.server.session import Session


def join(request: Join, session: "Session", services: Services, _nick: str) -> None:
    """Let the person into the room; whoever types is in one room at a time, and leaves the one before."""
    if is_to_nick(request.room):
        open_conversation(request.room[1:], session, services)
        return
    room = request.room if request.room in session.rooms else check_room(request.room)
    _check_ban(room, session, services)
    _check_count(room, session, services)
    if not services.registry.is_made(room) and room != GENERAL:
        _make(room, RoomFacts(maker="" if session.is_guest else session.account), services)
    _leave_others(room, session, services)
    go_in(room, session.account, services)


def leave(request: Leave, session: "Session", services: Services, _nick: str) -> None:
    """Let the person out of the room; whoever types is back in the one that is always there."""
    if request.room == GENERAL:
        raise StaysInGeneral
    go_out(request.room, session.account, services)
    if not session.voice.is_rich and not request.room.startswith(CONVERSATION):
        go_in(GENERAL, session.account, services)


def make_private(request: MakePrivate, session: "Session", services: Services, _nick: str) -> None:
    """Make a room with a name that nobody can guess; two may have the same title, and nobody learns from that."""
    title = check_title(request.title)
    room = f"{PRIVATE}{secrets.token_hex(16)}"
    _check_count(room, session, services)
    _make(room, RoomFacts(title, maker=session.account), services)
    _leave_others(room, session, services)
    go_in(room, session.account, services)


def invite(request: Invite, session: "Session", services: Services, nick: str) -> None:
    """Bring somebody into a private room, who may not be here now; who is in it already stays.

    Raises TooManyRooms, or NoSuchNick, also for whoever types: they are in one room, and nobody moves them but they;
    and for whoever is banned there, until that is lifted.
    """
    account = services.people.account_of(check_nick(request.nick))
    if account in services.registry.members(request.room):
        return
    if _is_banned(request.room, account, services):
        raise NoSuchNick(request.nick)
    if _count(account, services) >= limits.ROOMS:
        raise TooManyRooms(request.room, limits.ROOMS)
    if not all(one.voice.is_rich for one in services.people.sessions_of(account)):
        raise NoSuchNick(request.nick)
    go_in(request.room, account, services)
    post(request.room, "invited", services.people.nick_of(account), session, services, nick)


def remove(request: Remove, session: "Session", services: Services, nick: str) -> None:
    """Take somebody out of a room. Raises NoSuchNick if they aren't in it, StaysInGeneral where everyone is."""
    if request.room == GENERAL:
        raise StaysInGeneral
    account = services.people.account_of(check_nick(request.nick))
    if account != session.account:
        check_exempt(account, request.nick, session, services)
    sessions = services.people.sessions_of(account)
    is_here = any(request.room in one.rooms for one in sessions)
    if not is_here and request.room not in services.registry.rooms(account):
        raise NoSuchNick(request.nick[: limits.NICK_CHARACTERS])
    post(request.room, "removed", services.people.nick_of(account), session, services, nick)
    go_out(request.room, account, services)
    for one in sessions:
        if not one.voice.is_rich:
            go_in(GENERAL, account, services)


def open_conversation(other: str, session: "Session", services: Services) -> str:
    """Let whoever is called `other` and the session's person have a room for themselves; return its name.

    The session's person is told of it, also if it was open. Raises NoSuchNick, or TooManyRooms for either of them.
    """
    check_nick(other)
    account = services.people.account_of(other)
    room = services.registry.conversation_of(session.account, account)
    for one in (session.account, account):
        if (
            room not in services.registry.rooms(one)
            and services.registry.conversation_count(one) >= limits.CONVERSATIONS
        ):
            raise TooManyRooms(room, limits.CONVERSATIONS)
    if not services.registry.is_made(room):
        _make(room, RoomFacts(account, maker=session.account), services)
    go_in(room, session.account, services)
    keep_open(room, services)
    return room


def keep_open(room: str, services: Services) -> None:
    """Let both be in a conversation, whichever of them had closed it."""
    facts = services.registry.facts(room)
    for account in dict.fromkeys((facts.maker, facts.title)):
        if account.startswith(GUEST) and not services.people.sessions_of(account):
            continue
        if room not in services.registry.rooms(account):
            go_in(room, account, services)


def part_guest(session: "Session", services: Services) -> None:
    """End what lasts only as long as a guest is here: the guest's conversations, and private rooms without others."""
    for room in {*services.registry.rooms(session.account), *services.registry.passing(session.account)}:
        services.registry.remove(session.account, room)
        if room.startswith(CONVERSATION):
            other = other_of(services.registry.facts(room), session.account)
            go_out(room, other, services)
        _end_if_empty(room, services)


def go_in(room: str, account: str, services: Services) -> None:
    """Bring all of a person's connections into `room`, and have them come back to it; they are told so again."""
    if (record := _keep(room, account, services, True)) is not None:
        services.bus.publish(Noting(record))
    for nick, sessions in services.people.by_nick(account).items():
        for one in sessions:
            one.take_room(room)
        services.bus.publish(Joining(sessions, nick, room))
        if (status := services.people.status(nick)) not in (None, ACTIVE):
            services.bus.publish(Becoming(nick, *status, (room,)))


def go_out(room: str, account: str, services: Services) -> None:
    """Let all of a person's connections out of `room`, for good."""
    if (record := _keep(room, account, services, False)) is not None:
        services.bus.publish(Noting(record))
    for nick, sessions in services.people.by_nick(account).items():
        leaving = tuple(one for one in sessions if room in one.rooms)
        for one in leaving:
            one.drop_room(room)
        if leaving:
            services.bus.publish(Departing(leaving, nick, room))
    _end_if_empty(room, services)


def _keep(room: str, account: str, services: Services, is_member: bool) -> Membership | None:
    """Note where an account is to come back to; return what has the log know it, None if it is no news or a guest's."""
    registry, is_guest = services.registry, account.startswith(GUEST)
    if room == GENERAL or (is_guest and not is_hidden(room)):
        return None
    if is_member == (room in registry.rooms(account)):
        return None
    (registry.add if is_member else registry.remove)(account, room)
    return None if is_guest else Membership(account, room, services.settings.clock(), is_member)


def _end_if_empty(room: str, services: Services) -> None:
    """Delete what was said where nobody can come any more: in a private room, or with a guest who is gone."""
    is_for_good = room.startswith(PRIVATE) or not is_lasting(room)
    if is_for_good and services.registry.is_made(room) and not services.registry.members(room):
        services.registry.end(room)
        services.bus.publish(Noting(Ending(room)))


def _make(room: str, facts: RoomFacts, services: Services) -> None:
    services.registry.make(room, facts)
    services.bus.publish(Noting(Making(room, facts.maker, services.settings.clock(), facts.title)))


def _leave_others(room: str, session: "Session", services: Services) -> None:
    """Let whoever types out of the room that they are in, for another."""
    if not session.voice.is_rich:
        for left in session.rooms:
            if left != room and not left.startswith(CONVERSATION):
                go_out(left, session.account, services)


def _check_ban(room: str, session: "Session", services: Services) -> None:
    """Raises BannedFromRoom, for others than operators."""
    if not (services.sanctions.is_empty or room in session.rooms or is_operator(session, services)):
        services.sanctions.check_ban(room, session.suspect)


def _is_banned(room: str, account: str, services: Services) -> bool:
    """Return whether an account, here or not, may not come into `room`."""
    suspects = [one.suspect for one in services.people.sessions_of(account)] or [suspect_of(account, "", "")]
    return any(services.sanctions.find("ban", room, one) is not None for one in suspects)


def _check_count(room: str, session: "Session", services: Services) -> None:
    """Raises TooManyRooms if `room` would be one too many; for whoever types it takes the place of another."""
    if session.voice.is_rich and room not in session.rooms and _count(session.account, services) >= limits.ROOMS:
        raise TooManyRooms(room, limits.ROOMS)


def _count(account: str, services: Services) -> int:
    """Return in how many rooms an account is, conversations not counted."""
    rooms = {*services.registry.rooms(account), GENERAL}
    for one in services.people.sessions_of(account):
        rooms.update(one.rooms)
    return sum(not room.startswith(CONVERSATION) for room in rooms)


def post(room: str, kind: Kind, text: str, session: "Session", services: Services, nick: str) -> None:
    """Say something in the room for the session's person that only the server can say."""
    post = Post(session.author, nick, Say(room, text, session.new_id(), kind), services.settings.clock())
    services.bus.publish(Posting(post, session))
