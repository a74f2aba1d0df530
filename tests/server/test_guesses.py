"""Many guess at a password: how many guesses are looked at, what those who talk notice, and what the time tells."""

import asyncio
import contextlib
import math
import random
import sys
import time
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from chatapp.client.identity import Identity
from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Challenged, Error, Pong, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, Ping, Prove, Say, Unlock
from chatapp.server.password import COST
from tests.server.keyed import signed, try_to_enter
from tests.server.talking import Peer

SECRET = "abracadabra"
GUESSES = 10_000
AT_ONCE = 50
TALKERS = 20
PAUSE_SECONDS = 0.5
QUIET_SECONDS = 20.0
SAMPLES = 3_000
"""How often the time is taken, for nicks that somebody owns and for others, each."""

QUICK = 2**6
"""A password that takes no longer to compare than an answer: what else takes time stands out."""

OWNED = [f"owned{number:02}" for number in range(20)]
FREE = [f"known{number:02}" for number in range(20)]
"""Nicks as long as those, which nobody owns."""


@contextlib.asynccontextmanager
async def guarded(folder: Path, cost: int) -> AsyncIterator[int]:
    """Run a server with a password, where keys own the nicks OWNED; give its port."""
    arguments = ("-m", "tests.server.guarded", str(folder), SECRET, str(cost))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        for number, nick in enumerate(OWNED):
            await own(port, nick, Identity.generate(), f"127.8.0.{number + 1}")
        yield port
    finally:
        process.stdin.close()
        await process.wait()


def addresses(block: int) -> Iterator[str]:
    """Yield addresses of this machine, each once."""
    return (f"127.{block}.{high}.{low}" for high in range(256) for low in range(1, 255))


@contextlib.asynccontextmanager
async def at(port: int, address: str) -> AsyncIterator[Peer]:
    """Give a peer from `address` that has read NICK, whose newline it did not wait for."""
    peer = Peer(*await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0)))
    try:
        peer.send(Ping())
        assert await peer.read_line() == "NICK"
        assert isinstance(await peer.event(), Pong)
        yield peer
    finally:
        peer.abort()


async def own(port: int, nick: str, identity: Identity, address: str) -> None:
    """Let the key own the nick."""
    async with at(port, address) as peer:
        await try_to_enter(peer, nick, identity)
        peer.send(Unlock(SECRET))
        await peer.next(Welcomed)


async def guess(port: int, nick: str, address: str, times: int) -> list[str]:
    """Guess so many times; return the codes of the answers, of which the last may close the connection."""
    async with at(port, address) as peer:
        peer.send(Hello(nick), *(Unlock(f"guess {number}") for number in range(times)))
        await peer.next(Error)
        codes = list[str]()
        while len(codes) < times and (not codes or codes[-1] == Code.WRONG_PASSWORD):
            codes.append((await peer.next(Error)).code)
        return codes


def p99(delays: list[float]) -> float:
    return sorted(delays)[len(delays) * 99 // 100]


async def talk(peer: Peer, name: str, delays: list[float]) -> None:
    """Say something every so often; note how long each message takes to come back."""
    for count in range(sys.maxsize):
        began, message_id = time.monotonic(), f"{name}-{count}"
        peer.send(Say(GENERAL, "hola a todos", message_id))
        while (await peer.next(Said)).id != message_id:
            pass
        delays.append(time.monotonic() - began)
        await asyncio.sleep(PAUSE_SECONDS * random.uniform(0.5, 1.5))


@contextlib.asynccontextmanager
async def talking(port: int) -> AsyncIterator[list[float]]:
    """Let people talk; give the list of how long each message took."""
    delays = list[float]()
    async with contextlib.AsyncExitStack() as stack:
        peers = [await stack.enter_async_context(at(port, f"127.7.0.{number + 1}")) for number in range(TALKERS)]
        for number, peer in enumerate(peers):
            peer.send(Hello(f"talker{number}"), Unlock(SECRET))
            await peer.next(Welcomed)
        tasks = [asyncio.create_task(talk(peer, f"t{number}", delays)) for number, peer in enumerate(peers)]
        try:
            yield delays
        finally:
            assert not any(task.done() for task in tasks)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


async def guess_all(port: int, answers: Counter[str]) -> None:
    """Guess GUESSES times, from ever new addresses, AT_ONCE at a time, for nicks that are owned and others."""
    places, left = addresses(9), GUESSES

    async def one() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            answers.update(await guess(port, random.choice(OWNED + FREE), next(places), 1))

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))


@pytest.mark.campaign
async def test_guesses_amid_chat(tmp_path: Path, tell: Callable[[str], None]) -> None:
    """Of 10,000 guesses from as many addresses only so many are looked at as one thread can, people talk on, and an
    owner comes in at once meanwhile.
    """
    ana = Identity.generate()
    async with guarded(tmp_path, COST) as port:
        await own(port, "ana", ana, "127.8.1.1")
        async with talking(port) as delays:
            delays.clear()
            await asyncio.sleep(QUIET_SECONDS)
            quiet = p99(delays)
            delays.clear()
            answers, began = Counter[str](), time.monotonic()
            guessing = asyncio.create_task(guess_all(port, answers))
            await asyncio.sleep(2.0)
            knocked = time.monotonic()
            async with at(port, "127.9.0.1") as peer:
                assert isinstance(await try_to_enter(peer, "ana", ana), Welcomed)
            owner = time.monotonic() - knocked
            await guessing
            seconds, pressed = time.monotonic() - began, p99(delays)
    tell(
        f"{dict(answers)} in {seconds:.1f} s; p99 {1000 * quiet:.1f} ms, {1000 * pressed:.1f} ms meanwhile; "
        f"the owner was in after {1000 * owner:.1f} ms"
    )
    assert sum(answers.values()) == GUESSES
    assert answers.keys() == {Code.WRONG_PASSWORD, Code.TOO_MANY_GUESSES}
    assert answers[Code.WRONG_PASSWORD] <= seconds / 0.05 + limits.GUESSES_WAITING
    assert owner < 1.0


@pytest.mark.campaign
async def test_one_address_gets_nowhere(tmp_path: Path, tell: Callable[[str], None]) -> None:
    """Of 10,000 guesses from one address no more are looked at than it may try at once, and one a second first."""
    answers, began = Counter[str](), time.monotonic()
    async with guarded(tmp_path, QUICK) as port:
        while sum(answers.values()) < GUESSES:
            answers.update(await guess(port, "ana", "127.9.0.1", limits.GUESSES_AT_ONCE + 1))
    seconds = time.monotonic() - began
    tell(f"{dict(answers)} in {seconds:.1f} s")
    assert answers[Code.WRONG_PASSWORD] <= limits.GUESSES_AT_ONCE + math.log2(seconds + 1) + 1


async def timed_guess(port: int, nick: str, address: str, identity: Identity | None) -> tuple[float, float]:
    """Return how long the question for the password took, and then the refusal of a wrong one."""
    async with at(port, address) as peer:
        request: Hello | Prove = Hello(nick)
        if identity is not None:
            peer.send(Hello(nick, key=identity.key))
            request = signed(await peer.next(Challenged), identity, nick)
        began = time.perf_counter()
        peer.send(request)
        assert (await peer.next(Error)).code == Code.PASSWORD_REQUIRED
        asked = time.perf_counter()
        peer.send(Unlock("guess"))
        assert (await peer.next(Error)).code == Code.WRONG_PASSWORD
        return asked - began, time.perf_counter() - asked


def auc(some: list[float], others: list[float]) -> float:
    """Return how well one number tells which list a time is from (Mann and Whitney): 0.5 is not at all, 1 always."""
    ranked = sorted([(value, 0) for value in some] + [(value, 1) for value in others])
    ranks = sum(rank for rank, (_, kind) in enumerate(ranked, 1) if kind == 0)
    found = (ranks - len(some) * (len(some) + 1) / 2) / (len(some) * len(others))
    return max(found, 1 - found)


@pytest.mark.campaign
@pytest.mark.parametrize("with_key", [False, True], ids=["guests", "keys"])
async def test_the_time_tells_nothing(tmp_path: Path, tell: Callable[[str], None], with_key: bool) -> None:
    """How long an answer takes doesn't say whether somebody owns the nick, amid chat: AUC at most 0.55."""
    places = addresses(10)
    async with guarded(tmp_path, QUICK) as port, talking(port):
        times: dict[str, list[tuple[float, float]]] = {nick: [] for nick in OWNED + FREE}
        order = [nick for nick in OWNED + FREE for _ in range(SAMPLES // len(OWNED))]
        random.shuffle(order)
        for nick in order:
            key = Identity.generate() if with_key else None
            times[nick].append(await timed_guess(port, nick, next(places), key))
    found = []
    for part in (0, 1):
        owned, free = ([one[part] for nick in nicks for one in times[nick]] for nicks in (OWNED, FREE))
        found.append(auc(owned, free))
    tell(f"{len(order)} guesses: AUC {found[0]:.3f} of the question, {found[1]:.3f} of the refusal")
    assert max(found) <= 0.55
