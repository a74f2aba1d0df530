"""What comes late, or at the wrong moment: a reset, a proof, a goodbye, the server's end."""

import asyncio
import contextlib
from pathlib import Path

from chatapp.client.identity import Identity
from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Challenged, Error, HistoryPage, Left, Pong, Said, Welcomed
from chatapp.protocol.requests import Hello, History, Ping, Quit, Say, Search
from chatapp.server.server import Server
from chatapp.server.settings import Settings, Timing
from chatapp.server.storage.errors import StoreDamaged
from tests.server.keyed import GENERAL, greeted, guest, log_name, post, resumed, signed
from tests.server.talking import GatedStore, connected, plain, rich_peer, running, unframed

BOB = Identity.from_seed(b"b" * 32)


async def test_a_reset_in_the_handshake_leaves_no_ghost() -> None:
    """A nick that was sent without a newline is nobody's once the connection is reset."""
    async with running(Timing(unframed_after=0.1)) as server:
        async with connected(server.port) as ghost:
            assert await ghost.read() == b"NICK"
            ghost.write("ana")
            ghost.cut()
        async with unframed(server.port, "eva") as eva:  # which takes as long as the ghost would have
            async with plain(server.port, "ana") as ana:
                ana.say("/who")
                assert await ana.read_line() == "-- Here are: ana, eva"
            assert b"ana se ha desconectado." in await eva.read()


async def test_who_is_in_proves_nothing_more(server: Server) -> None:
    """A challenge that is answered after another hello was granted is refused, and takes no second nick."""
    async with greeted(server.port) as peer:
        peer.send(Hello("bob", key=BOB.key))
        challenged = await peer.next(Challenged)
        peer.send(Hello("ana"))
        await peer.next(Welcomed)
        peer.send(signed(challenged, BOB, "bob"))
        assert (await peer.next(Error)).code == Code.HELLO_AGAIN
    async with guest(server.port, "bob"), rich_peer(server.port, "ana"):
        pass


async def test_a_hasty_goodbye_gets_all_that_was_missed(server: Server) -> None:
    """Hello, a message and SALIR in one write: what was missed, the echo and the own leaving come first."""
    async with guest(server.port, "ana") as ana:
        said = await post(ana, "uno", "dos", "tres")
    log = await log_name(server.port)
    async with greeted(server.port) as eva:
        eva.send(Hello("eva", log=log, seen=said[0].seq), Say(GENERAL, "cuatro", "4"), Quit())
        assert [(await eva.next(Said)).text for _ in range(3)] == ["dos", "tres", "cuatro"]
        assert (await eva.next(Left)).nick == "eva"
        assert await eva.rest() == b""


async def test_a_server_that_stops_says_so_within_a_replay() -> None:
    """Whoever is sent what was missed hears the goodbye too, and has lost nothing: the rest comes the next time."""
    server = Server(Settings(port=0))
    await server.start()
    async with guest(server.port, "ana") as ana:
        said = await post(ana, *("x" * 3000 for _ in range(300)))
    log = await log_name(server.port)
    async with resumed(server.port, "eva", log, said[0].seq) as (eva, _):
        stopping = asyncio.create_task(server.stop())
        seqs = list[int]()
        while not isinstance(event := await eva.event(), Error):
            if isinstance(event, Said):
                seqs.append(event.seq)
        assert event.code == Code.SHUTTING_DOWN
        assert seqs == [one.seq for one in said[1 : len(seqs) + 1]]
        await stopping


async def test_places_are_for_those_who_came_first() -> None:
    """Of three that connect where two may, the third alone is refused, whenever each says its nick."""
    async with running(connections=2) as server, contextlib.AsyncExitStack() as stack:
        peers = [await stack.enter_async_context(greeted(server.port)) for _ in range(3)]
        for number, peer in reversed(list(enumerate(peers))):
            peer.send(Hello(f"p{number}"))
        events = [await peer.event() for peer in peers]
        assert [type(event) for event in events] == [Welcomed, Welcomed, Error]


async def test_any_number_may_be_asked_before(server: Server) -> None:
    """Beyond what a log can count to is all of it, and before its beginning nothing."""
    async with guest(server.port, "ana") as ana:
        said = await post(ana, "uno")
        for before, found in ((2**63, said), (2**80, said), (0, []), (-1, []), (-(2**80), [])):
            ana.send(History(GENERAL, before), Search(GENERAL, "uno", before))
            assert (await ana.next(HistoryPage)).messages == found


async def test_a_search_may_be_too_long(server: Server) -> None:
    async with guest(server.port, "ana") as ana:
        ana.send(Search(GENERAL, "x" * (limits.QUERY_CHARACTERS + 1)))
        error = await ana.next(Error)
        assert (error.code, error.detail, error.limit) == (Code.BAD_QUERY, "x" * 40 + "…", limits.QUERY_CHARACTERS)


class _Unreadable(GatedStore):
    """A log that can be written, but not read."""

    async def before(self, *_: object) -> list[Said]:
        raise StoreDamaged(Path("chat.db"), "a test")

    between = before


async def test_a_log_that_can_not_be_read_is_told() -> None:
    """A page is refused, and all else goes on; who should be sent what was missed is cut, to come back for it."""
    store = _Unreadable()
    store.gate.set()
    async with running(store=store) as server, guest(server.port, "ana") as ana:
        said = await post(ana, "uno", "dos")
        ana.send(History(GENERAL))
        assert (await ana.next(Error)).code == Code.LOG_UNREADABLE
        log = await log_name(server.port)
        async with resumed(server.port, "eva", log, said[0].seq) as (eva, _):
            assert b"said" not in await eva.rest()
        ana.send(Ping())
        assert isinstance(await ana.next(Pong), Pong)
