"""Who is banned stays out, by whatever way they come, until that has ended or is lifted; nobody else does."""

from pathlib import Path

from chatapp.client.identity import Identity
from chatapp.protocol.errors import Code
from chatapp.protocol.events import AuditPage, Described, Entered, Error, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import (
    Ban,
    Hello,
    Invite,
    Join,
    MakePrivate,
    Mute,
    Rename,
    Say,
    Unban,
    Whois,
)
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings
from tests.server.moderated import ELSEWHERE, KEYS, Clock, arrive, ask, code, come, happening, refused, serving
from tests.server.rooms import OPS, join, tell
from tests.server.talking import FullStore, GatedStore


async def test_what_is_banned_does_not_come_back(tmp_path: Path) -> None:
    """Not by another nick, nor as a guest from there, nor after a restart; others from there with a key do."""
    clock = Clock()
    async with serving(clock, tmp_path) as server, come(server, "ana", address=ELSEWHERE) as ana:
        async with come(server, "luis") as luis, come(server, "leo", is_guest=True) as leo:
            ana.send(Ban(GENERAL, "luis", 7200, "spam"))
            for peer in (luis, leo):
                error = await peer.next(Error)
                assert (error.code, error.detail, error.retry_after) == (Code.BANNED, "spam", 7200)
                assert await peer.rest() == b""
        assert (await happening(ana, "banned")).text == "luis (2 h): spam"
        assert (await refused(server, "luis", KEYS["luis"], address=ELSEWHERE)).code == Code.BANNED
        async with come(server, "eva"):
            pass
    clock.now += 3600
    async with serving(clock, tmp_path) as server:
        error = await refused(server, "other", KEYS["luis"], address=ELSEWHERE)
        assert error.text == "You are banned from this chat. The reason: spam. Try again in 1 h."
        assert (await refused(server, "passer-by")).code == Code.BANNED
        async with come(server, "passer-by", is_guest=True, address=ELSEWHERE):
            clock.now += 3600
            async with come(server, "luis"):
                pass


async def test_a_guest_is_banned_by_nick_and_address() -> None:
    """Whoever owns the nick later is somebody else."""
    async with serving() as server, come(server, "ana", address=ELSEWHERE) as ana:
        async with come(server, "luis", is_guest=True) as luis:
            ana.send(Ban(GENERAL, "luis"))
            assert (await luis.next(Error)).retry_after is None
        assert (await refused(server, "LUIS", address=ELSEWHERE)).code == Code.BANNED
        assert (await refused(server, "leo")).code == Code.BANNED
        async with come(server, "luis"):
            ana.send(Unban(GENERAL, "luis"))
            await happening(ana, "unbanned")
            async with come(server, "leo", is_guest=True):
                pass


async def test_nobody_is_banned_for_the_servers_own_machine() -> None:
    """Everyone on it comes from one address."""
    async with serving() as server, come(server, "ana") as ana:
        async with come(server, "luis", is_guest=True, address="127.0.0.1") as luis:
            ana.send(Ban(GENERAL, "luis"))
            await luis.next(Error)
        async with come(server, "leo", is_guest=True, address="127.0.0.1"):
            assert (await refused(server, "luis", address="127.0.0.1")).code == Code.BANNED


async def test_a_guest_gets_away_by_no_other_nick() -> None:
    """Not on the server's own machine either, as long as the connection is the same."""
    async with serving() as server, come(server, "luis") as luis:
        await join(luis, OPS)
        async with come(server, "leo", is_guest=True, address="127.0.0.1") as leo:
            await join(leo, OPS)
            luis.send(Mute(OPS, "leo"))
            await happening(leo, "muted")
            leo.send(Rename("neo"))
            assert await code(leo, Say(OPS, "x", "x")) == Code.MUTED
            luis.send(Ban(OPS, "neo"))
            await happening(leo, "banned")
            leo.send(Rename("teo"))
            assert await code(leo, Join(OPS)) == Code.BANNED_FROM_ROOM
            luis.send(Unban(OPS, "neo"))
            await happening(luis, "unbanned")
            await join(leo, OPS)


async def test_a_ban_of_a_room_is_of_that_room() -> None:
    """Of one who is away too; who isn't the maker can't bring them in; lifted, they may come."""
    async with serving() as server, come(server, "luis") as luis:
        await join(luis, OPS)
        async with come(server, "eva") as eva:
            await join(eva, OPS)
        luis.send(Ban(OPS, "eva", 60))
        assert (await happening(luis, "banned")).text == "eva (1 min)"
        async with come(server, "eva") as eva:
            error = await ask(eva, Join(OPS))
            assert isinstance(error, Error)
            assert (error.code, error.detail) == (Code.BANNED_FROM_ROOM, OPS)
            assert error.retry_after is not None
            assert 0 < error.retry_after <= 60
            luis.send(Unban(OPS, "eva"))
            await happening(luis, "unbanned")
            assert isinstance(await ask(eva, Join(OPS), Entered), Entered)


async def test_nobody_brings_in_whom_the_maker_banned() -> None:
    async with serving() as server, come(server, "luis") as luis, come(server, "eva") as eva, come(server, "leo"):
        luis.send(MakePrivate("plan"))
        room = (await luis.next(Entered)).room
        luis.send(Invite(room, "eva"), Ban(room, "leo"))
        await eva.next(Entered)
        await happening(luis, "banned")
        assert await code(eva, Invite(room, "leo")) == Code.NO_SUCH_NICK


async def test_only_operators_ban_networks() -> None:
    """Everyone from there, but operators; only the doer is told of the network."""
    async with serving() as server, come(server, "ana", address=ELSEWHERE) as ana:
        async with come(server, "luis") as luis:
            await join(luis, OPS)
            assert await code(luis, Ban(OPS, "127.0.0.2/32")) == Code.NOT_OPERATOR
            assert await code(ana, Ban(GENERAL, "127.0.0.300/8")) == Code.BAD_NETWORK
            ana.send(Ban(GENERAL, "127.0.0.0/30", 0, "abuse"))
            assert (await luis.next(Error)).code == Code.BANNED
        deed = (await ana.next(AuditPage)).deeds[0]
        assert (deed.whom, deed.what, deed.reason) == ("127.0.0.0/30", "ban", "abuse")
        assert (await refused(server, "eva", KEYS["eva"])).code == Code.BANNED
        assert isinstance(await (await arrive(server, "ana", KEYS["ana"])).event(), Welcomed)
        ana.send(Unban(GENERAL, "127.0.0.0/30"))
        await ana.next(AuditPage)
        async with come(server, "eva"):
            pass


async def test_somebody_is_named_by_key_or_fingerprint_too() -> None:
    """Also a key that never was here."""
    never = Identity.from_seed(b"n" * 32)
    async with serving() as server, come(server, "ana") as ana, come(server, "luis") as luis:
        described = await ask(ana, Whois("luis"), Described)
        assert isinstance(described, Described)
        ana.send(Ban(GENERAL, described.key), Ban(GENERAL, never.key))
        assert (await luis.next(Error)).code == Code.BANNED
        await happening(ana, "banned")
        await happening(ana, "banned")
        assert (await refused(server, "n", never, address=ELSEWHERE)).code == Code.BANNED


async def test_a_ban_holds_though_the_disk_is_full() -> None:
    """And gets into the log when there is room."""
    store = FullStore()
    server = Server(Settings(port=0, operators=(KEYS["ana"].key,), rates=Rates(per_second=None)), await store.open())
    store.is_full = False
    await server.start()
    async with come(server, "ana", address=ELSEWHERE) as ana:
        async with come(server, "luis") as luis:
            store.is_full = True
            ana.send(Ban(GENERAL, "luis"))
            assert (await luis.next(Error)).code == Code.BANNED
        assert (await ana.next(Error)).code == Code.STORAGE_FULL
        assert (await refused(server, "luis", KEYS["luis"])).code == Code.BANNED
        store.is_full = False
        await tell(ana, GENERAL, "room again")
        assert [row.what for row in await store.audit(9)] == ["ban"]
    await server.stop()


async def test_what_took_effect_is_on_disk() -> None:
    """Nobody is closed before the log knows why; what they send meanwhile is taken no more."""
    store = GatedStore()
    server = Server(Settings(port=0, operators=(KEYS["ana"].key,), rates=Rates(per_second=None)), await store.open())
    store.gate.set()
    await server.start()
    async with come(server, "ana", address=ELSEWHERE) as ana, come(server, "luis") as luis:
        store.gate.clear()
        store.waiting.clear()
        ana.send(Ban(GENERAL, "luis"))
        await store.until_waiting()
        luis.send(Say(GENERAL, "one more", "1"))
        assert (await refused(server, "luis", KEYS["luis"], address=ELSEWHERE)).code == Code.BANNED
        assert not await store.audit(9)
        store.gate.set()
        assert (await luis.next(Error)).code == Code.BANNED
        assert [row.what for row in await store.audit(9)] == ["ban"]
        await tell(ana, GENERAL, "the end")
        assert [said.text for said in await store.before(GENERAL, None, 9)] == ["luis", "the end"]
    await server.stop()


async def test_a_hello_is_refused_before_the_nick_is_taken() -> None:
    """So that a banned guest's nick is free for others."""
    async with serving() as server, come(server, "ana") as ana:
        async with come(server, "luis", is_guest=True) as luis:
            ana.send(Ban(GENERAL, "luis"))
            await luis.next(Error)
        peer = await arrive(server, "x")
        peer.send(Hello("y"))
        assert (await peer.next(Error)).code == Code.BANNED
        async with come(server, "zoe", is_guest=True, address="127.0.0.1"):
            pass
