"""One connection, as bytes: what comes in, when what goes out is written, and how it ends."""

import asyncio
import socket
from collections.abc import Callable

from chatapp.server.outbox import Outbox, PacedOutbox
from chatapp.server.settings import Timing

RECEIVE_BYTES = 64 * 1024
"""What one read brings at most."""

_SEND_BUFFER_BYTES = 128 * 1024
"""What the system may hold of what a peer doesn't read: left alone it grows to some 4 MiB."""


class Link(asyncio.BufferedProtocol):
    """The bytes of one peer. Whoever inherits says what to do with those that come in: `received`, `ended`.

    All links of a server read into the same `buffer`, since in one loop only one of them reads at a time.
    """

    __slots__ = (
        "_buffer", "_held", "_held_size", "_is_clear", "_is_closed", "_is_full", "_is_leaving", "_is_listening",
        "_is_paced", "_last_heard", "_outbox", "_outbox_bytes", "_prefix", "_timers", "_timing", "_transport",
        "_writable",
    )  # fmt: skip
    _transport: asyncio.Transport
    _outbox: Outbox

    def __init__(self, buffer: memoryview, timing: Timing, outbox_bytes: int) -> None:
        self._buffer = buffer
        self._timing = timing
        self._outbox_bytes = outbox_bytes
        self._last_heard = asyncio.get_running_loop().time()
        self._is_listening = True
        self._is_leaving = False
        self._prefix = b""
        """What goes in front of whatever is written next."""
        self._held: list[bytes] | None = None
        self._held_size = 0
        self._is_full = False
        """Whether the transport has enough to write for now."""
        self._is_paced = False
        self._is_closed = False
        self._is_clear = True
        """Whether `push_shared` may write past the outbox: not full, paced, closed, held, nor with a prefix."""
        self._writable: asyncio.Future[None] | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}

    # What whoever inherits does

    def received(self, data: bytes) -> None:
        """Take what the peer sent."""
        raise NotImplementedError

    def ended(self) -> None:
        """The peer sends nothing more; what it is still told can be written."""
        raise NotImplementedError

    def overflowed(self) -> None:
        """The peer took too little of what was written: `_outbox_bytes` wait."""
        raise NotImplementedError

    # From the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._outbox = Outbox(transport, self._outbox_bytes, self.overflowed)
        _set_options(transport.get_extra_info("socket"))

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self._is_listening:
            self._last_heard = asyncio.get_running_loop().time()
            self.received(bytes(self._buffer[:nbytes]))

    def eof_received(self) -> bool:
        if self._is_listening:
            self.ended()
        return True  # the connection stays open for what is still to be written; `close` ends it

    def connection_lost(self, exc: Exception | None) -> None:
        self._outbox.discard()
        self._is_closed = True
        self.resume_writing()
        self.stop_listening()

    def pause_writing(self) -> None:
        self._is_full = True
        self._update_clear()
        if self._is_leaving:
            self.hurry()

    def resume_writing(self) -> None:
        self._is_full = False
        self._update_clear()
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._cancel_timer("hurry")

    @property
    def address(self) -> str:
        """The address that the peer comes from."""
        name = self._transport.get_extra_info("peername")
        return str(name[0]) if name else ""

    # To the peer

    def push(self, data: bytes) -> None:
        """Write `data` at the end of this turn of the loop; a peer that is gone or leaves gets nothing more."""
        if self._transport.is_closing():
            return
        if self._held is None:
            self._outbox.push(self._with_prefix(data))
        else:
            self._keep_back(data)

    def push_shared(self, data: bytes) -> None:
        """Write `data`, which many get: at once if nothing waits that comes before it."""
        if self._is_clear and self._outbox.timer is None:
            self._transport.write(data)
        else:
            self.push(data)

    def hold(self) -> None:
        """Keep back what is pushed from here on, until `release`: something older comes first."""
        self._held = []
        self._update_clear()

    def catch_up(self, data: bytes) -> None:
        """Write `data` in front of what is held."""
        if not self._transport.is_closing():
            self._outbox.push(data)

    def drop_held(self) -> None:
        """Forget what was held: what comes before it won't be written any more."""
        self._held, self._held_size = None, 0
        self._update_clear()

    def release(self) -> None:
        """Write what was held, and hold nothing more."""
        held, self._held, self._held_size = self._held, None, 0
        self._update_clear()
        if held:
            self.push(b"".join(held))

    async def drained(self) -> None:
        """Wait until the peer has taken enough of what was written that more can follow, or is gone."""
        await asyncio.sleep(0)  # what waits in the outbox is written first
        while self._is_full:
            if self._writable is None or self._writable.done():
                self._writable = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._writable)

    def pace(self) -> None:
        """From here on leave a pause after each write: the peer has no framing."""
        self._is_paced = True
        self.begin_with(b"")
        self._outbox = PacedOutbox(self._transport, self._outbox_bytes, self.overflowed, self._timing.unframed_pause)

    def close(self) -> None:
        """Close the connection when what waits has been sent, or after some seconds all the same."""
        if self._transport.is_closing():
            return
        self.stop_listening()
        self._is_closed = True
        self._update_clear()
        self._outbox.close()
        self._start_timer("linger", self._timing.linger, self.abort)

    def abort(self) -> None:
        """Cut the connection, whatever waits to be written."""
        self._is_closed = True
        self._update_clear()
        self._transport.abort()

    def stop_listening(self) -> None:
        """Take nothing more that the peer sends."""
        self._is_listening = False
        self._cancel_timers()

    def hurry(self) -> None:
        """From here on cut a peer that takes nothing of what is written for some seconds: it is about to leave."""
        self._is_leaving = True
        if self._is_full:
            self._start_timer("hurry", self._timing.linger, self.abort)

    def begin_with(self, prefix: bytes) -> None:
        """Put `prefix` in front of whatever is written next."""
        self._prefix = prefix
        self._update_clear()

    def _with_prefix(self, data: bytes) -> bytes:
        if self._prefix:
            data = self._prefix + data
            self.begin_with(b"")
        return data

    def _update_clear(self) -> None:
        is_free = not (self._is_full or self._is_paced or self._is_closed)
        self._is_clear = is_free and not self._prefix and self._held is None

    def _keep_back(self, data: bytes) -> None:
        assert self._held is not None
        self._held.append(data)
        self._held_size += len(data)
        if self._held_size > self._outbox_bytes // 2:
            self.overflowed()

    # Timers

    def _start_timer(self, name: str, seconds: float, callback: Callable[[], None]) -> None:
        self._cancel_timer(name)
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, self._fire, name, callback)

    def _fire(self, name: str, callback: Callable[[], None]) -> None:
        self._cancel_timer(name)
        callback()

    def _cancel_timer(self, name: str) -> None:
        if (timer := self._timers.pop(name, None)) is not None:
            timer.cancel()
            if not self._timers:
                self._timers = {}  # a dict keeps the room that it once needed

    def _cancel_timers(self) -> None:
        for name in tuple(self._timers):
            self._cancel_timer(name)


def _set_options(connection: socket.socket) -> None:
    """Bound what the system holds; have it ask a silent peer for a sign of life, and give up within 45 s (RFC 1122)."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 15), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
        if (number := getattr(socket, option, None)) is not None:
            connection.setsockopt(socket.IPPROTO_TCP, number, value)
