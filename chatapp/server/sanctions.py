"""What is in force against whom: bans, mutes and slow rooms, looked up at each message."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from chatapp.protocol.errors import Banned, BannedFromRoom, Muted, Slowed
from chatapp.protocol.names import GENERAL, name_key
from chatapp.server.storage.records import GUEST, LASTING, LIFTING, Deed, Sanction

NETWORK = "network:"
_OWN_MACHINE = frozenset(["127.0.0.1", "::1"])
"""Whence everyone comes who is on the server's machine: no one person's address."""

_SITE_BITS = 64
"""An IPv6 address counts by its first 64 bits: the rest is for each machine to choose (RFC 4291, 2.5.1)."""

Address = IPv4Address | IPv6Address
_Place = tuple[str, str]
"""A kind of sanction, and its room."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody against whom something may be in force: by `subjects`, and by the `address` that they come from."""

    subjects: tuple[str, ...]
    address: Address | None


def suspect_of(account: str, nick: str, address: str) -> Suspect:
    """Return by what somebody is known: a key by that, a guest by connection, nick and address. "" is no address."""
    found = read_address(address)
    if not account.startswith(GUEST):
        return Suspect((f"key:{account}",), found)
    return Suspect((f"guest:{account}", f"nick:{name_key(nick)}", *guests_at(address)), found)


@lru_cache(maxsize=4096)
def guests_at(address: str) -> tuple[str, ...]:
    """Return the subject that all guests from `address` are, none if that is no one person's."""
    found = read_address(address)
    if found is None or str(found) in _OWN_MACHINE:
        return ()
    bits = _SITE_BITS if found.version == 6 else found.max_prefixlen
    return (f"address:{ip_network((found, bits), strict=False)}",)


@lru_cache(maxsize=4096)
def read_address(text: str) -> Address | None:
    """Return the address, that of IPv4 if it is one mapped into IPv6; None for what is none."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


@dataclass(slots=True)
class _InForce:
    by_subject: dict[str, Sanction] = field(default_factory=dict)
    networks: dict[str, IPv4Network | IPv6Network] = field(default_factory=dict)

    def put(self, sanction: Sanction) -> None:
        self.by_subject[sanction.subject] = sanction
        if sanction.subject.startswith(NETWORK):
            self.networks[sanction.subject] = ip_network(sanction.subject.removeprefix(NETWORK))

    def remove(self, subject: str) -> None:
        self.by_subject.pop(subject, None)
        self.networks.pop(subject, None)

    def of(self, one: Suspect) -> Iterable[Sanction]:
        """Yield what is against `one`: some look-ups, and a comparison for each network, of which there are few."""
        for subject in one.subjects:
            if (sanction := self.by_subject.get(subject)) is not None:
                yield sanction
        for subject, network in self.networks.items():
            if one.address is not None and one.address in network:
                yield self.by_subject[subject]


class Sanctions:
    """All that is in force by `clock` (seconds since 1970); what has ended is forgotten when it is met."""

    def __init__(self, sanctions: Iterable[Sanction], slow: Mapping[str, int], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._places: dict[_Place, _InForce] = {}
        self._slow = dict(slow)
        self._spoke: dict[str, OrderedDict[str, float]] = {}
        """When each account said something in a slow room, the longest ago first; what is too long ago goes."""
        for sanction in sanctions:
            self._put(sanction)

    # What changes it

    def follow(self, deed: Deed) -> None:
        """Let be so what was done."""
        if deed.what == "slow":
            self._slow[deed.room] = deed.seconds
            self._spoke.pop(deed.room, None)
            if not deed.seconds:
                del self._slow[deed.room]
        for subject in deed.subjects:
            if deed.what in LASTING:
                self._put(Sanction(deed.what, deed.room, subject, deed.whom, deed.until, deed.reason))
            else:
                self._remove(LIFTING[deed.what], deed.room, subject)

    def _put(self, sanction: Sanction) -> None:
        if not self._has_ended(sanction):
            self._places.setdefault((sanction.kind, sanction.room), _InForce()).put(sanction)

    def _remove(self, kind: str, room: str, subject: str) -> None:
        if (place := self._places.get((kind, room))) is not None:
            place.remove(subject)
            if not place.by_subject:
                del self._places[kind, room]

    def _has_ended(self, sanction: Sanction) -> bool:
        return 0 < sanction.until <= self._clock()

    # What is asked

    def count(self, kind: str, room: str) -> int:
        """Return how many subjects there is something of that kind against in `room`."""
        place = self._places.get((kind, room))
        if place is None:
            return 0
        for sanction in [one for one in place.by_subject.values() if self._has_ended(one)]:
            self._remove(kind, room, sanction.subject)
        return len(place.by_subject)

    def naming(self, kind: str, room: str, who: str, subjects: Collection[str]) -> tuple[str, ...]:
        """Return the subjects of what was done in `room` to somebody called `who`, or to one of `subjects`."""
        found = (self._places.get((kind, room)) or _InForce()).by_subject.values()
        names = {name_key(who), *(name_key(one.whom) for one in found if one.subject in subjects)}
        return tuple(one.subject for one in found if name_key(one.whom) in names)

    def find(self, kind: str, room: str, one: Suspect) -> Sanction | None:
        """Return what of that kind is in force in `room` against `one`, that which ends last."""
        place = self._places.get((kind, room))
        if place is None:
            return None
        found = list(place.of(one))
        for sanction in found:
            if self._has_ended(sanction):
                self._remove(kind, room, sanction.subject)
        lasting = [sanction for sanction in found if not self._has_ended(sanction)]
        return max(lasting, key=lambda sanction: sanction.until or float("inf"), default=None)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is in force against anyone."""
        return not self._places

    def is_slow(self, room: str) -> bool:
        return room in self._slow

    def check_ban(self, room: str, one: Suspect) -> None:
        """Raises Banned, or of another room than that in which everyone is, BannedFromRoom."""
        if (sanction := self.find("ban", room, one)) is None:
            return
        if room == GENERAL:
            raise Banned(sanction.reason, retry_after=self._left(sanction))
        raise BannedFromRoom(room, retry_after=self._left(sanction))

    def check_mute(self, room: str, one: Suspect) -> None:
        """Raises Muted."""
        sanction = self.find("mute", room, one) or self.find("mute", GENERAL, one)
        if sanction is not None:
            raise Muted(sanction.reason, retry_after=self._left(sanction))

    def _left(self, sanction: Sanction) -> float | None:
        return sanction.until - self._clock() if sanction.until else None

    def check_pace(self, room: str, account: str, now: float) -> None:
        """Note that `account` speaks in `room` `now` (seconds of any clock that only goes on). Raises Slowed."""
        if (seconds := self._slow.get(room)) is None:
            return
        spoke = self._spoke.setdefault(room, OrderedDict())
        ready = spoke.get(account, now - seconds) + seconds
        if now < ready:
            raise Slowed(limit=seconds, retry_after=ready - now)
        spoke[account] = now
        spoke.move_to_end(account)
        while next(iter(spoke.values())) + seconds <= now:
            spoke.popitem(last=False)
