"""One person, connected several times: one nick for all, and every connection sees everything."""

from chatapp.client.identity import Identity
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Event, Joined, Left, Members, Renamed, Said
from chatapp.protocol.requests import Hello, Rename, Who
from chatapp.server.server import Server
from chatapp.server.settings import Timing
from tests.server.keyed import GENERAL, entered, greeted, post, say
from tests.server.talking import Peer, plain, rich_peer, running

ANA = Identity.from_seed(b"a" * 32)


async def events_until_asked(peer: Peer) -> list[Event]:
    """Return what the peer is told up to now; the last is who is there."""
    peer.send(Who(GENERAL))
    events = [await peer.event()]
    while not isinstance(events[-1], Members):
        events.append(await peer.event())
    return events


async def test_one_nick_that_joins_once(server: Server) -> None:
    """Others hear of the first connection alone, and see the nick once among the members."""
    async with rich_peer(server.port, "luis") as luis:
        await luis.next(Joined)
        async with entered(server.port, "ana", ANA), entered(server.port, "ana", ANA):
            *told, members = await events_until_asked(luis)
            assert [event for event in told if isinstance(event, Joined)] == told
            assert len(told) == 1
            assert members == Members(GENERAL, ["ana", "luis"])


async def test_one_leaves_with_the_last_connection(server: Server) -> None:
    """The end of one of two connections is told nobody; that of the second is, once."""
    async with rich_peer(server.port, "luis") as luis, entered(server.port, "ana", ANA) as first:
        async with entered(server.port, "ana", ANA) as second:
            await luis.next(Joined)
            second.say("SALIR")
            assert b'"left"' not in await second.rest()
        await post(first, "still here")
        told = await events_until_asked(luis)
        assert not [event for event in told if isinstance(event, Left)]
        first.say("SALIR")
        assert (await luis.next(Left)).nick == "ana"
        assert await events_until_asked(luis) == [Members(GENERAL, ["luis"])]


async def test_every_connection_sees_everything(server: Server) -> None:
    """What one of them says, the other sees too, as said by the one nick; and both see what others say."""
    async with (
        entered(server.port, "ana", ANA) as first,
        entered(server.port, "ana", ANA) as second,
        plain(server.port, "luis") as luis,
    ):
        first.send(say("from the first"))
        assert await first.next(Said) == (said := await second.next(Said))
        second.send(say("from the second"))
        assert await second.next(Said) == (answer := await first.next(Said))
        assert (said.nick, said.text, answer.nick, answer.text) == ("ana", "from the first", "ana", "from the second")
        luis.say("hola")
        assert (await first.next(Said)).text == (await second.next(Said)).text == "hola"


async def test_an_id_is_one_persons_whatever_the_connection(server: Server) -> None:
    """The same id from the other connection is the same message: it is shown nobody again."""
    async with entered(server.port, "ana", ANA) as first, entered(server.port, "ana", ANA) as second:
        first.send(say("hola"))
        said = await first.next(Said)
        assert await second.next(Said) == said
        second.send(say("hola"), say("last"))
        assert await second.next(Said) == said
        assert (await first.next(Said)).text == "last"


async def test_a_rename_renames_all(server: Server) -> None:
    """After a rename by one connection the other speaks by the new nick, and nobody has the old one."""
    async with entered(server.port, "ana", ANA) as first, entered(server.port, "ana", ANA) as second:
        first.send(Rename("eva"))
        assert (await second.next(Renamed)).to == "eva"
        assert (await post(second, "who am I"))[0].nick == "eva"
        assert (await events_until_asked(second))[-1] == Members(GENERAL, ["eva"])
        second.send(Rename("ana"))
        assert (await first.next(Renamed)).to == "eva"
        assert (await first.next(Renamed)).to == "ana"


async def test_a_lost_connection_does_not_keep_its_owner_out(server: Server) -> None:
    """Right after a reset the owner is welcome, and so once more."""
    async with rich_peer(server.port, "luis") as luis:
        for _ in range(5):
            async with entered(server.port, "ana", ANA) as ghost:
                ghost.cut()
                async with entered(server.port, "ana", ANA) as ana:
                    await post(ana, "back")
        assert (await luis.next(Said)).nick == "ana"


async def test_a_silent_ghost_does_not_keep_its_owner_out_and_goes() -> None:
    """A connection that went silent is beside its owner's new one, dies, and takes nobody along."""
    timing = Timing(silence=0.3, sweep=0.05)
    async with running(timing) as server, entered(server.port, "ana", ANA) as ghost:
        ghost.send(Hello("ana"))
        assert (await ghost.next(Error)).code == Code.HELLO_AGAIN
        ghost.say('{"type":"ping"}')
        async with entered(server.port, "ana", ANA) as ana:
            await ghost.rest()  # it is cut: it gave signs of life, and then none
            assert (await events_until_asked(ana))[-1] == Members(GENERAL, ["ana"])
            assert not ana.reader.at_eof()


async def test_a_guests_ghost_keeps_the_nick_until_it_is_gone() -> None:
    """Without a key nobody can tell a guest who comes back from another one; the silence ends the ghost."""
    timing = Timing(silence=0.3, sweep=0.05)
    async with running(timing) as server, rich_peer(server.port, "ana") as ghost:
        ghost.say('{"type":"ping"}')
        async with greeted(server.port) as peer:
            peer.send(Hello("ana"))
            assert (await peer.next(Error)).code == Code.NICK_TAKEN
        await ghost.rest()
        async with rich_peer(server.port, "ana"):
            pass
