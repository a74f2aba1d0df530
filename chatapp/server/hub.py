"""Who holds which nick, and what rooms there are; the relay tells it what happened, in order."""

import asyncio
import logging
from typing import TYPE_CHECKING

from chatapp.protocol import limits
from chatapp.protocol.errors import NickTaken, NoSuchRoom, ShuttingDown
from chatapp.protocol.events import Joined, Left, Members, Renamed, Said, Welcomed
from chatapp.protocol.names import GENERAL, name_key
from chatapp.server.room import Room
from chatapp.server.settings import Settings
from chatapp.texts import tr
from chatapp.version import SOFTWARE

if TYPE_CHECKING:
    from chatapp.server.session import Session

_log = logging.getLogger(__name__)


class Hub:
    """The sessions of one server, their nicks and rooms."""

    def __init__(self, settings: Settings, log: str, last_seq: int) -> None:
        self._sessions: set[Session] = set()
        self._is_empty = asyncio.Event()
        self._settings = settings
        self._log_name = log
        self._last_seq = last_seq
        self._holders: dict[str, Session] = {}
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

    def claim(self, nick: str, session: "Session") -> None:
        """Give `nick` to `session` alone. Raises NickTaken."""
        if self._holders.setdefault(name_key(nick), session) is not session:
            raise NickTaken(nick)

    def exchange(self, nick: str, to: str, session: "Session") -> None:
        """Give `to` to `session`, which gives back `nick`. Raises NickTaken."""
        self.claim(to, session)
        if name_key(nick) != name_key(to):
            self.release(nick)

    def release(self, nick: str) -> None:
        del self._holders[name_key(nick)]

    def enter(self, session: "Session", nick: str) -> None:
        """Bring a newcomer into the general room: it is welcomed, and everyone there, itself too, hears of it."""
        room = self._rooms[GENERAL]
        room.add(session, nick)
        welcome = Welcomed(
            nick, room.name, room.nicks, self._log_name, self._last_seq, limits.PROTOCOL_VERSION, SOFTWARE
        )
        joined = Joined(room.name, nick, self._settings.clock())
        if session.voice.is_rich:
            session.send(welcome)
        room.tell(joined)
        room.flush()
        if not session.voice.is_rich:
            session.send(welcome)
        _log.info(tr("{nick} joined ({dialect}).", nick=nick, dialect=session.voice.dialect.value))

    def leave(self, session: "Session", nick: str) -> None:
        """Tell everyone, the leaver too, and close its connection."""
        room = self._rooms[GENERAL]
        room.tell(Left(room.name, nick, self._settings.clock()))
        room.remove(session)
        session.close()
        _log.info(tr("{nick} left.", nick=nick))

    def rename(self, session: "Session", nick: str, to: str) -> None:
        room = self._rooms[GENERAL]
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

    async def close_all(self) -> None:
        """Tell every session that the server stops, close it, and wait until all are gone."""
        self._is_empty.clear()
        for session in tuple(self._sessions):
            session.dismiss(ShuttingDown())
        if self._sessions:
            await self._is_empty.wait()
