"""What waits to be written to one peer: bounded, and written once per turn of the loop."""

import asyncio
from collections.abc import Callable

from chatapp.protocol import limits
from chatapp.protocol.opening import PROMPT


class Outbox:
    """Joins what one turn of the loop brings into one write."""

    __slots__ = ("_limit", "_on_overflow", "_parts", "_size", "_transport", "timer")

    def __init__(self, transport: asyncio.WriteTransport, limit: int, on_overflow: Callable[[], None]) -> None:
        self._transport = transport
        self._limit = limit
        self._on_overflow = on_overflow
        self._parts: list[bytes] = []
        self._size = 0
        self.timer: asyncio.Handle | None = None
        """What will write; None when nothing waits here."""

    def push(self, data: bytes) -> None:
        """Take `data` to write. Calls `on_overflow` when more than `limit` bytes wait, here and in the transport."""
        self._parts.append(data)
        self._size += len(data)
        if self._size + self._transport.get_write_buffer_size() > self._limit:
            self._on_overflow()
        elif self.timer is None:
            self.timer = self._schedule()

    def close(self) -> None:
        """Write what waits, then close the connection once it is sent."""
        self._cancel()
        self._write(b"".join(self._take()))
        self._transport.close()

    def discard(self) -> None:
        """Forget what waits, and whom to tell: there is nobody to write to any more."""
        self._cancel()
        self._take()
        self._on_overflow = _ignore

    def _schedule(self) -> asyncio.Handle:
        return asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self.timer = None
        self._write(b"".join(self._take()))

    def _write(self, data: bytes) -> None:
        if data:
            self._transport.write(data)

    def _take(self) -> list[bytes]:
        parts, self._parts, self._size = self._parts, [], 0
        return parts

    def _cancel(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


def _ignore() -> None:
    pass


class PacedOutbox(Outbox):
    """For peers that have no framing: a pause between writes, so that each is one read on the other side.

    Lines that wait together go out as one write, without the last newline; none is longer than one read, and
    ``NICK`` is always one of its own, since such a peer knows it only so.
    """

    def __init__(
        self, transport: asyncio.WriteTransport, limit: int, on_overflow: Callable[[], None], pause: float
    ) -> None:
        super().__init__(transport, limit, on_overflow)
        self._pause = pause
        self._next_write = 0.0
        self._is_closing = False

    def _schedule(self) -> asyncio.Handle:
        loop = asyncio.get_running_loop()
        return loop.call_at(max(loop.time(), self._next_write), self._flush)

    def _flush(self) -> None:
        self.timer = None
        first, later = _before_prompt(self._take())
        chunk = first_read(first)
        self._write(chunk.removesuffix(b"\n"))
        self._next_write = asyncio.get_running_loop().time() + self._pause
        for part in filter(None, (first[len(chunk) :], *later)):
            self.push(part)
        if self._is_closing and self.timer is None:
            self._transport.close()

    def close(self) -> None:
        """Write what waits, still with its pauses, then close the connection."""
        self._is_closing = True
        if self.timer is None:
            self._transport.close()


def _before_prompt(parts: list[bytes]) -> tuple[bytes, list[bytes]]:
    """Split `parts` in front of their first prompt, or behind it if it is what they begin with; join the first."""
    end = parts.index(PROMPT) if PROMPT in parts else len(parts)
    end = max(end, 1)
    return b"".join(parts[:end]), parts[end:]


def first_read(data: bytes, most: int = limits.UNFRAMED_READ_BYTES) -> bytes:
    """Return what of `data` makes one read: the whole lines that fit; if none does, as many characters as fit."""
    if (end := data.rfind(b"\n", 0, most + 1)) >= 0:
        return data[: end + 1]
    if len(data) <= most:
        return data
    end = most
    while data[end] & 0xC0 == 0x80:
        end -= 1
    return data[:end]
