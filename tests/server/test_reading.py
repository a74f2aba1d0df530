"""What is unread, and where one is mentioned: the same for all connections of one person."""

from chatapp.client.identity import Identity
from chatapp.protocol.events import Counted, Found, Pong, Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import MarkRead, Mentions, Ping, Rename, Say, SetLevel
from chatapp.server.server import Server
from tests.server.keyed import entered
from tests.server.rooms import OPS, join, tell
from tests.server.talking import Peer, rich_peer, running

ANA, EVA = (Identity.from_seed(seed * 32) for seed in (b"a", b"e"))


async def counted(peer: Peer, room: str = GENERAL) -> tuple[int, int, int, str]:
    while (count := await peer.next(Counted)).room != room:
        pass
    return count.read, count.unread, count.mentions, count.level


async def marked(peer: Peer, seq: int, room: str = GENERAL) -> tuple[int, int, int, str]:
    peer.send(MarkRead(room, seq))
    return await counted(peer, room)


async def test_what_was_read_is_told_to_all_ones_connections(server: Server) -> None:
    """And it only goes forward; what oneself says is never unread."""
    async with rich_peer(server.port, "eva") as eva, entered(server.port, "ana", ANA) as ana:
        await counted(ana)
        first = await tell(eva, GENERAL, "one")
        assert await marked(ana, first.seq) == (first.seq, 0, 0, "all")
        for text in ("two", "three @ana", "four @Ana, @here", "@anabel"):
            await tell(eva, GENERAL, text)
        mine = await tell(ana, GENERAL, "mine")
        async with entered(server.port, "ana", ANA) as other:
            assert await counted(other) == (first.seq, 4, 2, "all")
            assert await marked(ana, mine.seq) == await counted(other) == (mine.seq, 0, 0, "all")
            assert await marked(other, first.seq) == await counted(ana) == (mine.seq, 0, 0, "all")


async def test_counts_outlast_connections_and_the_server() -> None:
    async with running() as server, rich_peer(server.port, "eva") as eva:
        async with entered(server.port, "ana", ANA) as ana:
            await join(ana, OPS)
            await join(eva, OPS)
            ana.send(SetLevel(OPS, "mentions"))
        await tell(eva, OPS, "hola @ana")
        async with entered(server.port, "ana", ANA) as ana:
            assert (await counted(ana, OPS))[1:] == (1, 1, "mentions")
    async with running() as server, entered(server.port, "ana", ANA) as ana:
        assert (await counted(ana, OPS))[1:] == (1, 1, "mentions")


async def test_nothing_is_unread_to_who_comes_for_the_first_time(server: Server) -> None:
    async with rich_peer(server.port, "eva") as eva:
        await join(eva, OPS)
        for room in (GENERAL, OPS):
            await tell(eva, room, f"in {room}")
        async with entered(server.port, "ana", ANA) as ana:
            assert (await counted(ana))[1:3] == (0, 0)
            await join(ana, OPS)
            assert (await counted(ana, OPS))[1:3] == (0, 0)


async def test_of_a_guest_nothing_is_kept(server: Server) -> None:
    async with rich_peer(server.port, "eva") as eva:
        said = await tell(eva, GENERAL, "one")
        eva.send(MarkRead(GENERAL, said.seq), Ping())
        assert isinstance(await eva.event(), Pong)


async def test_a_mark_beyond_the_end_is_the_end(server: Server) -> None:
    """What is said later is unread."""
    async with rich_peer(server.port, "eva") as eva, entered(server.port, "ana", ANA) as ana:
        await counted(ana)
        said = await tell(eva, GENERAL, "one")
        assert (await marked(ana, 2**62))[0] == said.seq
        later = await tell(eva, GENERAL, "two")
        assert (await marked(ana, said.seq))[:2] == (said.seq, 1)
        assert (await marked(ana, later.seq))[:2] == (later.seq, 0)


async def test_mentions_are_found_in_all_ones_rooms(server: Server) -> None:
    """The newest first; under the nick that one has now; not in rooms that one isn't in."""
    async with entered(server.port, "eva", EVA) as eva, entered(server.port, "ana", ANA) as ana:
        await join(eva, OPS, "#dev")
        await join(ana, OPS)
        eva.send(
            Say(GENERAL, "@ana in general", "1"),
            Say(OPS, "in ops, @ana", "2"),
            Say("#dev", "behind your back, @ana", "3"),
            Say(OPS, "@zoe", "4"),
        )
        while (await eva.next(Said)).id != "4":
            pass
        for nick, texts in (("ana", ["in ops, @ana", "@ana in general"]), ("zoe", ["@zoe"])):
            ana.send(Rename(nick), Mentions())
            found = await ana.next(Found)
            assert (found.room, found.query, [said.text for said in found.messages]) == ("", f"@{nick}", texts)
