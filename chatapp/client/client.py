"""A chat client without a screen: it connects, stays connected, and gives typed events by ``async for``."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Self

from chatapp.client.belongings import Belongings
from chatapp.client.connect_error import ConnectError
from chatapp.client.connection import Connection, connect
from chatapp.client.delivery import Delivery
from chatapp.client.events import (
    NO_DETAILS,
    UNTRUSTED,
    ClientEvent,
    Connecting,
    Disconnected,
    Hosting,
    Looked,
    Met,
    NickWanted,
    Queued,
    Reason,
    SecretWanted,
)
from chatapp.client.ids import message_id
from chatapp.client.inbox import Inbox
from chatapp.client.keepsakes import Keepsakes
from chatapp.client.key_errors import KeyringError
from chatapp.client.knocking import IN_THE_WAY, Knocking, WouldExpose
from chatapp.client.moves import Moves
from chatapp.client.pauses import Pauses, growing_pauses
from chatapp.client.presence import Attendance
from chatapp.client.reading import Reading
from chatapp.client.state import ChatState, Link
from chatapp.client.trust import Trust
from chatapp.protocol import commands, limits
from chatapp.protocol.commands import Place
from chatapp.protocol.errors import Code, Offline, ProtocolError
from chatapp.protocol.events import Challenged, Error, Event, Renamed, Said, Welcomed
from chatapp.protocol.names import check_nick, check_text, is_to_nick
from chatapp.protocol.requests import Hello, Local, Ping, Rename, Request, Say
from chatapp.version import SOFTWARE

_MOST_UNREAD = 1000
"""With so many events that nobody has taken yet, no more is read from the server."""

_OTHER_HOST_SECONDS = 0.1
_MOST_HOSTING_TRIES = 30
"""Whoever is about to host the chat has three seconds to listen."""

_KEY_UNUSABLE = "key-unusable"
_NICK_REFUSALS = frozenset([Code.NICK_TAKEN, Code.NICK_RESERVED, Code.BAD_NICK, Code.KEY_REVOKED])
_GOODBYES = {
    Code.SHUTTING_DOWN: Reason.SHUTTING_DOWN,
    Code.SERVER_FULL: Reason.FULL,
    Code.TOO_MANY_CONNECTIONS: Reason.CROWDED,
    Code.CONNECTING_TOO_OFTEN: Reason.TOO_OFTEN,
    Code.FLOODING: Reason.FLOODING,
    Code.VERSION: Reason.VERSION,
    Code.HANDSHAKE_TIMEOUT: Reason.LOST,
    Code.KICKED: Reason.KICKED,
    Code.BANNED: Reason.BANNED,
    Code.KEY_REQUIRED: Reason.NEEDS_KEY,
    Code.TOO_MANY_GUESSES: Reason.TOO_MANY_GUESSES,
}
_PATIENCE_SECONDS = {Code.KICKED: 30.0, Code.BANNED: 300.0, Code.TOO_MANY_GUESSES: 60.0}
"""How long to stay away if nobody said so, unless the person wants it otherwise: somebody decided that."""

_LONGEST_SECONDS = {Code.BANNED: limits.SANCTION_SECONDS}
"""For how long to believe a server that wants one to stay away; for no other reason is it longer than some minutes."""


class Client:
    """One person's side of a chat at `host` and `port`; `async with` starts it, and leaves at its end.

    `host_here`, if given, is called when nothing listens there: it makes this process host the chat, and returns
    whether it does (False: somebody else was quicker). With no `nick` the first event is a NickWanted.
    With `secret`, a password or an invitation, it opens the door of a chat that asks for one.
    Without `keepsakes` it is a guest, whose unconfirmed messages end with it. A server that answers pings and says
    nothing for three times `ping_seconds` is taken for dead.
    """

    def __init__(
        self,
        host: str,
        port: int,
        nick: str = "",
        *,
        host_here: Callable[[], Awaitable[bool]] | None = None,
        keepsakes: Keepsakes | None = None,
        trust: Trust | None = None,
        secret: str = "",
        pauses: Pauses = growing_pauses,
        ping_seconds: float = limits.PING_SECONDS,
    ) -> None:
        self.host = host
        self.port = port
        self.state = ChatState()
        self._host_here = host_here
        self._trust = trust or Trust(host, port)
        self._belongings = Belongings(keepsakes)
        self._pauses = pauses
        self._ping_seconds = ping_seconds
        self._nick = nick
        self._refusal: Error | None = None
        self._details = NO_DETAILS
        self._knocking = Knocking(secret)
        self._connection: Connection | None = None
        self._delivery: Delivery | None = None
        self._moves = Moves(self.state, self._ask, self._emit, joins_again=keepsakes is None)
        self._reading = Reading(self.state, self._ask, self._emit, lambda: self._is_framed and keepsakes is not None)
        self._attendance = Attendance(self.state, self._ask)
        self._wait = 0.0
        """How many seconds to stay away, since the server said so when it ended the last connection."""
        self._is_framed = False
        """Whether a server with framing was met here; no slow network makes it one without."""
        self._inbox = Inbox()
        self._nudge = asyncio.Event()
        self._hosting_tries = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Connect, unless that has begun; the events wait to be taken. `async with` does this and leaves at its end."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())
            self._task.add_done_callback(lambda _: self._inbox.end())

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def __aiter__(self) -> AsyncIterator[ClientEvent]:
        """Yield every event in order; `state` has been told of each. Ends when the client has left."""
        async for events in self.batches(1):
            yield events[0]

    async def batches(self, most: int) -> AsyncIterator[list[ClientEvent]]:
        """Yield the same events, each time those that there are by then: at least one, and up to `most`."""
        while events := await self._inbox.take(most):
            yield events
        if self._task is not None and not self._task.cancelled():
            self._task.result()

    def type_line(self, line: str) -> Local | None:
        """Do what a typed line asks for; what is Local is for the caller to do.

        Raises ProtocolError if it can't be: for a text by its rules, a command that isn't one, or no connection.
        """
        intent = commands.parse(line, Place(self.state.room, message_id))
        if isinstance(intent, Local):
            return intent
        self.send(intent)
        return None

    def send(self, request: Request) -> None:
        """Send `request`; a message waits if there is no connection, and goes out when there is one.

        Raises RuleError for a text or name that breaks the rules, Offline for all but messages, and for those to
        ``@nick``, while there is no connection, and what `Connection.send` raises.
        """
        self._moves.check(request)
        if isinstance(request, Say):
            self._post(request)
        else:
            self._ask_now(request)
        self._moves.want(request)
        self._attendance.want(request)

    def _ask_now(self, request: Request) -> None:
        if isinstance(request, Rename):
            check_nick(request.nick)
        if self.state.link is not Link.ONLINE or self._connection is None:
            raise Offline
        self._connection.send(request)

    def _ask(self, request: Request) -> None:
        if self._connection is not None:
            self._connection.send(request)

    def _post(self, say: Say) -> None:
        """Keep a message until it is confirmed, on disk before it leaves.

        One to ``@nick`` is not kept until there is a connection: by then the nick may be somebody else's.
        """
        check_text(say.text)
        if is_to_nick(say.room) and self.state.link is not Link.ONLINE:
            raise Offline
        if self._nick and self._has_key():
            self._take_up()
        self._belongings.keep(say)
        try:
            if self.state.link is Link.ONLINE and self._delivery is not None:
                self._delivery.send(say)
        except ProtocolError:
            self._belongings.let_go(say.id)
            raise
        self._emit(Queued(say))

    def look_at(self, room: str) -> None:
        """Let `room`, one of those that this client is in, be the one looked at."""
        self._emit(Looked(room))
        if self._connection is not None and self._connection.answers_pings:
            self._moves.look_at(room)

    def mark_read(self, room: str) -> None:
        """Have read `room` up to what is newest there, for all clients of one's key; called when that is in view."""
        self._reading.mark(room)

    def set_idle(self, is_idle: bool) -> None:
        """Let the person have pressed no key for long, or one again; who is away by their own word stays so."""
        self._attendance.set_idle(is_idle)

    def choose_nick(self, nick: str) -> None:
        """Answer a NickWanted. Raises BadNick or NickReserved."""
        self._nick = check_nick(nick)
        self._nudge.set()

    def give_secret(self, secret: str) -> None:
        """Answer a SecretWanted with the password or the invitation."""
        self._knocking.take(secret)
        self._nudge.set()

    @property
    def drafts_path(self) -> Path | None:
        """Where what the person is writing may be kept; None for a guest, or while there is no nick."""
        return self._belongings.drafts(self._nick) if self._nick else None

    def retry_now(self) -> None:
        """Cut the pause before the next try to connect short."""
        self._nudge.set()

    async def leave(self) -> None:
        """Say SALIR, close, and end the iteration; a client that was never started has nothing to leave."""
        if self._task is None:
            return
        self._task.cancel()
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        finally:
            self._reading.stop()
            if self._connection is not None:
                connection, self._connection = self._connection, None
                await connection.leave()

    async def _run(self) -> None:
        pauses = self._pauses()
        while True:
            await self._want_nick()
            await self._want_secret()
            self._emit(Connecting(self.host, self.port))
            reason = await self._connect_and_talk()
            if self.state.link is Link.ONLINE:
                pauses, self._hosting_tries = self._pauses(), 0
            if reason is not None:
                await self._pause(reason, max(next(pauses), self._wait))

    async def _want_nick(self) -> None:
        while not (self._nick and self._has_key()):
            self._nudge.clear()
            self._emit(NickWanted(self._refusal))
            await self._nudge.wait()
        self._refusal = None
        self._take_up()

    async def _want_secret(self) -> None:
        while (wanted := self._knocking.wanted) is not None:
            self._nudge.clear()
            self._emit(SecretWanted(wanted))
            await self._nudge.wait()

    def _take_up(self) -> None:
        """Let wait what this person said before and has not seen confirmed."""
        for say in self._belongings.take_up(self._nick):
            self._emit(Queued(say))

    def _has_key(self) -> bool:
        """Return whether there is a key for the nick, if there shall be one; a fault of it refuses the nick."""
        try:
            self._belongings.key(self._nick)
        except KeyringError as error:
            self._nick, self._refusal = "", Error(_KEY_UNUSABLE, error.explain())
            return False
        return True

    async def _connect_and_talk(self) -> Reason | None:
        """Return why the connection ended or never was; None if the next try should follow at once."""
        self._wait = 0.0
        try:
            self._connection = await connect(self.host, self.port, trust=self._trust, is_framed=self._is_framed)
        except ConnectError as error:
            self._details = error.details
            return await self._host() if error.reason is Reason.REFUSED else error.reason
        self._details = NO_DETAILS
        if self._trust.new_pin:
            self._emit(Met(self.host, self.port, self._trust.new_pin))
        self._is_framed = self._connection.answers_pings
        self._delivery = Delivery(self._connection, self.state, self._emit)
        self._knocking.begin()
        self._connection.hello(self._hello())
        pinging = asyncio.create_task(self._keep_pinging(self._connection))
        try:
            reason = await self._talk(self._connection)
        except WouldExpose:
            reason = Reason.WOULD_EXPOSE
        finally:
            pinging.cancel()
            self._delivery.stop()
            self._delivery = None
        self._connection.close()
        self._connection = None
        return reason

    def _hello(self) -> Hello:
        """Return who we are, with the key for this nick, and what we have seen."""
        key, state = self._belongings.key(self._nick), self.state
        return Hello(self._nick, client=SOFTWARE, key=key, log=state.log, seen=state.last_seq)

    async def _keep_pinging(self, connection: Connection) -> None:
        while connection.answers_pings:
            await asyncio.sleep(self._ping_seconds)
            connection.send(Ping())

    async def _talk(self, connection: Connection) -> Reason | None:
        """Take what the server says until it ends; return as `_connect_and_talk` does."""
        with contextlib.suppress(OSError):
            while (events := await self._read(connection)) is not None:
                for event in events:
                    if self._refuses_nick(event):
                        return None
                    if isinstance(event, Error) and event.code in IN_THE_WAY:
                        if not self._knocking.give(event, connection):
                            return None
                        continue
                    if (reason := self._take(event, connection)) is not None:
                        return reason
                await self._let_reader_catch_up()
        return Reason.LOST

    async def _read(self, connection: Connection) -> list[Event] | None:
        """Read on. Raises TimeoutError, an OSError, after the silence of three pings where an answer is due.

        One is due to a ping, and, from any server, to the hello: a link may die within the greeting.
        """
        is_due = connection.answers_pings or self.state.link is not Link.ONLINE
        async with asyncio.timeout(3 * self._ping_seconds if is_due else None):
            return await connection.read()

    def _refuses_nick(self, event: Event) -> bool:
        if not isinstance(event, Error) or event.code not in _NICK_REFUSALS or self.state.link is Link.ONLINE:
            return False
        self._nick, self._refusal = "", event
        return True

    def _take(self, event: Event, connection: Connection) -> Reason | None:
        """Emit `event`; a goodbye is instead returned as the reason to end the connection."""
        if isinstance(event, Error) and event.code in _GOODBYES:
            return self._part(event)
        if isinstance(event, Challenged):
            if (prove := self._belongings.prove(event, self._nick)) is not None:
                connection.send(prove)
            return None
        self._emit(event)
        if self._delivery is not None:
            self._delivery.follow(event)
        if connection.answers_pings:
            self._moves.follow(event)
        if not isinstance(event, Said):  # from which nothing more follows; by far the most are
            self._draw_consequences(event, connection)
        return None

    def _draw_consequences(self, event: Event, connection: Connection) -> None:
        if connection.answers_pings:
            self._reading.follow(event)
            self._attendance.follow(event)
        if isinstance(event, Welcomed) and self._delivery is not None:
            self._delivery.send_all()
        if isinstance(event, Renamed) and self._nick != self.state.nick:
            self._belongings.take_along(self._nick, self.state.nick)
            self._nick = self.state.nick

    def _part(self, goodbye: Error) -> Reason:
        """Return what a goodbye means; one that says more than that is emitted too."""
        code = Code(goodbye.code)
        longest = _LONGEST_SECONDS.get(code, limits.NEW_CONNECTIONS_SECONDS)
        self._wait = min(goodbye.retry_after or _PATIENCE_SECONDS.get(code, 0.0), longest)
        if code in _PATIENCE_SECONDS:
            self._emit(goodbye)
        return _GOODBYES[code]

    async def _let_reader_catch_up(self) -> None:
        if len(self._inbox) > _MOST_UNREAD:
            await self._inbox.emptied()

    async def _pause(self, reason: Reason, seconds: float) -> None:
        self._nudge.clear()
        if reason in UNTRUSTED:
            seconds = math.inf
        self._emit(Disconnected(reason, seconds, self._details))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._nudge.wait()

    def _emit(self, event: ClientEvent) -> None:
        """Fold `event` into the state, and pass it on unless it was seen before."""
        is_news = self.state.is_news(event)
        pending = len(self.state.pending)
        self.state.apply(event)
        if isinstance(event, Said | Error) and len(self.state.pending) < pending:
            self._belongings.let_go(event.id)
        if is_news:
            self._inbox.put(event)

    async def _host(self) -> Reason | None:
        """Host the chat, if that is for this client to do; one who was quicker will listen any moment."""
        if self._host_here is None or self._hosting_tries >= _MOST_HOSTING_TRIES:
            return Reason.REFUSED
        self._hosting_tries += 1
        try:
            if await self._host_here():
                self._emit(Hosting(self.host, self.port))
            else:
                await asyncio.sleep(_OTHER_HOST_SECONDS)
        except OSError:
            return Reason.CANNOT_HOST
        return None
