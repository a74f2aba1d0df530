"""One connection: bytes to requests, events to bytes, from the first ``NICK`` to the last goodbye."""

import asyncio
import itertools
import logging
import socket
import uuid
from collections import deque
from collections.abc import Callable

from chatapp.protocol.commands import Place
from chatapp.protocol.errors import FramingError, HandshakeTimeout, ProtocolError, RuleError, TooSlow
from chatapp.protocol.events import Error, Event
from chatapp.protocol.lines import Piece
from chatapp.protocol.names import GENERAL, check_id, name_key
from chatapp.protocol.opening import PROMPT, Dialect, Opening
from chatapp.protocol.plain import notice
from chatapp.protocol.requests import Intent, Quit, Say
from chatapp.server.dialects import Typist, Voice, voice_of
from chatapp.server.outbox import Outbox, PacedOutbox
from chatapp.server.requests import Challenge, Services, handle, leave
from chatapp.texts import tr
from chatapp.texts.errors import explain_error

_log = logging.getLogger(__name__)

_LINES_A_TURN = 64
"""How many lines of one peer are done in one turn of the loop, so that the answers to them can be written between."""

_ID_PREFIX_CHARACTERS = 24
"""Of the ids that a peer's messages get if it doesn't choose them; a number follows."""

_GUEST = "guest-"
"""No key begins so."""


class Session(asyncio.Protocol):
    """One peer. Its `voice` and outbox are there once its first bytes have told its dialect."""

    voice: Voice
    _outbox: Outbox
    _transport: asyncio.Transport

    def __init__(self, services: Services) -> None:
        self.nick: str | None = None
        self.account = f"{_GUEST}{uuid.uuid4().hex}"
        """Who this is: a public key, once that is proved; until then a name that only this connection has."""
        self._id_prefix = uuid.uuid4().hex[:_ID_PREFIX_CHARACTERS]
        self._numbers = itertools.count(1)
        self.challenge: Challenge | None = None
        self.pings = False
        """Whether the peer gives signs of life, and so can be missed."""
        self._last_heard = asyncio.get_running_loop().time()
        self._held: list[bytes] | None = None
        self._held_size = 0
        self._can_write = asyncio.Event()
        self._can_write.set()
        self._services = services
        self._timing = services.settings.timing
        self._opening: Opening | None = Opening()
        self._is_listening = True
        self._owes_newline = False
        self._waiting: deque[Piece] = deque()
        """Lines that were read and not yet done."""
        self._is_at_end = False
        self._is_leaving = False
        self._timers: dict[str, asyncio.TimerHandle] = {}

    # From the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        _keep_alive(transport)
        self._services.hub.connect(self)
        self._prompt(transport.write)
        self._start_timer("handshake", self._timing.handshake, self._time_out)

    def data_received(self, data: bytes) -> None:
        if not self._is_listening:
            return
        self._last_heard = asyncio.get_running_loop().time()
        if self._opening is not None:
            self._open(self._opening, data)
        else:
            self._take(data)

    def eof_received(self) -> bool:
        """The peer sends nothing more: that is goodbye, though what it asked for before is still answered."""
        if self._opening is None and self._is_listening:
            self._is_at_end = True
            self.hurry()
            self._take_waiting()
        elif self._is_listening:
            self.close()
        return True  # the connection stays open for what is still to be written; `close` ends it

    def connection_lost(self, exc: Exception | None) -> None:
        self._services.hub.disconnect(self)
        if self._opening is None:
            self._outbox.discard()
        self._can_write.set()
        self._services.reads.forget(self)
        leave(self, self._services)
        self._cancel_timers()

    def pause_writing(self) -> None:
        self._can_write.clear()
        if self._is_leaving:
            self.hurry()

    def resume_writing(self) -> None:
        self._can_write.set()
        self._cancel_timer("hurry")

    @property
    def is_guest(self) -> bool:
        return self.account.startswith(_GUEST)

    @property
    def author(self) -> str:
        """Whose messages these are: a guest who comes back by the same nick goes on with them."""
        return f"{_GUEST}{name_key(self.nick or '')}" if self.is_guest else self.account

    def drop_if_dead(self) -> None:
        """Drop a peer that gave signs of life, and then none for too long."""
        if self.pings and asyncio.get_running_loop().time() - self._last_heard > self._timing.silence:
            self._transport.abort()

    # To the peer

    def push(self, data: bytes) -> None:
        """Write `data` at the end of this turn of the loop; a peer that is gone or leaves gets nothing more."""
        if self._transport.is_closing():
            return
        if self._held is None:
            self._outbox.push(self._owed_newline() + data)
        else:
            self._keep_back(data)

    def hold(self) -> None:
        """Keep back what is pushed from here on, until `release`: something older comes first."""
        self._held = []

    def catch_up(self, data: bytes) -> None:
        """Write `data` in front of what is held."""
        if not self._transport.is_closing():
            self._outbox.push(data)

    def release(self) -> None:
        """Write what was held, and hold nothing more."""
        held, self._held, self._held_size = self._held, None, 0
        if held:
            self.push(b"".join(held))

    async def drained(self) -> None:
        """Wait until the peer has taken enough of what was written that more can follow, or is gone."""
        await asyncio.sleep(0)  # what waits in the outbox is written first
        await self._can_write.wait()

    def _keep_back(self, data: bytes) -> None:
        assert self._held is not None
        self._held.append(data)
        self._held_size += len(data)
        if self._held_size > self._services.settings.outbox_bytes // 2:
            self._overflow()

    def send(self, event: Event) -> None:
        self.push(self.voice.encode(event))

    def notify(self, text: str) -> None:
        """Tell a plain or unframed peer something that is no event."""
        self.push(f"{notice(text)}\n".encode())

    def refuse(self, error: ProtocolError, message_id: str = "") -> None:
        """Answer with the error; a typing peer with no nick yet is asked for it again."""
        self.send(Error.of(error, explain_error(error), message_id))
        if self.nick is None and self._is_listening and not self.voice.is_rich:
            self._prompt(self.push)

    def dismiss(self, error: ProtocolError) -> None:
        """Say why, and close."""
        if self._opening is None:
            self.send(Error.of(error, explain_error(error)))
        else:
            self._transport.write(self._owed_newline() + self._opening.spell(error, explain_error(error)))
        self.close()

    def close(self) -> None:
        """Close the connection when what waits has been sent, or after some seconds all the same."""
        if self._transport.is_closing():
            return
        self.stop_listening()
        if self._opening is None:
            self._outbox.close()
        else:
            self._transport.close()
        self._start_timer("linger", self._timing.linger, self._transport.abort)

    def stop_listening(self) -> None:
        """Take nothing more that the peer sends."""
        self._is_listening = False
        self._cancel_timers()

    def hurry(self) -> None:
        """From here on cut a peer that takes nothing of what is written for some seconds: it is about to leave."""
        self._is_leaving = True
        if not self._can_write.is_set():
            self._start_timer("hurry", self._timing.linger, self._transport.abort)

    # The handshake

    def _prompt(self, write: Callable[[bytes], None]) -> None:
        write(PROMPT)
        self._owes_newline = self._opening is not None or self.voice.dialect is not Dialect.UNFRAMED
        self._start_timer("newline", self._timing.newline_after, self._end_prompt)

    def _end_prompt(self) -> None:
        """Send the newline after ``NICK``, unless what came meanwhile may be from a peer that knows no lines."""
        if not (self._opening and self._opening.received) and (newline := self._owed_newline()):
            self._transport.write(newline)

    def _owed_newline(self) -> bytes:
        """Return the newline that ``NICK`` still lacks, if any: whatever line follows begins with it."""
        owed, self._owes_newline = self._owes_newline, False
        return b"\n" if owed else b""

    def _open(self, opening: Opening, data: bytes) -> None:
        self._guard_opening(lambda: opening.feed(data))
        if self._opening is not None and self._is_listening:
            self._start_timer("silence", self._timing.unframed_after, self._fall_silent)

    def _fall_silent(self) -> None:
        if self._opening is not None:
            self._guard_opening(self._opening.fall_silent)

    def _guard_opening(self, step: Callable[[], Dialect | None]) -> None:
        try:
            dialect = step()
        except FramingError as error:
            self.dismiss(error)
        else:
            if dialect is not None:
                self._speak(dialect)

    def _speak(self, dialect: Dialect) -> None:
        """Take up `dialect`, and read in it all that came so far."""
        received = self._opening.received if self._opening else b""
        self._opening = None
        self._cancel_timer("silence")
        self.voice = voice_of(dialect)
        self._outbox = self._new_outbox(dialect)
        if dialect is Dialect.UNFRAMED:
            self._owes_newline = False
        self._end_prompt()
        self._take(received)

    def _new_outbox(self, dialect: Dialect) -> Outbox:
        limit = self._services.settings.outbox_bytes
        if dialect is Dialect.UNFRAMED:
            return PacedOutbox(self._transport, limit, self._overflow, self._timing.unframed_pause)
        return Outbox(self._transport, limit, self._overflow)

    # What the peer asks for

    def _take(self, data: bytes) -> None:
        self._waiting.extend(self.voice.feed(data))
        self._take_waiting()

    def _take_waiting(self) -> None:
        """Do some of what the peer asked for; the rest waits until the answers are written and the bus has room."""
        for _ in range(min(len(self._waiting), _LINES_A_TURN)):
            if not self._is_listening:
                return
            piece = self._waiting.popleft()
            if isinstance(piece, str):
                self._read(piece)
            else:
                self.refuse(piece)
        if self._waiting or self._services.bus.is_full:
            self._transport.pause_reading()
            self._when_writable(self._go_on)
        elif self._is_at_end and self._is_listening:
            handle(Quit(), self, self._services)

    def _go_on(self) -> None:
        if self._services.bus.is_full:
            self._services.bus.when_drained(self._go_on)
        elif not self._transport.is_closing():
            self._transport.resume_reading()
            self._take_waiting()

    def _when_writable(self, callback: Callable[[], None]) -> None:
        """Call `callback` in a later turn of the loop, once the peer has taken what it was written."""
        waiting = asyncio.ensure_future(self.drained())
        waiting.add_done_callback(lambda _: callback())

    def _read(self, text: str) -> None:
        intent: Intent | None = None
        try:
            message_id = "" if self.voice.is_rich else f"{self._id_prefix}-{next(self._numbers)}"
            intent = self.voice.read(text, Typist(self.nick, Place(GENERAL, message_id)))
            handle(intent, self, self._services)
        except ProtocolError as error:
            self.refuse(error, _id_of(intent))
        if self.nick is not None:
            self._cancel_timer("handshake")

    def _time_out(self) -> None:
        self.dismiss(HandshakeTimeout(limit=round(self._timing.handshake)))

    def _overflow(self) -> None:
        """Drop a peer that reads too slowly. It can't be told: what it hasn't read stands before the reason."""
        error = TooSlow(limit=self._services.settings.outbox_bytes)
        _log.warning(tr("{nick} is dropped: {error}", nick=self.nick or "", error=explain_error(error)))
        self._transport.abort()

    # Timers

    def _start_timer(self, name: str, seconds: float, callback: Callable[[], None]) -> None:
        self._cancel_timer(name)
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, callback)

    def _cancel_timer(self, name: str) -> None:
        if (timer := self._timers.pop(name, None)) is not None:
            timer.cancel()

    def _cancel_timers(self) -> None:
        for name in tuple(self._timers):
            self._cancel_timer(name)


def _id_of(intent: Intent | None) -> str:
    """Return the id that an error about `intent` names: a message's, unless it is itself at fault."""
    try:
        return check_id(intent.id) if isinstance(intent, Say) else ""
    except RuleError:
        return ""


def _keep_alive(transport: asyncio.Transport) -> None:
    """Have the system ask a silent peer for a sign of life, and end the connection within 45 s (RFC 1122)."""
    connection: socket.socket = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 15), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
        if (number := getattr(socket, option, None)) is not None:
            connection.setsockopt(socket.IPPROTO_TCP, number, value)
