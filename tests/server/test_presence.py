"""Who comes and goes: told one by one while a list makes sense, and as a number in a crowd."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from chatapp.protocol import limits
from chatapp.protocol.events import Joined, Left, Members, Pong, Present, Renamed, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, Ping, Quit, Rename, Say, Who
from chatapp.server.server import Server
from chatapp.server.settings import Timing
from tests.server.keyed import greeted, guest, resumed
from tests.server.talking import GatedStore, Peer, connected, plain, rich_peer, running

AT_MOST = 3


@pytest.fixture
async def small(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """A server whose rooms are crowded with more than three, and that counts them often."""
    monkeypatch.setattr(limits, "ROSTER_NICKS", AT_MOST)
    async with running(Timing(recount=0.01)) as server:
        yield server


@contextlib.asynccontextmanager
async def people(port: int, *nicks: str) -> AsyncIterator[list[Peer]]:
    """Let rich guests join, one after the other."""
    async with contextlib.AsyncExitStack() as stack:
        yield [await stack.enter_async_context(rich_peer(port, nick)) for nick in nicks]


async def test_those_who_come_together_have_one_list() -> None:
    """Ten that enter in one batch are each welcomed with all ten, and who was there hears of each once."""
    store = GatedStore()
    store.gate.set()
    async with running(store=store) as server, rich_peer(server.port, "ana") as ana:
        await ana.next(Joined)
        store.gate.clear()
        ana.send(Say(GENERAL, "wait", "1"))
        await store.until_waiting()
        nicks = [f"p{number}" for number in range(10)]
        async with contextlib.AsyncExitStack() as stack:
            peers = [await stack.enter_async_context(greeted(server.port)) for _ in nicks]
            for nick, peer in zip(nicks, peers, strict=True):
                peer.send(Hello(nick), Ping())
                assert isinstance(await peer.event(), Pong)
            store.gate.set()
            assert [(await peer.next(Welcomed)).members for peer in peers] == [["ana", *nicks]] * len(nicks)
            assert [(await ana.next(Joined)).nick for _ in nicks] == nicks


async def test_a_crowd_is_counted(small: Server) -> None:
    """Beyond the limit nobody is announced; all are told how many there are, and at the end again who."""
    async with people(small.port, "a", "b", "c") as (a, b, _):
        assert [(await a.next(Joined)).nick for _ in range(3)] == ["a", "b", "c"]
        async with people(small.port, "d", "e") as (d, _):
            while (present := await a.next(Present)).count < 5:
                assert present.nicks == []
            d.send(Say(GENERAL, "hola", "1"))
            assert await a.next(Said)
        b.cut()
        while not (present := await a.next(Present)).nicks:
            assert present.count > 2
        assert present.nicks == ["a", "c"]


async def test_a_crowd_is_not_listed(small: Server) -> None:
    """Who comes into one is told how many there are, and who asks gets the first and the number."""
    async with people(small.port, "a", "b", "c", "d"):
        async with resumed(small.port, "z", "", 0) as (z, welcomed):
            assert (welcomed.members, welcomed.count) == (["z"], 5)
            z.send(Who(GENERAL))
            members = await z.next(Members)
            assert (members.nicks, members.count) == (["a", "b", "c"], 5)
        async with plain(small.port, "p") as p:
            p.say("/who")
            assert "-- Here are: a, b, c and 2 others" in await p.lines(1)


async def test_in_a_crowd_a_new_nick_is_told_to_its_owner(small: Server) -> None:
    """Who renames hears of it, and nobody else does."""
    async with people(small.port, "a", "b", "c", "d", "e") as (a, b, *_):
        a.send(Rename("z"), Say(GENERAL, "hola", "1"))
        assert (await a.next(Renamed)).to == "z"
        while not isinstance(event := await b.event(), Said):
            assert not isinstance(event, Renamed)
        assert event.nick == "z"


async def test_a_full_server_says_so() -> None:
    """One connection too many is told the limit and closed; when another goes, the next gets in."""
    async with running(connections=2) as server, people(server.port, "a", "b") as (a, b):
        async with connected(server.port) as c:
            c.say("c")
            assert b"The server is full: it has its 2 connections." in await c.rest()
        a.cut()
        await b.next(Left)
        async with guest(server.port, "d") as d:
            assert (await d.next(Joined)).nick == "d"


async def test_far_too_many_are_cut() -> None:
    """Those that can't even be told are closed at once, and the chat goes on for all others."""
    async with running(connections=1) as server, rich_peer(server.port, "a") as a, contextlib.AsyncExitStack() as stack:
        extra = [await stack.enter_async_context(connected(server.port)) for _ in range(40)]
        ends = [asyncio.create_task(peer.rest()) for peer in extra]
        done, waiting = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        assert len(waiting) >= 31
        assert {end.result() for end in done} == {b""}
        a.send(Say(GENERAL, "hola", "1"))
        assert (await a.next(Said)).text == "hola"
        for end in ends:
            end.cancel()


async def test_the_welcome_of_a_few_has_no_count(small: Server) -> None:
    """The list is all there is."""
    async with resumed(small.port, "a", "", 0) as (_, welcomed):
        assert welcomed == Welcomed("a", GENERAL, ["a"], welcomed.log, 0, 1, welcomed.server)


async def test_in_a_crowd_everyone_hears_of_themselves(small: Server) -> None:
    """Who types reads its own coming and going there, in a crowd as elsewhere; a rich leaver hears of its own."""
    async with people(small.port, "a", "b", "c", "d"):
        async with connected(small.port) as z:
            z.say("z", "SALIR")
            lines = [line.decode() for line in (await z.rest()).splitlines()]
        assert lines == [
            "NICK",
            "z se ha unido al chat.",
            "Conectado al servidor.",
            "z se ha desconectado.",
        ]
        async with resumed(small.port, "y", "", 0) as (y, _):
            y.send(Quit())
            assert (await y.next(Left)).nick == "y"


async def test_a_new_nick_changes_no_number(small: Server) -> None:
    """A crowd about to end doesn't end because somebody takes another nick: nobody is listed for it."""
    async with people(small.port, "a", "b", "c", "d") as (a, b, _, d):
        d.cut()
        while (await a.next(Present)).count > 3:
            pass
        b.send(Rename("x"))
        await b.next(Renamed)
        a.send(Who(GENERAL))
        while not isinstance(event := await a.event(), Members):
            assert not isinstance(event, Renamed | Present)
        assert event.count == 3
