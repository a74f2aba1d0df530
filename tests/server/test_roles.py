"""Roles change all the time: whatever people do to each other, the server lets do what a model says, and no more."""

import asyncio
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chatapp.client.identity import Identity
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Challenged, Described, Error, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import (
    Ban,
    Hello,
    Join,
    Kick,
    Leave,
    Mute,
    Quit,
    Remove,
    Request,
    Say,
    Unban,
    Unmute,
    Whois,
)
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings
from tests.server.keyed import read_prompt, signed
from tests.server.talking import Peer

OPERATOR = Identity.from_seed(b"operator".ljust(32))
NAMES = ("ana", "luis", "eva", "gus")
"""An operator, two with keys, and a guest."""

names = st.sampled_from(NAMES)
those_who_moderate = st.sampled_from(["ana", "luis", "ana", "luis", "eva", "gus"])
those_who_bear_it = st.sampled_from(["eva", "gus", "luis", "eva", "gus", "ana"])
rooms = st.sampled_from(["#a", "#a", "#a", "#b"])
places = st.sampled_from(["#a", "#a", "#b", GENERAL])

LONG = settings(max_examples=1500, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck))
QUICK = settings(LONG, max_examples=20, stateful_step_count=40, phases=[Phase.generate])


class Person:
    """One of them: connected or not, and in which rooms, by the model."""

    def __init__(self, name: str, number: int) -> None:
        self.nick = f"{name}{number}"
        self.is_operator, self.is_guest = name == "ana", name == "gus"
        seed = self.nick.encode().ljust(32)
        self.key = None if self.is_guest else OPERATOR if self.is_operator else Identity.from_seed(seed)
        self.peer: Peer | None = None
        self.rooms = {GENERAL}

    @property
    def is_known(self) -> bool:
        """Whether the nick stands for somebody: a guest's only as long as they are here."""
        return self.peer is not None or not self.is_guest

    def is_in(self, room: str) -> bool:
        return room in self.rooms and (self.peer is not None or room != GENERAL)


class Roles(RuleBasedStateMachine):
    """Four people in two rooms of their own, on a server that goes on from one run to the next."""

    server: ClassVar[Server]
    runner: ClassVar[asyncio.Runner]
    watcher: ClassVar[Peer]
    numbers: ClassVar[Iterator[int]]

    @initialize()
    def begin(self) -> None:
        self.number = next(self.numbers)
        self.people = {name: Person(name, self.number) for name in NAMES}
        self.makers: dict[str, Person | None] = {GENERAL: None}
        self.banned, self.muted = set[tuple[str, str]](), set[tuple[str, str]]()
        for name in NAMES:
            self.connect(name)
        for name in ("luis", "eva", "gus"):
            self.join(name, "#a")

    def teardown(self) -> None:
        for person in getattr(self, "people", {}).values():
            if person.peer is not None:
                self._leave_chat(person)
        if hasattr(self, "banned"):
            self._clean()

    # What they do

    @rule(name=names)
    def connect(self, name: str) -> None:
        person = self.people[name]
        if person.peer is None:
            answer = self._run(self._hello(person))
            is_banned = (GENERAL, person.nick) in self.banned and not person.is_operator
            assert getattr(answer, "code", None) == (Code.BANNED if is_banned else None)

    @rule(name=names)
    def go(self, name: str) -> None:
        if self.people[name].peer is not None:
            self._leave_chat(self.people[name])

    @rule(name=names, room=rooms)
    def join(self, name: str, room: str) -> None:
        person, room = self.people[name], self._room(room)
        if person.peer is None:
            return
        is_banned = (room, person.nick) in self.banned and not person.is_operator
        self._expect(person, Join(room), Code.BANNED_FROM_ROOM if is_banned else None)
        if not is_banned:
            self.makers.setdefault(room, None if person.is_guest else person)
            person.rooms.add(room)

    @rule(name=names, room=rooms)
    def leave(self, name: str, room: str) -> None:
        person, room = self.people[name], self._room(room)
        if person.peer is not None:
            self._expect(person, Leave(room), None if room in person.rooms else Code.NOT_IN_ROOM)
            person.rooms.discard(room)

    @rule(name=names, place=places)
    def say(self, name: str, place: str) -> None:
        person, room = self.people[name], self._room(place)
        if person.peer is None:
            return
        is_muted = not person.is_operator and bool({(room, person.nick), (GENERAL, person.nick)} & self.muted)
        refusal = Code.MUTED if is_muted else None
        self._expect(
            person, Say(room, "hola", f"{next(self.numbers)}"), refusal if room in person.rooms else Code.NOT_IN_ROOM
        )

    @rule(name=those_who_moderate, other=those_who_bear_it, place=places)
    def kick(self, name: str, other: str, place: str) -> None:
        person, target, room = self.people[name], self.people[other], self._room(place)
        if person.peer is None:
            return
        refusal = self._refusal(person, room) or self._exemption(person, target)
        refusal = refusal or (None if target.is_in(room) else Code.NO_SUCH_NICK)
        self._expect(person, Kick(room, target.nick), refusal)
        if refusal is None:
            self._take_out(target, room, Code.KICKED)

    @rule(name=those_who_moderate, other=those_who_bear_it, room=rooms)
    def remove(self, name: str, other: str, room: str) -> None:
        person, target, room = self.people[name], self.people[other], self._room(room)
        if person.peer is None:
            return
        refusal = None if room in person.rooms else Code.NOT_IN_ROOM
        refusal = refusal or (None if self._moderates(person, room) else Code.NOT_YOURS)
        exemption = None if target is person else self._exemption(person, target)
        refusal = refusal or exemption or (None if target.is_in(room) else Code.NO_SUCH_NICK)
        self._expect(person, Remove(room, target.nick), refusal)
        if refusal is None:
            target.rooms.discard(room)

    @rule(name=those_who_moderate, other=those_who_bear_it, place=places, is_ban=st.booleans())
    def sanction(self, name: str, other: str, place: str, is_ban: bool) -> None:
        person, target, room = self.people[name], self.people[other], self._room(place)
        if person.peer is None:
            return
        refusal = self._refusal(person, room) or self._exemption(person, target)
        self._expect(person, (Ban if is_ban else Mute)(room, target.nick), refusal)
        if refusal is None:
            (self.banned if is_ban else self.muted).add((room, target.nick))
            if is_ban:
                self._take_out(target, room, Code.BANNED)

    @precondition(lambda self: self.banned or self.muted)
    @rule(data=st.data())
    def try_all_the_same(self, data: st.DataObject) -> None:
        """Let somebody against whom something is in force come, or speak, just there."""
        place, nick = data.draw(st.sampled_from(sorted(self.banned | self.muted)))
        name = next(name for name, person in self.people.items() if person.nick == nick)
        self.connect(name)
        if place != GENERAL:
            self.join(name, place.removesuffix(str(self.number)))
        self.say(name, place.removesuffix(str(self.number)))

    @rule(name=those_who_moderate, other=those_who_bear_it, place=places, is_ban=st.booleans())
    def lift(self, name: str, other: str, place: str, is_ban: bool) -> None:
        person, target, room = self.people[name], self.people[other], self._room(place)
        if person.peer is None:
            return
        in_force = self.banned if is_ban else self.muted
        refusal = self._refusal(person, room)
        refusal = refusal or (None if (room, target.nick) in in_force else Code.NOTHING_TO_LIFT)
        self._expect(person, (Unban if is_ban else Unmute)(room, target.nick), refusal)
        if refusal is None:
            in_force.discard((room, target.nick))

    @invariant()
    def everyone_is_where_the_model_says(self) -> None:
        for person in getattr(self, "people", {}).values():
            if person.peer is not None:
                described = self._run(self._whois(person.nick))
                assert set(described.rooms) == person.rooms, person.nick

    # What the model says

    def _room(self, place: str) -> str:
        return place if place == GENERAL else f"{place}{self.number}"

    def _moderates(self, person: Person, room: str) -> bool:
        return person.is_operator or self.makers.get(room) is person

    def _refusal(self, person: Person, room: str) -> Code | None:
        if room not in person.rooms and not person.is_operator:
            return Code.NOT_IN_ROOM
        return None if self._moderates(person, room) else Code.NOT_MODERATOR

    def _exemption(self, person: Person, target: Person) -> Code | None:
        if not target.is_known:
            return Code.NO_SUCH_NICK
        return Code.EXEMPT if target is person or target.is_operator else None

    def _take_out(self, target: Person, room: str, code: Code) -> None:
        """Let somebody be out of a room, or, off the chat, read why and find the connection closed."""
        if room != GENERAL:
            target.rooms.discard(room)
        elif target.peer is not None:
            rest = self._run(target.peer.rest())
            assert f'"code":"{code}"'.encode() in rest
            self._gone(target)

    # What the server does

    def _run(self, work: Any) -> Any:
        return self.runner.run(work)

    async def _hello(self, person: Person) -> Welcomed | Error:
        peer = await Peer.connect(self.server.port)
        peer.send(Hello(person.nick, key=person.key.key if person.key else ""))
        await read_prompt(peer)
        if person.key is not None:
            peer.send(signed(await peer.next(Challenged), person.key, person.nick))
        answer = await peer.event()
        assert isinstance(answer, Welcomed | Error)
        if isinstance(answer, Welcomed):
            person.peer = peer
        else:
            peer.abort()
        return answer

    def _leave_chat(self, person: Person) -> None:
        assert person.peer is not None
        person.peer.send(Quit())
        self._run(person.peer.rest())
        self._gone(person)

    def _gone(self, person: Person) -> None:
        person.peer = None
        if person.is_guest:
            person.rooms = {GENERAL}

    def _expect(self, person: Person, request: Request, refusal: Code | None) -> None:
        assert person.peer is not None
        assert self._run(self._ask(person.peer, request)) == refusal

    async def _ask(self, peer: Peer, request: Request) -> Code | None:
        """Return how `request` is refused, by the time that all before it is done."""
        peer.send(request, Whois("watcher"))
        refused = None
        while not isinstance(event := await peer.event(), Described):
            refused = Code(event.code) if isinstance(event, Error) else refused
        return refused

    async def _whois(self, nick: str) -> Described:
        self.watcher.send(Whois(nick))
        while not isinstance(event := await self.watcher.event(), Described):
            pass
        return event

    def _clean(self) -> None:
        """Let the operator, who is the same in all runs, be in no room of this one, and lift what is in force."""
        operator = self.people["ana"]
        self._run(self._hello(operator))
        requests: list[Request] = [Leave(room) for room in operator.rooms - {GENERAL}]
        for request in requests + [Unban(room, nick) for room, nick in self.banned]:
            self._expect(operator, request, None)
        self._leave_chat(operator)


def run_roles(how: settings) -> None:
    with asyncio.Runner() as runner:
        Roles.runner, Roles.numbers = runner, iter(range(1, 10**9))
        Roles.server = Server(Settings(port=0, operators=(OPERATOR.key,), rates=Rates(per_second=None)))
        runner.run(Roles.server.start())
        try:
            Roles.watcher = runner.run(_watch(Roles.server))
            run_state_machine_as_test(Roles, settings=how)
        finally:
            runner.run(Roles.server.stop())


async def _watch(server: Server) -> Peer:
    peer = await Peer.connect(server.port)
    peer.send(Hello("watcher"))
    await read_prompt(peer)
    await peer.next(Welcomed)
    return peer


def test_roles_are_what_the_model_says() -> None:
    """Bans, mutes, kicks and their ends, by everyone, of everyone, in rooms of theirs and everywhere."""
    run_roles(QUICK)


@pytest.mark.campaign
def test_roles_are_what_the_model_says_for_long() -> None:
    run_roles(LONG)
