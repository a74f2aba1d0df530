"""Whether a server is the one that it should be: decided before anything is said to it."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from chatapp.client.connect_error import ConnectError
from chatapp.client.events import Reason
from chatapp.client.identity import is_this_machine
from chatapp.client.known_servers import KnownServers, KnownServersDamaged
from chatapp.protocol.pins import pin_of

SYSTEM = "system"
"""The `ca` that stands for those that this machine trusts."""


class Trust:
    """How the server at `host` and `port` is known.

    By `pin`; by the authorities `ca`, a file of certificates or SYSTEM; else by the key that it had the first time,
    which `known` holds. Without any of that this machine is talked to in the clear; another only if `insecure`, and
    never one that is known. A `ca` that can't be used raises OSError.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        known: KnownServers | None = None,
        pin: str = "",
        ca: str = "",
        insecure: bool = False,
    ) -> None:
        self._host = host
        self._port = port
        self._known = known
        self._pin = pin
        self._ca = _authorities(ca) if ca else None
        self._insecure = insecure
        self.new_pin = ""
        """The key of the server, if it was taken because none was known; "" if it had to be the right one."""
        self._met = ""
        """The key that the server had the first time, where nothing is kept."""

    def context(self) -> ssl.SSLContext | None:
        """Return how to speak TLS there, or None for not at all. Raises ConnectError."""
        is_clear = self._insecure or (is_this_machine(self._host) and not (self._pin or self._ca))
        if not is_clear:
            return self._ca or _unverified()
        if not self._expected():
            return None
        if self._insecure:
            raise self._known_by_tls(Reason.DOWNGRADE)
        return _unverified()

    def check(self, certificate: bytes | None) -> None:
        """Take the server by its `certificate` (DER), after a handshake. Raises ConnectError if it is another one."""
        try:
            found = pin_of(certificate or b"")
        except ValueError:
            raise ConnectError(Reason.BAD_CERTIFICATE, {"fault": "", "why": ""}) from None
        if self._pin and found != self._pin:
            raise ConnectError(Reason.WRONG_PIN, {"known": self._pin, "found": found})
        is_new = not (self._pin or self._ca or self._expected())
        with _explained(self._known):
            kept = self._keep(found)
        self.new_pin = found if is_new else ""
        if found != kept:
            raise ConnectError(Reason.KEY_CHANGED, {"known": kept, "found": found})

    def no_tls(self, otherwise: Reason) -> ConnectError:
        """Return what it means that TLS failed: of a server that is known, `otherwise`."""
        return self._known_by_tls(otherwise) if self._expected() else ConnectError(Reason.NO_TLS)

    @property
    def not_chat(self) -> Reason:
        """What it means that the server greets as no chat does."""
        return Reason.NOT_IN_CLEAR if self._insecure else Reason.NOT_CHAT

    def _known_by_tls(self, reason: Reason) -> ConnectError:
        return ConnectError(reason, {"file": str(self._known.file) if self._known else ""})

    def _expected(self) -> str:
        """Return the pin that the server had before, "" for one that was never met."""
        if self._known is None:
            return self._met
        with _explained(self._known):
            return self._known.pin(self._host, self._port)

    def _keep(self, found: str) -> str:
        """Remember the key, and return the one that is remembered: a pin and an authority count more than before."""
        if self._known is None:
            self._met = found if self._pin or self._ca else self._met or found
            return self._met
        if self._pin or self._ca:
            self._known.trust(self._host, self._port, found)
            return found
        return self._known.meet(self._host, self._port, found)


@contextmanager
def _explained(known: KnownServers | None) -> Iterator[None]:
    """Turn a fault of the file into the reason why there is no connection."""
    try:
        yield
    except (OSError, KnownServersDamaged) as error:
        assert known is not None
        why = os.strerror(error.errno or 0) if isinstance(error, OSError) else str(error)
        raise ConnectError(Reason.KNOWN_UNUSABLE, {"file": str(known.file), "why": why}) from None


def _authorities(ca: str) -> ssl.SSLContext:
    return _strict(ssl.create_default_context(cafile=None if ca == SYSTEM else ca))


def _unverified() -> ssl.SSLContext:
    """Return a context for a server that is known by its key alone, whatever its certificate says."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _strict(context)


def _strict(context: ssl.SSLContext) -> ssl.SSLContext:
    """Return `context`, which from now on wants TLS 1.2 at least, and takes no other certificate later on."""
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    return context
