"""Whatever three people with two clients each do, every client is told just what a simple model says, in its order."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from chatapp.protocol.errors import Code
from chatapp.protocol.events import (
    Entered,
    Error,
    Event,
    Found,
    HistoryPage,
    Members,
    Said,
)
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import (
    Delete,
    Edit,
    History,
    Invite,
    Join,
    Leave,
    MakePrivate,
    React,
    Remove,
    Request,
    Say,
    Search,
    Who,
)
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings
from tests.server.model import Happening, Message, Model
from tests.server.seats import Kept, Seat

PEOPLE = ["ana", "eva", "leo"]
PUBLIC = [GENERAL, "#ops", "#dev"]
EMOJI = ["heart", "thumbs_up"]

STEPS_AN_EXAMPLE = 50
CHOICE = st.integers(0, 999)
"""Taken modulo how many there are to choose from."""


class Chat(RuleBasedStateMachine):
    """Steps of people in a chat, each followed by a look at what all clients were told."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.model = Model(PEOPLE)
        self.seats = [Seat(person) for person in PEOPLE * 2]
        self.number = 0
        self.run(self._start())

    def run(self, step: object) -> None:
        self.runner.run(asyncio.wait_for(step, 30))  # type: ignore[arg-type]

    async def _start(self) -> None:
        self.server = Server(Settings(port=0, rates=Rates(per_second=None), data=Path(self.folder.name)))
        await self.server.start()

    def teardown(self) -> None:
        for seat in self._connected:
            seat.drop()
        self.run(self.server.stop())
        self.runner.close()
        self.folder.cleanup()

    @property
    def _connected(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.peer is not None]

    def _seat(self, choice: int) -> Seat:
        return self._connected[choice % len(self._connected)]

    def _room(self, choice: int) -> str:
        rooms = sorted({*PUBLIC, *self.model.members})
        return rooms[choice % len(rooms)]

    def _message(self, choice: int) -> Message | None:
        said = [one.message for one in self.model.log if one.what == "said"]
        return said[choice % len(said)] if said else None

    def _text(self) -> str:
        self.number += 1
        return f"text{self.number}"

    # What happens to connections

    @precondition(lambda self: len(self._connected) < len(self.seats))
    @rule(choice=CHOICE)
    def connect(self, choice: int) -> None:
        away = [seat for seat in self.seats if seat.peer is None]
        self.run(self._connect(away[choice % len(away)]))

    async def _connect(self, seat: Seat) -> None:
        seen = seat.seen
        if not await seat.connect(self.server.port):
            seat.expected += self.model.missed(seat.person, seen)
        await self._check()

    @precondition(lambda self: self._connected)
    @rule(choice=CHOICE)
    def disconnect(self, choice: int) -> None:
        self._seat(choice).drop()

    @rule()
    def restart(self) -> None:
        for seat in self._connected:
            seat.drop()
        self.run(self.server.stop())
        self.run(self._start())

    # What people do

    @precondition(lambda self: self._connected)
    @rule(who=CHOICE, where=CHOICE, kind=st.sampled_from(["text", "action", "topic"]))
    def say(self, who: int, where: int, kind: str) -> None:
        self.run(self._say(self._seat(who), self._room(where), self._text(), kind))

    async def _say(self, seat: Seat, room: str, text: str, kind: str) -> None:
        events = await self._do(seat, Say(room, text, text, kind))  # type: ignore[arg-type]
        await self._follow(events, self.model.say(seat.person, room, text, kind))

    @precondition(lambda self: self._connected)
    @rule(who=CHOICE, to=st.sampled_from(PEOPLE))
    def converse(self, who: int, to: str) -> None:
        self.run(self._converse(self._seat(who), to, self._text()))

    async def _converse(self, seat: Seat, to: str, text: str) -> None:
        events = await self._do(seat, Say(f"@{to}", text, text))
        if (error := error_of(events)) is not None:
            assert error == Code.NO_SUCH_NICK
            assert all(one.log == "" for one in self.seats if one.person == to)
            await self._check()
            return
        room = next(event.room for event in events if isinstance(event, Said))
        self.model.open(room, seat.person, to)
        await self._follow(events, self.model.say(seat.person, room, text))

    @precondition(lambda self: self._connected)
    @rule(who=CHOICE, which=CHOICE)
    def edit(self, who: int, which: int) -> None:
        if (message := self._message(which)) is not None:
            self.run(self._edit(self._seat(who), message, self._text()))

    async def _edit(self, seat: Seat, message: Message, text: str) -> None:
        events = await self._do(seat, Edit(message.room, text, message.seq))
        await self._follow(events, self.model.edit(seat.person, message, text))

    @precondition(lambda self: self._connected)
    @rule(who=CHOICE, which=CHOICE)
    def delete(self, who: int, which: int) -> None:
        if (message := self._message(which)) is not None:
            self.run(self._delete(self._seat(who), message))

    async def _delete(self, seat: Seat, message: Message) -> None:
        text = message.text
        events = await self._do(seat, Delete(message.room, message.seq))
        outcome = self.model.delete(seat.person, message)
        await self._follow(events, outcome)
        if isinstance(outcome, Happening):
            found = (await seat.ask(Search(message.room, text), until=Found))[-1]
            assert isinstance(found, Found)
            assert found.messages == []

    @precondition(lambda self: self._connected)
    @rule(who=CHOICE, which=CHOICE, emoji=st.sampled_from(EMOJI), on=st.booleans())
    def react(self, who: int, which: int, emoji: str, on: bool) -> None:
        if (message := self._message(which)) is not None:
            self.run(self._react(self._seat(who), message, emoji, on))

    async def _react(self, seat: Seat, message: Message, emoji: str, on: bool) -> None:
        events = await self._do(seat, React(message.room, emoji, message.seq, on))
        await self._follow(events, self.model.react(seat.person, message, emoji, on))

    @precondition(lambda self: self._connected)
    @rule(who=CHOICE, room=st.sampled_from(PUBLIC[1:]))
    def join(self, who: int, room: str) -> None:
        self.run(self._join(self._seat(who), room))

    async def _join(self, seat: Seat, room: str) -> None:
        await self._do(seat, Join(room))
        self.model.join(seat.person, room)
        await self._check()

    @precondition(lambda self: self._connected)
    @rule(who=CHOICE)
    def make_private(self, who: int) -> None:
        self.run(self._make_private(self._seat(who)))

    async def _make_private(self, seat: Seat) -> None:
        events = await self._do(seat, MakePrivate("plan"))
        self.model.hide(seat.person, next(event.room for event in events if isinstance(event, Entered)))
        await self._check()

    @precondition(lambda self: self._connected)
    @rule(who=CHOICE, where=CHOICE)
    def leave(self, who: int, where: int) -> None:
        self.run(self._leave(self._seat(who), self._room(where)))

    async def _leave(self, seat: Seat, room: str) -> None:
        error = error_of(await self._do(seat, Leave(room)))
        if not self.model.is_in(seat.person, room):
            assert error == Code.NOT_IN_ROOM
        elif room == GENERAL:
            assert error == Code.STAYS_IN_GENERAL
        else:
            self.model.leave(seat.person, room)
        await self._check()

    @precondition(lambda self: self._connected)
    @rule(who=CHOICE, where=CHOICE, whom=st.sampled_from(PEOPLE))
    def invite(self, who: int, where: int, whom: str) -> None:
        self.run(self._invite(self._seat(who), self._room(where), whom))

    async def _invite(self, seat: Seat, room: str, whom: str) -> None:
        events = await self._do(seat, Invite(room, whom))
        if (error := error_of(events)) is not None:
            is_in = self.model.is_in(seat.person, room)
            expected = Code.NO_SUCH_NICK if room in self.model.hidden else Code.NOT_PRIVATE
            assert error == (expected if is_in else Code.NOT_IN_ROOM)
            await self._check()
        elif self.model.is_in(whom, room):
            await self._check()
        else:
            self.model.join(whom, room)
            await self._follow(events, self.model.say(seat.person, room, whom, "invited"))

    @precondition(lambda self: self._connected)
    @rule(who=CHOICE, where=CHOICE, whom=st.sampled_from(PEOPLE))
    def remove(self, who: int, where: int, whom: str) -> None:
        self.run(self._remove(self._seat(who), self._room(where), whom))

    async def _remove(self, seat: Seat, room: str, whom: str) -> None:
        events = await self._do(seat, Remove(room, whom))
        if not self.model.is_in(seat.person, room):
            assert error_of(events) == Code.NOT_IN_ROOM
        elif self.model.makers.get(room) != seat.person:
            assert error_of(events) == Code.NOT_YOURS
        elif not self.model.is_in(whom, room):
            assert error_of(events) == Code.NO_SUCH_NICK
        else:
            await self._follow(events, self.model.say(seat.person, room, whom, "removed"))
            self.model.leave(whom, room)
            return
        await self._check()

    @precondition(lambda self: self._connected)
    @rule(who=CHOICE, where=CHOICE)
    def read_a_page(self, who: int, where: int) -> None:
        self.run(self._read_a_page(self._seat(who), self._room(where)))

    async def _read_a_page(self, seat: Seat, room: str) -> None:
        """Find the messages of a room as they stand by the model, or that one may not read them."""
        is_in = self.model.is_in(seat.person, room)
        answer = (await seat.ask(History(room, limit=1000), until=HistoryPage if is_in else Error))[-1]
        if not is_in:
            assert isinstance(answer, Error)
            assert answer.code == Code.NOT_IN_ROOM
            return
        assert isinstance(answer, HistoryPage)
        read = [(one.seq, one.text, one.is_edited, one.is_deleted, one.reactions) for one in answer.messages]
        assert read == [
            (one.seq, one.text, one.is_edited and not one.is_deleted, one.is_deleted, one.reactions)
            for one in self.model.messages(room)
        ]

    # What comes of it

    async def _do(self, seat: Seat, request: Request) -> list[Event]:
        """Send `request`; return all that comes until it is done: what is asked after it goes the same road."""
        return await seat.ask(request, Who(GENERAL), until=Members)

    async def _follow(self, events: list[Event], outcome: Happening | Code | None) -> None:
        """Find that `events` tell of `outcome`, and that all clients are told what they may be."""
        if isinstance(outcome, Happening):
            outcome.seq = next(event.seq for event in reversed(events) if isinstance(event, Kept))
            if outcome.what == "said":
                outcome.message.seq = outcome.seq
            for seat in self._connected:
                if self.model.is_in(seat.person, outcome.message.room):
                    seat.expected.append(outcome.line())
        else:
            assert error_of(events) == outcome
        await self._check()

    async def _check(self) -> None:
        for seat in self._connected:
            await seat.check()


def error_of(events: list[Event]) -> str | None:
    return next((event.code for event in events if isinstance(event, Error)), None)


def run_steps(steps: int) -> None:
    examples = settings(
        max_examples=steps // STEPS_AN_EXAMPLE,
        stateful_step_count=STEPS_AN_EXAMPLE,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Chat, settings=examples)


def test_every_client_sees_what_the_model_says() -> None:
    """In some 500 steps."""
    run_steps(500)


@pytest.mark.campaign
def test_every_client_sees_what_the_model_says_at_length() -> None:
    """In some 20,000 steps."""
    run_steps(20_000)
