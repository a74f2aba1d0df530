"""Private rooms and conversations: they are nothing to those who are not in them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatapp.client.identity import Identity
from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Entered, Error, Found, HistoryPage, Joined, Left, Members, Pong, RoomList, Said
from chatapp.protocol.names import CONVERSATION, GENERAL, PRIVATE
from chatapp.protocol.requests import (
    History,
    Invite,
    Join,
    Leave,
    MakePrivate,
    Mentions,
    Ping,
    Remove,
    Rename,
    Request,
    Rooms,
    Say,
    Search,
    Who,
)
from chatapp.server.server import Server
from tests.server.keyed import entered
from tests.server.rooms import OPS, close_off, join, tell
from tests.server.talking import Peer, plain, rich_peer, running

ANA, EVA, LEO = (Identity.from_seed(seed * 32) for seed in (b"a", b"e", b"l"))


@pytest.fixture
async def ana(server: Server) -> AsyncIterator[Peer]:
    async with entered(server.port, "ana", ANA) as peer:
        yield peer


@pytest.fixture
async def eva(server: Server, ana: Peer) -> AsyncIterator[Peer]:
    async with entered(server.port, "eva", EVA) as peer:
        yield peer


async def made(peer: Peer, title: str = "plan") -> str:
    """Make a private room, and return its name."""
    peer.send(MakePrivate(title))
    return (await peer.next(Entered)).room


async def opened(peer: Peer, nick: str) -> str:
    """Open a conversation, and return its room's name."""
    peer.send(Join(f"@{nick}"), Who(GENERAL))
    room = ""
    while not isinstance(event := await peer.event(), Members):
        room = event.room if isinstance(event, Entered) else room
    return room


async def refusal(peer: Peer, request: Request) -> tuple[str, str]:
    peer.send(request)
    error = await peer.next(Error)
    return error.code, error.detail


async def test_who_is_brought_in_sees_all_of_it(ana: Peer, eva: Peer) -> None:
    """As one who joined: what is said from then on, and the rest as history."""
    room = await made(ana)
    assert room.startswith(PRIVATE)
    before = await tell(ana, room, "before")
    ana.send(Invite(room, "eva"))
    came = await eva.next(Entered)
    assert (came.room, came.title, came.members, came.seq) == (room, "plan", ["ana", "eva"], before.seq)
    invited = await eva.next(Said)
    assert (invited.kind, invited.nick, invited.text) == ("invited", "ana", "eva")
    eva.send(History(room))
    assert [said.text for said in (await eva.next(HistoryPage)).messages] == ["before", "eva"]
    await tell(eva, room, "hello")
    assert (await ana.next(Joined)).room == room


async def test_it_is_nothing_to_others(server: Server, ana: Peer, eva: Peer) -> None:
    """Neither in lists, nor in what they find, nor by any answer: those for a room that never was are the same."""
    room = await made(ana)
    await tell(ana, room, "secret @eva")
    async with entered(server.port, "leo", LEO) as leo:
        never = f"{PRIVATE}{'0' * 32}"
        for request in (
            Say(room, "hola", "1"),
            History(room),
            Search(room, "secret"),
            Invite(room, "leo"),
            Leave(room),
        ):
            other = type(request)(
                **{field: getattr(request, field) for field in request.__struct_fields__} | {"room": never}
            )
            code, detail = await refusal(leo, request)
            assert (code, detail) == (Code.NOT_IN_ROOM, room)
            assert await refusal(leo, other) == (Code.NOT_IN_ROOM, never)
        assert [await refusal(leo, Join(name)) for name in (room, never)] == [(Code.BAD_ROOM, "")] * 2
        leo.send(Rooms())
        assert [info.room for info in (await leo.next(RoomList)).rooms] == [GENERAL]
    eva.send(Search(GENERAL, "secret"), Mentions())
    assert [(await eva.next(Found)).messages for _ in range(2)] == [[], []]
    ana.send(Rooms())
    assert {info.title for info in (await ana.next(RoomList)).rooms} == {"", "plan"}


async def test_two_may_have_the_same_title(ana: Peer, eva: Peer) -> None:
    """So a title that is taken tells nobody anything."""
    assert await made(ana) != await made(eva)


async def test_it_is_gone_with_the_last_one(server: Server, ana: Peer, eva: Peer) -> None:
    """Its maker may go while others stay; after the last one nothing is left of it in the log."""
    room = await made(ana)
    ana.send(Invite(room, "eva"), Leave(room))
    await tell(eva, room, "still here")
    eva.send(Leave(room))
    while (await eva.next(Left)).room != room:
        pass
    await close_off(eva, ana)
    assert server._store is not None
    assert await server._store.before(room, None, 10) == []


async def test_its_maker_takes_people_out(ana: Peer, eva: Peer) -> None:
    """They are told, and it is nothing to them from then on; others may not do that."""
    room = await made(ana)
    ana.send(Invite(room, "eva"))
    await eva.next(Entered)
    assert await refusal(eva, Remove(room, "ana")) == (Code.NOT_YOURS, "")
    assert await refusal(ana, Remove(room, "nobody")) == (Code.NO_SUCH_NICK, "nobody")
    ana.send(Remove(room, "eva"))
    while (said := await eva.next(Said)).kind != "removed":
        pass
    assert (said.nick, said.text) == ("ana", "eva")
    assert (await eva.next(Left)).room == room
    assert await refusal(eva, History(room)) == (Code.NOT_IN_ROOM, room)


async def test_nobody_is_brought_where_everyone_may_come(ana: Peer, eva: Peer) -> None:
    await join(ana, OPS)
    assert await refusal(ana, Invite(OPS, "eva")) == (Code.NOT_PRIVATE, "")
    room = await opened(ana, "eva")
    assert await refusal(ana, Invite(room, "eva")) == (Code.NOT_PRIVATE, "")
    assert await refusal(ana, Remove(room, "eva")) == (Code.NOT_YOURS, "")


async def test_only_the_two_read_a_conversation(server: Server, ana: Peer, eva: Peer) -> None:
    """Both come into it with the first message, whose room has a name that nobody can join."""
    async with rich_peer(server.port, "leo") as leo:
        ana.send(Say("@eva", "psst", "1"))
        told = [await peer.next(Entered) for peer in (ana, eva)]
        assert [entered.title for entered in told] == ["eva", "ana"]
        said = await ana.next(Said)
        assert (said.text, said.id, await eva.next(Said)) == ("psst", "1", said)
        assert said.room.startswith(CONVERSATION)
        assert await refusal(leo, History(said.room)) == (Code.NOT_IN_ROOM, said.room)
        assert await refusal(leo, Join(said.room)) == (Code.BAD_ROOM, "")
        (heard,) = await close_off(ana, leo)
        assert all(isinstance(event, Joined) for event in heard)
        leo.send(Rooms())
        assert [info.room for info in (await leo.next(RoomList)).rooms] == [GENERAL]


async def test_a_conversation_reaches_who_is_away(server: Server, ana: Peer) -> None:
    """It is there when its other one comes back, though a nick may mean somebody else by then."""
    async with entered(server.port, "eva", EVA):
        pass
    ana.send(Say("@eva", "when you are back", "1"), Ping())
    await ana.next(Pong)
    async with entered(server.port, "eva", EVA) as eva:
        came = await eva.next(Entered)
        assert came.title == "ana"
        eva.send(Rename("zoe"), History(came.room))
        assert [said.text for said in (await eva.next(HistoryPage)).messages] == ["when you are back"]
        async with entered(server.port, "eva", LEO) as other:
            assert await opened(ana, "eva") != came.room
            assert await opened(ana, "zoe") == came.room
            assert await refusal(other, History(came.room)) == (Code.NOT_IN_ROOM, came.room)


async def test_who_closed_a_conversation_is_back_with_the_next_message(ana: Peer, eva: Peer) -> None:
    room = await opened(ana, "eva")
    await eva.next(Entered)
    eva.send(Leave(room))
    assert (await eva.next(Left)).room == room
    ana.send(Say(room, "one more thing", "1"))
    assert (await eva.next(Entered)).room == room
    assert (await eva.next(Said)).text == "one more thing"


async def test_with_a_guest_it_lasts_as_long_as_the_guest(server: Server, ana: Peer) -> None:
    """Then it is closed, and whoever has the nick next opens another; nothing of it is left in the log."""
    async with rich_peer(server.port, "luis") as luis:
        luis.send(Say("@ana", "just passing", "1"))
        room = (await ana.next(Said)).room
        luis.say("SALIR")
        await luis.rest()
    assert (await ana.next(Left)).room == room
    assert await refusal(ana, History(room)) == (Code.NOT_IN_ROOM, room)
    assert await refusal(ana, Join("@luis")) == (Code.NO_SUCH_NICK, "luis")
    async with rich_peer(server.port, "luis"):
        assert await opened(ana, "luis") != room
        assert server._store is not None
        assert await server._store.before(room, None, 10) == []


async def test_rooms_and_conversations_outlast_the_server() -> None:
    async with running() as server, entered(server.port, "ana", ANA) as ana, entered(server.port, "eva", EVA) as eva:
        room, talk = await made(ana), await opened(ana, "eva")
        ana.send(Invite(room, "eva"), Say(room, "what we plan", "1", "topic"))
        while (await eva.next(Said)).kind != "topic":
            pass
    async with running() as server, entered(server.port, "eva", EVA) as eva:
        back = {came.room: came for came in [await eva.next(Entered) for _ in range(2)]}
        assert back.keys() == {room, talk}
        assert (back[room].title, back[room].topic, back[talk].title) == ("plan", "what we plan", "ana")


@pytest.mark.parametrize(
    ("nick", "code"),
    [
        ("nobody", Code.NO_SUCH_NICK),
        ("Ana?", Code.BAD_NICK),
        ("", Code.BAD_NICK),
        ("servidor", Code.NICK_RESERVED),
    ],
)
async def test_there_is_no_conversation_with_nobody(ana: Peer, nick: str, code: Code) -> None:
    assert (await refusal(ana, Say(f"@{nick}", "hola", "1")))[0] == code


async def test_one_may_write_to_oneself(ana: Peer) -> None:
    ana.send(Say("@ana", "a note", "1"))
    assert (await ana.next(Entered)).members == ["ana"]
    assert (await ana.next(Said)).text == "a note"


async def test_there_is_a_limit_of_conversations(server: Server, ana: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    """For who opens one, and for the other; those that are open go on."""
    monkeypatch.setattr(limits, "CONVERSATIONS", 1)
    async with rich_peer(server.port, "luis") as luis, rich_peer(server.port, "leo") as leo:
        room = await opened(ana, "luis")
        for peer, nick in ((ana, "leo"), (leo, "luis")):
            assert (await refusal(peer, Join(f"@{nick}")))[0] == Code.TOO_MANY_ROOMS
        assert await opened(luis, "ana") == room


async def test_plain_peers_read_and_write_them(server: Server, ana: Peer) -> None:
    """A conversation wherever they are; a private room as the one room that they are in."""
    async with plain(server.port, "luis") as luis:
        ana.send(Say("@luis", "psst", "1"))
        assert await luis.lines(2) == [
            "-- Only ana reads what you write with: /msg ana …",
            "ana (privado): psst",
        ]
        luis.say("/msg ana what?", "to all")
        assert await luis.until("luis: to all") == [
            "-- Only ana reads what you write with: /msg ana …",
            "luis (privado): what?",
        ]
        luis.say("/private plan", "/invite ana", "/topic secret things", "/topic", "/leave")
        assert await luis.lines(9) == [
            "luis se ha desconectado.",
            "luis se ha unido al chat.",
            "-- You are in #plan now. Here are: luis",
            "ana se ha unido al chat.",
            "-- luis brought ana in",
            "-- luis set the topic: secret things",
            "-- You are in #plan now. Here are: ana, luis · Topic: secret things",
            "luis se ha desconectado.",
            "luis se ha unido al chat.",
        ]


async def test_what_is_read_late_is_not_told_to_who_was_taken_out(
    ana: Peer, eva: Peer, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken out between the question and its answer, one finds nothing of the room."""
    room = await made(ana)
    ana.send(Invite(room, "eva"))
    await eva.next(Entered)
    asked = asyncio.Event()
    go_on = asyncio.Event()
    store = server._store
    assert store is not None
    search = store.search

    async def late(*arguments: Any) -> list[Said]:
        asked.set()
        await go_on.wait()
        return await search(*arguments)

    monkeypatch.setattr(store, "search", late)
    eva.send(Search(room, "secret"))
    await asked.wait()
    ana.send(Remove(room, "eva"))
    await tell(ana, room, "a secret")
    go_on.set()
    while not isinstance(event := await eva.event(), Error):
        assert not isinstance(event, Found)
    assert event.code == Code.NOT_IN_ROOM


async def test_a_conversation_that_a_guest_had_closed_ends_with_the_guest_too(server: Server, ana: Peer) -> None:
    async with rich_peer(server.port, "luis") as luis:
        luis.send(Say("@ana", "just passing", "1"))
        room = (await ana.next(Said)).room
        luis.send(Leave(room))
        while (await luis.next(Left)).room != room:
            pass
    while (await ana.next(Left)).nick != "ana":
        pass
    assert await refusal(ana, Say(room, "are you there?", "2")) == (Code.NOT_IN_ROOM, room)
    assert server._store is not None
    assert await server._store.before(room, None, 10) == []


async def test_a_topic_on_its_way_brings_no_room_back(server: Server, ana: Peer) -> None:
    """Set and left in one burst: nothing is known of the room."""
    room = await made(ana)
    ana.send(Say(room, "what we plan", "1", "topic"), Leave(room))
    while (await ana.next(Left)).room != room:
        pass
    assert not server._services.registry.is_made(room)


async def test_what_is_said_in_a_conversation_that_is_opened_anew_stays(server: Server, ana: Peer) -> None:
    """Though the one before it ended with so many messages that they are erased bit by bit."""
    async with rich_peer(server.port, "luis") as luis:
        luis.send(*(Say("@ana", str(number), str(number)) for number in range(150)))
        while (said := await ana.next(Said)).text != "149":
            pass
        for peer in (luis, ana):
            peer.send(Leave(said.room))
            while (await peer.next(Left)).room != said.room:
                pass
        assert await opened(luis, "ana") == await opened(ana, "luis") != said.room
        ana.send(Say("@luis", "anew", "1"))
        while (anew := await luis.next(Said)).text != "anew":
            pass
        assert server._store is not None
        while await server._store.before(said.room, None, 1):
            pass
        assert await server._store.before(anew.room, None, 10) == [anew]


async def test_nobody_moves_who_types(server: Server, ana: Peer) -> None:
    """What they type next is read where they think they are."""
    room = await made(ana)
    async with plain(server.port, "luis") as luis:
        assert await refusal(ana, Invite(room, "luis")) == (Code.NO_SUCH_NICK, "luis")
        luis.say("still here")
        assert (await ana.next(Said)).room == GENERAL
