"""Who holds a key comes back to its rooms, and gets what was missed in all of them, in order: no gap, no repeat."""

import contextlib
from collections.abc import AsyncIterator

from chatapp.client.identity import Identity
from chatapp.protocol.events import Challenged, Entered, Joined, Left, Pong, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, Join, Leave, Ping, Quit, Rename, Say
from chatapp.server.server import Server
from chatapp.server.storage.records import Claim, Making, Membership, Post
from tests.server.keyed import entered, greeted, resumed, signed, try_to_enter
from tests.server.rooms import DEV, OPS, join, leave, tell
from tests.server.talking import FullStore, GatedStore, Peer, rich_peer, running

ANA = Identity.from_seed(b"a" * 32)


@contextlib.asynccontextmanager
async def returned(port: int, after: Said) -> AsyncIterator[Peer]:
    """Give the holder of ana's key, come back with `after` seen; what follows the welcome is what comes next."""
    async with resumed(port, "passer-by", "", 0) as (_, welcomed), greeted(port) as peer:
        assert isinstance(await try_to_enter(peer, "ana", ANA, welcomed.log, after.seq), Welcomed)
        yield peer


async def rooms_entered(peer: Peer) -> list[str]:
    """Return the rooms that the peer is told to be in before it hears of its own arrival in the first."""
    rooms = list[str]()
    while not isinstance(event := await peer.event(), Joined):
        if isinstance(event, Entered):
            rooms.append(event.room)
    return rooms


async def test_a_key_comes_back_to_its_rooms(server: Server) -> None:
    """In the order in which it came to them; those there hear that it comes; what it left it doesn't come back to."""
    async with rich_peer(server.port, "eva") as eva:
        await join(eva, OPS)
        async with entered(server.port, "ana", ANA) as ana:
            await join(ana, OPS, "#gone", DEV)
            await leave(ana, "#gone")
        while (await eva.next(Left)).room != GENERAL:
            pass
        async with entered(server.port, "ana", ANA) as ana:
            assert await ana.event() == Entered(OPS, ["ana", "eva"], 0)
            assert await ana.event() == Entered(DEV, ["ana"], 0)
            assert [(await ana.next(Joined)).room for _ in range(3)] == [GENERAL, OPS, DEV]
            assert {(await eva.next(Joined)).room for _ in range(2)} == {GENERAL, OPS}


async def test_a_key_comes_back_after_a_restart() -> None:
    async with running() as server, entered(server.port, "ana", ANA) as ana:
        await join(ana, OPS, "#gone")
        await leave(ana, "#gone")
    async with running() as server, entered(server.port, "ana", ANA) as ana:
        assert await rooms_entered(ana) == [OPS]
        await tell(ana, OPS, "here again")


async def test_a_key_comes_back_to_what_the_disk_has_not_yet() -> None:
    """It joins one room, leaves another, and is cut and back again, all while the log writes nothing."""
    store = GatedStore()
    store.gate.set()
    async with running(store=store) as server, entered(server.port, "ana", ANA) as ana:
        await join(ana, "#gone")
        store.gate.clear()
        store.waiting.clear()
        ana.send(Join(OPS), Leave("#gone"), Quit())
        await store.until_waiting()
        async with greeted(server.port) as again:
            again.send(Hello("ana", key=ANA.key))
            again.send(signed(await again.next(Challenged), ANA, "ana"), Ping())
            await again.next(Pong)
            store.gate.set()
            await again.next(Welcomed)
            assert await rooms_entered(again) == [OPS]


async def test_where_a_key_is_gets_into_the_log_once_there_is_room() -> None:
    """It joins while the disk is full; by the time that something is said again, the log knows of it."""
    store = FullStore()
    async with running(store=store) as server, entered(server.port, "ana", ANA) as ana:
        await join(ana, OPS)
        store.is_full = False
        await tell(ana, OPS, "here")
        assert store.asked[-1] == [Claim, Making, Membership, Post]


async def test_a_guest_starts_in_general(server: Server) -> None:
    async with rich_peer(server.port, "leo") as leo:
        await join(leo, OPS)
        leo.say("SALIR")
        await leo.rest()
    async with rich_peer(server.port, "leo") as leo:
        assert await rooms_entered(leo) == []


async def test_what_was_missed_in_all_rooms_comes_in_order(server: Server) -> None:
    """And nothing of rooms that one is not in; then the own arrivals, and what is said from then on."""
    async with rich_peer(server.port, "eva") as eva:
        await join(eva, OPS, DEV)
        async with entered(server.port, "ana", ANA) as ana:
            await join(ana, OPS)
            first = await tell(ana, OPS, "seen")
        said = [await tell(eva, [GENERAL, OPS, DEV][number % 3], f"missed {number}") for number in range(250)]
        async with returned(server.port, first) as ana:
            assert await ana.event() == Entered(OPS, ["ana", "eva"], first.seq)
            missed = [one for one in said if one.room != DEV]
            assert [await ana.event() for _ in missed] == missed
            assert [(await ana.next(Joined)).room for _ in range(2)] == [GENERAL, OPS]
            live = [await tell(eva, room, f"live in {room}") for room in (OPS, DEV, GENERAL)]
            assert [await ana.next(Said), await ana.next(Said)] == [live[0], live[2]]


async def test_what_is_said_while_it_returns_comes_once(server: Server) -> None:
    """Twenty returns while messages go to two rooms all the time: each sees all of both, by rising seq."""
    async with rich_peer(server.port, "eva") as eva:
        async with entered(server.port, "ana", ANA) as ana:
            await join(ana, OPS)
            seen = [await tell(ana, OPS, "first")]
        await join(eva, OPS)
        for turn in range(20):
            for number in range(10):
                eva.send(Say((GENERAL, OPS)[number % 2], f"{turn} {number}", f"{turn}-{number}"))
            async with returned(server.port, seen[-1]) as ana:
                seen += [await ana.next(Said) for _ in range(turn % 7)]
        last = await tell(eva, OPS, "last")
        async with returned(server.port, seen[-1]) as ana:
            while seen[-1] != last:
                seen.append(await ana.next(Said))
    expected = [f"{turn} {number}" for turn in range(20) for number in range(10)]
    assert [one.text for one in seen] == ["first", *expected, "last"]
    assert [one.seq for one in seen] == sorted({one.seq for one in seen})


async def test_a_nick_taken_while_the_disk_is_full_is_the_key_s_once_there_is_room() -> None:
    """Though nothing was said before the server stopped, the log knows it, and who was taken out of where."""
    store = FullStore()
    async with running(store=store) as server, entered(server.port, "ana", ANA) as ana:
        await join(ana, OPS, DEV)
        await leave(ana, DEV)
        store.is_full = False
    assert store.kept[Claim] == [Claim("ana", ANA.key, store.kept[Claim][0].at)]
    assert [(one.room, one.is_member) for one in store.kept[Membership]] == [(OPS, True), (DEV, False)]


async def test_a_nick_given_up_and_taken_back_at_once_stays_the_key_s(server: Server) -> None:
    """In one write, before the log knows of the first step."""
    async with entered(server.port, "ana", ANA) as ana:
        ana.send(Rename("zoe"), Rename("ana"))
        await tell(ana, GENERAL, "ana again")
        assert server._store is not None
        assert dict(server._store.owners.accounts) == {"ana": ANA.key}
