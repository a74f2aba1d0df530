"""Who comes back says what was seen last, and gets exactly what was missed, then all else: no gap, no repeat."""

import asyncio
import itertools
from random import Random

import pytest

from chatapp.protocol import limits
from chatapp.protocol.events import HistoryPage, Joined, Said, Welcomed
from chatapp.protocol.requests import Hello, History
from chatapp.server.server import Server
from tests.server.keyed import GENERAL, greeted, guest, log_name, post, resumed, say
from tests.server.talking import Peer, plain, running


async def log_of(peer: Peer) -> list[Said]:
    """Return all that is in the log, page by page."""
    messages = list[Said]()
    has_more = True
    while has_more:
        peer.send(History(GENERAL, messages[0].seq if messages else None, limits.PAGE_MOST_MESSAGES))
        page = await peer.next(HistoryPage)
        messages[:0], has_more = page.messages, page.has_more
    return messages


async def test_who_comes_back_gets_what_was_missed_and_then_the_rest(server: Server) -> None:
    """All after the last that was seen comes before anything else is told, the own arrival too."""
    async with guest(server.port, "ana") as ana:
        said = await post(ana, *(f"message {number}" for number in range(250)))
        log = await log_name(server.port)
        async with resumed(server.port, "luis", log, said[9].seq) as (luis, welcomed):
            assert (welcomed.seq, welcomed.has_gap) == (said[-1].seq, False)
            assert [await luis.event() for _ in said[10:]] == said[10:]
            assert isinstance(await luis.event(), Joined)
            assert await post(ana, "more") == [await luis.event()]


@pytest.mark.parametrize("ahead", [0, 1, 2**62])
async def test_who_missed_nothing_gets_nothing(server: Server, ahead: int) -> None:
    """Up to date there is nothing to replay and no gap; nor is there to who saw more, who is told to start anew."""
    async with guest(server.port, "ana") as ana:
        said = await post(ana, "uno", "dos")
        log = await log_name(server.port)
        async with resumed(server.port, "luis", log, said[-1].seq + ahead) as (luis, welcomed):
            assert welcomed.has_gap is (ahead > 0)
            assert welcomed.seq == said[-1].seq
            assert isinstance(await luis.event(), Joined)


async def test_another_log_is_not_resumed(server: Server) -> None:
    """Who knows another log, or none, is told this one's name and end, and is sent nothing of it."""
    async with guest(server.port, "ana") as ana:
        await post(ana, "uno", "dos")
        for log in ("", "0" * 32):
            async with resumed(server.port, "luis", log, 1) as (luis, welcomed):
                assert (welcomed.log != log, welcomed.seq, welcomed.has_gap) == (True, 2, False)
                assert isinstance(await luis.event(), Joined)


@pytest.mark.parametrize(("missed", "has_gap"), [(5, False), (6, True)])
async def test_who_missed_too_much_is_told_so(
    server: Server, monkeypatch: pytest.MonkeyPatch, missed: int, has_gap: bool
) -> None:
    """Beyond the bound nothing is replayed; history has it all."""
    monkeypatch.setattr(limits, "RESUME_MESSAGES", 5)
    async with guest(server.port, "ana") as ana:
        said = await post(ana, *map(str, range(10)))
        log = await log_name(server.port)
        async with resumed(server.port, "luis", log, said[-1].seq - missed) as (luis, welcomed):
            assert welcomed.has_gap is has_gap
            assert [await luis.event() for _ in range(0 if has_gap else missed)] == said[-missed:] * (not has_gap)
            assert isinstance(await luis.event(), Joined)
            assert await log_of(luis) == said


class Comer:
    """One who comes and goes: `seen` is all that was shown, over all connections."""

    def __init__(self, port: int, nick: str, log: str, random: Random) -> None:
        self.seen = list[Said]()
        self._port = port
        self._nick = nick
        self._log = log
        self._random = random

    async def come_and_go(self, times: int) -> None:
        """Connect, take what some random number of lines brings, and be cut."""
        for number in range(times):
            async with resumed(self._port, f"{self._nick}{number}", self._log, self._last) as (peer, _):
                for _ in range(self._random.choice([0, 1, 3, 20, 60])):
                    self._take(await peer.event())
                peer.cut()

    async def catch_up(self, last: int) -> None:
        async with resumed(self._port, self._nick, self._log, self._last) as (peer, _):
            while self._last < last:
                self._take(await peer.event())

    @property
    def _last(self) -> int:
        return self.seen[-1].seq if self.seen else 0

    def _take(self, event: object) -> None:
        if isinstance(event, Said):
            self.seen.append(event)


async def keep_posting(peer: Peer, name: str) -> None:
    """Say one message after the other, each once the last is confirmed."""
    number = 0
    while True:
        peer.send(say(f"{name} {number}"))
        while (await peer.next(Said)).text != f"{name} {number}":
            pass
        number += 1


async def test_hundreds_of_returns_show_the_log(server: Server) -> None:
    """While two post all the time, six are cut 240 times at random; what each was shown is the log, line by line."""
    random = Random(7)
    async with guest(server.port, "ana") as ana, guest(server.port, "eva") as eva:
        log = await log_name(server.port)
        posting = [asyncio.create_task(keep_posting(ana, "ana")), asyncio.create_task(keep_posting(eva, "eva"))]
        comers = [Comer(server.port, f"c{number}-", log, random) for number in range(6)]
        async with asyncio.timeout(60):
            await asyncio.gather(*(comer.come_and_go(40) for comer in comers))
        for task in posting:
            task.cancel()
        await asyncio.wait(posting)
        async with guest(server.port, "last") as last:
            await post(last, "the last one")
            messages = await log_of(last)
        await asyncio.gather(*(comer.catch_up(messages[-1].seq) for comer in comers))
    assert len(messages) > 200
    for comer in comers:
        assert comer.seen == messages


_numbers = itertools.count()


async def fill(peer: Peer, count: int) -> list[Said]:
    """Post so many messages of 4 KB, one after the other, so that even a small outbox takes them."""
    return [said for _ in range(count) for said in await post(peer, f"{next(_numbers)}{'x' * 4000}")]


async def test_a_slow_returner_holds_nobody_up() -> None:
    """One that reads nothing of 3 MB that it missed waits alone: others talk, and another returns meanwhile."""
    async with running() as server, guest(server.port, "ana") as ana:
        said = await fill(ana, 3 * 256)
        log = await log_name(server.port)
        async with resumed(server.port, "lento", log, 0) as (lento, _):
            lento.stop_reading()
            assert [said.text for said in await post(ana, "hola", "sigue")] == ["hola", "sigue"]
            async with resumed(server.port, "luis", log, said[-1].seq) as (luis, _):
                assert [(await luis.next(Said)).text for _ in range(2)] == ["hola", "sigue"]


async def test_what_is_held_for_a_slow_returner_is_bounded() -> None:
    """Too much said while it catches up, and it is dropped; when it comes back it gets all of it, once."""
    async with running(outbox_bytes=256 * 1024) as server, guest(server.port, "ana") as ana:
        said = await fill(ana, 3 * 256)
        log = await log_name(server.port)
        seen = list[Said]()
        async with resumed(server.port, "lento", log, 0) as (lento, _), plain(server.port, "luis") as luis:
            lento.stop_reading()
            while not luis.reader.at_eof():
                said += await fill(ana, 1)
                if await luis.read_line() == "lento se ha desconectado.":
                    break
        async with resumed(server.port, "lento", log, 0) as (lento, welcomed):
            while not seen or seen[-1].seq < welcomed.seq:
                seen.append(await lento.next(Said))
            assert seen == said


async def test_questions_right_behind_a_resuming_hello_harm_nobody(server: Server) -> None:
    """As many questions as may wait, asked before the welcome: the welcome comes, and the server lives."""
    async with guest(server.port, "ana") as ana:
        await post(ana, "uno")
        log = await log_name(server.port)
        async with greeted(server.port) as peer:
            peer.send(Hello("luis", log=log, seen=0), *[History(GENERAL)] * 16)
            await peer.next(Welcomed)
            for _ in range(16):
                assert [said.text for said in (await peer.next(HistoryPage)).messages] == ["uno"]
        assert [said.text for said in await post(ana, "dos")] == ["dos"]


async def test_what_takes_most_room_on_the_wire_is_replayed_too(server: Server) -> None:
    """A hundred texts of control characters, each six bytes on the wire, reach who missed them, by history too."""
    async with plain(server.port, "ana") as ana:
        text = "\x01" * limits.TEXT_BYTES
        for number in range(100):
            ana.say(f"{number:03}{text[3:]}")
            await ana.read_line()
        async with resumed(server.port, "luis", await log_name(server.port), 0) as (luis, _):
            seen = [await luis.next(Said) for _ in range(100)]
            assert [said.text[:3] for said in seen] == [f"{number:03}" for number in range(100)]
            assert await log_of(luis) == seen
