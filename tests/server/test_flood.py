"""Many lines at once: a full bus pauses who posts, nothing is lost or out of order, and no reader is dropped."""

import asyncio
from collections.abc import Callable

import pytest

from chatapp.protocol.events import Pong
from chatapp.protocol.requests import Ping
from chatapp.server.bus import CAPACITY, Bus
from chatapp.server.server import Server
from tests.server.talking import GatedStore, plain, rich_peer, running

LINES = 10_000


@pytest.mark.parametrize("padding", ["", "x" * 500])
async def test_ten_thousand_lines_arrive_in_order(server: Server, padding: str) -> None:
    """Pipelined by one peer, all are seen by itself, by a plain and by a rich peer: who reads is not dropped."""
    async with plain(server.port, "eva") as eva, rich_peer(server.port, "leo") as leo, plain(server.port, "ana") as ana:
        ana.say(*(f"{padding}<{number}>" for number in range(LINES)))
        found = await asyncio.gather(*(peer.found(rb"<(\d+)>", LINES) for peer in (ana, eva, leo)))
    assert found == [[b"%d" % number for number in range(LINES)]] * 3


class Pauses:
    """Counts, in place of `Bus.when_drained`, who pauses at a full bus, and what waits then."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.first = asyncio.Event()
        self.waiting: list[int] = []
        when_drained = Bus.when_drained

        def spy(bus: Bus, callback: Callable[[], None]) -> None:
            self.waiting.append(len(bus._items))
            self.first.set()
            when_drained(bus, callback)

        monkeypatch.setattr(Bus, "when_drained", spy)


async def test_a_full_bus_pauses_those_who_post(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the log takes nothing, a poster is read from only until the bus is full; then all of it arrives."""
    pauses, store, count = Pauses(monkeypatch), GatedStore(), 100_000
    async with (
        running(store=store) as server,
        rich_peer(server.port, "leo") as leo,
        plain(server.port, "ana") as ana,
    ):
        ana.say(*(f"<{number}>" for number in range(count)))
        async with asyncio.timeout(10):
            await pauses.first.wait()
        leo.send(Ping())
        assert await leo.next(Pong) == Pong()
        assert CAPACITY <= pauses.waiting[0] < count / 2
        store.gate.set()
        assert await ana.found(rb"<(\d+)>", count) == [b"%d" % number for number in range(count)]
    assert max(pauses.waiting) < count / 2
