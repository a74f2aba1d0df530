"""The nick: asked for when there is none or it is refused, and answered by `choose_nick`."""

import asyncio

import pytest

from chatapp.client.events import Connecting, NickWanted
from chatapp.client.state import Link
from chatapp.protocol.errors import BadNick, Code, NickReserved, Offline, ProtocolError
from chatapp.protocol.events import Error, Welcomed
from chatapp.protocol.requests import Rename
from chatapp.server.server import Server
from tests.client.watching import joined, saying, serving, watched


async def test_with_no_nick_the_first_event_asks_for_one(server: Server) -> None:
    """Nothing is connected before there is a nick; then the client joins with it."""
    async with watched(server.port) as watch:
        assert await watch.next(NickWanted) == NickWanted(None)
        assert watch.client.state.link is Link.NICK_WANTED
        watch.client.choose_nick("ana")
        assert (await watch.next(Welcomed)).nick == "ana"
        assert isinstance(watch.seen[1], Connecting)


async def test_a_taken_nick_is_asked_for_again(server: Server) -> None:
    """Refused, the client asks with the server's error, as often as it takes, and then joins."""
    async with joined(server.port, "ana"), watched(server.port, "ANA") as watch:
        for nick in ("Ana", "eva"):
            wanted = await watch.next(NickWanted)
            assert wanted.error is not None
            assert wanted.error.code == Code.NICK_TAKEN
            watch.client.choose_nick(nick)
        assert (await watch.next(Welcomed)).members == ["ana", "eva"]


@pytest.mark.parametrize(
    ("nick", "code"), [("a b", Code.BAD_NICK), ("x" * 33, Code.BAD_NICK), ("servidor", Code.NICK_RESERVED)]
)
async def test_a_nick_that_the_server_refuses_is_asked_for_again(server: Server, nick: str, code: Code) -> None:
    """A nick given at the start is the server's to judge."""
    async with watched(server.port, nick) as watch:
        wanted = await watch.next(NickWanted)
        assert wanted.error is not None
        assert (wanted.error.code, bool(wanted.error.text)) == (code, True)


@pytest.mark.parametrize(
    ("nick", "error"), [("", BadNick), ("a b", BadNick), ("a\x1b", BadNick), ("SALIR", NickReserved)]
)
async def test_a_bad_choice_is_raised(server: Server, nick: str, error: type[ProtocolError]) -> None:
    """A nick that no server may take is refused at once, and the client still waits for one."""
    async with watched(server.port) as watch:
        await watch.next(NickWanted)
        with pytest.raises(error):
            watch.client.choose_nick(nick)
        watch.client.choose_nick("ana")
        assert (await watch.next(Welcomed)).nick == "ana"


async def test_the_choice_is_in_the_normal_form(server: Server) -> None:
    """A nick that is typed with combining marks is sent composed (NFC)."""
    async with watched(server.port) as watch:
        await watch.next(NickWanted)
        watch.client.choose_nick("Jose\u0301")
        assert (await watch.next(Welcomed)).nick == "Jos\u00e9"


async def test_a_try_again_without_a_nick_asks_again(server: Server) -> None:
    """`retry_now` while a nick is wanted doesn't connect without one."""
    async with watched(server.port) as watch:
        await watch.next(NickWanted)
        watch.client.retry_now()
        assert await watch.next(NickWanted) == NickWanted(None)
        assert len(watch.seen) == 2


async def test_only_messages_can_be_sent_before_there_is_a_connection(server: Server) -> None:
    """A rename while the nick is wanted is refused; a message waits, and goes out first of all."""
    async with watched(server.port) as watch:
        await watch.next(NickWanted)
        with pytest.raises(Offline):
            watch.client.send(Rename("eva"))
        watch.client.type_line("hola")
        watch.client.choose_nick("ana")
        assert await watch.texts(1) == ["hola"]


async def test_a_refusal_by_a_code_that_is_no_nicks_asks_for_none() -> None:
    """An error of another kind during the hello is shown, and the nick stays."""
    line = b'{"type":"error","code":"full-house","text":"No seats left."}\n'
    async with serving(saying(line)) as port, watched(port, "ana") as watch:
        async with asyncio.timeout(5):
            assert await watch.next(Error) == Error("full-house", "No seats left.")
        assert [type(event) for event in watch.seen] == [Connecting, Error]
