"""What those who moderate can do beside banning, to whom it is done, and that it is noted."""

from pathlib import Path

import pytest

from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import AuditPage, Error, Left, Typed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import (
    Audit,
    Ban,
    Delete,
    Edit,
    Kick,
    MakePrivate,
    Mute,
    React,
    Say,
    Slow,
    Typing,
    Unban,
    Unmute,
)
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings
from tests.server.keyed import entered, guest
from tests.server.moderated import HERE, KEYS, Clock, a_room_of_luis, arrive, ask, code, come, happening, serving
from tests.server.rooms import OPS, join, tell, up_to
from tests.server.talking import plain


async def test_an_operator_is_whoever_proves_the_key(caplog: pytest.LogCaptureFixture) -> None:
    """That is named, or that owns the nick that is named: no guest by that nick, and no other key."""
    server = Server(Settings(port=0, operators=("luis", KEYS["ana"].key), rates=Rates(per_second=None)))
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
        eva.send(Typing(OPS))
        last = await tell(eva, GENERAL, "still here")
        assert not [event for event in await up_to(luis, last) if isinstance(event, Typed)]
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
