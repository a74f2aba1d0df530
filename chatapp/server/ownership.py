"""How nicks become somebody's, and free again: by a claim, by an operator, and with time."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chatapp.protocol.events import Freed
from chatapp.protocol.names import GENERAL, check_nick, name_key
from chatapp.protocol.requests import Free
from chatapp.server.bus import Answering, Bus, Noting
from chatapp.server.people import People
from chatapp.server.services import Services
from chatapp.server.settings import Settings
from chatapp.server.storage.records import Claim, Deed, Release, Seen
from chatapp.server.store import Store

if TYPE_CHECKING:
    from chatapp.server.session import Session

DAY_SECONDS = 86_400


def claim_of(nick: str, releases: str, session: "Session", services: Services) -> Claim | None:
    """Return what makes `nick` the session's own, None for a guest, or if it is already."""
    if session.is_guest or services.people.owns(nick, session.account):
        return None
    services.people.note_claim(nick, releases)
    return Claim(nick, session.account, services.settings.clock(), releases)


def is_operators_nick(nick: str, settings: Settings) -> bool:
    """Return whether the owner of `nick` is an operator by that alone: nobody else is to get it unseen."""
    return name_key(nick) in map(name_key, settings.operators)


def sighting_of(nick: str, session: "Session", services: Services) -> Seen | None:
    """Return what has the log know that the owner of `nick` was here now, None for a guest, or if it knows enough."""
    now = services.settings.clock()
    return Seen(nick, session.account, now) if services.people.note_sighting(nick, session.account, now) else None


def free(request: Free, session: "Session", services: Services, by: str) -> None:
    """Free a nick, and note who did.

    Whoever is here by it keeps it until they leave, and may then be too late for it.
    Raises NoSuchNick if nobody owns it.
    """
    nick = check_nick(request.nick)
    services.bus.publish(Noting(Release(nick, services.people.free(nick))))
    services.bus.publish(Noting(Deed(services.settings.clock(), session.account, by, "free", GENERAL, nick)))
    services.bus.publish(Answering(session, Freed(nick)))


async def free_unused(settings: Settings, people: People, store: Store, bus: Bus) -> None:
    """Free the nicks, but operators', that nobody was here by for `nick_expiry_days`, after noting who is here now."""
    if settings.nick_expiry_days is None:
        return
    now = settings.clock()
    bound = now - settings.nick_expiry_days * DAY_SECONDS
    _publish(people.sightings(now), bus)
    unseen = await store.unseen(bound)
    unused = [nick for nick, key in unseen if people.owner(nick) == key and not people.was_here(nick, bound)]
    unused = [nick for nick in unused if not is_operators_nick(nick, settings)]
    _publish([Release(nick, people.free(nick)) for nick in unused], bus)


def _publish(records: Iterable[Seen | Release], bus: Bus) -> None:
    for record in records:
        bus.publish(Noting(record))
