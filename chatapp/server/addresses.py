"""Under which address other machines find this one."""

import socket
import struct
from collections.abc import Iterator

_ELSEWHERE = ("192.0.2.1", 9)
"""An address that no machine has (RFC 5737); nothing is sent to it, or to the next."""

_ALL_HOSTS = ("224.0.0.1", 9)


def outward_address() -> str:
    """Return the address that this machine talks to others from, else its name.

    That is of the interface that leads farthest; on a network that leads nowhere else, of the first one that is up.
    """
    return next(_addresses(), socket.gethostname())


def _addresses() -> Iterator[str]:
    """Yield what the system would put down as the sender: a datagram socket that is connected knows it (RFC 1122)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        yield from _sender(probe, _ELSEWHERE)
    for index, _ in socket.if_nameindex():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            yield from _sender(probe, _ALL_HOSTS, index)


def _sender(probe: socket.socket, target: tuple[str, int], interface: int = 0) -> Iterator[str]:
    by_index = struct.pack("@4s4si", bytes(4), bytes(4), interface)  # struct ip_mreqn
    try:
        probe.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, by_index)
        probe.connect(target)
    except OSError:  # no way leads there
        return
    address: str = probe.getsockname()[0]
    if not address.startswith("127.") and address != "0.0.0.0":
        yield address
