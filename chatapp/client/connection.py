"""One connection to a server of either kind, from the greeting to its end."""

import asyncio
import contextlib
import logging
import socket
import ssl
from ipaddress import ip_address
from typing import Protocol

from chatapp.client.connect_error import ConnectError
from chatapp.client.events import Reason
from chatapp.client.trust import Trust
from chatapp.protocol import limits, rich
from chatapp.protocol.errors import DecodeError, LineTooLong, NotChat
from chatapp.protocol.events import Event
from chatapp.protocol.lines import LineBuffer
from chatapp.protocol.opening import Dialect, Greeting
from chatapp.protocol.requests import Hello, Quit, Request

_log = logging.getLogger(__name__)

READ_BYTES = 64 * 1024
_GOODBYE_SECONDS = 1.0


class Connection(Protocol):
    """A negotiated connection."""

    async def read(self) -> list[Event] | None:
        """Return what came next, which may be nothing of note; None at the end. Raises OSError."""
        ...

    @property
    def answers_pings(self) -> bool:
        """Whether silence means that the server is gone."""
        ...

    @property
    def is_private(self) -> bool:
        """Whether nobody between can read what is sent: it is encrypted, or leaves this machine never."""
        ...

    def hello(self, hello: Hello) -> None:
        """Ask to take part."""
        ...

    def send(self, request: Request) -> None:
        """Write `request`. Raises LineTooLong; Unsupported or TextTooLong where the server is a simple one."""
        ...

    async def leave(self) -> None:
        """Write SALIR and close, once the server has closed or some time has gone."""
        ...

    def close(self) -> None: ...


async def connect(
    host: str, port: int, timeout: float = 10.0, *, trust: Trust | None = None, is_framed: bool = False
) -> Connection:
    """Connect and find out what the server speaks, within `timeout` seconds. Raises ConnectError.

    By default it is known by nothing but its address. With `is_framed` it is known to have framing: then silence is
    a slow network's, and its greeting is waited for.
    """
    trust = trust or Trust(host, port)
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await _open(host, port, trust, timeout / 2)
            return await _negotiate(reader, writer, None if is_framed else limits.GREETING_SECONDS)
    except TimeoutError:
        raise ConnectError(Reason.UNREACHABLE) from None
    except (OSError, ValueError) as error:
        raise ConnectError(_reason_of(error)) from error
    except NotChat:
        raise ConnectError(trust.not_chat) from None


async def _open(
    host: str, port: int, trust: Trust, patience: float
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect, by TLS if `trust` says so, and then only to whom it takes: it has heard nothing of ours by then."""
    if (context := trust.context()) is None:
        return await _open_plain(host, port)
    try:
        reader, writer = await asyncio.open_connection(
            host,
            port,
            ssl=context,
            server_hostname=host,
            ssl_handshake_timeout=patience,
            ssl_shutdown_timeout=_GOODBYE_SECONDS,
        )
    except ssl.SSLCertVerificationError as error:
        details = {"fault": str(error.verify_code), "why": error.verify_message}
        raise ConnectError(Reason.BAD_CERTIFICATE, details) from None
    except ssl.SSLError:
        raise trust.no_tls(Reason.TLS_GONE) from None
    except (ConnectionResetError, ConnectionAbortedError):  # in the handshake, or it took too long
        raise trust.no_tls(Reason.UNREACHABLE) from None
    try:
        trust.check(writer.get_extra_info("ssl_object").getpeercert(binary_form=True))
    except ConnectError:
        writer.transport.abort()
        raise
    return reader, writer


async def _open_plain(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect, but not to oneself: TCP lets a socket that happens to be given `port` do so (RFC 9293, 3.5)."""
    reader, writer = await asyncio.open_connection(host, port)
    if writer.get_extra_info("sockname") == writer.get_extra_info("peername"):
        writer.close()
        raise ConnectionRefusedError
    return reader, writer


def _reason_of(error: Exception) -> Reason:
    match error:
        case ConnectionRefusedError():
            return Reason.REFUSED
        case ValueError() | socket.gaierror():
            return Reason.UNKNOWN_HOST
        case _:
            return Reason.UNREACHABLE


async def _negotiate(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, patience: float | None) -> Connection:
    greeting = Greeting()
    try:
        dialect = await _listen(reader, greeting, patience)
    except BaseException:
        writer.close()
        raise
    if dialect is Dialect.RICH:
        return RichConnection(reader, writer, greeting.received)
    from chatapp.client.unframed_connection import UnframedConnection  # few servers are of that kind

    return UnframedConnection(reader, writer)


async def _listen(reader: asyncio.StreamReader, greeting: Greeting, patience: float | None) -> Dialect:
    """Read the greeting; a silence of `patience` seconds is a part of it too."""
    while True:
        try:
            async with asyncio.timeout(patience):
                data = await reader.read(READ_BYTES)
        except TimeoutError:
            return greeting.fall_silent()
        if not data:
            raise NotChat
        if (dialect := greeting.feed(data)) is not None:
            return dialect


class RichConnection:
    """A connection to a chatapp server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, received: bytes) -> None:
        self._reader = reader
        self._writer = writer
        # A server's lines may be over 8 KiB: a long list of members, or a long text full of escapes.
        self._lines = LineBuffer(limits.OUTBOX_BYTES)
        self._received = received

    async def read(self) -> list[Event] | None:
        received, self._received = self._received, b""
        data = received or await self._reader.read(READ_BYTES)
        if not data:
            return None
        pieces = self._lines.feed(data)
        return [event for piece in pieces if isinstance(piece, str) and (event := _decode(piece)) is not None]

    @property
    def answers_pings(self) -> bool:
        return True

    @property
    def is_private(self) -> bool:
        return self._writer.get_extra_info("ssl_object") is not None or _is_of_this_machine(self._writer)

    def hello(self, hello: Hello) -> None:
        self.send(hello)

    def send(self, request: Request) -> None:
        line = rich.encode(request)
        if len(line) > limits.LINE_BYTES + len(b"\n"):
            raise LineTooLong(limit=limits.LINE_BYTES)
        self._writer.write(line)

    async def leave(self) -> None:
        self._writer.write(rich.encode(Quit()))
        await read_to_end(self._reader)
        self.close()

    def close(self) -> None:
        self._writer.close()


def _decode(line: str) -> Event | None:
    """Read one event; what this version can't read, a newer server's perhaps, is passed over."""
    try:
        return rich.decode_event(line)
    except DecodeError as error:
        _log.debug("passed over: %s", error.code)
        return None


def _is_of_this_machine(writer: asyncio.StreamWriter) -> bool:
    peer = writer.get_extra_info("peername")
    address = ip_address(peer[0].partition("%")[0])
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


async def read_to_end(reader: asyncio.StreamReader) -> None:
    """Wait for the server to close: then it has read what was written. Not for long."""
    with contextlib.suppress(TimeoutError, OSError):
        async with asyncio.timeout(_GOODBYE_SECONDS):
            while await reader.read(READ_BYTES):
                pass
