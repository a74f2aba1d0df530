"""TLS between a connection and its session: the session writes and reads as on any transport."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from typing import Any, cast

from chatapp.protocol import limits
from chatapp.protocol.plain import notice
from chatapp.texts import tr

_HANDSHAKE_RECORD = 0x16
"""What a TLS connection begins with (RFC 8446, 5.1)."""

PLAIN_ADDRESSES = frozenset(["127.0.0.1", "::1"])
"""Where peers of this machine come to, and need no TLS. Not the rest of 127/8: a machine's own name often leads there,
and who uses a name can't know that."""


_MOST_UNREAD_BYTES = 2 * limits.OUTBOX_BYTES
"""What may wait for a peer, with what TLS itself answers: keys can be renewed as often as a peer asks (KeyUpdate)."""


class TlsTransport(asyncio.BufferedProtocol, asyncio.Transport):
    """The transport of `session`, once a peer comes; what it is told is written when the peer has shown TLS.

    asyncio's own would do, but for what it holds: 256 KiB for each connection, from before the first byte. Here
    all connections read into the session's buffer, and one whose peer is silent holds next to nothing.
    With `is_plain_here`, a peer that came by 127.0.0.1 or ::1 has no use for TLS, and this is out of its way.
    """

    __slots__ = (
        "_context", "_early", "_has_ended", "_incoming", "_is_leaving", "_is_plain_here", "_is_ready", "_outgoing",
        "_raw", "_session", "_tls",
    )  # fmt: skip
    _raw: asyncio.Transport
    _tls: ssl.SSLObject | None

    def __init__(
        self, session: asyncio.BufferedProtocol, context: Callable[[], ssl.SSLContext], is_plain_here: bool
    ) -> None:
        self._session = session
        self._context = context
        self._is_plain_here = is_plain_here
        self._tls = None
        self._is_ready = False
        """Whether the handshake of TLS is over."""
        self._early: list[bytes] = []
        """What the session wrote before that."""
        self._has_ended = False
        """Whether the session knows that the peer sends nothing more."""
        self._is_leaving = False
        """Whether the session has closed, though the handshake goes on: what it said is still to be read."""

    # From the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._raw = transport
        if self._is_plain_here and transport.get_extra_info("sockname")[0] in PLAIN_ADDRESSES:
            transport.set_protocol(self._session)
            self._session.connection_made(transport)
        else:
            self._session.connection_made(self)

    def get_buffer(self, sizehint: int) -> Any:
        return self._session.get_buffer(sizehint)

    def buffer_updated(self, nbytes: int) -> None:
        data = self.get_buffer(nbytes)[:nbytes]
        if self._tls is None:
            if data[0] != _HANDSHAKE_RECORD:
                self._turn_away()
                return
            self._begin()
        self._incoming.write(data)
        try:
            self._advance()
        except ssl.SSLError:
            self._flush()  # the alert that says why
            self._raw.close()
        else:
            self._flush()
            if self._raw.get_write_buffer_size() > _MOST_UNREAD_BYTES:
                self._raw.abort()

    def eof_received(self) -> bool | None:
        if not self._is_ready:
            self._raw.close()
            return None
        self._end()
        return True  # what the session still writes is sent

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the session, and let go of what OpenSSL holds: 40 KiB need not wait until somebody looks for cycles."""
        self._session.connection_lost(exc)
        if self._tls is not None:
            self._tls = None
            del self._incoming, self._outgoing

    def pause_writing(self) -> None:
        self._session.pause_writing()

    def resume_writing(self) -> None:
        self._session.resume_writing()

    # The transport of the session

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._raw.get_extra_info(name, default)

    def is_closing(self) -> bool:
        return self._is_leaving or self._raw.is_closing()

    def pause_reading(self) -> None:
        self._raw.pause_reading()

    def resume_reading(self) -> None:
        self._raw.resume_reading()

    def get_write_buffer_size(self) -> int:
        return self._raw.get_write_buffer_size()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._is_ready:
            self._early.append(bytes(data))
        elif not self._raw.is_closing():
            self._encrypt(data)
            self._flush()

    def close(self) -> None:
        """Say that nothing more comes (close_notify), and close when all is sent.

        That is not before a handshake that has begun is over, which whoever closes bounds: what was said is read then.
        """
        self._is_leaving = True
        if self._is_ready and not self._raw.is_closing():
            self._say_goodbye()
        if self._is_ready or self._tls is None:
            self._raw.close()

    def abort(self) -> None:
        self._raw.abort()

    # TLS

    def _begin(self) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = self._context().wrap_bio(self._incoming, self._outgoing, server_side=True)

    def _advance(self) -> None:
        """Go on with the handshake or, after it, pass on what the peer said. Raises SSLError."""
        assert self._tls is not None
        try:
            if not self._is_ready:
                self._tls.do_handshake()
                self._is_ready = True
                self._write_early()
                if self._is_leaving:
                    self.close()
            while not self._raw.is_closing() and (size := self._decrypt()):
                self._session.buffer_updated(size)
            self._end()
        except ssl.SSLWantReadError:
            return

    def _decrypt(self) -> int:
        """Read into the session's buffer; return how many bytes, 0 at the peer's end. Raises SSLError."""
        assert self._tls is not None
        buffer = self.get_buffer(-1)
        return cast(int, self._tls.read(len(buffer), buffer))

    def _end(self) -> None:
        if not (self._has_ended or self._raw.is_closing()):
            self._has_ended = True
            self._session.eof_received()

    def _write_early(self) -> None:
        early, self._early = self._early, []
        for data in early:
            self._encrypt(data)

    def _encrypt(self, data: bytes | bytearray | memoryview) -> None:
        """Never wants to read first, since there is no renegotiation."""
        assert self._tls is not None
        rest = memoryview(data)
        while rest:
            rest = rest[self._tls.write(rest) :]

    def _flush(self) -> None:
        if not self._raw.is_closing() and self._outgoing.pending:
            self._raw.write(self._outgoing.read())

    def _say_goodbye(self) -> None:
        assert self._tls is not None
        with contextlib.suppress(ssl.SSLError):  # it would wait for the peer's goodbye
            self._tls.unwrap()
        self._flush()

    def _turn_away(self) -> None:
        """Tell a peer that knows no TLS, in the clear, that it is wanted here."""
        text = tr("This chat is encrypted (TLS). Join it with: chatapp join")
        self._raw.write(f"{notice(text)}\n".encode())
        self._raw.close()
