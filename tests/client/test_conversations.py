"""Conversations of two and private rooms: how one comes there, what they are called, and what ends with a guest."""

import asyncio

import pytest

from chatapp.client.events import ClientEvent, Disconnected, Looked, Lost, Queued, Reason
from chatapp.client.moves import Moves
from chatapp.client.state import ChatState
from chatapp.protocol import limits, rich
from chatapp.protocol.errors import BadNick, BadRoom, Code, EmptyText, NickReserved, Offline, Unsupported
from chatapp.protocol.events import Entered, Error, Event, Pong, Renamed, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Join, MakePrivate, MarkRead, Request, Say
from tests.client.watching import goodbye, joined, saying, serving, watched
from tests.peers import SeedServer
from tests.ports import free_port

LUIS = "@:0a1b"
SECRET = "#:2c3d"

welcomed = Welcomed("ana", GENERAL, ["ana"], "log", 0, 1)
with_luis = Entered(LUIS, ["ana"], 0, title="Luis")
in_secret = Entered(SECRET, ["ana"], 0, title="secret", topic="for us alone")


class Traveller:
    """Somebody's state and moves; `asked` is what the server was asked for, `told` what the client was told."""

    def __init__(self, *, is_guest: bool = False) -> None:
        self.state = ChatState()
        self.asked: list[Request] = []
        self.told: list[ClientEvent] = []
        self.moves = Moves(self.state, self.asked.append, self._tell, joins_again=is_guest)
        self.take(welcomed)

    def _tell(self, event: ClientEvent) -> None:
        self.told.append(event)
        self.state.apply(event)

    def take(self, *events: Event) -> str:
        """Take what the server says; return which room is looked at then."""
        for event in events:
            self.state.apply(event)
            self.moves.follow(event)
        return self.state.room


@pytest.mark.parametrize(
    ("request_", "entered"),
    [
        (Join("@luis"), with_luis),
        (Join("@ＬＵＩＳ"), with_luis),
        (Say("@Luis", "hola", "1"), with_luis),
        (MakePrivate("secret"), in_secret),
        (MakePrivate("#Secret"), in_secret),
    ],
)
def test_who_asks_for_a_room_of_few_looks_at_it(request_: Request, entered: Entered) -> None:
    """It is known by who or what was asked for, however that was written; and once, not whenever it is told again."""
    ana = Traveller()
    ana.moves.want(request_)
    others = (Entered("#ops", ["ana"], 0), Entered("@:eva", ["ana"], 0, title="eva"), Entered("#luis", ["ana"], 0))
    assert ana.take(*others, Entered("#:luis", ["ana"], 0, title="luis")) == GENERAL
    assert ana.take(entered) == entered.room
    ana.state.apply(Looked(GENERAL))
    assert ana.take(entered) == GENERAL


def test_who_is_brought_somewhere_looks_where_they_looked() -> None:
    """What others say to one, or the room that one is invited to, does not take the view."""
    ana = Traveller()
    ana.moves.want(Say("#ops", "hola", "1"))
    assert ana.take(with_luis, in_secret) == GENERAL


def test_a_room_that_one_is_in_may_be_asked_for_by_its_own_name() -> None:
    """Only the name of one that isn't known is no name to join."""
    ana = Traveller()
    ana.take(in_secret)
    ana.moves.want(Join(SECRET))
    assert ana.take(in_secret) == SECRET
    for name in ("#:other", "@:other"):
        with pytest.raises(BadRoom):
            ana.moves.check(Join(name))


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        (Join("@luis"), Error(Code.NO_SUCH_NICK, "", detail="luis")),
        (Join("@luis"), Error(Code.TOO_MANY_ROOMS, "")),
        (Say("@luis", "hola", "1"), Error(Code.NO_SUCH_NICK, "", "1", "luis")),
        (Say("@luis", "hola", "1"), Error(Code.ID_REUSED, "", "1")),
    ],
)
def test_what_was_refused_is_wished_for_no_more(request_: Request, refusal: Error) -> None:
    """When the other one opens the conversation later, nobody is taken there."""
    ana = Traveller()
    ana.moves.want(request_)
    assert ana.take(refusal, with_luis) == GENERAL


def test_the_refusal_of_something_else_ends_no_wish() -> None:
    """A message elsewhere that is refused, or one that has to wait for room, is not what was wished for."""
    ana = Traveller()
    ana.moves.want(Say("@luis", "hola", "1"))
    ana.state.apply(Queued(Say("@luis", "hola", "1")))
    assert ana.take(Error(Code.NOT_IN_ROOM, "", "2"), Error(Code.STORAGE_FULL, "", "1"), with_luis) == LUIS


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (Join("@"), BadNick),
        (Join("@a b"), BadNick),
        (Join("@here"), NickReserved),
        (Say("@a b", "hola", "1"), BadNick),
        (MakePrivate("a b"), BadRoom),
    ],
)
async def test_what_can_not_be_there_is_refused_here(request_: Request, error: type[Exception]) -> None:
    """A nick goes by the rules of nicks, a title by those of rooms."""
    lines = map(rich.encode, (welcomed,))
    async with serving(saying(*lines)) as port, joined(port, "ana") as ana:
        with pytest.raises(error):
            ana.client.send(request_)
        assert ana.client.state.pending == {}


def test_a_guest_comes_back_to_public_rooms_alone() -> None:
    """A private room or a conversation ended with the visit before: it is lost, and one looks at general."""
    ana = Traveller(is_guest=True)
    ana.take(Entered("#ops", ["ana"], 0), with_luis, in_secret)
    ana.state.apply(Looked(LUIS))
    ana.state.apply(Disconnected(Reason.LOST, 0))
    ana.asked.clear()
    assert ana.take(welcomed) == GENERAL
    assert ana.told == [Lost(LUIS), Lost(SECRET)]
    assert [request for request in ana.asked if isinstance(request, Join)] == [Join("#ops")]
    assert list(ana.state.rooms) == [GENERAL, "#ops"]


def test_who_has_a_key_comes_back_to_all() -> None:
    """They are told so, as with any room."""
    ana = Traveller()
    ana.take(with_luis, in_secret)
    assert ana.take(welcomed, with_luis, in_secret, Pong()) == GENERAL
    assert list(ana.state.rooms) == [GENERAL, LUIS, SECRET]
    assert ana.told == []


def test_what_rooms_are_called() -> None:
    """By name, title or nick; the nick follows whoever has it, and a room's title is no nick."""
    ana = Traveller()
    ana.take(with_luis, in_secret, Entered("#ops", ["ana"], 0))
    state = ana.state
    assert [state.title_of(room) for room in (*state.rooms, "#:other", "@:other", "#dev")] == [
        *(GENERAL, "@Luis", "#secret", "#ops"),
        *("#:other", "@:other", "#dev"),
    ]
    ana.take(Renamed("eva", "luisa", 0), Renamed("secret", "eva", 0), Renamed("ＬＵＩＳ", "leo", 0))
    assert (state.title_of(LUIS), state.title_of(SECRET)) == ("@leo", "#secret")


def test_what_a_room_is_about() -> None:
    """The welcome and the entry say it, and who changes it; an old message that comes again does not."""
    ana = Traveller()
    topic = Said(2, SECRET, "eva", "news", 0.0, "2", "topic")
    ana.take(in_secret)
    assert ana.state.rooms[SECRET].topic == "for us alone"
    ana.take(Said(1, SECRET, "eva", "old news", 0.0, "1", "topic"), topic)
    ana.take(Said(1, SECRET, "eva", "old news", 0.0, "1", "topic"))
    assert ana.state.rooms[SECRET].topic == "news"
    ana.take(Welcomed("ana", GENERAL, ["ana"], "log", 2, 1, topic="all"), in_secret)
    assert (ana.state.here.topic, ana.state.rooms[SECRET].topic) == ("all", "for us alone")


async def test_nothing_is_said_to_a_nick_without_a_connection() -> None:
    """By the time that there is one the nick may be somebody else's: it is refused and does not wait."""
    async with watched(free_port(), "ana") as ana:
        await ana.next(Disconnected)
        for request in (Say("@luis", "hola", "1"), Join("@luis"), MakePrivate("secret")):
            with pytest.raises(Offline):
                ana.client.send(request)
        ana.client.send(Say(LUIS, "hola", "2"))
        assert list(ana.client.state.pending) == ["2"]


class ConversingServer:
    """Opens the conversation with Luis and says what was said to him, but hangs up on the first `lost` of those."""

    def __init__(self, lost: int = 0) -> None:
        self.said: list[Say] = []
        self._lost = lost

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK\n")
        await reader.readline()
        writer.write(rich.encode(welcomed))
        say = await self._hear(reader)
        if len(self.said) > self._lost:
            answer: list[Event] = [with_luis, Said(1, LUIS, "ana", say.text, 0.0, say.id)]
            writer.writelines(map(rich.encode, answer))
            await goodbye(reader)
        writer.close()

    async def _hear(self, reader: asyncio.StreamReader) -> Say:
        while not isinstance(request := rich.decode_request((await reader.readline()).decode().rstrip()), Say):
            pass
        self.said.append(request)
        return request


async def test_what_was_not_sent_is_not_wished_for() -> None:
    """Nobody is taken to a conversation that they did not get to open: a text was empty."""
    gate = asyncio.Event()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK\n")
        await reader.readline()
        writer.write(rich.encode(welcomed))
        await gate.wait()
        writer.write(rich.encode(with_luis) + rich.encode(Pong()))
        await goodbye(reader)
        writer.close()

    async with serving(script) as port, joined(port, "ana") as ana:
        with pytest.raises(EmptyText):
            ana.client.send(Say("@luis", " ", "1"))
        gate.set()
        await ana.next(Pong)
        assert (ana.client.state.room, list(ana.client.state.rooms)) == (GENERAL, [GENERAL, LUIS])


async def test_what_was_said_to_a_nick_waits_for_its_echo() -> None:
    """It pends from when it was sent; one looks at the conversation, and the echo there ends the waiting."""
    async with serving(ConversingServer().serve) as port, joined(port, "ana") as ana:
        ana.client.send(Say("@luis", "hola", "1"))
        assert list(ana.client.state.pending) == ["1"]
        assert await ana.next(Looked) == Looked(LUIS)
        assert (await ana.next(Said)).room == LUIS
        assert ana.client.state.pending == {}


async def test_what_was_said_to_a_nick_is_sent_again() -> None:
    """Lost with the connection before its echo came, it is said when one is back, by the same id; the view stays."""
    server = ConversingServer(lost=1)
    async with serving(server.serve) as port, joined(port, "ana") as ana:
        ana.client.send(Say("@luis", "hola", "1"))
        await ana.next(Disconnected)
        assert list(ana.client.state.pending) == ["1"]
        ana.client.retry_now()
        assert await ana.texts(1) == ["hola"]
        assert server.said == [Say("@luis", "hola", "1")] * 2
        assert (ana.client.state.pending, ana.client.state.room) == ({}, GENERAL)


@pytest.mark.parametrize(
    "request_",
    [
        Say("@luis", "hola", "1"),
        Say("#ops", "hola", "1"),
        Say(GENERAL, "hola", "1", "topic"),
        Say(GENERAL, "hola", "1", reply=1),
        Join("@luis"),
        MakePrivate("secret"),
        MarkRead(GENERAL, 1),
    ],
)
async def test_a_simple_server_has_none_of_it(request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above all, what is for one person is not said to everyone."""
    monkeypatch.setattr(limits, "GREETING_SECONDS", 0.05)
    async with SeedServer() as seed, joined(seed.port, "ana") as ana:
        with pytest.raises(Unsupported):
            ana.client.send(request_)
        assert ana.client.state.pending == {}
        ana.client.type_line("hola")
        await ana.next(Said)
        assert seed.received == [b"ana: hola"]
