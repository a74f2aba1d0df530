"""What those who moderate can do, to whom it is done, and that it stays so."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatapp.client.identity import Identity
from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import AuditPage, Described, Entered, Error, Left, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import (
    Audit,
    Ban,
    Delete,
    Edit,
    Hello,
    Invite,
    Join,
    Kick,
    MakePrivate,
    Mute,
    React,
    Rename,
    Say,
    Slow,
    Unban,
    Unmute,
    Whois,
)
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.server.keyed import entered, guest
from tests.server.moderated import ELSEWHERE, HERE, KEYS, Clock, arrive, ask, code, come, refused, serving
from tests.server.rooms import OPS, join, tell
from tests.server.talking import FullStore, GatedStore, Peer, plain


async def happening(peer: Peer, kind: str) -> Said:
    """Return the next message of that kind."""
    while (said := await peer.next(Said)).kind != kind:
        pass
    return said


@contextlib.asynccontextmanager
async def a_room_of_luis(server: Server) -> AsyncIterator[tuple[Peer, Peer]]:
    """Give luis, who made a room, and eva, who is in it."""
    async with come(server, "luis") as luis, come(server, "eva") as eva:
        await join(luis, OPS)
        await join(eva, OPS)
        yield luis, eva


async def test_an_operator_is_whoever_proves_the_key(caplog: pytest.LogCaptureFixture) -> None:
    """That is named, or that owns the nick that is named: no guest by that nick, and no other key."""
    server = Server(Settings(port=0, operators=("luis", KEYS["ana"].key)))
    await server.start()
    assert [record.getMessage() for record in caplog.records if "operator" in record.getMessage()] == [
        "Nobody owns the nick luis yet: whoever first takes it with a key is an operator."
    ]
    async with guest(server.port, "luis") as peer:
        assert await code(peer, Audit()) == Code.NOT_OPERATOR
    async with entered(server.port, "ana", KEYS["ana"]) as ana, entered(server.port, "luis", KEYS["luis"]) as luis:
        assert await ask(ana, Audit(), AuditPage) == await ask(luis, Audit(), AuditPage) == AuditPage([])
    async with entered(server.port, "eva", KEYS["eva"]) as eva:
        assert await code(eva, Audit()) == Code.NOT_OPERATOR
    await server.stop()


async def test_who_is_kicked_off_the_chat_hears_why_and_may_come_again() -> None:
    async with serving() as server, come(server, "ana") as ana, come(server, "eva") as eva:
        async with come(server, "luis") as luis:
            ana.send(Kick(GENERAL, "luis", "enough"))
            error = await luis.next(Error)
            assert (error.code, error.detail, error.text) == (
                Code.KICKED,
                "enough",
                "You were taken off this chat. The reason: enough.",
            )
            assert await luis.rest() == b""
        assert (await happening(eva, "kicked")).text == "luis: enough"
        assert (await eva.next(Left)).nick == "luis"
        async with come(server, "luis"):
            assert await code(ana, Kick(GENERAL, "leo")) == Code.NO_SUCH_NICK


async def test_the_maker_of_a_room_kicks_out_of_it() -> None:
    """Whoever types is back where everyone is; nobody else but an operator can."""
    async with serving() as server, a_room_of_luis(server) as (luis, eva):
        assert await code(eva, Kick(OPS, "luis")) == Code.NOT_MODERATOR
        luis.send(Kick(OPS, "eva"))
        assert (await happening(eva, "kicked")).text == "eva"
        assert (await eva.next(Left)).room == OPS
        assert await code(luis, Kick(GENERAL, "eva")) == Code.NOT_MODERATOR
        async with plain(server.port, "leo") as leo:
            leo.say(f"/join {OPS}")
            await leo.until(f"-- You are in {OPS} now. Here are: leo, luis")
            luis.send(Kick(OPS, "leo", "off topic"))
            assert "-- luis kicked leo: off topic" in await leo.until(
                f"-- You are in {GENERAL} now. Here are: eva, leo, luis"
            )


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


async def test_who_is_muted_says_changes_and_reacts_to_nothing() -> None:
    """There; and, if an operator says so of the whole chat, nowhere, not to one person alone either."""
    async with (
        serving() as server,
        come(server, "ana") as ana,
        come(server, "luis") as luis,
        come(server, "eva") as eva,
    ):
        await join(luis, OPS)
        await join(eva, OPS)
        said = await tell(eva, OPS, "hola")
        luis.send(Mute(OPS, "eva", 600, "calm down"))
        await happening(eva, "muted")
        for request in (Say(OPS, "x", "x"), Edit(OPS, "x", said.seq), React(OPS, "heart", said.seq)):
            error = await ask(eva, request)
            assert isinstance(error, Error)
            assert (error.code, error.detail) == (Code.MUTED, "calm down")
            assert error.retry_after is not None
        await tell(eva, GENERAL, "still here")
        eva.send(Delete(OPS, said.seq))
        ana.send(Mute(GENERAL, "eva"))
        await happening(eva, "muted")
        luis.send(Unmute(OPS, "eva"))
        await happening(eva, "unmuted")
        assert [await code(eva, Say(room, "x", "x")) for room in (OPS, GENERAL, "@luis")] == [Code.MUTED] * 3
        ana.send(Unmute(GENERAL, "eva"))
        await happening(eva, "unmuted")
        await tell(eva, OPS, "again")


async def test_in_a_slow_room_each_says_one_message_in_a_time() -> None:
    """But those who moderate; what is refused for another reason costs no time."""
    async with serving() as server, a_room_of_luis(server) as (luis, eva):
        luis.send(Slow(OPS, 3600))
        assert (await happening(eva, "slowed")).text == "3600"
        assert await code(eva, Say(OPS, " ", "1")) == Code.EMPTY_TEXT
        await tell(eva, OPS, "one")
        error = await ask(eva, Say(OPS, "two", "two"))
        assert isinstance(error, Error)
        assert (error.code, error.limit, error.id) == (Code.SLOWED, 3600, "two")
        assert error.retry_after is not None
        assert 3590 < error.retry_after <= 3600
        await tell(luis, OPS, "a")
        await tell(luis, OPS, "b")
        luis.send(Slow(OPS, 0))
        await happening(eva, "slowed")
        await tell(eva, OPS, "three")


async def test_nothing_is_done_to_operators_or_to_oneself() -> None:
    async with serving() as server, come(server, "ana") as ana, come(server, "luis") as luis:
        await join(luis, OPS)
        await join(ana, OPS)
        for request in (Kick(OPS, "ana"), Ban(OPS, "ana"), Mute(OPS, KEYS["ana"].key), Ban(OPS, "luis")):
            assert await code(luis, request) == Code.EXEMPT


async def test_what_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving() as server, come(server, "ana") as ana, come(server, "luis"):
        assert await code(ana, Ban(GENERAL, "luis", -1)) == Code.BAD_DURATION
        assert await code(ana, Ban(GENERAL, "luis", 2**62)) == Code.BAD_DURATION
        assert await code(ana, Ban(GENERAL, "luis", 0, "x" * 251)) == Code.REASON_TOO_LONG
        assert await code(ana, Ban(GENERAL, "luis", 0, "a\nb")) == Code.REASON_TOO_LONG
        assert await code(ana, Slow(GENERAL, limits.SLOW_SECONDS + 1)) == Code.BAD_DURATION
        assert await code(ana, Ban("#a b", "luis")) == Code.BAD_ROOM
        assert await code(ana, Ban(GENERAL, "nobody")) == Code.NO_SUCH_NICK
        assert await code(ana, Ban(GENERAL, "SHA256:none")) == Code.NO_SUCH_NICK
        assert await code(ana, Unban(GENERAL, "luis")) == Code.NOTHING_TO_LIFT
        monkeypatch.setattr(limits, "SANCTIONS", 1)
        assert await code(ana, Ban(GENERAL, "luis")) == Code.TOO_MANY_SANCTIONS


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


async def test_what_was_done_is_noted_for_good(tmp_path: Path) -> None:
    """The newest first, whatever was lifted since."""
    clock = Clock()
    async with serving(clock, tmp_path) as server, come(server, "ana") as ana, come(server, "luis") as luis:
        await join(luis, OPS)
        ana.send(Slow(OPS, 5), Mute(OPS, "luis", 60, "why"), Unmute(OPS, "luis"), Kick(GENERAL, "luis"))
        await luis.next(Error)
    async with serving(clock, tmp_path) as server, come(server, "ana") as ana:
        page = await ask(ana, Audit(), AuditPage)
        assert isinstance(page, AuditPage)
        assert [deed.what for deed in page.deeds] == ["kick", "unmute", "mute", "slow"]
        mute, slow = page.deeds[2:]
        assert (mute.nick, mute.whom, mute.room, mute.reason) == ("ana", "luis", OPS, "why")
        assert mute.until == pytest.approx(clock.now + 60)
        assert mute.key.startswith("SHA256:")
        assert slow.seconds == 5
        assert await ask(ana, Audit(1), AuditPage) == AuditPage(page.deeds[:1])


async def test_a_ban_holds_though_the_disk_is_full() -> None:
    """And gets into the log when there is room."""
    store = FullStore()
    server = Server(Settings(port=0, operators=(KEYS["ana"].key,)), await store.open())
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
    server = Server(Settings(port=0, operators=(KEYS["ana"].key,)), await store.open())
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


async def test_whoever_types_moderates_too() -> None:
    """And reads what was done; a banned nick that comes by netcat is told why, and isn't asked for another."""
    async with serving() as server, come(server, "luis") as luis:
        luis.send(MakePrivate("plan"))
        async with come(server, "ana") as ana, plain(server.port, "eva") as eva:
            eva.say("/audit", "/ban luis 10m spam", "/ban", "/slow soon")
            assert await eva.lines(4) == [
                "-- That is only for an operator of the chat.",
                "-- That is only for who made this room, or for an operator of the chat.",
                "-- That command is written like this: /ban nick [2h] [reason]",
                "-- That command is written like this: /slow 0|10|60",
            ]
            ana.send(Ban(GENERAL, "eva", 600, "spam"))
            assert await eva.lines(2) == [
                "-- ana banned eva (10 min): spam",
                "-- You are banned from this chat. The reason: spam. Try again in 10 min.",
            ]
            assert await eva.rest() == b""
        peer = await arrive(server, "EVA", address=HERE)
        assert isinstance(await peer.event(), Error)
        async with plain(server.port, "zoe"):
            pass


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
