"""A chat client without a screen: it connects, stays connected, and gives typed events by ``async for``."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Self

from chatapp.client.connection import ConnectError, Connection, connect
from chatapp.client.events import ClientEvent, Connecting, Disconnected, Hosting, NickWanted, Queued, Reason
from chatapp.client.pauses import Pauses, growing_pauses
from chatapp.client.state import ChatState, Link
from chatapp.protocol import commands
from chatapp.protocol.commands import Place
from chatapp.protocol.errors import Code, Offline, ProtocolError
from chatapp.protocol.events import Error, Event, Renamed, Welcomed
from chatapp.protocol.names import check_nick, check_text
from chatapp.protocol.requests import Help, Quit, Rename, Request, Say
from chatapp.texts.errors import explain_error

_MOST_UNREAD = 1000
"""With so many events that nobody has taken yet, no more is read from the server."""

_NICK_REFUSALS = frozenset([Code.NICK_TAKEN, Code.NICK_RESERVED, Code.BAD_NICK])
_GOODBYES = {
    Code.SHUTTING_DOWN: Reason.SHUTTING_DOWN,
    Code.VERSION: Reason.VERSION,
    Code.HANDSHAKE_TIMEOUT: Reason.LOST,
}


class Client:
    """One person's side of a chat at `host` and `port`; `async with` starts it, and leaves at its end.

    `host_here`, if given, is called when nothing listens there: it makes this process host the chat, and returns
    whether it does (False: somebody else was quicker). With no `nick` the first event is a NickWanted.
    """

    def __init__(
        self,
        host: str,
        port: int,
        nick: str = "",
        *,
        host_here: Callable[[], Awaitable[bool]] | None = None,
        pauses: Pauses = growing_pauses,
    ) -> None:
        self.host = host
        self.port = port
        self.state = ChatState()
        self._host_here = host_here
        self._pauses = pauses
        self._nick = nick
        self._refusal: Error | None = None
        self._connection: Connection | None = None
        self._events: asyncio.Queue[ClientEvent | None] = asyncio.Queue()
        self._nudge = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(lambda _: self._events.put_nowait(None))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def __aiter__(self) -> AsyncIterator[ClientEvent]:
        """Yield every event in order; `state` has been told of each. Ends when the client has left."""
        while (event := await self._events.get()) is not None:
            self._events.task_done()
            yield event
        if self._task is not None and not self._task.cancelled():
            self._task.result()

    def type_line(self, line: str) -> Quit | Help | None:
        """Do what a typed line asks for; Quit and Help are for the caller to do.

        Raises ProtocolError if it can't be: for a text by its rules, a command that isn't one, or no connection.
        """
        intent = commands.parse(line, Place(self.state.room, uuid.uuid4().hex))
        if isinstance(intent, Quit | Help):
            return intent
        self.send(intent)
        return None

    def send(self, request: Request) -> None:
        """Send `request`; a message waits if there is no connection, and goes out when there is one.

        Raises RuleError for a text or nick that breaks the rules, Offline for all but messages while there is no
        connection, and what `Connection.send` raises.
        """
        if isinstance(request, Say):
            check_text(request.text)
        if isinstance(request, Rename):
            check_nick(request.nick)
        if self.state.link is Link.ONLINE and self._connection is not None:
            self._connection.send(request)
        elif not isinstance(request, Say):
            raise Offline
        if isinstance(request, Say):
            self._emit(Queued(request))

    def choose_nick(self, nick: str) -> None:
        """Answer a NickWanted. Raises BadNick or NickReserved."""
        self._nick = check_nick(nick)
        self._nudge.set()

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
            if self._connection is not None:
                connection, self._connection = self._connection, None
                await connection.leave()

    async def _run(self) -> None:
        pauses = self._pauses()
        while True:
            await self._want_nick()
            self._emit(Connecting(self.host, self.port))
            reason = await self._connect_and_talk()
            if self.state.link is Link.ONLINE:
                pauses = self._pauses()
            if reason is not None:
                await self._pause(reason, next(pauses))

    async def _want_nick(self) -> None:
        while not self._nick:
            self._nudge.clear()
            self._emit(NickWanted(self._refusal))
            await self._nudge.wait()
        self._refusal = None

    async def _connect_and_talk(self) -> Reason | None:
        """Return why the connection ended or never was; None if the next try should follow at once."""
        try:
            self._connection = await connect(self.host, self.port)
        except ConnectError as error:
            return None if error.reason is Reason.REFUSED and await self._host() else error.reason
        self._connection.hello(self._nick)
        reason = await self._talk(self._connection)
        self._connection.close()
        self._connection = None
        return reason

    async def _talk(self, connection: Connection) -> Reason | None:
        """Take what the server says until it ends; return as `_connect_and_talk` does."""
        with contextlib.suppress(OSError):
            while (events := await connection.read()) is not None:
                for event in events:
                    if self._refuses_nick(event):
                        return None
                    if (reason := self._take(event, connection)) is not None:
                        return reason
                await self._let_reader_catch_up()
        return Reason.LOST

    def _refuses_nick(self, event: Event) -> bool:
        if not isinstance(event, Error) or event.code not in _NICK_REFUSALS or self.state.link is Link.ONLINE:
            return False
        self._nick, self._refusal = "", event
        return True

    def _take(self, event: Event, connection: Connection) -> Reason | None:
        """Emit `event`; a goodbye is instead returned as the reason to end the connection."""
        if isinstance(event, Error) and event.code in _GOODBYES:
            return _GOODBYES[Code(event.code)]
        self._emit(event)
        if isinstance(event, Welcomed):
            self._send_pending(connection)
        if isinstance(event, Renamed):
            self._nick = self.state.nick
        return None

    def _send_pending(self, connection: Connection) -> None:
        for say in tuple(self.state.pending.values()):
            try:
                connection.send(say)
            except ProtocolError as error:
                self._emit(Error.of(error, explain_error(error), say.id))

    async def _let_reader_catch_up(self) -> None:
        if self._events.qsize() > _MOST_UNREAD:
            await self._events.join()

    async def _pause(self, reason: Reason, seconds: float) -> None:
        self._nudge.clear()
        self._emit(Disconnected(reason, seconds))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._nudge.wait()

    def _emit(self, event: ClientEvent) -> None:
        """Fold `event` into the state, and pass it on unless it was seen before."""
        is_news = self.state.is_news(event)
        self.state.apply(event)
        if is_news:
            self._events.put_nowait(event)

    async def _host(self) -> bool:
        if self._host_here is None or not await self._host_here():
            return False
        self._emit(Hosting(self.host, self.port))
        return True
