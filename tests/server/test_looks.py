"""Nobody is here by a nick that looks like somebody else's: in the registry of people, and over real sockets."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from chatapp.client.identity import Identity
from chatapp.protocol.errors import Code, NickReserved, NickTaken, NoSuchNick
from chatapp.protocol.events import Error, Joined, Renamed, Welcomed
from chatapp.protocol.names import name_key
from chatapp.protocol.requests import Hello, Rename
from chatapp.server.nicks import Nicks
from chatapp.server.people import People
from chatapp.server.server import Server
from tests.server.confusables import allowed_pairs
from tests.server.keyed import entered, greeted, read_prompt, try_to_enter
from tests.server.talking import Peer, connected, plain, rich_peer, running

ANA, EVA = Identity.from_seed(b"a" * 32), Identity.from_seed(b"e" * 32)
LOOK = "аna"
"""The first letter is Cyrillic."""

RACERS = [Identity.from_seed(bytes([number]) * 32) for number in range(25)]


def seat(account: str, is_guest: bool) -> Any:
    """Return as much of a session as people are told apart by."""
    return SimpleNamespace(account=account, is_guest=is_guest, is_idle=False)


@pytest.mark.parametrize("is_guest", [True, False])
def test_of_every_confusable_pair_one_is_held(is_guest: bool) -> None:
    """Whichever comes first: the other is refused to everyone else, and, if nobody owns the first, free after it."""
    people = People(Nicks(), {})
    first, second = seat("guest-1" if is_guest else "k1", is_guest), seat("guest-2", True)
    for pair in allowed_pairs():
        for one, other in (pair, pair[::-1]):
            people.enter(one, first)
            with pytest.raises(NickTaken):
                people.enter(other, second)
            people.enter(other, first)
            for nick in {name_key(one), name_key(other)}:
                people.leave(nick, first)
                with contextlib.suppress(NoSuchNick):
                    people.free(nick)
            people.enter(other, second)
            people.leave(other, second)


@pytest.mark.parametrize("nick", ["adrnin", "Adrnin", "servіdor", "ѕystem", "aII", "nісk", "SALlR"])
async def test_what_looks_like_the_servers_is_reserved(server: Server, nick: str) -> None:
    async with greeted(server.port) as peer:
        peer.send(Hello(nick))
        error = await peer.next(Error)
        assert (error.code, error.detail) == (Code.NICK_RESERVED, nick)
        assert isinstance(await try_to_enter(peer, "ana", ANA), Welcomed)
        await peer.next(Joined)
        peer.send(Rename(nick))
        assert (await peer.next(Error)).code == Code.NICK_RESERVED


def test_what_looks_like_an_operators_is_reserved() -> None:
    """The very nick is not: it is for whoever owns it."""
    people = People(Nicks(), {}, ["ana"])
    with pytest.raises(NickReserved):
        people.enter(LOOK, seat("k1", False))
    people.enter("Ana", seat("k1", False))


async def test_a_look_alike_is_refused_whoever_asks_and_however(server: Server) -> None:
    """Beside a guest, beside an owner, once the owner is away, and by a new nick."""
    async with rich_peer(server.port, "luis") as luis, plain(server.port, "eva"):
        luis.send(Rename("еva"))
        assert (await luis.next(Error)).code == Code.NICK_TAKEN
        async with entered(server.port, "ana", ANA), connected(server.port) as guest:
            await read_prompt(guest)
            guest.say(LOOK)
            assert await guest.lines(2) == [f"-- The nick {LOOK} is taken. Choose another.", "NICK"]
        async with greeted(server.port) as peer:
            refused = await try_to_enter(peer, LOOK, EVA)
            assert isinstance(refused, Error)
            assert refused.code == Code.NICK_TAKEN


async def test_ones_own_nick_may_be_written_otherwise(server: Server) -> None:
    """The owner's other spelling is the owner's, and the first is free for nobody else while that is so."""
    async with entered(server.port, "ana", ANA) as ana, greeted(server.port) as peer:
        ana.send(Rename(LOOK))
        assert (await ana.next(Renamed)).to == LOOK
        refused = await try_to_enter(peer, "ana", EVA)
        assert isinstance(refused, Error)


async def test_looks_outlive_the_server() -> None:
    async with running() as server, entered(server.port, "ana", ANA):
        pass
    async with running() as server, greeted(server.port) as peer:
        refused = await try_to_enter(peer, LOOK, EVA)
        assert isinstance(refused, Error)
        assert isinstance(await try_to_enter(peer, "ana", ANA), Welcomed)


async def test_confusable_pairs_over_the_wire(server: Server) -> None:
    """A sample of them, each after letters of its own: exactly one of two who come at once is let in."""
    pairs = zip("abcdefghijkpqrstuvwx", random.Random(7).sample(allowed_pairs("z", "z"), 20), strict=True)
    await asyncio.gather(*(race(server.port, [f"{begin}{nick}" for nick in pair], []) for begin, pair in pairs))


@contextlib.asynccontextmanager
async def many(port: int, count: int) -> AsyncIterator[list[Peer]]:
    async with contextlib.AsyncExitStack() as stack:
        yield list(await asyncio.gather(*(stack.enter_async_context(greeted(port)) for _ in range(count))))


async def race(port: int, nicks: list[str], keys: list[Identity]) -> None:
    """Let one client for each of `nicks`, the first with one of `keys` each, all try at once: one is let in."""
    async with many(port, len(nicks)) as peers:
        outcomes = await asyncio.gather(
            *(
                run(peer, nick, keys[index] if index < len(keys) else None)
                for index, (peer, nick) in enumerate(zip(peers, nicks, strict=True))
            )
        )
    assert sorted(outcomes) == [*[Code.NICK_TAKEN] * (len(nicks) - 1), "welcomed"]


async def run(peer: Peer, nick: str, key: Identity | None) -> str:
    if key is not None:
        event = await try_to_enter(peer, nick, key)
    else:
        peer.send(Hello(nick))
        event = await peer.event()  # type: ignore[assignment]
    return event.code if isinstance(event, Error) else "welcomed"


async def run_races(races: int) -> None:
    """Half of 50 clients have keys; they write the nick in all ways that look like it."""
    async with running() as server:
        for number in range(races):
            spellings = [f"{name}{number}n" for name in ("ana", "ANA", LOOK, "Ａna", "anа")]
            nicks = random.Random(number).choices(spellings, k=50)
            await race(server.port, nicks, RACERS)


async def test_one_of_fifty_gets_the_nick() -> None:
    """Whatever its spelling, and whether with a key or without."""
    await run_races(4)


@pytest.mark.campaign
@pytest.mark.timeout(1800)
async def test_one_of_fifty_gets_the_nick_a_thousand_times() -> None:
    await run_races(1000)
