"""Under which address other machines find this one."""

import socket
import struct
from collections.abc import Iterator

_ELSEWHERE = {socket.AF_INET: ("192.0.2.1", 9), socket.AF_INET6: ("2001:db8::1", 9)}
"""Addresses that no machine has (RFC 5737, RFC 3849); nothing is sent to them, or to the next."""

_ALL_HOSTS = ("224.0.0.1", 9)
_LOOPBACK = ("127.", "::1", "0.0.0.0", "::")


def outward_address(family: socket.AddressFamily) -> str:
    """Return the address of that `family` from which this machine talks to others, else its name.

    That is of the interface that leads farthest; on a network that leads nowhere else, of the first one that is up.
    """
    return next(_addresses(family), socket.gethostname())


def _addresses(family: socket.AddressFamily) -> Iterator[str]:
    """Yield what the system would put down as the sender: a datagram socket that is connected knows it (RFC 1122)."""
    yield from _sender(family, _ELSEWHERE[family])
    if family is socket.AF_INET:
        for index, _ in socket.if_nameindex():
            yield from _sender(family, _ALL_HOSTS, index)


def _sender(family: socket.AddressFamily, target: tuple[str, int], interface: int = 0) -> Iterator[str]:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            if interface:
                by_index = struct.pack("@4s4si", bytes(4), bytes(4), interface)  # struct ip_mreqn
                probe.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, by_index)
            probe.connect(target)
            address: str = probe.getsockname()[0]
    except OSError:  # no way leads there
        return
    if not address.startswith(_LOOPBACK):
        yield address
