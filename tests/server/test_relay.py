"""The one path to a screen: first into the log, then to everyone, batch by batch."""

from chatapp.protocol.events import Joined, Members, Pong, Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Ping, Rename, Say, Who
from tests.server.talking import GatedStore, rich_peer, running


async def test_nothing_is_seen_before_it_is_kept() -> None:
    """While the log is stalled nobody sees the message, its author neither, and reading goes on."""
    store = GatedStore()
    async with (
        running(store=store) as server,
        rich_peer(server.port, "ana") as ana,
        rich_peer(server.port, "eva") as eva,
    ):
        ana.send(Say(GENERAL, "hola", "1"))
        await store.until_waiting()
        for peer in (ana, eva):
            peer.send(Ping())
            while not isinstance(event := await peer.event(), Pong):
                assert isinstance(event, Joined)
        store.gate.set()
        assert (await eva.next(Said)) == (await ana.next(Said))


async def test_what_comes_while_the_log_is_busy_is_one_batch() -> None:
    """Messages that wait are kept in one go, and all else keeps its place between them."""
    store = GatedStore()
    async with running(store=store) as server, rich_peer(server.port, "ana") as ana:
        ana.send(Say(GENERAL, "0", "0"))
        await store.until_waiting()
        ana.send(Say(GENERAL, "1", "1"), Rename("eva"), Say(GENERAL, "2", "2"), Who(GENERAL), Say(GENERAL, "3", "3"))
        ana.send(Ping())
        await ana.next(Pong)
        store.gate.set()
        assert (await ana.next(Members)).nicks == ["eva"]
        assert (await ana.next(Said)).text == "3"
    assert store.batches == [1, 3]


async def test_a_message_bears_the_nick_that_its_author_had() -> None:
    """A rename behind it changes nothing about who said it."""
    store = GatedStore()
    async with running(store=store) as server, rich_peer(server.port, "ana") as ana:
        ana.send(Say(GENERAL, "uno", "1"), Rename("eva"), Say(GENERAL, "dos", "2"))
        store.gate.set()
        assert [(await ana.next(Said)).nick, (await ana.next(Said)).nick] == ["ana", "eva"]
