"""A client with a server like the first one, which has no framing: it joins, talks and leaves there as well."""

from collections.abc import AsyncIterator

import pytest

from chatapp.client.events import Disconnected, Queued, Reason
from chatapp.client.state import Link
from chatapp.protocol import limits
from chatapp.protocol.errors import Code, TextTooLong, Unsupported
from chatapp.protocol.events import Error, Joined, Left, Said, Welcomed
from tests.client.watching import joined, watched
from tests.peers import SeedClient, SeedServer
from tests.ports import free_port


@pytest.fixture
def quick_greeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let clients take 50 ms, not a second, to see that a server has no framing."""
    monkeypatch.setattr(limits, "GREETING_SECONDS", 0.05)


@pytest.fixture
async def seed(quick_greeting: None) -> AsyncIterator[SeedServer]:
    """A server without framing."""
    async with SeedServer() as server:
        yield server


def test_a_newline_is_waited_for_a_second() -> None:
    """The time that people's clients wait for the rest of a greeting."""
    assert limits.GREETING_SECONDS == 1.0


async def test_joining(seed: SeedServer) -> None:
    """The nick goes out bare; one's own notice and the welcome are events, and one is online."""
    async with joined(seed.port, "ana") as ana:
        assert seed.nicks == ["ana"]
        assert (ana.client.state.link, ana.client.state.members) == (Link.ONLINE, {"ana": "ana"})


async def test_talking(seed: SeedServer) -> None:
    """What is typed goes out with the nick before it, comes back, and pends no more."""
    async with joined(seed.port, "ana") as ana:
        ana.client.type_line("hola")
        queued, said = await ana.next(Queued), await ana.next(Said)
        assert (said.nick, said.text, said.id) == ("ana", "hola", queued.say.id)
        assert ana.client.state.pending == {}
        assert seed.received == [b"ana: hola"]


async def test_lines_in_quick_succession_are_reads_of_their_own(seed: SeedServer) -> None:
    """A pause between writes keeps the server from reading two lines as one; all come back, and confirmed."""
    async with joined(seed.port, "ana") as ana:
        for number in range(5):
            ana.client.type_line(f"{number}")
        assert await ana.texts(5) == ["0", "1", "2", "3", "4"]
        assert ana.client.state.pending == {}
        assert seed.received == [b"ana: %d" % number for number in range(5)]


async def test_an_action_is_starred(seed: SeedServer) -> None:
    """`/me` is written as such servers' people would read it, and comes back as an action."""
    async with joined(seed.port, "ana") as ana:
        ana.client.type_line("/me saluda")
        said = await ana.next(Said)
        assert (said.nick, said.text, said.kind) == ("ana", "saluda", "action")
        assert seed.received == [b"* ana saluda"]
        assert ana.client.state.pending == {}


async def test_others_come_talk_and_go(seed: SeedServer) -> None:
    """Notices of others are members that come and go; what they say is theirs."""
    async with joined(seed.port, "ana") as ana, SeedClient(seed.port, "eva") as eva:
        while (await ana.next(Joined)).nick != "eva":
            pass
        assert sorted(ana.client.state.members) == ["ana", "eva"]
        await eva.type_line("hola")
        said = await ana.next(Said)
        assert (said.nick, said.text) == ("eva", "hola")
        ana.client.type_line("qué tal")
        await eva.wait_for("ana: qué tal")
        await eva.type_line("salir")
        assert (await ana.next(Left)).nick == "eva"
        assert sorted(ana.client.state.members) == ["ana"]


async def test_leaving_says_salir_exactly(seed: SeedServer) -> None:
    """The server reads the five bytes alone, and tells the others."""
    async with SeedClient(seed.port, "eva") as eva:
        async with joined(seed.port, "ana") as ana:
            ana.client.type_line("hola")
        await eva.wait_for("ana se ha desconectado.")
        assert seed.nicks == ["eva"]
        assert seed.received == [b"ana: hola"]


async def test_a_text_over_the_size_is_refused(seed: SeedServer) -> None:
    """A line must fit one read there: a longer text is raised with what fits, nothing pends, nothing is sent."""
    async with joined(seed.port, "ana") as ana:
        with pytest.raises(TextTooLong) as caught:
            ana.client.type_line("x" * 1020)
        assert caught.value.limit == 1019
        assert ana.client.state.pending == {}
        ana.client.type_line("x" * 1019)
        assert await ana.texts(1) == ["x" * 1019]
        assert [len(data) for data in seed.received] == [1024]


@pytest.mark.parametrize("line", ["/who", "/nick eva"])
async def test_what_it_can_not_do_is_raised(seed: SeedServer, line: str) -> None:
    """A server that knows only messages is asked for nothing else."""
    async with joined(seed.port, "ana") as ana:
        with pytest.raises(Unsupported):
            ana.client.type_line(line)
        ana.client.type_line("hola")
        await ana.next(Said)
        assert seed.received == [b"ana: hola"]


async def test_what_was_typed_too_long_while_offline_is_refused_then(seed: SeedServer) -> None:
    """Before it is known what the server can, a long text waits; then it is refused, and the others go out."""
    async with watched(seed.port, "ana") as ana:
        for text in ("uno", "x" * 2000, "dos"):
            ana.client.type_line(text)
        error = await ana.next(Error)
        assert error.code == Code.TEXT_TOO_LONG
        assert await ana.texts(2) == ["uno", "dos"]
        assert ana.client.state.pending == {}


@pytest.mark.usefixtures("quick_greeting")
async def test_it_may_be_another_server_that_comes_back() -> None:
    """After a restart messages count from one again, and are news all the same."""
    port = free_port()
    async with watched(port, "ana") as ana:
        for texts in (["uno", "dos"], ["tres"]):
            async with SeedServer(port):
                ana.client.retry_now()
                await ana.next(Welcomed)
                for text in texts:
                    ana.client.type_line(text)
                assert await ana.texts(len(texts)) == texts
            assert (await ana.next(Disconnected)).reason is Reason.LOST
