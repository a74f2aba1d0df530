"""Rooms: who joins one sees what is said there, and nobody else does."""

from collections.abc import AsyncIterator

import pytest

from chatapp.client.identity import Identity
from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import (
    Entered,
    Error,
    Event,
    HistoryPage,
    Joined,
    Left,
    Members,
    Present,
    Renamed,
    RoomInfo,
    RoomList,
    Said,
)
from chatapp.protocol.names import GENERAL, name_key
from chatapp.protocol.requests import Delete, History, Join, Leave, Remove, Rename, Request, Rooms, Say, Search, Who
from chatapp.server.server import Server
from chatapp.server.settings import Timing
from tests.server.keyed import entered
from tests.server.rooms import DEV, OPS, close_off, join, leave, tell
from tests.server.talking import GatedStore, LateStore, Peer, plain, rich_peer, running

ANA = Identity.from_seed(b"a" * 32)


@pytest.fixture
async def ana(server: Server) -> AsyncIterator[Peer]:
    async with rich_peer(server.port, "ana") as peer:
        await peer.next(Joined)
        yield peer


@pytest.fixture
async def eva(server: Server, ana: Peer) -> AsyncIterator[Peer]:
    """One that came after ana, and has heard of that too."""
    async with rich_peer(server.port, "eva") as peer:
        await peer.next(Joined)
        await ana.next(Joined)
        yield peer


def texts(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Said)]


async def listed(peer: Peer) -> list[tuple[str, int]]:
    peer.send(Rooms())
    return [(info.room, info.count) for info in (await peer.next(RoomList)).rooms]


async def test_joining_makes_a_room(ana: Peer, eva: Peer) -> None:
    """The first is there alone; both hear of the second; nobody else hears of either."""
    ana.send(Join(OPS))
    assert await ana.event() == Entered(OPS, ["ana"], 0)
    assert isinstance(joined := await ana.event(), Joined)
    assert (joined.room, joined.nick) == (OPS, "ana")
    assert await close_off(ana, eva) == [[]]
    eva.send(Join(OPS))
    assert await eva.event() == Entered(OPS, ["ana", "eva"], 1)
    assert await eva.event() == await ana.event()


async def test_what_is_said_stays_in_its_room(ana: Peer, eva: Peer) -> None:
    await join(ana, OPS)
    await tell(ana, OPS, "psst")
    assert await close_off(ana, eva) == [[]]


async def test_who_is_in_several_rooms_sees_them_in_one_order() -> None:
    """Though all of it comes in one batch, everyone is told each message once, and by rising seq."""
    store = GatedStore()
    store.gate.set()
    async with (
        running(store=store) as server,
        rich_peer(server.port, "ana") as ana,
        rich_peer(server.port, "eva") as eva,
        rich_peer(server.port, "leo") as leo,
    ):
        for peer, rooms in ((ana, [OPS, DEV]), (eva, [OPS, DEV]), (leo, [DEV])):
            await join(peer, *rooms)
        store.gate.clear()
        ana.send(*(Say([GENERAL, OPS, DEV][number % 3], str(number), str(number)) for number in range(90)))
        await store.until_waiting()
        store.gate.set()
        heard = [texts(events) for events in await close_off(ana, eva, leo)]
        assert heard == [
            [str(number) for number in range(90) if number % 3 in places] for places in ((0, 1, 2), (0, 2))
        ]


async def test_leaving_is_told_to_those_who_stay(ana: Peer, eva: Peer) -> None:
    """And to who leaves, who then hears nothing more."""
    await join(ana, OPS)
    await join(eva, OPS)
    await leave(ana, OPS)
    left = await eva.next(Left)
    assert (left.room, left.nick) == (OPS, "ana")
    await tell(eva, OPS, "gone?")
    (events,) = await close_off(eva, ana)
    assert events == []


async def test_the_last_one_out_closes_the_room(ana: Peer, eva: Peer) -> None:
    """By leaving the room or the chat; where nothing was said it is gone from the list."""
    await join(ana, OPS)
    await join(eva, DEV, OPS)
    await leave(ana, OPS)
    assert await listed(ana) == [(GENERAL, 2), (OPS, 1), (DEV, 1)]
    eva.cut()
    while (await ana.next(Left)).room != GENERAL:
        pass
    assert await listed(ana) == [(GENERAL, 1)]
    assert await join(ana, OPS) == [Entered(OPS, ["ana"], 0)]


@pytest.mark.parametrize("request_", [Say(OPS, "hola", "1"), Who(OPS), History(OPS), Search(OPS, "hola"), Leave(OPS)])
async def test_a_room_that_one_is_not_in_says_nothing(ana: Peer, eva: Peer, request_: Request) -> None:
    """Not even whether it is there."""
    ana.send(request_)
    before = await ana.next(Error)
    assert (before.code, before.detail) == (Code.NOT_IN_ROOM, OPS)
    await join(eva, OPS)
    await tell(eva, OPS, "hola")
    ana.send(request_)
    assert await ana.next(Error) == before


async def test_everyone_stays_in_general(ana: Peer) -> None:
    ana.send(Leave(GENERAL), Say(GENERAL, "here", "1"))
    assert (await ana.next(Error)).code == Code.STAYS_IN_GENERAL
    assert (await ana.next(Said)).text == "here"


@pytest.mark.parametrize("identity", [None, ANA])
async def test_there_is_a_limit_of_rooms(server: Server, identity: Identity | None) -> None:
    """One more is refused, and may be joined once another is left; one that one is in already is no more."""
    async with entered(server.port, "leo", identity) if identity else rich_peer(server.port, "leo") as leo:
        await join(leo, *(f"#r{number}" for number in range(limits.ROOMS - 1)))
        leo.send(Join(OPS))
        error = await leo.next(Error)
        assert (error.code, error.limit) == (Code.TOO_MANY_ROOMS, limits.ROOMS)
        await join(leo, "#r0", GENERAL)
        await leave(leo, "#r0")
        await join(leo, OPS)


async def test_names_are_folded(ana: Peer, eva: Peer) -> None:
    assert await join(ana, "#Ops") == [Entered(OPS, ["ana"], 0)]
    assert await join(eva, "#ＯＰＳ") == [Entered(OPS, ["ana", "eva"], 0)]


@pytest.mark.parametrize("room", ["", "ops", "#", "#a b", "##a", "#-a", "#" + "x" * 64])
async def test_a_bad_name_is_refused(ana: Peer, room: str) -> None:
    ana.send(Join(room))
    assert (await ana.next(Error)).code == Code.BAD_ROOM
    assert await listed(ana) == [(GENERAL, 1)]


async def test_all_connections_of_a_person_go_together(server: Server, eva: Peer) -> None:
    """Each is told that it is in a room; others hear of the person once, and of each change once."""
    await join(eva, OPS)
    async with entered(server.port, "leo", ANA) as one, entered(server.port, "leo", ANA) as other:
        one.send(Join(OPS))
        for peer in (one, other):
            assert await peer.next(Entered) == Entered(OPS, ["eva", "leo"], 0)
            assert (await peer.next(Joined)).nick == "leo"
        other.send(Rename("max"), Leave(OPS), Say(GENERAL, "end", "end"))
        for peer in (one, other):
            assert (await peer.next(Renamed)).to == "max"
            assert (await peer.next(Left)).room == OPS
        told = [await eva.event() for _ in range(5)]
        assert [(type(event), getattr(event, "room", None)) for event in told] == [
            (Joined, OPS),
            (Joined, GENERAL),
            (Joined, OPS),
            (Renamed, None),
            (Left, OPS),
        ]
        assert await eva.next(Said)


async def test_a_rename_is_told_once_to_who_shares_several_rooms(ana: Peer, eva: Peer) -> None:
    for peer in (ana, eva):
        await join(peer, OPS, DEV)
    eva.send(Rename("zoe"))
    (events,) = await close_off(eva, ana)
    assert [event.to for event in events if isinstance(event, Renamed)] == ["zoe"]


async def test_a_rename_right_before_leaving_is_told_in_the_room_that_is_left(server: Server, eva: Peer) -> None:
    """In one burst: who shares only that room hears of it first; those of a room that is joined after, not at all."""
    async with plain(server.port, "luis") as luis, plain(server.port, "leo") as leo:
        await join(eva, OPS)
        luis.say("/join #ops")
        await luis.read_until("-- You are in #ops now. Here are: eva, luis")
        leo.say("/join #dev")
        await leo.read_until("-- You are in #dev now. Here are: leo")
        eva.send(Rename("zoe"), Leave(OPS), Join(DEV))
        assert await luis.lines(2) == ["-- eva is now zoe.", "zoe se ha desconectado."]
        assert await leo.read_line() == "zoe se ha unido al chat."


async def test_connections_of_one_key_are_in_the_same_rooms(server: Server, eva: Peer) -> None:
    """By whatever nicks it has; and when one takes the nick of the other, either leaves for both."""
    async with entered(server.port, "leo", ANA) as one, entered(server.port, "max", ANA) as other:
        await join(one, OPS)
        assert (await other.next(Entered)).members == ["leo", "max"]
        one.send(Rename("max"))
        await other.next(Renamed)
        await join(other, DEV)
        while (await one.next(Entered)).room != DEV:
            pass
        await leave(one, DEV)
        await leave(other, OPS)
        for peer in (one, other):
            peer.send(Who(OPS))
            assert (await peer.next(Error)).code == Code.NOT_IN_ROOM
    await close_off(eva)


async def test_a_crowded_room_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who enters or leaves it is told so all the same, and nobody else is."""
    monkeypatch.setattr(limits, "ROSTER_NICKS", 2)
    async with running(Timing(recount=0.01)) as small:
        names = ["a", "b", "c", "d"]
        peers = [await Peer.connect(small.port) for _ in names]
        for name, peer in zip(names, peers, strict=True):
            peer.say(f'{{"type":"hello","nick":"{name}"}}')
            await peer.read_line()
            await join(peer, OPS)
        a, *_, d = peers
        a.send(Who(OPS))
        assert await a.next(Members) == Members(OPS, ["a", "b"], 4)
        d.send(Leave(OPS), Join(OPS))
        assert (await d.next(Left)).nick == "d"
        assert await d.next(Entered) == Entered(OPS, ["d"], 0, 4)
        while not isinstance(event := await a.event(), Present) or event.room != OPS:
            assert not isinstance(event, Left)
        for peer in peers:
            peer.abort()


async def test_who_types_is_told_of_the_own_coming_into_a_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROSTER_NICKS", 1)
    async with running() as small, rich_peer(small.port, "ana") as ana, plain(small.port, "luis") as luis:
        await join(ana, OPS)
        luis.say("/join #ops")
        await luis.read_until("luis se ha unido al chat.")
        await luis.read_until("-- You are in #ops now. Here are: luis and 1 other")


async def test_a_page_asked_for_with_no_bound_ends_where_the_news_begin() -> None:
    """What is in the log and not told yet is told later, and is in no page before that."""
    store = LateStore()
    store.gate.set()
    async with running(store=store) as server, rich_peer(server.port, "ana") as ana:
        first = await tell(ana, GENERAL, "first")
        store.gate.clear()
        store.waiting.clear()
        ana.send(Say(GENERAL, "in the log", "2"))
        await store.until_waiting()
        ana.send(History(GENERAL), History(GENERAL, before=99))
        assert [(await ana.next(HistoryPage)).messages for _ in range(2)] == [[first]] * 2
        store.gate.set()
        assert (await ana.next(Said)).text == "in the log"


async def test_joining_and_leaving_in_one_burst(ana: Peer, eva: Peer) -> None:
    """What is asked for at once is done in order: what is said in between is told."""
    await join(eva, OPS)
    ana.send(Join(OPS), Say(OPS, "in and", "1"), Leave(OPS), Say(OPS, "out", "2"))
    assert (await ana.next(Error)).id == "2"
    kinds = [type(await ana.event()) for _ in range(4)]
    assert kinds == [Entered, Joined, Said, Left]
    (events,) = await close_off(ana, eva)
    assert [type(event) for event in events] == [Entered, Joined, Joined, Said, Left][-len(events) :]


async def test_a_connection_that_dies_while_it_joins_leaves_nothing_behind() -> None:
    """Each room hears that it came and went, and is empty after."""
    store = GatedStore()
    store.gate.set()
    async with running(store=store) as server, rich_peer(server.port, "ana") as ana:
        await join(ana, OPS)
        for _ in range(20):
            async with entered(server.port, "leo", ANA) as leo:
                leo.send(*(Join(room) for room in (OPS, DEV)), Leave(OPS), Join("#more"))
                await leo.next(Entered)
                leo.cut()
            while (await ana.next(Left)).room != GENERAL:
                pass
        assert await listed(ana) == [(GENERAL, 1), (OPS, 1)]


async def test_who_types_moves(server: Server, ana: Peer) -> None:
    """Those in the room before read that they left, those in the new one that they came; each hears only its own."""
    async with plain(server.port, "luis") as luis, plain(server.port, "eva") as eva:
        await luis.read_until("eva se ha unido al chat.")
        await join(ana, OPS)
        luis.say("/join #ops")
        assert await luis.lines(2) == ["luis se ha desconectado.", "luis se ha unido al chat."]
        assert await luis.read_line() == "-- You are in #ops now. Here are: ana, luis"
        assert await eva.read_line() == "luis se ha desconectado."
        luis.say("hola", "/who", "/join #ops")
        assert (await ana.next(Said)).room == OPS
        await tell(ana, GENERAL, "not for luis")
        assert await eva.read_line() == "ana: not for luis"
        await tell(ana, OPS, "for luis")
        assert await luis.lines(2) == ["luis: hola", "-- Here are: ana, luis"]
        assert await luis.lines(2) == ["-- You are in #ops now. Here are: ana, luis", "ana: for luis"]
        luis.say("/leave", "back")
        assert await luis.lines(2) == ["luis se ha desconectado.", "luis se ha unido al chat."]
        assert await eva.lines(2) == ["luis se ha unido al chat.", "luis: back"]


async def test_who_types_reads_what_rooms_there_are(server: Server, ana: Peer) -> None:
    async with plain(server.port, "luis") as luis:
        await join(ana, OPS)
        luis.say("/rooms")
        assert await luis.read_line() == "-- There are these rooms: #general (2), #ops (1)"


async def test_the_list_begins_with_where_something_was_said_last(ana: Peer) -> None:
    """Rooms that are empty by now are in it too, with when that was."""
    await join(ana, OPS, DEV, "#quiet")
    said = {room: (await tell(ana, room, f"in {room}")).at for room in (OPS, GENERAL, DEV)}
    await leave(ana, DEV)
    ana.send(Rooms())
    assert (await ana.next(RoomList)).rooms == [
        RoomInfo(DEV, 0, said[DEV]),
        RoomInfo(GENERAL, 1, said[GENERAL]),
        RoomInfo(OPS, 1, said[OPS]),
        RoomInfo("#quiet", 1, 0),
    ]


async def test_what_was_said_before_is_there_for_who_joins(ana: Peer, eva: Peer) -> None:
    """Though the room was closed in between."""
    await join(ana, OPS)
    said = await tell(ana, OPS, "early")
    await leave(ana, OPS)
    await join(eva, OPS)
    eva.send(History(OPS))
    assert (await eva.next(HistoryPage)).messages == [said]


async def test_many_may_join_at_once(server: Server) -> None:
    """Each of twenty ends up with all in the list of the room."""
    peers = [await Peer.connect(server.port) for _ in range(20)]
    for number, peer in enumerate(peers):
        peer.say(f'{{"type":"hello","nick":"p{number}"}}', f'{{"type":"join","room":"{OPS}"}}')
    for peer in peers:
        await peer.read_line()
        await peer.next(Entered)
    peers[0].send(Who(OPS))
    assert len((await peers[0].next(Members)).nicks) == 20
    for peer in peers:
        peer.abort()


async def test_a_room_that_guests_made_has_no_master(server: Server, eva: Peer) -> None:
    """Whoever comes later with a key may not delete there, nor take people out."""
    await join(eva, OPS)
    said = await tell(eva, OPS, "hola")
    async with entered(server.port, "leo", ANA) as leo:
        await join(leo, OPS)
        for request in (Delete(OPS, said.seq), Remove(OPS, "eva")):
            leo.send(request)
            assert (await leo.next(Error)).code == Code.NOT_YOURS


async def test_a_long_name_is_refused_before_it_is_looked_at(ana: Peer) -> None:
    """Folding it could make it many times as long."""
    ana.send(Join("#" + "\ufdfa" * 2000))
    assert (await ana.next(Error)).code == Code.BAD_ROOM
    before = name_key.cache_info().misses
    ana.send(Join("#" + "\ufdfb" * 2000))
    assert (await ana.next(Error)).code == Code.BAD_ROOM
    assert name_key.cache_info().misses == before
