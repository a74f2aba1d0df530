"""Rooms behave like sets of people, whatever three of them do: each is told exactly what a model says, in order."""

from collections.abc import Iterable
from random import Random

import pytest

from chatapp.client.identity import Identity
from chatapp.protocol.events import Counted, Entered, Error, Event, Joined, Left, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Join, Leave, Quit, Say
from chatapp.server.server import Server
from tests.server.keyed import read_prompt, try_to_enter
from tests.server.rooms import DEV, OPS
from tests.server.talking import Peer

ROOMS = [GENERAL, OPS, DEV]
NICKS = ["ana", "eva", "leo"]
STEPS = 120

Line = tuple[object, ...]
"""What an event says, without what a model can't know."""


def line_of(event: Event) -> Line:
    match event:
        case Said():
            return "said", event.room, event.nick, event.text
        case Joined() | Left():
            return type(event).__name__, event.room, event.nick
        case Entered():
            return "entered", event.room, *event.members
    return (type(event).__name__,)


class Person:
    """One who holds a key: where they are by the model, what they must have been told, and what they were."""

    def __init__(self, nick: str, port: int) -> None:
        self.nick = nick
        self.rooms = [GENERAL]
        self.is_here = False
        self.expected: list[Line] = []
        self.told = 0
        """The number of the last message that they were told."""
        self.refusals = 0
        self.seen = 0
        self._identity = Identity.from_seed(nick[0].encode() * 32)
        self._port = port
        self._log = ""
        self.peer: Peer

    @property
    def is_new(self) -> bool:
        return not self._log

    async def connect(self) -> list[str]:
        """Come back, and return who is in the first room by the welcome."""
        self.peer = await Peer.connect(self._port)
        await read_prompt(self.peer)
        welcomed = await try_to_enter(self.peer, self.nick, self._identity, self._log, self.seen)
        assert isinstance(welcomed, Welcomed)
        if self.is_new:
            self.seen = welcomed.seq
        self.is_here, self._log = True, welcomed.log
        return welcomed.members

    async def check(self) -> None:
        """Read as many lines as are expected: each must be the next one."""
        for line in self.expected:
            event = await self._next()
            assert line_of(event) == line
            if isinstance(event, Said):
                assert event.seq > self.seen
                self.seen, self.told = event.seq, int(event.text)
        self.expected.clear()
        while self.refusals:
            while isinstance(event := await self.peer.event(), Counted):
                pass
            assert isinstance(event, Error)
            self.refusals -= 1

    async def _next(self) -> Event:
        """Return the next event; refusals may come between any."""
        while isinstance(event := await self.peer.event(), Error | Counted):
            if isinstance(event, Error):
                assert self.refusals
                self.refusals -= 1
        return event


class Model:
    """What three people in three rooms are told of each other."""

    def __init__(self, port: int, random: Random) -> None:
        self.people = [Person(nick, port) for nick in NICKS]
        self._random = random
        self._said: list[tuple[str, Line]] = []
        """The room and the line of each message."""

    def _here(self, room: str) -> list[Person]:
        return [person for person in self.people if person.is_here and room in person.rooms]

    def _nicks(self, room: str) -> list[str]:
        return sorted(person.nick for person in self._here(room))

    def _tell(self, people: Iterable[Person], *line: object) -> None:
        for person in people:
            person.expected.append(line)

    async def connect(self, person: Person) -> None:
        if person.is_new:
            person.told = len(self._said)
        members = await person.connect()
        assert members == self._nicks(GENERAL)
        for room in person.rooms[1:]:
            self._tell([person], "entered", room, *self._nicks(room))
        person.expected += [line for room, line in self._said[person.told :] if room in person.rooms]
        for room in person.rooms:
            self._tell(self._here(room), "Joined", room, person.nick)

    async def quit(self, person: Person) -> None:
        await person.check()
        person.peer.send(Quit())
        for room in person.rooms:
            self._tell(self._here(room), "Left", room, person.nick)
        await person.check()
        assert await person.peer.rest() == b""
        person.is_here = False

    def join(self, person: Person, room: str) -> None:
        person.peer.send(Join(room))
        is_new = room not in person.rooms
        if is_new:
            person.rooms.append(room)
        self._tell([person], "entered", room, *self._nicks(room))
        if is_new:
            self._tell(self._here(room), "Joined", room, person.nick)

    def leave(self, person: Person, room: str) -> None:
        person.peer.send(Leave(room))
        if room == GENERAL or room not in person.rooms:
            person.refusals += 1
        else:
            self._tell(self._here(room), "Left", room, person.nick)
            person.rooms.remove(room)

    def say(self, person: Person, room: str) -> None:
        text = str(len(self._said) + 1)
        person.peer.send(Say(room, text, text))
        if room not in person.rooms:
            person.refusals += 1
            return
        self._tell(self._here(room), *(line := ("said", room, person.nick, text)))
        self._said.append((room, line))

    async def step(self) -> None:
        """Let somebody do something; what must be one order for all is read before another one acts."""
        person = self._random.choice(self.people)
        if not person.is_here:
            await self.connect(person)
        elif self._random.random() < 0.15:
            await self.quit(person)
        else:
            for _ in range(self._random.randrange(1, 6)):
                act = self._random.choice([self.join, self.leave, self.say, self.say])
                act(person, self._random.choice(ROOMS))
        await self.check()

    async def check(self) -> None:
        for person in self.people:
            if person.is_here:
                await person.check()


@pytest.mark.parametrize("seed", range(6))
async def test_each_is_told_what_the_model_says(server: Server, seed: int) -> None:
    """Joins, leaves, messages, goodbyes and returns, in any order, some of them refused."""
    model = Model(server.port, Random(seed))
    for _ in range(STEPS):
        await model.step()
    for person in model.people:
        if not person.is_here:
            await model.connect(person)
    await model.check()
