"""How messages leave, without a network: how many at a time, and what waits behind one that was refused."""

import asyncio

import pytest

from chatapp.client.delivery import Delivery
from chatapp.client.events import Queued
from chatapp.client.state import ChatState, Link
from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Event, Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Request, Say


class Wire:
    """A connection that only notes what is sent; with framing, as `answers_pings` says."""

    def __init__(self, answers_pings: bool = True) -> None:
        self.answers_pings = answers_pings
        self.sent: list[str] = []
        self.changed = asyncio.Event()

    def send(self, request: Request) -> None:
        assert isinstance(request, Say)
        self.sent.append(request.id)
        self.changed.set()


class Sender:
    """A delivery over a `wire`, with so many messages that wait."""

    def __init__(self, count: int = 0, answers_pings: bool = True) -> None:
        self.wire = Wire(answers_pings)
        self.state = ChatState(nick="ana", link=Link.ONLINE)
        self.delivery = Delivery(self.wire, self.state, self.refused)  # type: ignore[arg-type]
        self._seq = 0
        for number in range(count):
            self.state.apply(Queued(Say(GENERAL, "hola", str(number))))

    def refused(self, error: Error) -> None:
        raise AssertionError(error)

    def type(self, message_id: str) -> None:
        say = Say(GENERAL, "hola", message_id)
        self.delivery.send(say)
        self.state.apply(Queued(say))

    def hear(self, event: Event) -> None:
        self.state.apply(event)
        self.delivery.follow(event)

    def confirm(self, message_id: str, nick: str = "ana") -> None:
        self._seq += 1
        self.hear(Said(self._seq, GENERAL, nick, "hola", 0.0, message_id))

    def refuse(self, message_id: str, seconds: float = 0.01) -> None:
        self.hear(Error(Code.TOO_FAST, "", message_id, retry_after=seconds))

    async def until_sent(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.wire.sent) < count:
                self.wire.changed.clear()
                await self.wire.changed.wait()


def ids(*numbers: int) -> list[str]:
    return [str(number) for number in numbers]


def test_so_many_are_under_way_and_no_more() -> None:
    """Of many that wait 32 are sent, and one more for each that is confirmed; what is typed comes after them."""
    sender = Sender(40)
    sender.delivery.send_all()
    assert sender.wire.sent == ids(*range(32))
    sender.type("typed")
    sender.confirm("0")
    sender.confirm("0")
    sender.confirm("5", nick="eva")  # others may use any id
    assert sender.wire.sent == ids(*range(33))
    for number in range(1, 10):
        sender.confirm(str(number))
    assert sender.wire.sent == [*ids(*range(40)), "typed"]


def test_a_server_that_confirms_nothing_is_sent_all() -> None:
    """One without framing is not waited for."""
    sender = Sender(100, answers_pings=False)
    sender.delivery.send_all()
    assert sender.wire.sent == ids(*range(100))


async def test_after_a_refusal_they_go_one_by_one() -> None:
    """Nothing is sent past the one that was refused, and the next only when it is confirmed; then all is as before."""
    sender = Sender(5)
    sender.delivery.send_all()
    for number in range(5):
        sender.refuse(str(number)) if number else sender.confirm("0")
    sender.type("typed")
    assert sender.wire.sent == ids(0, 1, 2, 3, 4)
    await sender.until_sent(6)
    for answered in ("1", "2", "3", "4", "typed"):
        assert sender.wire.sent[5:][-1] == answered
        sender.confirm(answered)
    assert sender.wire.sent[5:] == [*ids(1, 2, 3, 4), "typed"]
    sender.type("a")
    sender.type("b")
    assert sender.wire.sent[-2:] == ["a", "b"]


async def test_what_is_refused_again_is_tried_again_after_that_time() -> None:
    """However often; and no sooner."""
    sender = Sender(2)
    sender.delivery.send_all()
    sender.refuse("0")
    sender.refuse("1")
    await sender.until_sent(3)
    began = asyncio.get_running_loop().time()
    sender.refuse("0", 0.1)
    await sender.until_sent(4)
    assert asyncio.get_running_loop().time() - began >= 0.1
    sender.confirm("0")
    assert sender.wire.sent == ids(0, 1, 0, 0, 1)


async def test_one_that_somebody_else_delivered_is_not_sent_again() -> None:
    """A second window of one's own may have sent what this one was to try again."""
    sender = Sender(2)
    sender.delivery.send_all()
    sender.refuse("0", 0.02)
    sender.refuse("1", 0.02)
    sender.confirm("0")
    assert sender.wire.sent == ids(0, 1, 1)
    await asyncio.sleep(0.05)
    assert sender.wire.sent == ids(0, 1, 1)


@pytest.mark.parametrize("message_id", ["", "unknown"])
def test_a_refusal_of_something_else_changes_nothing(message_id: str) -> None:
    """What was refused without the id of a message that waits was none."""
    sender = Sender(1)
    sender.delivery.send_all()
    sender.refuse(message_id)
    sender.type("typed")
    assert sender.wire.sent == ["0", "typed"]


async def test_no_server_puts_a_message_off_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time that no server has a reason for is cut to the longest that there is one for."""
    monkeypatch.setattr(limits, "SLOW_SECONDS", 0.01)
    sender = Sender(1)
    sender.delivery.send_all()
    sender.refuse("0", 1e300)
    await sender.until_sent(2)
