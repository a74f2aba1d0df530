"""How people are there: active, idle or away; who is writing; and who somebody is."""

import contextlib
from typing import TYPE_CHECKING

from chatapp.protocol.errors import Muted, NoSuchNick
from chatapp.protocol.events import Described
from chatapp.protocol.identity import fingerprint
from chatapp.protocol.names import check_nick, check_topic, is_hidden
from chatapp.protocol.requests import SetPresence, Typing, Whois
from chatapp.server.bus import Answering, Becoming, Hinting
from chatapp.server.gate import check_mute
from chatapp.server.services import Services
from chatapp.server.storage.records import GUEST

if TYPE_CHECKING:
    from chatapp.server.session import Session


def set_presence(request: SetPresence, session: "Session", services: Services, nick: str) -> None:
    """Follow what one connection says of its person. Raises TopicTooLong for a reason that is too long."""
    if request.text:
        check_topic(request.text)
    session.is_idle = request.state == "idle"
    if request.state != "idle":
        services.people.set_away(nick, request.text if request.state == "away" else None)
    tell_status(nick, services)


def tell_status(nick: str, services: Services) -> None:
    """Have everyone in the rooms of whoever is called `nick` told how they are there, if that has changed."""
    if (news := services.people.news_of(nick)) is not None:
        rooms = services.people.sessions(nick)[0].rooms
        services.bus.publish(Becoming(nick, *news, rooms))


def typing(request: Typing, session: "Session", services: Services, nick: str) -> None:
    """Have others told; of whoever is muted nobody is, and no error answers what a client does by itself."""
    with contextlib.suppress(Muted):
        check_mute(request.room, session, services)
        services.bus.publish(Hinting(session, nick, request.room))


def whois(request: Whois, session: "Session", services: Services, _nick: str) -> None:
    """Say of somebody what everyone may know, and which rooms both are in."""
    account = services.people.account_of(check_nick(request.nick))
    sessions = services.people.sessions_of(account)
    nick = services.people.nick_of(account)
    if not sessions and account.startswith(GUEST):
        raise NoSuchNick(request.nick)
    rooms = dict.fromkeys(room for one in sessions for room in one.rooms)
    known = [room for room in rooms if not is_hidden(room) or room in session.rooms]
    key = "" if account.startswith(GUEST) else fingerprint(account)
    state, text = services.people.status(nick) or ("gone", "")
    services.bus.publish(Answering(session, Described(nick, state, text, key, known)))
