"""A client with a real chatapp server: it joins, talks, asks, renames, and is told what it may not."""

import asyncio

import pytest

from chatapp.client.client import Client
from chatapp.client.events import Connecting, Queued
from chatapp.client.state import Link
from chatapp.client.trust import Trust
from chatapp.protocol import limits
from chatapp.protocol.errors import (
    BadCharacter,
    BadNick,
    BadUsage,
    Code,
    EmptyText,
    LineTooLong,
    NickReserved,
    ProtocolError,
    TextTooLong,
    UnknownCommand,
)
from chatapp.protocol.events import Error, Event, Joined, Left, Members, Pong, Renamed, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, Help, Ping, Quit, Say
from chatapp.server.server import Server
from tests.client.watching import AN_HOUR, Watch, joined, watched

ESCAPES = '"' * limits.TEXT_BYTES
"""A text within the limit, which is twice as long in JSON."""


async def test_joining(server: Server) -> None:
    """The first events are: connecting, welcome with those who are here, and one's own arrival."""
    async with joined(server.port, "eva"), watched(server.port, "ana") as ana:
        await ana.next(Joined)
    first, welcome, arrival = ana.seen
    assert first == Connecting("127.0.0.1", server.port)
    assert isinstance(welcome, Welcomed)
    assert (welcome.nick, welcome.room, welcome.members) == ("ana", GENERAL, ["ana", "eva"])
    assert isinstance(arrival, Joined)
    assert arrival.nick == "ana"


async def test_what_is_typed_is_queued_and_comes_back_as_said(server: Server) -> None:
    """A line is pending until the server's own echo of it confirms it."""
    async with joined(server.port, "ana") as ana:
        assert ana.client.type_line("hola") is None
        assert [say.text for say in ana.client.state.pending.values()] == ["hola"]
        queued, said = await ana.next(Queued), await ana.next(Said)
        assert (said.nick, said.text, said.kind, said.id) == ("ana", "hola", "text", queued.say.id)
        assert ana.client.state.pending == {}


async def test_everyone_sees_each_line_once_and_in_one_order(server: Server) -> None:
    """Two who talk at the same time see the same sequence, their own lines in it."""
    async with joined(server.port, "ana") as ana, joined(server.port, "eva") as eva:
        for number in range(50):
            ana.client.type_line(f"a{number}")
            eva.client.type_line(f"e{number}")
            await asyncio.sleep(0)
        seen = await ana.texts(100)
        assert seen == await eva.texts(100)
        assert [text for text in seen if text[0] == "a"] == [f"a{number}" for number in range(50)]
        assert [text for text in seen if text[0] == "e"] == [f"e{number}" for number in range(50)]


@pytest.mark.parametrize(
    ("line", "text", "kind"),
    [("/me waves", "waves", "action"), ("//me waves", "/me waves", "text"), ("two\nlines", "two\nlines", "text")],
)
async def test_typed_lines_that_say_something(server: Server, line: str, text: str, kind: str) -> None:
    """`/me` is an action, `//` a slash, and a line feed stays one."""
    async with joined(server.port, "ana") as ana:
        ana.client.type_line(line)
        said = await ana.next(Said)
        assert (said.text, said.kind) == (text, kind)


async def test_who_is_answered_with_the_members(server: Server) -> None:
    """`/who` lists everyone, sorted."""
    async with joined(server.port, "eva"), joined(server.port, "ana") as ana:
        ana.client.type_line("/who")
        assert await ana.next(Members) == Members(GENERAL, ["ana", "eva"])


async def test_a_rename_is_seen_by_all(server: Server) -> None:
    """After `/nick` both sides know the new nick, and the state's own nick is it."""
    async with joined(server.port, "eva") as eva, joined(server.port, "ana") as ana:
        ana.client.type_line("/nick Anita")
        for watch in (ana, eva):
            renamed = await watch.next(Renamed)
            assert (renamed.nick, renamed.to) == ("ana", "Anita")
            assert sorted(watch.client.state.members.values()) == ["Anita", "eva"]
        assert (ana.client.state.nick, eva.client.state.nick) == ("Anita", "eva")


async def test_a_nick_that_is_taken_is_an_error_and_no_end(server: Server) -> None:
    """Refused a rename, one stays who one was, and connected."""
    async with joined(server.port, "eva"), joined(server.port, "ana") as ana:
        ana.client.type_line("/nick EVA")
        assert (await ana.next(Error)).code == Code.NICK_TAKEN
        assert (ana.client.state.nick, ana.client.state.link) == ("ana", Link.ONLINE)
        ana.client.type_line("hola")
        assert (await ana.next(Said)).nick == "ana"


async def test_a_ping_is_answered(server: Server) -> None:
    """Any request can be sent, not only what can be typed."""
    async with joined(server.port, "ana") as ana:
        ana.client.send(Ping())
        assert await ana.next(Pong) == Pong()


@pytest.mark.parametrize(("line", "intent"), [("/quit", Quit()), (" salir ", Quit()), ("/help", Help())])
async def test_what_the_caller_does_is_returned(server: Server, line: str, intent: Quit | Help) -> None:
    """Leaving and help are the caller's to do: nothing is sent, and nothing pends."""
    async with joined(server.port, "ana") as ana:
        assert ana.client.type_line(line) == intent
        assert ana.client.state.pending == {}
        await _nothing_was_sent(ana)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("   ", EmptyText),
        ("/me", BadUsage),
        ("/who am i", BadUsage),
        ("/whi", UnknownCommand),
        ("a\0b", BadCharacter),
        ("\udcff", BadCharacter),
        ("x" * (limits.TEXT_BYTES + 1), TextTooLong),
        (ESCAPES, LineTooLong),
        ("/nick a b", BadNick),
        ("/nick \udcff", BadNick),
        ("/nick SALIR", NickReserved),
    ],
)
async def test_what_breaks_the_rules_is_raised_and_not_sent(
    server: Server, line: str, error: type[ProtocolError]
) -> None:
    """A line that the server would refuse is refused here: nothing is sent, and nothing pends."""
    async with joined(server.port, "ana") as ana:
        with pytest.raises(error):
            ana.client.type_line(line)
        assert ana.client.state.pending == {}
        await _nothing_was_sent(ana)


async def test_a_refusal_that_names_a_message_ends_its_waiting(server: Server) -> None:
    """A message that the server refuses pends no more."""
    async with joined(server.port, "ana") as ana:
        ana.client.send(Say("#elsewhere", "hola", "1"))
        assert list(ana.client.state.pending) == ["1"]
        error = await ana.next(Error)
        assert (error.code, error.id) == (Code.NOT_IN_ROOM, "1")
        assert ana.client.state.pending == {}


async def test_lines_over_8_kib_from_the_server_are_read(server: Server) -> None:
    """A text that is all escapes, which a plain peer may send, is longer in JSON, and arrives all the same."""
    async with joined(server.port, "ana") as ana:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(f"eva\n{ESCAPES}\n".encode())
        assert (await ana.next(Said)).text == ESCAPES
        writer.close()


async def test_a_room_with_hundreds_of_people_welcomes(server: Server) -> None:
    """A list of members over 8 KiB is read: 300 people with long nicks."""
    peers = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(300)]
    for number, (_, writer) in enumerate(peers):
        writer.write(f"{'x' * 28}{number}\n".encode())
    for reader, _ in peers:
        async with asyncio.timeout(10):
            await reader.readuntil(b"Conectado al servidor.\n")
    async with joined(server.port, "ana") as ana:
        assert len(ana.client.state.members) == 301
    for _, writer in peers:
        writer.transport.abort()


async def test_nobody_takes_the_events_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """With over 1,000 events untaken no more is read; nothing is lost, and reading goes on as they are taken."""
    connection = Flood()

    async def connect(_host: str, _port: int, *, trust: Trust, is_framed: bool) -> Flood:
        return connection

    monkeypatch.setattr("chatapp.client.client.connect", connect)
    async with Client("127.0.0.1", 1, "ana", pauses=AN_HOUR) as client:
        for _ in range(100):
            await asyncio.sleep(0)
        assert connection.reads == 2  # and the 1,001st is that it connects
        watch = Watch(client)
        assert await watch.texts(4000) == [str(seq) for seq in range(1, 4001)]


class Flood:
    """A connection on which 500 messages wait at any time."""

    answers_pings = True

    def __init__(self) -> None:
        self.reads = 0

    async def read(self) -> list[Event] | None:
        await asyncio.sleep(0)
        first, self.reads = self.reads * 500 + 1, self.reads + 1
        return [Said(seq, GENERAL, "eva", str(seq), 0, str(seq)) for seq in range(first, first + 500)]

    def hello(self, hello: Hello) -> None: ...

    def send(self, request: object) -> None: ...

    async def leave(self) -> None: ...

    def close(self) -> None: ...


async def _nothing_was_sent(watch: Watch) -> None:
    """Ping: if the pong is the first answer, nothing before it asked for one."""
    watch.seen.clear()
    watch.client.send(Ping())
    await watch.next(Pong)
    assert [event for event in watch.seen if not isinstance(event, Joined | Left)] == [Pong()]
