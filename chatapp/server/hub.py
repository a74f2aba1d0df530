"""The sessions of one server and its rooms; the relay tells it what happened, in order."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chatapp.protocol import limits
from chatapp.protocol.errors import NoSuchRoom, ServerFull, ShuttingDown
from chatapp.protocol.events import Joined, Left, Members, Renamed, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.server.reads import Reads
from chatapp.server.room import Room
from chatapp.server.settings import Settings
from chatapp.texts import tr
from chatapp.version import SOFTWARE

if TYPE_CHECKING:
    from chatapp.server.bus import Entering, Leaving
    from chatapp.server.session import Session

_log = logging.getLogger(__name__)

_TOLD_THAT_FULL = 32
"""So many more connections are taken, only to tell each that the server is full."""


class Hub:
    """Who is connected, at most `connections`, and what rooms there are. `log` and `last_seq` are the store's."""

    def __init__(self, settings: Settings, connections: int, reads: Reads, log: str, last_seq: int) -> None:
        self._connections = connections
        self._sessions: set[Session] = set()
        self._refused: set[Session] = set()
        """Those of them for which there is no place."""
        self._is_empty = asyncio.Event()
        self._settings = settings
        self._reads = reads
        self._log_name = log
        self._last_seq = last_seq
        self._rooms = {GENERAL: Room(GENERAL)}

    def connect(self, session: "Session") -> None:
        """Take in a connection, until `disconnect`. Raises ServerFull if it is one too many even to be told so."""
        if len(self._sessions) - len(self._refused) >= self._connections:
            self._refused.add(session)
        self._sessions.add(session)
        if len(self._refused) > _TOLD_THAT_FULL:
            raise ServerFull(limit=self._connections)

    def check_capacity(self, session: "Session") -> None:
        """Raises ServerFull if there was no place left when `session` connected."""
        if session in self._refused:
            raise ServerFull(limit=self._connections)

    def disconnect(self, session: "Session") -> None:
        self._sessions.discard(session)
        self._refused.discard(session)
        if not self._sessions:
            self._is_empty.set()

    def room(self, name: str) -> Room:
        """Return the room called `name`. Raises NoSuchRoom."""
        try:
            return self._rooms[name]
        except KeyError:
            raise NoSuchRoom(name[: limits.ROOM_CHARACTERS]) from None

    def enter(self, entering: "Sequence[Entering]") -> None:
        """Bring sessions into the general room: each is welcomed, and everyone there hears of who is new.

        One that knows this log up to what it has `seen` is sent all that it missed since, before anything else is said
        to it. If it has seen more than there is, the log has lost its end: what comes takes those numbers again.
        """
        room = self._rooms[GENERAL]
        room.flush()
        new = [item for item in entering if room.add(item.session, item.nick)]
        joined = {item.session: Joined(room.name, item.nick, self._settings.clock()) for item in new}
        for item in entering:
            if not item.session.voice.is_rich:
                room.listen(item.session)
        room.tell_presence(joined.values())
        room.flush()
        for item in entering:
            self._admit(item, room, joined.get(item.session))

    def _admit(self, item: "Entering", room: Room, joined: Joined | None) -> None:
        """Welcome a session; its own arrival it is told behind that if it is rich, and else before."""
        session = item.session
        if joined is not None and room.crowded and not session.voice.is_rich:
            session.send(joined)
        self._welcome(item, room)
        if session.voice.is_rich:
            if joined is not None:
                session.send(joined)
            room.listen(session)

    def _welcome(self, item: "Entering", room: Room) -> None:
        missed = self._last_seq - item.seen if item.log == self._log_name else 0
        has_gap = not 0 <= missed <= limits.RESUME_MESSAGES
        nicks, count = ([item.nick], room.count) if room.crowded else (room.nicks, 0)
        log = (self._log_name, self._last_seq, limits.PROTOCOL_VERSION, SOFTWARE)
        item.session.send(Welcomed(item.nick, room.name, nicks, *log, has_gap=has_gap, count=count))
        if missed and not has_gap:
            self._reads.catch_up(item.session, room.name, item.seen, self._last_seq)
        dialect = item.session.voice.dialect.value
        _log.info(tr("{nick} joined ({dialect}).", nick=item.nick, dialect=dialect))

    def leave(self, leaving: "Sequence[Leaving]") -> None:
        """Close connections; whoever has no other is gone, which everyone is told, the leavers too."""
        room = self._rooms[GENERAL]
        room.flush()
        now = self._settings.clock()
        left = {item.session: Left(room.name, item.nick, now) for item in leaving if room.remove(item.session)}
        room.tell_presence(left.values())
        for item in leaving:
            if room.crowded and item.session in left:
                item.session.send(left[item.session])
            room.unlisten(item.session)
            item.session.hurry()
            self._reads.when_done(item.session, item.session.close)
            _log.info(tr("{nick} left.", nick=item.nick))

    def rename(self, sessions: "Sequence[Session]", nick: str, to: str) -> None:
        """Call `sessions`, all of one person, `to`. In a crowd only they hear of it."""
        room = self._rooms[GENERAL]
        room.flush()
        room.rename(sessions, to)
        renamed = Renamed(nick, to, self._settings.clock())
        room.tell_presence([renamed])
        if room.crowded:
            for session in sessions:
                session.send(renamed)

    def list_members(self, session: "Session", name: str) -> None:
        room = self._rooms[name]
        room.flush()
        session.send(Members(room.name, room.nicks, room.count if room.crowded else 0))

    def deliver(self, said: Said) -> None:
        """Tell a message, which is in the log by now, to its room."""
        self._last_seq = said.seq
        self._rooms[said.room].tell(said)

    def flush(self) -> None:
        for room in self._rooms.values():
            room.flush()

    async def recount(self) -> None:
        """Let each room that is or was a crowd tell how many are there, if that changed."""
        for room in self._rooms.values():
            room.recount(asyncio.get_running_loop().time())

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
