"""The sessions of one server and its rooms; the relay tells it what happened, in order."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chatapp.protocol import limits
from chatapp.protocol.errors import NoSuchRoom, ShuttingDown
from chatapp.protocol.events import Joined, Left, Members, Renamed, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.server.reads import Reads
from chatapp.server.room import Room
from chatapp.server.settings import Settings
from chatapp.texts import tr
from chatapp.version import SOFTWARE

if TYPE_CHECKING:
    from chatapp.server.session import Session

_log = logging.getLogger(__name__)


class Hub:
    """Who is connected, and what rooms there are. `log` and `last_seq` are the store's."""

    def __init__(self, settings: Settings, reads: Reads, log: str, last_seq: int) -> None:
        self._sessions: set[Session] = set()
        self._is_empty = asyncio.Event()
        self._settings = settings
        self._reads = reads
        self._log_name = log
        self._last_seq = last_seq
        self._rooms = {GENERAL: Room(GENERAL)}

    def connect(self, session: "Session") -> None:
        self._sessions.add(session)

    def disconnect(self, session: "Session") -> None:
        self._sessions.discard(session)
        if not self._sessions:
            self._is_empty.set()

    def room(self, name: str) -> Room:
        """Return the room called `name`. Raises NoSuchRoom."""
        try:
            return self._rooms[name]
        except KeyError:
            raise NoSuchRoom(name[: limits.ROOM_CHARACTERS]) from None

    def enter(self, session: "Session", nick: str, log: str, seen: int) -> None:
        """Bring a session into the general room: it is welcomed, and everyone there hears of who is new.

        One that knows this `log` up to `seen` is sent all that it missed since, before anything else is said to it.
        If it has seen more than there is, the log has lost its end: what comes takes those numbers again.
        """
        room = self._rooms[GENERAL]
        is_new = room.add(session, nick)
        missed = self._last_seq - seen if log == self._log_name else 0
        welcome = Welcomed(
            *(nick, room.name, room.nicks, self._log_name, self._last_seq, limits.PROTOCOL_VERSION, SOFTWARE),
            has_gap=not 0 <= missed <= limits.RESUME_MESSAGES,
        )
        if session.voice.is_rich:
            session.send(welcome)
        if 0 < missed <= limits.RESUME_MESSAGES:
            self._reads.catch_up(session, room.name, seen, self._last_seq)
        if is_new:
            room.tell(Joined(room.name, nick, self._settings.clock()))
        room.flush()
        if not session.voice.is_rich:
            session.send(welcome)
        _log.info(tr("{nick} joined ({dialect}).", nick=nick, dialect=session.voice.dialect.value))

    def leave(self, session: "Session", nick: str) -> None:
        """Close the connection; whoever has no other is gone, which everyone is told, the leaver too."""
        room = self._rooms[GENERAL]
        if room.is_last(session):
            room.tell(Left(room.name, nick, self._settings.clock()))
        room.remove(session)
        session.close()
        _log.info(tr("{nick} left.", nick=nick))

    def rename(self, sessions: "Sequence[Session]", nick: str, to: str) -> None:
        room = self._rooms[GENERAL]
        room.flush()
        for session in sessions:
            room.remove(session)
            room.add(session, to)
        room.tell(Renamed(nick, to, self._settings.clock()))

    def list_members(self, session: "Session", name: str) -> None:
        room = self._rooms[name]
        room.flush()
        session.send(Members(room.name, room.nicks))

    def deliver(self, said: Said) -> None:
        """Tell a message, which is in the log by now, to its room."""
        self._last_seq = said.seq
        self._rooms[said.room].tell(said)

    def flush(self) -> None:
        for room in self._rooms.values():
            room.flush()

    async def drop_the_dead(self) -> None:
        for session in tuple(self._sessions):
            session.drop_if_dead()

    async def close_all(self) -> None:
        """Tell every session that the server stops, close it, and wait until all are gone."""
        self._is_empty.clear()
        for session in tuple(self._sessions):
            session.dismiss(ShuttingDown())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.timing.linger + 1):
                if self._sessions:
                    await self._is_empty.wait()
