"""How an owned nick becomes free: with time, and by an operator's word."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatapp.client.identity import Identity
from chatapp.protocol.errors import Code
from chatapp.protocol.events import AuditPage, Challenged, Error, Freed, Joined, Pong, Renamed, Welcomed
from chatapp.protocol.requests import Audit, Free, Hello, Ping, Rename
from chatapp.server.ownership import DAY_SECONDS
from chatapp.server.server import Server
from chatapp.server.settings import Settings, Timing
from chatapp.server.storage.records import Release
from tests.peers import WAIT_SECONDS
from tests.server.keyed import entered, greeted, signed, try_to_enter
from tests.server.talking import FullStore, GatedStore, Peer, plain

ANA, EVA, OPERATOR = (Identity.from_seed(letter * 32) for letter in (b"a", b"e", b"o"))
NOW = 1_700_000_000.0


class Clock:
    """Stands still but when it is told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@contextlib.asynccontextmanager
async def running(clock: Clock, data: Path, days: float | None = 30) -> AsyncIterator[Server]:
    """Run a server that looks for unused nicks all the time, and has the operators "boss" and the key OPERATOR."""
    timing = Timing(expiry=0.005)
    settings = Settings(
        port=0, timing=timing, data=data, nick_expiry_days=days, clock=clock, operators=("boss", OPERATOR.key)
    )
    server = Server(settings)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def refusal(port: int, nick: str, identity: Identity | None = None) -> str | None:
    """Try to be `nick`, and leave; return the code that refuses it, or None."""
    async with greeted(port) as peer:
        if identity is not None:
            event = await try_to_enter(peer, nick, identity)
        else:
            peer.send(Hello(nick))
            event = await peer.event()  # type: ignore[assignment]
        if isinstance(event, Error):
            return event.code
        await gone(peer)
        return None


async def until_free(port: int, nick: str) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while await refusal(port, nick) is not None:
            pass


async def gone(peer: Peer) -> None:
    """Let the peer leave, and wait until it has."""
    peer.say("SALIR")
    await peer.rest()


async def several_sweeps(clock: Clock, port: int) -> None:
    """Wait until a nick that is certainly unused was freed, which one sweep does for all."""
    clock.now -= DAY_SECONDS * 400
    async with entered(port, "witness", Identity.generate()) as witness:
        await gone(witness)
    clock.now += DAY_SECONDS * 400
    await until_free(port, "witness")


async def test_a_nick_is_free_once_its_owner_was_not_here_for_so_long(tmp_path: Path) -> None:
    """Not before, counted from when they left; and then also for what looks like it. A restart changes nothing."""
    clock = Clock()
    async with running(clock, tmp_path) as server:
        async with entered(server.port, "ana", ANA) as ana:
            clock.now += 20 * DAY_SECONDS
            await gone(ana)
        clock.now += 29 * DAY_SECONDS
        await several_sweeps(clock, server.port)
        assert await refusal(server.port, "ana") == Code.NICK_TAKEN
    async with running(clock, tmp_path) as server:
        clock.now += 2 * DAY_SECONDS
        await until_free(server.port, "аna")
        assert await refusal(server.port, "ana", EVA) is None
        assert await refusal(server.port, "ana", ANA) == Code.NICK_TAKEN


async def test_a_nick_in_use_is_never_freed(tmp_path: Path) -> None:
    """However long its owner stays, and for as long again after that."""
    clock = Clock()
    async with running(clock, tmp_path) as server:
        async with entered(server.port, "ana", ANA) as ana:
            for _ in range(3):
                clock.now += 40 * DAY_SECONDS
                await several_sweeps(clock, server.port)
                ana.send(Ping())
                await ana.next(Pong)
            await gone(ana)
        clock.now += 29 * DAY_SECONDS
        await several_sweeps(clock, server.port)
        assert await refusal(server.port, "ana") == Code.NICK_TAKEN


async def test_who_comes_back_in_time_keeps_the_nick(tmp_path: Path) -> None:
    """Though each time for a moment only; the one who comes too late may still be first."""
    clock = Clock()
    async with running(clock, tmp_path) as server:
        for _ in range(4):
            assert await refusal(server.port, "ana", ANA) is None
            clock.now += 29 * DAY_SECONDS
            await several_sweeps(clock, server.port)
            assert await refusal(server.port, "ana") == Code.NICK_TAKEN
        clock.now += 2 * DAY_SECONDS
        await until_free(server.port, "ana")
        assert await refusal(server.port, "ana", ANA) is None
        assert await refusal(server.port, "ana") == Code.NICK_TAKEN


async def test_without_an_expiry_a_nick_is_owned_for_good(tmp_path: Path) -> None:
    clock = Clock()
    async with running(clock, tmp_path, None) as server:
        assert await refusal(server.port, "ana", ANA) is None
        clock.now += 9999 * DAY_SECONDS
        assert await refusal(server.port, "ana") == Code.NICK_TAKEN


async def test_an_operator_frees_a_nick(tmp_path: Path) -> None:
    """By key or by nick; typed, too. It is free at once, after a restart too, and owned by whoever comes first."""
    async with running(Clock(), tmp_path) as server:
        for operator, nick in ((OPERATOR, "root"), (EVA, "boss")):
            assert await refusal(server.port, "ana", ANA) is None
            async with entered(server.port, nick, operator) as peer:
                peer.send(Free("Ana"))
                assert (await peer.next(Freed)).nick == "Ana"
                assert await refusal(server.port, "ana") is None
                peer.send(Free("ana"))
                assert (await peer.next(Error)).code == Code.NO_SUCH_NICK
                peer.send(Audit())
                deed = (await peer.next(AuditPage)).deeds[0]
                assert (deed.nick, deed.what, deed.whom) == (nick, "free", "Ana")
    async with running(Clock(), tmp_path) as server:
        assert await refusal(server.port, "ana", EVA) is None
        assert await refusal(server.port, "ana", ANA) == Code.NICK_TAKEN


async def test_who_is_here_keeps_a_nick_that_is_freed(tmp_path: Path) -> None:
    """Until they leave."""
    async with running(Clock(), tmp_path) as server, entered(server.port, "root", OPERATOR) as root:
        async with entered(server.port, "ana", ANA) as ana:
            root.send(Free("ana"))
            await root.next(Freed)
            assert await refusal(server.port, "ana", EVA) == Code.NICK_TAKEN
            await gone(ana)
        assert await refusal(server.port, "ana", EVA) is None


@pytest.mark.parametrize("nick", ["luis", "Boss1"])
async def test_nobody_else_frees_one(tmp_path: Path, nick: str) -> None:
    """Neither an owner nor a guest, not even their own."""
    async with running(Clock(), tmp_path) as server, plain(server.port, "guest") as guest:
        async with entered(server.port, nick, ANA) as peer:
            peer.send(Free(nick))
            assert (await peer.next(Error)).code == Code.NOT_OPERATOR
        guest.say(f"/free {nick}")
        await guest.read_until("-- That is only for an operator of the chat.")
        async with greeted(server.port) as late:
            assert isinstance(await try_to_enter(late, nick, ANA), Welcomed)


async def test_who_is_here_when_the_server_ends_was_here_then(tmp_path: Path) -> None:
    """Whoever stays for longer than the expiry, and is not back at once after a restart, keeps the nick."""
    clock = Clock()
    async with running(clock, tmp_path) as server, entered(server.port, "ana", ANA):
        clock.now += 40 * DAY_SECONDS
        await several_sweeps(clock, server.port)
    async with running(clock, tmp_path) as server:
        await several_sweeps(clock, server.port)
        assert await refusal(server.port, "ana") == Code.NICK_TAKEN


async def test_when_somebody_leaves_is_known_with_no_search_for_who_is_here(tmp_path: Path) -> None:
    """To the hour: who comes and goes all the time isn't written down each time."""
    clock = Clock()
    server = Server(Settings(port=0, data=tmp_path, clock=clock))
    await server.start()
    try:
        assert server._store is not None
        async with entered(server.port, "ana", ANA) as ana:
            clock.now += 20 * DAY_SECONDS
            await gone(ana)
        for _ in range(2):
            assert await refusal(server.port, "ana", ANA) is None
            clock.now += 1000
        assert await server._store.unseen(NOW + 20 * DAY_SECONDS) == []
        assert await server._store.unseen(NOW + 20 * DAY_SECONDS + 1) == [("ana", ANA.key)]
    finally:
        await server.stop()


async def test_an_owner_who_comes_back_while_the_nick_is_being_freed_owns_it_again() -> None:
    """Though the log has not heard yet that it is free, it hears that it is owned anew."""
    store = GatedStore()
    store.gate.set()
    server = Server(Settings(port=0, operators=(OPERATOR.key,)), await store.open())
    await server.start()
    try:
        assert await refusal(server.port, "ana", ANA) is None
        async with entered(server.port, "root", OPERATOR) as root, greeted(server.port) as ana:
            await root.next(Joined)
            store.gate.clear()
            root.send(Free("ana"), Ping())
            await root.next(Pong)
            ana.send(Hello("ana", key=ANA.key))
            ana.send(signed(await ana.next(Challenged), ANA, "ana"), Ping())
            await ana.next(Pong)
            store.gate.set()
            await root.next(Freed)
            await ana.next(Welcomed)
            await gone(ana)
        assert await refusal(server.port, "ana", EVA) == Code.NICK_TAKEN
        assert store.owners.account("ana") == ANA.key
    finally:
        await server.stop()


async def test_a_full_disk_does_not_end_the_search_for_unused_nicks(tmp_path: Path) -> None:
    """What the log can't be told yet is not freed twice, and the next nick is freed as the first was."""
    clock, store = Clock(), FullStore()
    store.is_full = False
    settings = Settings(port=0, timing=Timing(expiry=0.005), nick_expiry_days=30, clock=clock)
    server = Server(settings, await store.open())
    await server.start()
    try:
        assert await refusal(server.port, "ana", ANA) is None
        store.is_full = True
        clock.now += 31 * DAY_SECONDS
        async with asyncio.timeout(WAIT_SECONDS):
            while len([kinds for kinds in store.asked if Release in kinds]) < 1:
                await refusal(server.port, "ana", EVA)
        store.is_full = False
        async with entered(server.port, "luis", EVA) as luis:
            await gone(luis)
        await until_free(server.port, "ana")
        clock.now += 31 * DAY_SECONDS
        await until_free(server.port, "luis")
    finally:
        await server.stop()


async def test_nobody_becomes_an_operator_by_a_nick_that_was_left(tmp_path: Path) -> None:
    """Who is one by a nick keeps it, unused for however long, and also when they are called something else."""
    clock = Clock()
    async with running(clock, tmp_path) as server:
        async with entered(server.port, "boss", ANA) as boss:
            boss.send(Rename("ana"))
            await boss.next(Renamed)
            assert await refusal(server.port, "boss", EVA) == Code.NICK_TAKEN
            boss.send(Audit())
            await boss.next(AuditPage)
            await gone(boss)
        clock.now += 400 * DAY_SECONDS
        await several_sweeps(clock, server.port)
        assert await refusal(server.port, "ana", EVA) is None
        assert await refusal(server.port, "boss", EVA) == Code.NICK_TAKEN
    async with running(clock, tmp_path) as server:
        assert await refusal(server.port, "boss", EVA) == Code.NICK_TAKEN
        assert await refusal(server.port, "boss", ANA) is None
