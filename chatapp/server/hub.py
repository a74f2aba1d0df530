"""The sessions of one server and its rooms; the relay tells it what happened, in order."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from chatapp.protocol import limits, rich
from chatapp.protocol.errors import ServerFull, ShuttingDown, TurnedAway
from chatapp.protocol.events import (
    Became,
    Entered,
    Event,
    Joined,
    Left,
    Members,
    Present,
    Renamed,
    Said,
    Typed,
    Welcomed,
)
from chatapp.protocol.names import CONVERSATION, GENERAL, PRIVATE, is_hidden
from chatapp.protocol.opening import Dialect
from chatapp.server.address_limits import Addresses
from chatapp.server.dialects import encode
from chatapp.server.fanout import Fanout
from chatapp.server.people import People
from chatapp.server.reads import Reads
from chatapp.server.registry import Registry, other_of
from chatapp.server.room import Room
from chatapp.server.settings import Settings
from chatapp.server.store import Told
from chatapp.texts import tr
from chatapp.version import SOFTWARE

if TYPE_CHECKING:
    from chatapp.server.bus import Entering, Leaving
    from chatapp.server.session import Session

_TOLD_AT_ONCE = 32
_TOLD_EVERY_SECONDS = 0.003
"""So many of a crowd are told its number at a time, which takes some 0.2 ms, and the next of them so much later."""

_log = logging.getLogger(__name__)

_TOLD_AT_MOST = 32
"""So many more connections are taken, only to tell each why it can't stay."""


class Hub:
    """Who is connected, at most `connections`, and what rooms there are. `log` and `last_seq` are the store's."""

    def __init__(
        self,
        settings: Settings,
        connections: int,
        reads: Reads,
        people: People,
        registry: Registry,
        log: str,
        last_seq: int,
    ) -> None:
        self._connections = connections
        self._sessions: set[Session] = set()
        self._refused: dict[Session, TurnedAway] = {}
        """Those of them for which there is no place, and why."""
        self._addresses = Addresses(settings.rates)
        self._is_empty = asyncio.Event()
        self.departures = 0
        """How many connections have ended."""
        self._settings = settings
        self._reads = reads
        self._people = people
        self._registry = registry
        self._log_name = log
        self._last_seq = last_seq
        self._fanout = Fanout()
        self._rooms = {GENERAL: Room(GENERAL, self._fanout)}
        """Those that somebody is in, and the one that is always there."""

    def connect(self, session: "Session") -> None:
        """Take in a connection, until `disconnect`. Raises TurnedAway if it is one too many even to be told so."""
        is_full = len(self._sessions) - len(self._refused) >= self._connections
        self._sessions.add(session)
        error = self._addresses.connect(session.place, asyncio.get_running_loop().time())
        if is_full:
            error = ServerFull(limit=self._connections)
        if error is not None:
            self._refused[session] = error
            if len(self._refused) > _TOLD_AT_MOST:
                raise error

    def check_capacity(self, session: "Session") -> None:
        """Raises TurnedAway if there was no place left when `session` connected."""
        if (error := self._refused.get(session)) is not None:
            raise error

    @property
    def last_seq(self) -> int:
        """The `seq` of the newest message that was told."""
        return self._last_seq

    def disconnect(self, session: "Session") -> None:
        self.departures += 1
        self._addresses.disconnect(session.place)
        self._sessions.discard(session)
        self._refused.pop(session, None)
        if not self._sessions:
            self._is_empty.set()

    def people(self) -> "list[Session]":
        """Return all sessions that have a nick."""
        return [session for session in self._sessions if session.nick is not None]

    def _open(self, name: str) -> Room:
        if (room := self._rooms.get(name)) is None:
            room = self._rooms[name] = Room(name, self._fanout)
        return room

    def counts(self, session: "Session") -> dict[str, int]:
        """Return how many people are in each room that somebody is in, as far as `session` may know of it."""
        return {
            name: room.count
            for name, room in self._rooms.items()
            if not is_hidden(name) or (name in session.rooms and name.startswith(PRIVATE))
        }

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
        topic = self._registry.facts(GENERAL).topic
        item.session.send(
            Welcomed(
                item.nick, room.name, nicks, *log, has_gap=has_gap, count=count, topic=topic, presence=room.presence
            )
        )
        item.session.since = self._last_seq
        seen = self._last_seq if has_gap else self._last_seq - missed
        others = [self._rooms[name] for name in item.rooms[1:]]
        entered = (
            self._entered(room, item.session, item.nick, seen) for room in others if item.session.may_read(room.name)
        )
        if seen < self._last_seq or others:
            self._reads.catch_up(item.session, entered, item.rooms, seen, self._last_seq)
        self._tell_unread(item.session, item.nick, item.rooms)
        _log.info(self._arrival(item))

    def _arrival(self, item: "Entering") -> str:
        values = {"nick": item.nick, "dialect": item.session.voice.dialect.value}
        if not self._settings.log_addresses:
            return tr("{nick} joined ({dialect}).", **values)
        return tr("{nick} joined ({dialect}) from {address}.", **values, address=item.session.address)

    def join(self, sessions: "Sequence[Session]", nick: str, name: str) -> None:
        """Bring one person's sessions into a room; if all are there already, they are only told so again."""
        room = self._open(name)
        joined = self._let_in(room, [(session, nick) for session in sessions if not room.has(session)])
        for session in sessions:
            session.send(self._entered(room, session, nick, self._last_seq))
            self._settle(session, room, next(iter(joined.values()), None))
            self._tell_unread(session, nick, (name,))

    def _entered(self, room: Room, session: "Session", nick: str, seq: int) -> Entered:
        nicks, count = _roster(room, nick)
        facts = self._registry.facts(room.name)
        title = facts.title
        if room.name.startswith(CONVERSATION):
            title = self._people.nick_of(other_of(facts, session.account))
        return Entered(room.name, nicks, seq, count, title, facts.topic, room.presence)

    def _tell_unread(self, session: "Session", nick: str, rooms: Iterable[str]) -> None:
        """Tell whoever has a key what they have not read."""
        if not session.is_guest:
            self._reads.count(session, nick, rooms, self._last_seq)

    def tell_unread(self, account: str, room: str) -> None:
        """Tell all connections of a key what it has not read in `room`."""
        for session in self._people.sessions_of(account):
            if session.nick is not None and room in session.rooms:
                self._tell_unread(session, session.nick, (room,))

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
        self._tell_all(hearing, Renamed(nick, to, self._settings.clock()))
        for session in sessions:
            if session.is_guest:
                session.since = self._last_seq  # what the nick said before, somebody else may have said

    def become(self, became: Became, rooms: Iterable[str]) -> None:
        """Tell who is in a room with somebody, once, how these are there; in a crowd nobody."""
        self.flush()
        hearing: set[Session] = set()
        for room in filter(None, map(self._rooms.get, rooms)):
            room.set_presence(became.nick, became.state)
            if not room.crowded:
                hearing |= room.everyone
        self._tell_all(hearing, became)

    def _tell_all(self, sessions: "Iterable[Session]", event: Event) -> None:
        """Tell `event`, spelt once for each dialect, to sessions of whatever rooms."""
        lines = {dialect: encode(dialect, event) for dialect in Dialect}
        for session in sessions:
            if line := lines[session.voice.dialect]:
                session.push_shared(line)

    def hint(self, session: "Session", typed: Typed) -> None:
        """Tell others in a room, which is no crowd, that somebody is writing."""
        room = self._rooms.get(typed.room)
        if room is None or room.crowded:
            return
        self.flush()
        self._tell_all(room.listeners(Dialect.RICH) - {session}, typed)

    def list_members(self, session: "Session", name: str) -> None:
        room = self._rooms[name]
        self.flush()
        session.send(Members(room.name, room.nicks, room.count if room.crowded else 0, room.presence))

    # What is said

    def deliver(self, event: Told) -> None:
        """Tell a message or a change, which is in the log by now, to its room."""
        self._last_seq = event.seq
        if isinstance(event, Said) and event.kind == "topic":
            self._registry.set_topic(event.room, event.text)
        if (room := self._rooms.get(event.room)) is not None:
            room.tell(event)

    def flush(self) -> None:
        """Write what was told."""
        self._fanout.flush()

    # Chores

    async def recount(self) -> None:
        """Let each room that is or was a crowd tell how many are there, if that changed."""
        for room in tuple(self._rooms.values()):
            present = room.recount(asyncio.get_running_loop().time())
            if present is not None and room.crowded:
                await self._spread(present, tuple(room.listeners(Dialect.RICH)))
            elif present is not None:
                room.tell(present)
                self.flush()

    async def _spread(self, present: Present, listeners: "Sequence[Session]") -> None:
        """Tell the number of a crowd to some of it at a time: others need not wait for that, and late is not wrong."""
        self.flush()
        data = rich.encode(present)
        for first in range(0, len(listeners), _TOLD_AT_ONCE):
            for listener in listeners[first : first + _TOLD_AT_ONCE]:
                listener.push_shared(data)
            await asyncio.sleep(_TOLD_EVERY_SECONDS)

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
