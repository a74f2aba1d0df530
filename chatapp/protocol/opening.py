"""The first bytes of a connection, from either side: which dialect does the other one speak?"""

import re
from enum import Enum

from chatapp.protocol import limits, plain, rich
from chatapp.protocol.errors import LineTooLong, NotChat, NotUtf8, ProtocolError
from chatapp.protocol.events import Error

PROMPT = b"NICK"
"""What a server sends first, in a segment of its own; its newline follows a moment later."""


class Dialect(Enum):
    """How a peer frames and spells its messages."""

    RICH = "rich"
    PLAIN = "plain"
    UNFRAMED = "unframed"


_FOREIGN = {
    "HTTP": rb"(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|CONNECT|PATCH|TRACE|PRI) ",
    "TLS": rb"\x16\x03",
    "SSH": rb"SSH-[12]\.",
}


class Opening:
    """A server's view of a new peer, until it is known which dialect the peer speaks.

    `received` holds every byte so far: the dialect's own framing starts with them.
    """

    def __init__(self) -> None:
        self.received = b""

    def feed(self, data: bytes) -> Dialect | None:
        """Take more bytes; return the dialect as soon as they decide it.

        Raises NotChat, NotUtf8 or LineTooLong: this is no peer of ours, and the connection should close.
        """
        self.received += data
        self._reject_foreign()
        line, newline, _ = self.received.partition(b"\n")
        if len(line.removesuffix(b"\r")) > limits.LINE_BYTES:
            raise LineTooLong(limit=limits.LINE_BYTES)
        return self._framed_dialect(line) if newline else None

    def fall_silent(self) -> Dialect | None:
        """Tell that no byte came for 300 ms; return UNFRAMED if what came before is a nick without a newline.

        Raises NotUtf8. Half of a hello, or nothing yet, decides nothing.
        """
        if not self.received or self.received.startswith(b"{"):
            return None
        _require_utf8(self.received)
        return Dialect.UNFRAMED

    def spell(self, error: ProtocolError, text: str) -> bytes:
        """Return the line that refuses the peer: an event for one that has begun a hello, else a notice."""
        if self.received.startswith(b"{"):
            return rich.encode(Error.of(error, text))
        return f"{plain.notice(text)}\n".encode()

    def _reject_foreign(self) -> None:
        for name, pattern in _FOREIGN.items():
            if re.match(pattern, self.received):
                raise NotChat(name)

    def _framed_dialect(self, line: bytes) -> Dialect:
        _require_utf8(line)
        return Dialect.RICH if line.startswith(b"{") else Dialect.PLAIN


class Greeting:
    """A client's view of a new server, until it is known what the server speaks."""

    def __init__(self) -> None:
        self.received = b""
        """After RICH, what came behind the greeting; after UNFRAMED, nothing."""

    def feed(self, data: bytes) -> Dialect | None:
        """Take more bytes; return RICH for ``NICK`` and a newline. Raises NotChat for anything else."""
        self.received += data
        line, newline, rest = self.received.partition(b"\n")
        if line.removesuffix(b"\r") != PROMPT[: len(line)] or (newline and len(line) < len(PROMPT)):
            raise NotChat
        if not newline:
            return None
        self.received = rest
        return Dialect.RICH

    def fall_silent(self) -> Dialect:
        """Tell that nothing more came for 1 s; return UNFRAMED after a bare ``NICK``, else raise NotChat."""
        if self.received != PROMPT:
            raise NotChat
        self.received = b""
        return Dialect.UNFRAMED


def _require_utf8(data: bytes) -> None:
    try:
        data.decode()
    except UnicodeDecodeError:
        raise NotUtf8 from None
