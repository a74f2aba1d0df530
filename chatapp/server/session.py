"""One peer: what it asks for, read in its dialect, and what it is told, from the first ``NICK`` to the last goodbye."""

import asyncio
import itertools
import logging
import secrets
from collections import deque
from collections.abc import Callable, Iterator

from chatapp.protocol.commands import Place
from chatapp.protocol.errors import (
    Banned,
    Flooding,
    HandshakeTimeout,
    KeyRequired,
    ProtocolError,
    RuleError,
    TooManyGuesses,
    TooSlow,
    TurnedAway,
)
from chatapp.protocol.events import Error, Event
from chatapp.protocol.lines import Piece
from chatapp.protocol.names import CONVERSATION, GENERAL, check_id, is_hidden, name_key
from chatapp.protocol.opening import PROMPT, Dialect
from chatapp.protocol.plain import notice, without_speaker
from chatapp.protocol.requests import Intent, Quit, Say, Unlock, is_salir
from chatapp.server.address_limits import place_of
from chatapp.server.admission import Challenge
from chatapp.server.dialects import Voice, voice_of
from chatapp.server.door import Knock
from chatapp.server.handshake import Handshake
from chatapp.server.link import Link
from chatapp.server.pace import Pace
from chatapp.server.requests import handle, leave
from chatapp.server.sanctions import Suspect, suspect_of
from chatapp.server.services import Services
from chatapp.server.storage.records import GUEST
from chatapp.texts import tr
from chatapp.texts.errors import explain_error

_log = logging.getLogger(__name__)

_LINES_A_TURN = 256
"""How many lines of one peer are done in one turn of the loop, so that the answers to them can be written between."""

_LAST_WORDS = (TurnedAway, Flooding, Banned, KeyRequired, TooManyGuesses)
"""After these errors the connection closes: nothing that the peer says on it helps."""

PASSWORD_PROMPT = b"PASSWORD\n"
"""What a typing peer reads when it is to open the door."""

_NOTHING_YET = 2**63 - 1


class Session(Link):
    """One peer. Its `voice` is there once its first bytes have told its dialect."""

    __slots__ = (
        "_handshake",
        "_ids",
        "_is_at_end",
        "_pace",
        "_place",
        "_services",
        "_waiting",
        "account",
        "author",
        "challenge",
        "is_held",
        "is_idle",
        "key",
        "knock",
        "nick",
        "pings",
        "place",
        "rooms",
        "since",
        "voice",
    )  # fmt: skip
    voice: Voice

    def __init__(self, services: Services) -> None:
        self._services = services
        settings = services.settings
        super().__init__(services.buffer, settings.timing, settings.outbox_bytes)
        self.nick: str | None = None
        self.account = f"{GUEST}{secrets.token_hex(16)}"
        """Who this is: a public key, once that is proved; until then a name that only this connection has."""
        self.key = ""
        """The key that this connection has proved, one of the account's; "" for a guest."""
        self.author = ""
        """Whose messages these are: the account's, or, so that a guest can come back, that of the guest's nick."""
        self._ids: Iterator[str] | None = None
        self._place = Place(GENERAL, self.new_id)
        self.rooms: tuple[str, ...] = ()
        """Where the peer is, as far as it asked: what it says from here on may go there."""
        self.is_idle = False
        """Whether nobody has been at this client for some minutes."""
        self.since = _NOTHING_YET
        """The `seq` of the newest message when the peer came in: to a guest, what is older is somebody else's."""
        self.challenge: Challenge | None = None
        self.knock: Knock | None = None
        """Who stands before the door, if the peer does: what it says next may open that."""
        self.is_held = False
        """Whether it is being found out if it does; what else the peer sends waits."""
        self.pings = False
        """Whether the peer gives signs of life, and so can be missed."""
        self.place = ""
        """At which address the peer is, "" for one that is not counted."""
        self._pace = Pace(services.tolls.requests) if services.tolls.requests is not None else None
        self._handshake: Handshake | None = Handshake(self._timing.unframed_after, self._speak, self.dismiss)
        self._waiting: deque[Piece] | None = None
        """Lines that were read and not yet done."""
        self._is_at_end = False

    # From the link

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if (name := transport.get_extra_info("peername")) is not None:  # None for one that is gone already
            self.place = place_of(name[0], spares_loopback=self._services.settings.rates.spares_loopback)
        try:
            self._services.hub.connect(self)
        except TurnedAway:
            self.abort()
            return
        if not self._services.networks.admits(self.address):
            self.abort()
            return
        self._prompt()
        self._start_timer("handshake", self._timing.handshake, self._time_out)

    def received(self, data: bytes) -> None:
        if self._handshake is not None:
            self._handshake.feed(data)
        else:
            self._take(data)

    def ended(self) -> None:
        """That is goodbye, though what the peer asked for before is still answered."""
        if self._handshake is not None:
            self.close()
            return
        self._is_at_end = True
        self.hurry()
        self._take_waiting(self._waiting or deque())

    def connection_lost(self, exc: Exception | None) -> None:
        self._services.hub.disconnect(self)
        super().connection_lost(exc)
        self._services.reads.forget(self)
        leave(self, self._services)
        self._handshake = None  # which knows this session, as its place does: so it is let go of at once
        del self._place

    def stop_listening(self) -> None:
        super().stop_listening()
        if self._handshake is not None:
            self._handshake.end()

    def overflowed(self) -> None:
        """Drop a peer that reads too slowly. It can't be told: what it hasn't read stands before the reason."""
        error = TooSlow(limit=self._outbox_bytes)
        _log.warning(tr("{nick} is dropped: {error}", nick=self.nick or "", error=explain_error(error)))
        self.abort()

    @property
    def is_guest(self) -> bool:
        return self.account.startswith(GUEST)

    @property
    def suspect(self) -> Suspect:
        """By what it is known whether something is in force against this peer."""
        return suspect_of(self.account, self.nick or "", self.address)

    def take_nick(self, nick: str) -> None:
        """Be `nick` from here on; with a first one the handshake is over."""
        self.nick = nick
        self.since = _NOTHING_YET
        self.author = f"{GUEST}{name_key(nick)}" if self.is_guest else self.account
        self._cancel_timer("handshake")

    def may_read(self, room: str) -> bool:
        """Return whether what is read of `room` may still be told, though the peer may have left it meanwhile.

        Of a public room it may: the peer was in it when it asked, and may come back.
        """
        return not is_hidden(room) or room in self.rooms

    def take_room(self, room: str) -> None:
        """Be in `room` too; what is typed from here on goes there."""
        if room not in self.rooms:
            self.rooms = (*self.rooms, room)
        if not self.voice.is_rich and not room.startswith(CONVERSATION):
            self._place = Place(room, self.new_id)

    def drop_room(self, room: str) -> None:
        self.rooms = tuple(one for one in self.rooms if one != room)

    def drop_if_dead(self) -> None:
        """Drop a peer that gave signs of life, and then none for too long."""
        if self.pings and asyncio.get_running_loop().time() - self._last_heard > self._timing.silence:
            self.abort()

    # To the peer

    def send(self, event: Event) -> None:
        self.push(self.voice.encode(event))

    def notify(self, text: str) -> None:
        """Tell a plain or unframed peer something that is no event."""
        self.push(f"{notice(text)}\n".encode())

    def refuse(self, error: ProtocolError, message_id: str = "") -> None:
        """Answer with the error; a typing peer with no nick yet is asked for it again."""
        self.send(Error.of(error, explain_error(error), message_id))
        if self.nick is None and self._is_listening and not self.voice.is_rich:
            self._ask()

    def dismiss(self, error: ProtocolError) -> None:
        """Say why, and close. What was missed and not yet replayed is left for the next time."""
        self.drop_held()
        if self._handshake is None:
            self.send(Error.of(error, explain_error(error)))
        else:
            self.push(self._handshake.spell(error))
        self.close()

    # The handshake

    def _ask(self) -> None:
        """Ask a typing peer for what is missing: what opens the door, or the nick."""
        if self.knock is None:
            self._prompt()
        else:
            self.push(PASSWORD_PROMPT)

    def _prompt(self) -> None:
        """Ask for the nick; the newline follows a moment later, or with whatever is written next."""
        self.push(PROMPT)
        if self._handshake is not None or self.voice.dialect is not Dialect.UNFRAMED:
            self.begin_with(b"\n")
            self._start_timer("newline", self._timing.newline_after, self._end_prompt)

    def _end_prompt(self) -> None:
        """Send the newline after ``NICK``, unless what came meanwhile may be from a peer that knows no lines."""
        if self._prefix and not (self._handshake and self._handshake.has_begun):
            self.push(b"")

    def _speak(self, dialect: Dialect, received: bytes) -> None:
        """Take up `dialect`, and read in it all that came so far."""
        self._handshake = None
        self.voice = voice_of(dialect)
        if dialect is Dialect.UNFRAMED:
            self.pace()
        self._end_prompt()
        self._take(received)

    def _time_out(self) -> None:
        self.dismiss(HandshakeTimeout(limit=round(self._timing.handshake)))

    # What the peer asks for

    def _take(self, data: bytes) -> None:
        pieces = deque(self.voice.feed(data))
        if self._waiting:
            self._waiting.extend(pieces)
            pieces = self._waiting
        self._take_waiting(pieces)

    def _take_waiting(self, pieces: deque[Piece]) -> None:
        """Do some of what the peer asked for; the rest waits until the answers are written and the bus has room."""
        for _ in range(min(len(pieces), _LINES_A_TURN)):
            if not self._is_listening:
                return
            if self.is_held:
                break
            self._read(pieces.popleft())
        self._waiting = pieces or None
        if self.is_held:
            self._transport.pause_reading()
        elif pieces or self._services.bus.is_full:
            self._transport.pause_reading()
            self._when_writable(self._go_on)
        elif self._is_at_end and self._is_listening:
            handle(Quit(), self, self._services)

    def _go_on(self) -> None:
        if self.is_held:
            return
        if self._services.bus.is_full:
            self._services.bus.when_drained(self._go_on)
        elif not self._transport.is_closing():
            self._transport.resume_reading()
            self._take_waiting(self._waiting or deque())

    def _when_writable(self, callback: Callable[[], None]) -> None:
        """Call `callback` in a later turn of the loop, once the peer has taken what it was written."""
        waiting = asyncio.ensure_future(self.drained())
        waiting.add_done_callback(lambda _: callback())

    def _read(self, piece: Piece) -> None:
        intent: Intent | None = None
        try:
            if self.nick is None:
                self._services.hub.check_capacity(self)
            intent = self._understand(piece)
            self._pay(intent)
            handle(intent, self, self._services)
        except ProtocolError as error:
            self._fail(error, _id_of(intent))

    def _meant(self, text: str) -> Intent:
        """Return what `text` asks for; from a typing peer before the door it is what may open that."""
        if self.knock is None or self.voice.is_rich or is_salir(text):
            return self.voice.read(text, self.nick, self._place)
        is_unframed = self.voice.dialect is Dialect.UNFRAMED
        return Unlock(without_speaker(text, self.knock.hello.nick) if is_unframed else text)

    def go_on_after(self, step: Callable[[], None]) -> None:
        """Do `step`, for which the peer was held, and then what else it asked for; a peer that is gone is let be."""
        self.is_held = False
        if not self._is_listening:
            return
        try:
            step()
        except ProtocolError as error:
            self._fail(error)
        self._go_on()

    def _fail(self, error: ProtocolError, message_id: str = "") -> None:
        """Answer with the error; some are the end."""
        if isinstance(error, _LAST_WORDS):
            self.dismiss(error)
        else:
            self.refuse(error, message_id)

    def _understand(self, piece: Piece) -> Intent:
        """Return what the peer asks for. Raises ProtocolError for what is no request, which is paid for too."""
        try:
            if isinstance(piece, str):
                return self._meant(piece)
            raise piece
        except ProtocolError:
            self._pay(None)
            raise

    def _pay(self, intent: Intent | None) -> None:
        """Raises TooFast, or Flooding."""
        if self._pace is not None:
            self._pace.pay(self, intent, asyncio.get_running_loop().time())

    def new_id(self) -> str:
        """Return an id for a message of a peer that gives it none."""
        if self._ids is None:
            self._ids = _new_ids(self._services.settings.clock())
        return next(self._ids)


def _id_of(intent: Intent | None) -> str:
    """Return the id that an error about `intent` names: a message's, unless it is itself at fault."""
    try:
        return check_id(intent.id) if isinstance(intent, Say) else ""
    except RuleError:
        return ""


def _new_ids(now: float) -> Iterator[str]:
    """Yield ids for one session's messages, each later than the one before: a log keeps such ones faster."""
    prefix = f"{int(now * 1000):012x}{secrets.token_hex(6)}"
    return (f"{prefix}-{number:08x}" for number in itertools.count(1))
