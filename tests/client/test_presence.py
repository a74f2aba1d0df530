"""Idle and away, as the server is told: in time, not without a connection, and nobody is called back by a key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.events import Disconnected, Reason
from chatapp.client.presence import Attendance
from chatapp.client.state import ChatState
from chatapp.protocol import limits
from chatapp.protocol.events import Became, Event, Renamed, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Presence, Request, SetPresence, Who
from chatapp.server.server import Server
from tests.client.watching import joined
from tests.peers import SeedServer

IDLE = SetPresence("idle")
ACTIVE = SetPresence("active")
LUNCH = SetPresence("away", "lunch")


class Person:
    """Somebody's state and attendance; `asked` is what the server was told."""

    def __init__(self) -> None:
        self.state = ChatState()
        self.asked: list[Request] = []
        self.attendance = Attendance(self.state, self.asked.append)
        self.take(welcomed())

    def take(self, *events: Event) -> None:
        """Take what the server says."""
        for event in events:
            self.state.apply(event)
            self.attendance.follow(event)

    def be(self, *idle: bool) -> list[Request]:
        """Be idle or not, one after the other; return what the server was told of it."""
        before = len(self.asked)
        for each in idle:
            self.attendance.set_idle(each)
        return self.asked[before:]

    def say(self, word: SetPresence, *, is_confirmed: bool = True) -> None:
        self.attendance.want(word)
        if is_confirmed:
            self.take(Became("Ana", word.state, word.text))

    def lose_connection(self) -> None:
        self.state.apply(Disconnected(Reason.LOST, 1.0))


def welcomed(presence: Presence = "active") -> Welcomed:
    others = {"eva": "away"}
    return Welcomed("Ana", GENERAL, ["Ana", "eva"], "log", 0, 1, presence={"Ana": presence, **others})


def test_each_change_is_told_once() -> None:
    """Idle, and active again; what the server knows is no news."""
    ana = Person()
    assert ana.be(False) == []
    assert ana.be(True, True) == [IDLE]
    assert ana.be(False, False) == [ACTIVE]


def test_without_a_connection_nothing_is_told() -> None:
    """With the next one who is idle is told so; who is active counts as that already."""
    ana = Person()
    ana.lose_connection()
    assert ana.be(True, False, True) == []
    ana.take(welcomed())
    assert ana.asked == [IDLE]
    ana.lose_connection()
    ana.be(False)
    ana.take(welcomed())
    assert ana.asked == [IDLE]


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_who_is_away_stays_so(is_confirmed: bool) -> None:
    """Neither silence nor a key is told, confirmed or not; after /back both are."""
    ana = Person()
    ana.be(True, False)
    ana.say(LUNCH, is_confirmed=is_confirmed)
    assert ana.be(True, False) == []
    ana.say(ACTIVE)
    assert ana.be(True) == [IDLE]


def test_what_comes_late_does_not_call_back() -> None:
    """That one was active again is confirmed after /away was typed: that stands, also over the next connection."""
    ana = Person()
    ana.be(True, False)
    ana.say(LUNCH, is_confirmed=False)
    ana.take(Became("Ana", "active"), Became("Ana", "away", "lunch"))
    assert ana.asked == [IDLE, ACTIVE]
    ana.take(welcomed())
    assert ana.asked == [IDLE, ACTIVE, LUNCH]


def test_away_by_another_device() -> None:
    """It is as one's own word, until that device says otherwise; what changed here meanwhile is told then."""
    ana = Person()
    ana.take(Became("Ana", "away"))
    assert ana.be(True) == []
    ana.take(Became("Ana", "active"))
    assert ana.asked == [IDLE]


def test_away_lasts_over_connections() -> None:
    """Who went away here is so again; who did elsewhere is what the server says."""
    ana = Person()
    ana.say(LUNCH)
    ana.take(welcomed())
    assert ana.asked == [LUNCH]
    eva = Person()
    eva.take(welcomed("away"))
    assert eva.be(True) == []
    eva.take(welcomed())
    assert eva.asked == [IDLE]


def test_back_elsewhere_is_back() -> None:
    """Another device ended it: the next connection does not bring it up again."""
    ana = Person()
    ana.say(LUNCH)
    ana.take(Became("Ana", "active"), welcomed())
    assert ana.asked == []


def test_others_change_nothing() -> None:
    """Nor does another nick of one's own."""
    ana = Person()
    ana.take(Became("eva", "away"))
    assert ana.be(True, False) == [IDLE, ACTIVE]
    ana.take(Renamed("Ana", "Eva2", 0.0), Became("Eva2", "away"))
    assert ana.be(True) == []


@given(st.lists(st.sampled_from(["idle", "touch", "cut", "welcome"])))
def test_at_the_end_the_server_knows(steps: list[str]) -> None:
    """Whatever was lost on the way: with a connection it was told last, on that one, what is so, if it isn't active."""
    ana = Person()
    is_idle = False
    for step in [*steps, "welcome"]:
        match step:
            case "idle" | "touch":
                is_idle = step == "idle"
                ana.be(is_idle)
            case "cut":
                ana.lose_connection()
            case "welcome":
                ana.asked.clear()
                ana.take(welcomed())
    assert ana.asked == ([IDLE] if is_idle else [])


def test_a_program_may_say_it_itself() -> None:
    """What was sent as a request counts as if it had come about here, over the next connection too."""
    ana = Person()
    ana.say(IDLE)
    assert ana.asked == []
    ana.take(welcomed())
    assert ana.asked == [IDLE]
    ana.say(ACTIVE)
    ana.take(welcomed())
    assert ana.asked == [IDLE]


async def test_others_see_it(server: Server) -> None:
    """Over a real connection: idle, then away by a typed line, which the next key does not undo, then back."""
    async with joined(server.port, "eva") as eva, joined(server.port, "ana") as ana:
        ana.client.set_idle(True)
        assert await eva.next(Became) == Became("ana", "idle")
        ana.client.set_idle(False)
        ana.client.type_line("/away lunch")
        ana.client.set_idle(True)
        ana.client.set_idle(False)
        ana.client.send(Who(GENERAL))
        ana.client.type_line("/back")
        seen = [await eva.next(Became) for _ in range(3)]
        assert seen == [Became("ana", "active"), Became("ana", "away", "lunch"), Became("ana", "active")]


async def test_a_simple_server_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """One without framing would show it as a message, so nothing is sent."""
    monkeypatch.setattr(limits, "GREETING_SECONDS", 0.05)
    async with SeedServer() as seed, joined(seed.port, "ana") as ana:
        ana.client.set_idle(True)
        ana.client.set_idle(False)
        ana.client.type_line("hola")
        await ana.texts(1)
        assert seed.received == [b"ana: hola"]
