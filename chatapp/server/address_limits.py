"""From where peers connect, and how many connections each of these places has."""

from array import array
from ipaddress import IPv6Address, IPv6Network, ip_address

from chatapp.protocol import limits
from chatapp.protocol.errors import ConnectingTooOften, TooManyConnections, TurnedAway
from chatapp.server.forgetful import Forgetful
from chatapp.server.settings import Rates

_TOLD = 2
"""So many more connections of one address are taken, only to tell each why it can't stay."""


def place_of(host: str, *, spares_loopback: bool) -> str:
    """Return what counts as one address: an IPv4 address or an IPv6 network of /64; "" for what is not counted.

    One line of a provider's has a /64 (RFC 6177), or more.
    """
    address = ip_address(host.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if spares_loopback and address.is_loopback:
        return ""
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address)


class Addresses:
    """Counts connections by `place_of` their address. Moments are in seconds."""

    def __init__(self, rates: Rates) -> None:
        self._most = rates.connections
        self._most_new = rates.connections * limits.ADDRESS_NEW_CONNECTIONS // limits.ADDRESS_CONNECTIONS
        self._open: dict[str, int] = {}
        self._recent: Forgetful[str, array[float]] = Forgetful(limits.NEW_CONNECTIONS_SECONDS)
        """When those came that were let in, the first first."""

    def connect(self, place: str, now: float) -> TurnedAway | None:
        """Count a connection until `disconnect`; return why it can't stay, None if it can.

        Raises TurnedAway if it is one too many even to be told so; that one is counted too.
        """
        if not place:
            return None
        count = self._open[place] = self._open.get(place, 0) + 1
        if count > self._most + _TOLD:
            raise self._too_many()
        return self._too_many() if count > self._most else self._note(place, now)

    def disconnect(self, place: str) -> None:
        if place:
            self._open[place] -= 1
            if not self._open[place]:
                del self._open[place]

    def _too_many(self) -> TurnedAway:
        """Return the refusal; a connection that takes no part ends within the time that the handshake may take."""
        return TooManyConnections(limit=self._most, retry_after=limits.HANDSHAKE_SECONDS)

    def _note(self, place: str, now: float) -> TurnedAway | None:
        """Note that one connects now, unless too many did."""
        if (moments := self._recent.get(place, now)) is None:
            moments = array("d")
            self._recent.put(place, moments, now)
        while moments and moments[0] <= now - limits.NEW_CONNECTIONS_SECONDS:
            del moments[0]
        if len(moments) >= self._most_new:
            wait = moments[0] + limits.NEW_CONNECTIONS_SECONDS - now
            return ConnectingTooOften(limit=self._most_new, retry_after=wait)
        moments.append(now)
        return None
