"""From where peers may come, and from where not."""

from ipaddress import IPv4Network, IPv6Network, ip_network

from chatapp.protocol.errors import BadNetwork
from chatapp.server.sanctions import read_address

Network = IPv4Network | IPv6Network

_MAPPED = IPv6Network("::ffff:0:0/96")
"""IPv4 addresses as IPv6 writes them (RFC 4291, 2.5.5.2)."""

_SITE_BITS = {4: 32, 6: 64}
"""An IPv6 address counts by its first 64 bits: the rest is for each machine to choose (RFC 4291, 2.5.1)."""


class Networks:
    """What is denied is denied; then, where some are allowed, only those come in, and this machine itself."""

    def __init__(self, allowed: tuple[str, ...], denied: tuple[str, ...]) -> None:
        self._allowed = tuple(map(read_network, allowed))
        self._denied = tuple(map(read_network, denied))

    def admits(self, address: str) -> bool:
        """Return whether a peer may come from `address`."""
        if not self._allowed and not self._denied:
            return True
        found = read_address(address)
        if found is None or any(found in network for network in self._denied):
            return False
        return not self._allowed or found.is_loopback or any(found in network for network in self._allowed)


def read_network(text: str) -> Network:
    """Read a network as in ``192.0.2.0/24``, or one address. Raises BadNetwork."""
    try:
        found = ip_network(text)
    except ValueError:
        raise BadNetwork(ascii(text)) from None
    if isinstance(found, IPv6Network) and found.subnet_of(_MAPPED):
        mapped = found.network_address.ipv4_mapped
        return IPv4Network((int(mapped or 0), found.prefixlen - _MAPPED.prefixlen))
    return found


def site_of(address: str) -> str:
    """Return what counts as one place to come from."""
    found = read_address(address)
    return "" if found is None else str(ip_network((found, _SITE_BITS[found.version]), strict=False))
