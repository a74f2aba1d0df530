"""The end of a server: what was taken is delivered, everyone is told, and nobody holds it up."""

import asyncio
import socket

import pytest

from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error
from chatapp.server.hub import Hub
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings, Timing
from tests.peers import WAIT_SECONDS
from tests.server.talking import GatedStore, Peer, connected, plain, rich_peer, running, unframed

GOODBYE = "-- The server is shutting down."


async def started(store: GatedStore | None = None) -> Server:
    settings = Settings(port=0, rates=Rates(per_second=None))
    server = Server(settings, await store.open() if store else None)
    await server.start()
    return server


async def test_everyone_is_told_and_closed() -> None:
    """A plain peer gets a line, a rich one an error, an unframed one a read, and one in the handshake a line."""
    server = await started()
    async with (
        plain(server.port, "ana") as ana,
        rich_peer(server.port, "eva") as eva,
        unframed(server.port, "leo") as leo,
        connected(server.port) as newcomer,
    ):
        assert await newcomer.read() == b"NICK"
        await server.stop()
        assert (await ana.rest()).decode().splitlines()[-1] == GOODBYE
        assert (await eva.next(Error)).code == Code.SHUTTING_DOWN
        assert await eva.rest() == b""
        assert (await leo.rest()).decode() == GOODBYE
        assert (await newcomer.rest()).decode() == f"\n{GOODBYE}\n"


async def test_what_was_taken_is_delivered_first() -> None:
    """Messages that wait for the log when the stop comes are seen by all, and then the goodbye."""
    store = GatedStore()
    server = await started(store)
    async with plain(server.port, "eva") as eva, plain(server.port, "ana") as ana:
        ana.say("0")
        await store.until_waiting()
        ana.say(*(f"{number}" for number in range(1, 500)), "/help")
        assert await ana.read_line() == "-- /me …  say what you do"
        stopping = asyncio.create_task(server.stop())
        store.gate.set()
        await stopping
        said = [f"ana: {number}" for number in range(500)]
        assert (await eva.rest()).decode().splitlines() == ["ana se ha unido al chat.", *said, GOODBYE]


async def test_nobody_can_connect_any_more() -> None:
    """Once it stops, the port refuses, and is free."""
    server = await started()
    port = server.port
    await server.stop()
    with pytest.raises(ConnectionRefusedError):
        await Peer.connect(port)
    again = Server(Settings(port=port))
    await again.start()
    await again.stop()


async def test_a_peer_that_never_reads_is_waited_for_only_so_long() -> None:
    """With more waiting than the connection takes, the stop still ends within 5 s."""
    server = await started()
    async with plain(server.port, "ana") as ana, plain(server.port, "lento") as lento:
        lento.stop_reading()
        await _fill(ana, server)
        async with asyncio.timeout(5):
            await server.stop()
        assert (await ana.rest()).decode().endswith(f"{GOODBYE}\n")


async def _fill(talker: Peer, server: Server) -> None:
    """Talk until something waits in the server for a peer that doesn't read."""
    while not any(session._transport.get_write_buffer_size() for session in server._hub._sessions):
        talker.say("x" * 4000)
        await talker.read_until("ana: " + "x" * 4000)


async def test_a_port_in_use_is_an_error() -> None:
    """A server that can't listen says so at once, by OSError."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        server = Server(Settings(port=holder.getsockname()[1]))
        with pytest.raises(OSError, match="address already in use"):
            await server.start()


async def test_an_unknown_host_is_an_error() -> None:
    """So is a host that is none."""
    with pytest.raises(socket.gaierror):
        await Server(Settings("host.invalid", 0)).start()


async def test_a_chore_goes_on_after_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails once is told to the loop's handler of faults, and is done again the next time."""
    done, told = asyncio.Event(), list[object]()

    async def sweep(_: Hub) -> None:
        if told:
            done.set()
        raise ZeroDivisionError

    monkeypatch.setattr(Hub, "drop_the_dead", sweep)
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context.get("exception")))
    async with running(Timing(sweep=0.001)), asyncio.timeout(WAIT_SECONDS):
        await done.wait()
    assert all(isinstance(error, ZeroDivisionError) for error in told)
