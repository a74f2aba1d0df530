"""Framing: whatever comes, in whatever chunks, is lines and documented errors, and none of it is lost or kept."""

from collections.abc import Callable, Iterable
from contextlib import suppress

from chatapp.protocol.errors import LineTooLong, NotChat, NotUtf8
from chatapp.protocol.lines import LineBuffer, Piece, ReadBuffer
from chatapp.protocol.opening import Dialect, Greeting, Opening

SEEDS = (b"\x00\x02hola\r\nque tal\n\xc3\xb1", b"\x01\x03ana\n\xe2\x82", b"\x02\x01GET / HTTP", b"\x03\x04NICK\nhola")
WORDS = (b"\r\n", b"\n", b"NICK", b"SALIR", b"SSH-2.", b"GET ", b"\x16\x03", b'{"type"', b"\xc3", b"\xb1", b"\xff")
LONGEST = 32


def check(data: bytes) -> None:
    """Read `data`: which framing, the size of a chunk, the bytes. Raises what no docstring names."""
    if len(data) > 2:
        _FRAMINGS[data[0] % len(_FRAMINGS)](data[2:], data[1] % 16 + 1)


def _chunks(data: bytes, size: int) -> Iterable[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def _said(pieces: Iterable[Piece]) -> list[tuple[bool, str]]:
    return [(isinstance(piece, str), str(piece)) for piece in pieces]


def _lines(data: bytes, size: int) -> None:
    """However it is cut, a stream gives the same lines and errors, and none is longer than the limit."""
    whole, cut = LineBuffer(size), LineBuffer(size)
    pieces = whole.feed(data)
    assert _said(pieces) == _said(piece for chunk in _chunks(data, data[0] % 7 + 1) for piece in cut.feed(chunk))
    for piece in pieces:
        assert not isinstance(piece, str) or ("\n" not in piece and len(piece.encode()) <= size)


def _reads(data: bytes, size: int) -> None:
    """Each read is at most one message or error."""
    buffer = ReadBuffer(data[0])
    for chunk in _chunks(data, size):
        assert len(buffer.feed(chunk)) <= 1


def _opening(data: bytes, size: int) -> None:
    """A server finds out how a peer speaks, or why it is none."""
    opening = Opening()
    with suppress(NotChat, NotUtf8, LineTooLong):
        if not any(map(opening.feed, _chunks(data, size))):
            assert opening.fall_silent() in (None, Dialect.UNFRAMED)
    opening.received.decode(errors="replace")


def _greeting(data: bytes, size: int) -> None:
    """A client finds out how a server speaks, or that it is none."""
    greeting = Greeting()
    with suppress(NotChat):
        if not any(map(greeting.feed, _chunks(data, size))):
            greeting.fall_silent()


_FRAMINGS: tuple[Callable[[bytes, int], None], ...] = (_lines, _reads, _opening, _greeting)
