"""Who asks for too much, or connects too often, is refused in every dialect: with the limit, and when to try again."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, HistoryPage, Left, Pong, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, History, Join, MarkRead, Ping, Quit, Request, Say
from chatapp.server.server import Server
from chatapp.server.settings import Rates
from chatapp.texts import use_language
from tests.peers import WAIT_SECONDS
from tests.server.talking import Peer, plain, rich_peer, running, unframed

COUNTED = Rates(spares_loopback=False)
EVERY_LINE = limits.REQUESTS_AT_ONCE + 10


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server with the limits that people get."""
    async with running(rates=Rates()) as server:
        yield server


@pytest.fixture
async def counting() -> AsyncIterator[Server]:
    """A server to which this machine is one like any other."""
    async with running(rates=COUNTED) as server:
        yield server


async def from_address(port: int, number: int) -> Peer:
    """Connect from an address of its own; all of 127.0.0.0/8 are this machine's."""
    async with asyncio.timeout(WAIT_SECONDS):
        streams = await asyncio.open_connection("127.0.0.1", port, local_addr=(f"127.0.1.{number}", 0))
    return Peer(*streams)


async def entered(port: int, number: int, nick: str) -> Peer:
    """Come in as `nick` from an address of its own."""
    peer = await from_address(port, number)
    peer.send(Hello(nick))
    assert await peer.read_line() == "NICK"
    await peer.next(Welcomed)
    return peer


def says(count: int, prefix: str = "") -> list[Request]:
    return [Say(GENERAL, f"{prefix}{number}", f"{prefix}{number}") for number in range(count)]


async def answers(peer: Peer, count: int, prefix: str = "") -> list[Said | Error]:
    """Return so many answers to messages whose ids begin so."""
    found = list[Said | Error]()
    while len(found) < count:
        if isinstance(event := await peer.event(), Said | Error) and event.id.startswith(prefix):
            found.append(event)
    return found


async def test_a_burst_is_taken_and_the_rest_refused_one_by_one(server: Server) -> None:
    """Of a burst in one write the first 50 are said; each line more is one error, with its id, the limit, the time."""
    async with rich_peer(server.port, "ana") as ana:
        ana.send(*says(200))
        found = await answers(ana, 200)
    said = [event.id for event in found if isinstance(event, Said)]
    refused = [event for event in found if isinstance(event, Error)]
    assert said == [str(number) for number in range(len(said))]
    assert 48 <= len(said) <= 55  # the hello was paid for too, and some flows back meanwhile
    assert [event.id for event in refused] == [str(number) for number in range(len(said), 200)]
    assert {(event.code, event.limit, event.detail) for event in refused} == {(Code.TOO_FAST, 10, "say")}
    assert all(0 < (event.retry_after or 0) <= 1.0 for event in refused)


async def test_what_is_refused_may_be_said_after_that_time_and_in_order(server: Server) -> None:
    """Until then nothing gets past it, though there is something to spend again; after it, it is said."""
    async with rich_peer(server.port, "ana") as ana:
        ana.send(*says(EVERY_LINE))
        refused = [event for event in await answers(ana, EVERY_LINE) if isinstance(event, Error)]
        await asyncio.sleep(0.4)
        ana.send(Say(GENERAL, "later", "later"))
        overtaking = await ana.next(Error)
        assert (overtaking.code, overtaking.id) == (Code.TOO_FAST, "later")
        await asyncio.sleep(overtaking.retry_after or 0)
        ana.send(Say(GENERAL, "first", refused[0].id), Say(GENERAL, "later", "later"))
        assert [event.id for event in await answers(ana, 2)] == [refused[0].id, "later"]


@pytest.mark.parametrize(
    ("language", "text"), [("en", "-- That was too fast: 10 a second"), ("es", "-- Eso ha ido demasiado rápido")]
)
@pytest.mark.parametrize("join", [plain, unframed])
async def test_who_types_is_told_in_a_line(server: Server, join: object, language: str, text: str) -> None:
    """Plain and unframed peers read the limit, and in how many seconds to try again, in the server's language."""
    use_language(language)
    async with join(server.port, "ana") as ana:  # type: ignore[operator]
        if join is plain:
            ana.say(*map(str, range(EVERY_LINE)))
        else:
            for number in range(EVERY_LINE):
                ana.write(str(number))
                await asyncio.sleep(0.003)
        received = b""
        while text.encode() not in received or not received.removesuffix(b"\n").endswith(b" 1 s."):
            received += await ana.read(2**16)


async def test_one_paste_of_200_lines_is_one_message(server: Server) -> None:
    """It costs as much as any other."""
    text = "\n".join(map(str, range(200)))
    async with rich_peer(server.port, "ana") as ana:
        ana.send(*(Say(GENERAL, text, str(number)) for number in range(20)))
        assert [event.id for event in await answers(ana, 20)] == [str(number) for number in range(20)]


async def test_one_flooder_is_ones_own_affair(server: Server) -> None:
    """While somebody is refused, others on the same machine are not."""
    async with rich_peer(server.port, "ana") as ana, rich_peer(server.port, "eva") as eva:
        ana.send(*says(EVERY_LINE))
        await ana.next(Error)
        eva.send(Say(GENERAL, "hola", "1"))
        assert (await eva.next(Said)).nick == "ana"
        while (await eva.next(Said)).nick != "eva":
            pass


async def test_lines_that_are_no_request_are_paid_for(server: Server) -> None:
    """Rubbish is refused for what it is, and then for coming too fast."""
    async with rich_peer(server.port, "ana") as ana:
        ana.write(b"rubbish\n" * EVERY_LINE)
        errors = [await ana.next(Error) for _ in range(EVERY_LINE)]
    assert [error.code for error in errors[:40]] == [Code.MALFORMED] * 40
    assert (errors[-1].code, errors[-1].detail) == (Code.TOO_FAST, "")


async def test_what_a_client_sends_by_itself_goes_on(server: Server) -> None:
    """Signs of life, read marks and a guest's way back into its rooms are taken from who may say nothing now."""
    async with rich_peer(server.port, "ana") as ana:
        ana.send(*says(EVERY_LINE))
        await answers(ana, EVERY_LINE)
        ana.send(*(Join(f"#room{number}") for number in range(200)), MarkRead(GENERAL, 1), Ping())
        while not isinstance(event := await ana.event(), Pong):
            assert not isinstance(event, Error)


async def test_pages_come_later_and_none_is_refused(server: Server) -> None:
    """Whoever has read all that may be read at once is answered after some time; messages are not held up by that."""
    async with rich_peer(server.port, "ana") as ana:
        for _ in range(10):
            ana.send(History(GENERAL, limit=1000))
            await ana.next(HistoryPage)
        began = asyncio.get_running_loop().time()
        ana.send(History(GENERAL, limit=1000), Say(GENERAL, "hola", "1"))
        assert isinstance(await ana.event(), Said)
        assert isinstance(await ana.event(), HistoryPage)
        assert asyncio.get_running_loop().time() - began > 0.3


async def test_who_floods_on_and_on_is_dropped(server: Server) -> None:
    """After 1,000 refused lines in a row it is told so, and when to come back; it was told of each before."""
    async with rich_peer(server.port, "ana") as ana:
        ana.send(*says(1200))
        errors = [await ana.next(Error) for _ in range(limits.REFUSED_IN_A_ROW)]
        assert {error.code for error in errors[:-1]} == {Code.TOO_FAST}
        assert (errors[-1].code, errors[-1].limit, errors[-1].retry_after) == (Code.FLOODING, 1000, 10.0)
        await ana.rest()
    async with rich_peer(server.port, "ana"):
        pass


async def test_everybody_at_an_address_pays_for_it(counting: Server) -> None:
    """Guests who come as ever new persons have no more than their address has; elsewhere one has one's own."""
    began, taken = asyncio.get_running_loop().time(), 0
    peers = [await entered(counting.port, 1, f"ana{number}") for number in range(8)]
    for number, peer in enumerate(peers):
        peer.send(*says(48, f"{number}-"))
        taken += sum(isinstance(event, Said) for event in await answers(peer, 48, f"{number}-"))
    seconds = asyncio.get_running_loop().time() - began
    assert 190 <= taken + 8 <= 4 * limits.REQUESTS_AT_ONCE + 4 * limits.REQUESTS_PER_SECOND * seconds
    other = await entered(counting.port, 2, "eva")
    other.send(*says(40, "eva"))
    assert {type(event) for event in await answers(other, 40, "eva")} == {Said}


@pytest.mark.parametrize("dialect", ["rich", "plain"])
async def test_one_connection_too_many_is_told_so(counting: Server, dialect: str) -> None:
    """The 17th of an address gets that for its hello, and is closed; when another has left, one may come in."""
    peers = [await entered(counting.port, 1, f"ana{number}") for number in range(16)]
    late = await from_address(counting.port, 1)
    if dialect == "rich":
        late.send(Hello("late"))
        assert await late.read_line() == "NICK"
        error = await late.next(Error)
        assert (error.code, error.limit, error.retry_after) == (Code.TOO_MANY_CONNECTIONS, 16, 10.0)
        assert await late.rest() == b""
    else:
        late.say("late")
        told = (await late.rest()).decode()
        assert "-- Your address has 16 connections here" in told
        assert told.endswith("try again in 10 s.\n")
    peers.pop().cut()
    await peers[0].next(Left)
    await entered(counting.port, 1, "late")


async def test_far_too_many_are_closed_without_a_word(counting: Server) -> None:
    """Two are told; who comes then, and says nothing, holds nothing either."""
    peers = [await entered(counting.port, 1, f"ana{number}") for number in range(16)]
    told = [await from_address(counting.port, 1) for _ in range(2)]
    cut = [await from_address(counting.port, 1) for _ in range(5)]
    assert [await peer.rest() for peer in cut] == [b""] * 5
    assert [await peer.read_exactly(4) for peer in told] == [b"NICK"] * 2
    assert len(peers) == 16  # until here they are there


async def test_who_connects_again_and_again_is_told_when_it_may(counting: Server) -> None:
    """The 33rd connection of an address is refused for the rest of ten minutes, and others are not."""
    for number in range(32):
        peer = await entered(counting.port, 1, f"ana{number}")
        peer.send(Quit())
        await peer.rest()
    late = await from_address(counting.port, 1)
    late.send(Hello("late"))
    assert await late.read_line() == "NICK"
    error = await late.next(Error)
    assert (error.code, error.limit) == (Code.CONNECTING_TOO_OFTEN, 32)
    assert 590 < (error.retry_after or 0) <= 600
    await entered(counting.port, 2, "late")


async def test_an_ipv6_network_is_one_address() -> None:
    """What counts is the /64, also over a real socket."""
    async with running(host="::1", rates=Rates(connections=1, spares_loopback=False)) as server:
        first = await Peer.connect(server.port, "::1")
        await first.read_exactly(4)
        second = await Peer.connect(server.port, "::1")
        second.say("late")
        assert b"-- Your address has 1 connections here" in await second.rest()


async def test_any_number_may_come_from_this_machine(server: Server) -> None:
    """Loopback is exempt, as a server is set that people get."""
    peers = [await Peer.connect(server.port) for _ in range(limits.ADDRESS_NEW_CONNECTIONS + 8)]
    for number, peer in enumerate(peers):
        peer.say(f"ana{number}")
        await peer.until("Conectado al servidor.")


async def test_a_server_without_limits_takes_whatever_comes() -> None:
    """With no rate nothing is refused; for scripts that post into a channel on call."""
    async with running(rates=Rates(per_second=None)) as server, rich_peer(server.port, "ana") as ana:
        ana.send(*says(2000))
        assert {type(event) for event in await answers(ana, 2000)} == {Said}


async def test_a_higher_rate_is_told_as_it_is() -> None:
    """A refusal names the rate that the server was given, which holds five seconds of it at once."""
    async with running(rates=Rates(per_second=100)) as server, rich_peer(server.port, "ana") as ana:
        ana.send(*says(900))
        found = await answers(ana, 900)
    assert sum(isinstance(event, Said) for event in found) >= 490
    assert {event.limit for event in found if isinstance(event, Error)} == {100}
