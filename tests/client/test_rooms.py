"""Rooms: which of them a client is in, looks at and has read, and how it comes back to them."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, Disconnected, Looked, Lost, Reason, Restarted
from chatapp.client.keepsakes import Keepsakes
from chatapp.client.moves import Moves
from chatapp.client.state import ChatState
from chatapp.protocol import rich
from chatapp.protocol.errors import BadRoom, Code
from chatapp.protocol.events import (
    Entered,
    Error,
    Event,
    HistoryPage,
    Joined,
    Left,
    Members,
    Pong,
    Renamed,
    RoomList,
    Said,
    Welcomed,
)
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import History, Join, Leave, Request, Say
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.client.watching import AN_HOUR, Watch, joined, saying, serving, watched
from tests.ports import free_port


@contextlib.asynccontextmanager
async def with_key(folder: Path, port: int, nick: str = "ana") -> AsyncIterator[Watch]:
    """Run a client that has a key under `folder`."""
    keepsakes = Keepsakes(folder, "127.0.0.1", port)
    async with Client("127.0.0.1", port, nick, pauses=AN_HOUR, keepsakes=keepsakes) as client:
        watch = Watch(client)
        await watch.next(Welcomed)
        yield watch


async def in_room(watch: Watch, room: str) -> None:
    watch.client.type_line(f"/join {room}")
    await watch.next(Looked)


async def test_who_joins_looks_at_it(server: Server) -> None:
    """The room asked for, however it was written, is the one looked at; its last page comes by itself."""
    async with joined(server.port, "eva") as eva, joined(server.port, "ana") as ana:
        await in_room(eva, "#ops")
        eva.client.type_line("before ana")
        await eva.texts(1)
        await in_room(ana, "#OPS")
        page = await ana.next(HistoryPage)
        while page.room != "#ops":
            page = await ana.next(HistoryPage)
        assert [said.text for said in page.messages] == ["before ana"]
        assert (ana.client.state.room, list(ana.client.state.rooms)) == ("#ops", [GENERAL, "#ops"])
        assert sorted(ana.client.state.members) == ["ana", "eva"]
        assert ana.client.state.here.has_page


async def test_another_room_is_counted_until_one_looks(server: Server) -> None:
    """What others say elsewhere is unread, own messages are not; looking at the room ends that."""
    async with joined(server.port, "eva") as eva, joined(server.port, "ana") as ana:
        await in_room(eva, "#ops")
        await in_room(ana, "#ops")
        ana.client.look_at(GENERAL)
        ana.client.send(Say("#ops", "mine", "1"))
        await ana.texts(1)
        for text in ("one", "two"):
            eva.client.type_line(text)
        assert await ana.texts(2) == ["one", "two"]
        assert unread(ana) == {GENERAL: 0, "#ops": 2}
        ana.client.look_at("#ops")
        assert (ana.client.state.room, unread(ana)) == ("#ops", {GENERAL: 0, "#ops": 0})


async def test_who_leaves_is_back_in_general(server: Server) -> None:
    """The room is gone, and one looks at the one that is always there."""
    async with joined(server.port, "ana") as ana:
        await in_room(ana, "#ops")
        ana.client.type_line("/leave")
        left = await ana.next(Left)
        assert (left.room, ana.client.state.room, list(ana.client.state.rooms)) == ("#ops", GENERAL, [GENERAL])


async def test_refusals(server: Server) -> None:
    """A name that is none is refused here; general is not left; what is refused takes nobody anywhere."""
    async with joined(server.port, "ana") as ana:
        with pytest.raises(BadRoom):
            ana.client.type_line("/join ops")
        for request, code in ((Leave(GENERAL), Code.STAYS_IN_GENERAL), (Leave("#ops"), Code.NOT_IN_ROOM)):
            ana.client.send(request)
            assert (await ana.next(Error)).code == code
        assert ana.client.state.room == GENERAL


async def test_the_rooms_are_listed(server: Server) -> None:
    """/rooms tells of each how many people are in it."""
    async with joined(server.port, "eva") as eva, joined(server.port, "ana") as ana:
        await in_room(eva, "#ops")
        ana.client.type_line("/rooms")
        rooms = (await ana.next(RoomList)).rooms
        assert {info.room: info.count for info in rooms} == {GENERAL: 2, "#ops": 1}


async def test_another_window_of_ones_own_takes_along(server: Server, tmp_path: Path) -> None:
    """Both are in the room that one joins, but only that one looks at it; both are out when one leaves."""
    async with with_key(tmp_path, server.port) as one, with_key(tmp_path, server.port) as other:
        await in_room(one, "#ops")
        assert (await other.next(Entered)).room == "#ops"
        assert (other.client.state.room, list(other.client.state.rooms)) == (GENERAL, [GENERAL, "#ops"])
        other.client.look_at("#ops")
        one.client.type_line("/leave")
        assert (await other.next(Left)).room == "#ops"
        assert (other.client.state.room, list(other.client.state.rooms)) == (GENERAL, [GENERAL])


@pytest.mark.parametrize("has_key", [False, True])
async def test_a_reconnect_brings_the_rooms_back(tmp_path: Path, has_key: bool) -> None:
    """After the server was gone one is in the rooms as before, looking where one looked, and can talk there at once."""
    port = free_port()
    server = Server(Settings(port=port, data=tmp_path / "log"))
    await server.start()
    async with contextlib.AsyncExitStack() as stack:
        opened = with_key(tmp_path / "ana", port) if has_key else joined(port, "ana")
        ana = await stack.enter_async_context(opened)
        await in_room(ana, "#ops")
        await in_room(ana, "#dev")
        ana.client.look_at("#ops")
        await server.stop()
        await ana.next(Disconnected)
        assert (ana.client.state.room, list(ana.client.state.rooms)) == ("#ops", [GENERAL, "#ops", "#dev"])
        assert not any(room.members for room in ana.client.state.rooms.values())
        ana.client.type_line("said while away")
        server = Server(Settings(port=port, data=tmp_path / "log"))
        await server.start()
        ana.client.retry_now()
        assert await ana.texts(1) == ["said while away"]
        state = ana.client.state
        assert (state.room, list(state.rooms)) == ("#ops", [GENERAL, "#ops", "#dev"])
        assert all(list(room.members) == ["ana"] for room in state.rooms.values())
        assert any(isinstance(event, Restarted) for event in ana.seen) is not has_key
    await server.stop()


async def test_a_guest_misses_nothing_while_away(tmp_path: Path) -> None:
    """What was said in a room while a guest was out of it comes as its page, not as nothing."""
    port = free_port()
    server = Server(Settings(port=port, data=tmp_path))
    await server.start()
    async with joined(port, "ana") as ana:
        await in_room(ana, "#ops")
        await server.stop()
        await ana.next(Disconnected)
        server = Server(Settings(port=port, data=tmp_path))
        await server.start()
        async with joined(port, "eva") as eva:
            await in_room(eva, "#ops")
            eva.client.type_line("meanwhile")
            await eva.texts(1)
            ana.client.retry_now()
            await ana.next(Restarted)
            page = await ana.next(HistoryPage)
            assert (page.room, [said.text for said in page.messages]) == ("#ops", ["meanwhile"])
    await server.stop()


async def test_what_one_left_meanwhile_is_lost(tmp_path: Path) -> None:
    """A room that another window left while this one had no connection is taken away when it is back."""
    port = free_port()
    server = Server(Settings(port=port, data=tmp_path / "log"))
    await server.start()
    async with with_key(tmp_path / "ana", port) as ana:
        await in_room(ana, "#ops")
        await server.stop()
        await ana.next(Disconnected)
        server = Server(Settings(port=port, data=tmp_path / "log"))
        await server.start()
        async with with_key(tmp_path / "ana", port) as other:
            await other.next(Entered)
            other.client.send(Leave("#ops"))
            await other.next(Left)
            ana.client.retry_now()
            assert await ana.next(Lost) == Lost("#ops")
            assert (ana.client.state.room, list(ana.client.state.rooms)) == (GENERAL, [GENERAL])
    await server.stop()


async def test_a_gap_begins_every_room_anew() -> None:
    """When too much was missed the pages of all rooms are to be asked for again, from where the log stands."""
    state = ChatState()
    events: list[ClientEvent] = [
        Welcomed("ana", GENERAL, ["ana"], "log", 4, 1),
        Entered("#ops", ["ana"], 4),
        HistoryPage(GENERAL, [said(3, GENERAL)], has_more=True),
        HistoryPage("#ops", [said(2, "#ops")], has_more=True),
        Disconnected(Reason.LOST, 0),
        Welcomed("ana", GENERAL, ["ana"], "log", 9, 1, has_gap=True),
    ]
    for event in events:
        state.apply(event)
    pages = [(room.has_page, room.first_seq) for room in state.rooms.values()]
    assert pages == [(False, 10)] * 2


async def test_who_joins_in_the_midst_of_talk_sees_all_of_it_once(server: Server) -> None:
    """What was said before comes with the page, what is said after by itself: nothing twice, nothing not at all."""
    async with joined(server.port, "eva") as eva, joined(server.port, "ana") as ana:
        await in_room(eva, "#ops")
        for number in range(40):
            eva.client.type_line(str(number))
            if number == 20:
                await eva.texts(10)
                ana.client.type_line("/join #ops")
        await ana.next(Looked)
        shown: list[str] = []
        while "39" not in shown or "0" not in shown:
            event = await ana.next(Said | HistoryPage)  # type: ignore[arg-type]
            for message in event.messages if isinstance(event, HistoryPage) else [event]:
                shown += [message.text] if message.room == "#ops" else []
        assert sorted(shown, key=int) == [str(number) for number in range(40)]


async def test_a_guest_that_comes_back_with_a_line_unsent_sees_all_once(tmp_path: Path) -> None:
    """Its room is shown anew: what was said before by the page, the line when it is said."""
    port = free_port()
    server = Server(Settings(port=port, data=tmp_path))
    await server.start()
    async with joined(port, "ana") as ana:
        await in_room(ana, "#ops")
        for text in ("one", "two"):
            ana.client.type_line(text)
        await ana.texts(2)
        await server.stop()
        await ana.next(Disconnected)
        ana.client.type_line("three")
        server = Server(Settings(port=port, data=tmp_path))
        await server.start()
        ana.client.retry_now()
        await ana.next(Restarted)
        while not (ana.client.state.here.has_page and not ana.client.state.pending):
            await ana.next(Said | HistoryPage)  # type: ignore[arg-type]
        anew = ana.seen[ana.seen.index(next(event for event in ana.seen if isinstance(event, Restarted))) :]
        pages = [said.text for event in anew if isinstance(event, HistoryPage) for said in event.messages]
        assert (pages, [event.text for event in anew if isinstance(event, Said)]) == (["one", "two"], ["three"])
    await server.stop()


def test_only_the_last_page_leads_further_back() -> None:
    """A page of what is newer than some message long ago is not what stands before all that is known."""
    state = ChatState()
    asked: list[Request] = []
    moves = Moves(state, asked.append, state.apply, joins_again=True)
    far_back = HistoryPage(GENERAL, [said(1, GENERAL)], has_more=True, after=0)
    last = HistoryPage(GENERAL, [said(7, GENERAL)], has_more=True, before=9)
    for event in (welcomed_at(8), far_back, last, far_back):
        state.apply(event)
        moves.follow(event)
        assert state.here.has_page == (state.here.first_seq == 7)
    assert asked == [History(GENERAL, 9)]
    assert state.here.first_seq == 7


def test_one_last_page_at_a_time_is_asked_for() -> None:
    """However many rooms one walks through; then that of the room in view, which may be had when it was not before."""
    asked: list[Request] = []
    state = ChatState()
    moves = Moves(state, asked.append, state.apply, joins_again=True)
    rooms = [f"#r{number}" for number in range(20)]
    events: list[Event] = [welcomed_at(0), *(Entered(room, ["ana"], 0) for room in rooms)]
    for event in events:
        state.apply(event)
        moves.follow(event)
    for room in rooms:
        state.apply(Looked(room))
        moves.look_at(room)
    for answer in (HistoryPage(GENERAL, []), Error(Code.BUSY, "")):
        state.apply(answer)
        moves.follow(answer)
    moves.look_at(rooms[-1])
    assert asked == [History(GENERAL, 1), History(rooms[-1], 1), History(rooms[-1], 1)]


async def test_each_room_has_its_own_order() -> None:
    """A message of one room that comes after a newer one of another is shown: they are told room by room."""
    lines = [
        rich.encode(event)
        for event in (
            Welcomed("ana", GENERAL, ["ana"], "log", 0, 1),
            Entered("#ops", ["ana"], 0),
            said(2, "#ops"),
            said(1, GENERAL),
            said(2, "#ops"),
            said(3, "#ops"),
            said(4, "#elsewhere"),
        )
    ]
    async with serving(saying(*lines, rich.encode(Pong()))) as port, watched(port, "ana") as ana:
        await ana.next(Pong)
        assert [event.seq for event in ana.seen if isinstance(event, Said)] == [2, 1, 3]


def test_a_rename_is_for_the_rooms_where_they_are() -> None:
    """Whoever is called otherwise is so in each room that they are in, and comes into none by it."""
    state = ChatState()
    events: list[Event] = [
        Welcomed("ana", GENERAL, ["ana", "eva"], "log", 0, 1),
        Entered("#ops", ["ana", "eva"], 0),
        Entered("#dev", ["ana"], 0),
        Renamed("eva", "Leo", 0),
    ]
    for event in events:
        state.apply(event)
    assert [sorted(room.members.values()) for room in state.rooms.values()] == [["Leo", "ana"], ["Leo", "ana"], ["ana"]]


def test_what_happens_where_one_is_not_changes_nothing() -> None:
    """Events of a room that one has left are passed over."""
    state, same = ChatState(), ChatState()
    events: list[ClientEvent] = [
        Joined("#ops", "eva", 0),
        Left("#ops", "eva", 0),
        Members("#ops", ["eva"]),
        HistoryPage("#ops", []),
        Looked("#ops"),
        Restarted("#ops", 3),
    ]
    for event in events:
        state.apply(event)
    assert state == same


@pytest.mark.parametrize("code", [Code.TOO_MANY_ROOMS, Code.BANNED_FROM_ROOM])
def test_a_join_that_is_refused_takes_nobody_anywhere_later(code: Code) -> None:
    """Once refused, the room does not come into view when another window joins it; once asked for again, it does."""
    state = ChatState()
    moves = Moves(state, lambda _: None, state.apply, joins_again=True)

    def take(*events: Event) -> str:
        for event in events:
            state.apply(event)
            moves.follow(event)
        return state.room

    moves.want(Join("#ops"))
    entered = Entered("#ops", ["ana"], 0)
    assert take(Welcomed("ana", GENERAL, ["ana"], "log", 0, 1), Error(code, "", detail="#ops"), entered) == GENERAL
    moves.want(Join("#ops"))
    assert take(Error(Code.BAD_QUERY, ""), entered) == "#ops"


def said(seq: int, room: str) -> Said:
    return Said(seq, room, "eva", f"number {seq}", 0.0, str(seq))


def welcomed_at(seq: int) -> Welcomed:
    return Welcomed("ana", GENERAL, ["ana"], "log", seq, 1)


def unread(watch: Watch) -> dict[str, int]:
    return {name: room.unread for name, room in watch.client.state.rooms.items()}
