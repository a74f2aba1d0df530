"""The sessions of one server and its rooms; the relay tells it what happened, in order."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from chatapp.protocol import limits
from chatapp.protocol.errors import ServerFull, ShuttingDown
from chatapp.protocol.events import Entered, Joined, Left, Members, Renamed, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.server.fanout import Fanout
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
        self._fanout = Fanout()
        self._rooms = {GENERAL: Room(GENERAL, self._fanout)}
        """Those that somebody is in, and the one that is always there."""

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

    @property
    def last_seq(self) -> int:
        """The `seq` of the newest message that was told."""
        return self._last_seq

    def disconnect(self, session: "Session") -> None:
        self._sessions.discard(session)
        self._refused.discard(session)
        if not self._sessions:
            self._is_empty.set()

    def _open(self, name: str) -> Room:
        if (room := self._rooms.get(name)) is None:
            room = self._rooms[name] = Room(name, self._fanout)
        return room

    def counts(self) -> dict[str, int]:
        """Return how many people are in each room that somebody is in."""
        return {room.name: room.count for room in self._rooms.values()}

    # Who is where

    def enter(self, entering: "Sequence[Entering]") -> None:
        """Bring new sessions into their rooms: each is welcomed, and everyone there hears of who is new.

        One that knows this log up to what it has `seen` is sent all that it missed since, before anything else is said
        to it. If it has seen more than there is, the log has lost its end: what comes takes those numbers again.
        """
        arrivals: dict[str, list[tuple[Session, str]]] = {}
        for item in entering:
            for name in item.rooms:
                arrivals.setdefault(name, []).append((item.session, item.nick))
        joined = {name: self._let_in(self._open(name), group) for name, group in arrivals.items()}
        for item in entering:
            self._admit(item, {name: joined[name].get(item.session) for name in item.rooms})

    def _admit(self, item: "Entering", joined: "Mapping[str, Joined | None]") -> None:
        """Welcome a session; its own arrival it is told behind that if it is rich, and else before."""
        self._welcome(item)
        for name, own in joined.items():
            self._settle(item.session, self._rooms[name], own)

    def _let_in(self, room: Room, arrivals: "Sequence[tuple[Session, str]]") -> "dict[Session, Joined]":
        """Add sessions to `room`, and tell those who hear of it; return what is told of each that is new.

        Who types hears of it too; rich ones only of themselves, by `_settle`: they are given the whole list.
        """
        now = self._settings.clock()
        joined = {session: Joined(room.name, nick, now) for session, nick in arrivals if room.add(session, nick)}
        for session, _ in arrivals:
            if not session.voice.is_rich:
                room.listen(session)
        room.tell_presence(joined.values())
        self.flush()
        for session, own in joined.items():
            if room.crowded and not session.voice.is_rich:
                session.send(own)
        return joined

    def _settle(self, session: "Session", room: Room, joined: Joined | None) -> None:
        if session.voice.is_rich:
            if joined is not None:
                session.send(joined)
            room.listen(session)

    def _welcome(self, item: "Entering") -> None:
        room = self._rooms[GENERAL]
        missed = self._last_seq - item.seen if item.log == self._log_name else 0
        has_gap = not 0 <= missed <= limits.RESUME_MESSAGES
        nicks, count = _roster(room, item.nick)
        log = (self._log_name, self._last_seq, limits.PROTOCOL_VERSION, SOFTWARE)
        item.session.send(Welcomed(item.nick, room.name, nicks, *log, has_gap=has_gap, count=count))
        seen = self._last_seq if has_gap else self._last_seq - missed
        others = (self._rooms[name] for name in item.rooms[1:])
        entered = (_entered(room, item.nick, seen) for room in others)
        if seen < self._last_seq or len(item.rooms) > 1:
            self._reads.catch_up(item.session, entered, item.rooms, seen, self._last_seq)
        dialect = item.session.voice.dialect.value
        _log.info(tr("{nick} joined ({dialect}).", nick=item.nick, dialect=dialect))

    def join(self, sessions: "Sequence[Session]", nick: str, name: str) -> None:
        """Bring one person's sessions into a room; if all are there already, they are only told so again."""
        room = self._open(name)
        joined = self._let_in(room, [(session, nick) for session in sessions if not room.has(session)])
        for session in sessions:
            session.send(_entered(room, nick, self._last_seq))
            self._settle(session, room, next(iter(joined.values()), None))

    def depart(self, sessions: "Sequence[Session]", nick: str, name: str) -> None:
        """Let one person's sessions out of a room, which everyone there is told, they too."""
        self._let_out(self._rooms[name], [(session, nick) for session in sessions])

    def leave(self, leaving: "Sequence[Leaving]") -> None:
        """Close connections; whoever has no other is gone, which everyone is told, the leavers too."""
        departures: dict[str, list[tuple[Session, str]]] = {}
        for item in leaving:
            for name in item.session.rooms:
                departures.setdefault(name, []).append((item.session, item.nick))
        for name, group in departures.items():
            self._let_out(self._rooms[name], group)
        for item in leaving:
            item.session.hurry()
            self._reads.when_done(item.session, item.session.close)
            _log.info(tr("{nick} left.", nick=item.nick))

    def _let_out(self, room: Room, departures: "Sequence[tuple[Session, str]]") -> None:
        """Take sessions out of `room`, and tell those who hear of it; in a crowd only whoever leaves."""
        now = self._settings.clock()
        gone = {nick: Left(room.name, nick, now) for session, nick in departures if room.remove(session)}
        room.tell_presence(gone.values())
        for session, nick in departures:
            room.unlisten(session)
            if room.crowded and nick in gone:
                session.send(gone[nick])
        if not room.count and room.name != GENERAL:
            del self._rooms[room.name]

    def rename(self, sessions: "Sequence[Session]", nick: str, to: str, rooms: Iterable[str]) -> None:
        """Call `sessions`, all of one person, `to`. Who is in a room with them hears of it once; in a crowd nobody."""
        self.flush()
        hearing = set(sessions)
        for room in map(self._rooms.__getitem__, rooms):
            if not room.crowded:
                hearing |= room.everyone
            room.rename(sessions, to)
        renamed = Renamed(nick, to, self._settings.clock())
        for session in hearing:
            session.send(renamed)

    def list_members(self, session: "Session", name: str) -> None:
        room = self._rooms[name]
        self.flush()
        session.send(Members(room.name, room.nicks, room.count if room.crowded else 0))

    # What is said

    def deliver(self, said: Said) -> None:
        """Tell a message, which is in the log by now, to its room."""
        self._last_seq = said.seq
        if (room := self._rooms.get(said.room)) is not None:
            room.tell(said)

    def flush(self) -> None:
        """Write what was told."""
        self._fanout.flush()

    # Chores

    async def recount(self) -> None:
        """Let each room that is or was a crowd tell how many are there, if that changed."""
        for room in self._rooms.values():
            room.recount(asyncio.get_running_loop().time())
        self.flush()

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


def _roster(room: Room, nick: str) -> tuple[list[str], int]:
    """Return who is in `room` and 0, or of a crowd only `nick`, and how many there are."""
    return ([nick], room.count) if room.crowded else (room.nicks, 0)


def _entered(room: Room, nick: str, seq: int) -> Entered:
    nicks, count = _roster(room, nick)
    return Entered(room.name, nicks, seq, count)
