"""Bytes in, texts or errors out: the framing of the three dialects, fed in pieces of any size."""

import codecs

from chatapp.protocol import limits
from chatapp.protocol.errors import FramingError, LineTooLong, NotUtf8

Piece = str | FramingError
"""One line or message, or what was wrong with it."""


class LineBuffer:
    """Lines that end in LF or CR LF, of at most `limit` bytes without that ending.

    An overlong line is one error, and all of it up to its newline is discarded.
    """

    __slots__ = ("_discarding", "_limit", "_pending")

    def __init__(self, limit: int = limits.LINE_BYTES) -> None:
        self._limit = limit
        self._pending = b""
        self._discarding = False

    def feed(self, data: bytes) -> list[Piece]:
        """Return the lines that `data` completes, without their endings, and the errors in their places."""
        first, *ended = data.split(b"\n")
        if not ended:
            error = self._extend(first)
            return [] if error is None else [error]
        pieces = [] if (piece := self._end_line(first)) is None else [piece]
        rest = ended.pop()
        pieces += map(self._whole_line, ended)
        if rest and (error := self._extend(rest)) is not None:
            pieces.append(error)
        return pieces

    def _whole_line(self, line: bytes) -> Piece:
        """Read a line of which no part came earlier."""
        if line.endswith(b"\r"):
            line = line[:-1]
        return decode_text(line) if len(line) <= self._limit else self._too_long()

    def _end_line(self, last: bytes) -> Piece | None:
        error = self._extend(last)
        line, discarding = self._pending, self._discarding
        self._pending, self._discarding = b"", False
        if discarding:
            return error
        return decode_text(line.removesuffix(b"\r"))

    def _extend(self, data: bytes) -> FramingError | None:
        if self._discarding:
            return None
        self._pending += data
        if not self._is_overlong():
            return None
        self._pending, self._discarding = b"", True
        return self._too_long()

    def _is_overlong(self) -> bool:
        """A CR as the last byte may yet be part of the ending, so it doesn't count."""
        size = len(self._pending)
        return size > self._limit and not (size == self._limit + 1 and self._pending.endswith(b"\r"))

    def _too_long(self) -> LineTooLong:
        return LineTooLong(limit=self._limit)


class ReadBuffer:
    """The framing of peers that have none: what one read brings is one message.

    Only a character that the read's end has split waits for the next read.
    """

    def __init__(self, limit: int = limits.LINE_BYTES) -> None:
        self._limit = limit
        self._decoder = _new_decoder()

    def feed(self, data: bytes) -> list[Piece]:
        """Return the one message that `data` is, without a line ending at its end, or what is wrong with it."""
        if len(data) > self._limit:
            self._decoder = _new_decoder()
            return [LineTooLong(limit=self._limit)]
        try:
            text = self._decoder.decode(data)
        except UnicodeDecodeError:
            self._decoder = _new_decoder()
            return [NotUtf8()]
        text = text.removesuffix("\n").removesuffix("\r")
        return [text] if text else []


def decode_text(line: bytes) -> Piece:
    """Decode one line as strict UTF-8 (RFC 3629); what is wrong with it is returned, not raised."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return NotUtf8()


def _new_decoder() -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder("utf-8")()
