"""Who is talked to by TLS, and with which certificate."""

import asyncio
import ssl
from collections.abc import Callable, Iterable
from pathlib import Path

from chatapp.server.certificate import CertificateFiles, Credentials, load, own_files
from chatapp.server.settings import Settings
from chatapp.server.tls import PLAIN_ADDRESSES, TlsTransport


class Security:
    """Of a server that listens on `addresses`: other machines are talked to by TLS, this one without.

    A certificate that was given for this machine alone is used there too. One that the server makes is kept in
    `folder`. Raises CertificateError, and OSError if there can be no such folder.
    """

    def __init__(self, settings: Settings, addresses: Iterable[str], folder: Callable[[], Path]) -> None:
        is_local = PLAIN_ADDRESSES.issuperset(addresses)
        self._is_plain_here = not is_local
        self._files: CertificateFiles | None = None
        if settings.certificate is not None:
            self._files = CertificateFiles(settings.certificate, settings.key or settings.certificate)
        elif not (is_local or settings.insecure):
            self._files = own_files(folder())
        self._credentials: Credentials | None = None
        self.reload()

    @property
    def pin(self) -> str:
        """What clients know the server by, "" if it speaks no TLS."""
        return self._credentials.pin if self._credentials else ""

    def reload(self) -> bool:
        """Read the certificate anew; return whether there is one. Raises CertificateError, and keeps what it has."""
        if self._files is not None:
            self._credentials = load(self._files)
        return self._files is not None

    def guard(self, session: asyncio.BufferedProtocol) -> asyncio.BufferedProtocol:
        """Return what is to stand at the connection, so that `session` is talked to as it should be."""
        if self._credentials is None:
            return session
        return TlsTransport(session, self._context, self._is_plain_here)

    def _context(self) -> ssl.SSLContext:
        assert self._credentials is not None
        return self._credentials.context
