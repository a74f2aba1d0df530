"""One connection: bytes to requests, events to bytes, from the first ``NICK`` to the last goodbye."""

import asyncio
import logging
import uuid
from collections.abc import Callable

from chatapp.protocol.commands import Place
from chatapp.protocol.errors import FramingError, HandshakeTimeout, ProtocolError, RuleError, TooSlow
from chatapp.protocol.events import Error, Event
from chatapp.protocol.names import GENERAL, check_id
from chatapp.protocol.opening import PROMPT, Dialect, Opening
from chatapp.protocol.plain import notice
from chatapp.protocol.requests import Intent, Say
from chatapp.server.dialects import Typist, Voice, voice_of
from chatapp.server.outbox import Outbox, PacedOutbox
from chatapp.server.requests import Services, handle, leave
from chatapp.texts import tr
from chatapp.texts.errors import explain_error

_log = logging.getLogger(__name__)


class Session(asyncio.Protocol):
    """One peer. Its `voice` and outbox are there once its first bytes have told its dialect."""

    voice: Voice
    _outbox: Outbox
    _transport: asyncio.Transport

    def __init__(self, services: Services) -> None:
        self.nick: str | None = None
        self._services = services
        self._timing = services.settings.timing
        self._opening: Opening | None = Opening()
        self._is_listening = True
        self._owes_newline = False
        self._timers: dict[str, asyncio.TimerHandle] = {}

    # From the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._services.hub.connect(self)
        self._prompt(transport.write)
        self._start_timer("handshake", self._timing.handshake, self._time_out)

    def data_received(self, data: bytes) -> None:
        if not self._is_listening:
            return
        if self._opening is not None:
            self._open(self._opening, data)
        else:
            self._take(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._services.hub.disconnect(self)
        if self._opening is None:
            self._outbox.discard()
        leave(self, self._services)
        self._cancel_timers()

    # To the peer

    def push(self, data: bytes) -> None:
        """Write `data` at the end of this turn of the loop; a peer that is gone or leaves gets nothing more."""
        if not self._transport.is_closing():
            self._outbox.push(self._owed_newline() + data)

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
            self._transport.write(self._owed_newline() + f"{notice(explain_error(error))}\n".encode())
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
        for piece in self.voice.feed(data):
            if not self._is_listening:
                return
            if isinstance(piece, str):
                self._read(piece)
            else:
                self.refuse(piece)
        if self._services.bus.is_full and not self._transport.is_closing():
            self._transport.pause_reading()
            self._services.bus.when_drained(self._transport.resume_reading)

    def _read(self, text: str) -> None:
        intent: Intent | None = None
        try:
            intent = self.voice.read(text, Typist(self.nick, Place(GENERAL, uuid.uuid4().hex)))
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
