"""A person's devices: each has a key of its own, all are one person, and a lost one is put out for good."""

import pytest

from chatapp.client.identity import Identity
from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import AuditPage, Deleted, DeviceList, Entered, Error, Said, Welcomed
from chatapp.protocol.identity import fingerprint, link_proof
from chatapp.protocol.requests import Audit, Ban, Delete, Devices, LinkDevice, RevokeDevice, Unban
from chatapp.server.server import Server
from chatapp.server.storage.records import Revoking
from tests.server.keyed import GENERAL, entered, greeted, log_name, say, try_to_enter
from tests.server.moderated import KEYS, code, come, happening, serving
from tests.server.rooms import OPS, join
from tests.server.talking import FullStore, Peer, plain, rich_peer, running

FIRST, LAPTOP, PHONE, OTHER = (Identity.from_seed(letter * 32) for letter in (b"f", b"l", b"p", b"o"))


def linking(log: str, by: Identity, new: Identity, label: str = "laptop", signer: Identity | None = None) -> LinkDevice:
    return LinkDevice(new.key, label, (signer or new).sign(link_proof(log, by.key, new.key)))


async def link(peer: Peer, port: int, by: Identity, new: Identity, label: str = "laptop") -> None:
    peer.send(linking(await log_name(port), by, new, label))
    await peer.next(DeviceList)


async def code_of(peer: Peer, request: LinkDevice | RevokeDevice | Devices) -> str:
    peer.send(request)
    while not isinstance(event := await peer.event(), Error | DeviceList):
        pass
    return event.code if isinstance(event, Error) else ""


async def refusal(port: int, nick: str, identity: Identity) -> str | None:
    async with greeted(port) as peer:
        event = await try_to_enter(peer, nick, identity)
        return event.code if isinstance(event, Error) else None


async def test_a_linked_device_is_the_same_person(server: Server) -> None:
    """It has the nick, the rooms and the messages of the first, while that is here and when it is not."""
    async with entered(server.port, "ana", FIRST) as first:
        await join(first, OPS)
        first.send(say("mine"))
        said = await first.next(Said)
        await link(first, server.port, FIRST, LAPTOP)
        async with entered(server.port, "ana", LAPTOP) as laptop:
            assert (await laptop.next(Entered)).room == OPS
    async with entered(server.port, "ana", LAPTOP) as laptop, rich_peer(server.port, "eva") as eva:
        assert (await laptop.next(Entered)).room == OPS
        laptop.send(Delete(GENERAL, said.seq))
        assert (await eva.next(Deleted)).of == said.seq
    assert await refusal(server.port, "ana", OTHER) == Code.NICK_TAKEN


async def test_the_devices_are_listed(server: Server) -> None:
    """The first one first, each as it is called, and which one asks."""
    async with entered(server.port, "ana", FIRST) as first:
        await link(first, server.port, FIRST, LAPTOP)
    async with entered(server.port, "ana", LAPTOP) as laptop:
        await link(laptop, server.port, LAPTOP, PHONE, "phone")
        laptop.send(Devices())
        listed = (await laptop.next(DeviceList)).devices
    assert [(one.key, one.label, one.is_this) for one in listed] == [
        (FIRST.key, "", False),
        (LAPTOP.key, "laptop", True),
        (PHONE.key, "phone", False),
    ]
    assert listed[0].at == 0 < listed[1].at <= listed[2].at


@pytest.mark.parametrize(("lost", "kept"), [(LAPTOP, FIRST), (FIRST, LAPTOP)], ids=["linked", "first"])
async def test_a_lost_device_is_put_out_for_good(lost: Identity, kept: Identity) -> None:
    """At once, by any other, be it the first; not after a restart either. What was theirs stays the person's."""
    async with running() as server, entered(server.port, "ana", FIRST) as first:
        await join(first, OPS)
        await link(first, server.port, FIRST, LAPTOP)
        async with entered(server.port, "ana", lost) as thief, entered(server.port, "ana", kept) as owner:
            assert await code_of(owner, RevokeDevice(lost.key)) == ""
            assert (await thief.next(Error)).code == Code.KEY_REVOKED
            await thief.rest()
            owner.send(say("still here"))
            await owner.next(Said)
            assert await refusal(server.port, "ana", lost) == Code.KEY_REVOKED
            assert await refusal(server.port, "thief", lost) == Code.KEY_REVOKED
            assert await code_of(owner, RevokeDevice(lost.key)) == Code.NO_SUCH_DEVICE
            owner.send(Devices())
            assert [one.key for one in (await owner.next(DeviceList)).devices] == [kept.key]
    async with running() as server:
        assert await refusal(server.port, "ana", lost) == Code.KEY_REVOKED
        async with entered(server.port, "ana", kept) as owner:
            assert (await owner.next(Entered)).room == OPS
            log = await log_name(server.port)
            assert await code_of(owner, linking(log, kept, lost)) == Code.KEY_TAKEN


async def test_the_others_are_told_that_a_person_is_gone_with_the_last_device(server: Server) -> None:
    """And not before."""
    async with entered(server.port, "ana", FIRST) as first, plain(server.port, "luis") as luis:
        await link(first, server.port, FIRST, LAPTOP)
        async with entered(server.port, "ana", LAPTOP) as laptop:
            first.send(RevokeDevice(LAPTOP.key))
            await laptop.rest()
        first.send(say("hola"))
        assert await luis.read_line() == "passer-by se ha unido al chat."
        assert await luis.lines(2) == ["passer-by se ha desconectado.", "ana: hola"]


async def test_a_key_is_linked_by_its_own_signature(server: Server) -> None:
    """Over this log, by this device: no other's key becomes one's own, and none that is somebody's."""
    async with entered(server.port, "ana", FIRST) as first, entered(server.port, "eva", OTHER):
        log = await log_name(server.port)
        for forged in (
            linking(log, FIRST, LAPTOP, signer=FIRST),
            linking(log, OTHER, LAPTOP),
            linking(log[::-1], FIRST, LAPTOP),
            LinkDevice(LAPTOP.key, "laptop", "junk"),
        ):
            assert await code_of(first, forged) == Code.BAD_PROOF
        assert await code_of(first, LinkDevice("junk", "laptop", "junk")) == Code.BAD_KEY
        assert await code_of(first, linking(log, FIRST, OTHER)) == Code.KEY_TAKEN
        assert await code_of(first, linking(log, FIRST, FIRST)) == Code.KEY_TAKEN
        for label in ("", " ", "x" * 33, "a\u202eb", "a\nb"):
            assert await code_of(first, linking(log, FIRST, LAPTOP, label)) == Code.BAD_LABEL
        first.send(Devices())
        assert [one.key for one in (await first.next(DeviceList)).devices] == [FIRST.key]


async def test_nobody_revokes_what_is_not_theirs(server: Server) -> None:
    """Neither another's key, nor the one that is in use, nor anything as a guest."""
    async with entered(server.port, "ana", FIRST) as first, entered(server.port, "eva", OTHER) as eva:
        await link(first, server.port, FIRST, LAPTOP)
        for key in (FIRST.key, LAPTOP.key, PHONE.key, OTHER.key):
            assert await code_of(eva, RevokeDevice(key)) == Code.NO_SUCH_DEVICE
        assert await code_of(first, RevokeDevice(FIRST.key)) == Code.NO_SUCH_DEVICE
    async with rich_peer(server.port, "luis") as luis:
        for request in (Devices(), RevokeDevice(FIRST.key), linking(await log_name(server.port), FIRST, PHONE)):
            assert await code_of(luis, request) == Code.NO_SUCH_DEVICE


async def test_devices_have_a_limit(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    """Of those that are not revoked."""
    monkeypatch.setattr(limits, "DEVICES", 2)
    async with entered(server.port, "ana", FIRST) as first:
        await link(first, server.port, FIRST, LAPTOP)
        log = await log_name(server.port)
        assert await code_of(first, linking(log, FIRST, PHONE)) == Code.TOO_MANY_DEVICES
        assert await code_of(first, RevokeDevice(LAPTOP.key)) == ""
        assert await code_of(first, linking(log, FIRST, PHONE)) == ""


async def test_a_refused_nick_leaves_nobody_with_the_key(server: Server) -> None:
    """Whoever proved a key and got no nick is a guest if they say hello without it."""
    async with entered(server.port, "eva", OTHER), greeted(server.port) as peer:
        for nick in ("eva", "adrnin"):
            assert isinstance(await try_to_enter(peer, nick, FIRST), Error)
    async with greeted(server.port) as peer:
        assert isinstance(await try_to_enter(peer, "adrnin", FIRST), Error)
        peer.say('{"type":"hello","nick":"luis"}')
        await peer.next(Welcomed)
        peer.send(Devices())
        assert (await peer.next(Error)).code == Code.NO_SUCH_DEVICE


async def test_a_device_that_is_put_out_while_the_disk_is_full_stays_out() -> None:
    """As soon as there is room the log knows."""
    async with running(store=(store := FullStore())) as server, entered(server.port, "ana", FIRST) as first:
        store.is_full = False
        await link(first, server.port, FIRST, LAPTOP)
        store.is_full = True
        assert await code_of(first, RevokeDevice(LAPTOP.key)) == ""
        assert await refusal(server.port, "ana", LAPTOP) == Code.KEY_REVOKED
        store.is_full = False
        first.send(say("room again"))
        await first.next(Said)
        assert [record.key for record in store.kept[Revoking]] == [LAPTOP.key]


@pytest.mark.parametrize("named", [LAPTOP.key, fingerprint(LAPTOP.key)], ids=["key", "fingerprint"])
async def test_whoever_is_named_by_a_device_is_banned_with_all_of_them(named: str) -> None:
    """The key of any device, also of one that was revoked, names the person; lifted it is by the same name."""
    async with serving() as server, come(server, "ana") as ana:
        async with entered(server.port, "luis", FIRST) as luis:
            await link(luis, server.port, FIRST, LAPTOP)
            await link(luis, server.port, FIRST, PHONE, "phone")
            luis.send(RevokeDevice(LAPTOP.key))
            await luis.next(DeviceList)
            ana.send(Ban(GENERAL, named))
            assert (await luis.next(Error)).code == Code.BANNED
        assert await refusal(server.port, "luis", PHONE) == Code.BANNED
        ana.send(Unban(GENERAL, named))
        assert (await happening(ana, "unbanned")).text == "luis"
        assert await refusal(server.port, "luis", PHONE) is None


async def test_an_operator_named_by_a_device_is_one() -> None:
    """By whichever device they come, and none of them is banned by its key."""
    operators = (LAPTOP.key, KEYS["ana"].key)
    async with serving(operators=operators) as server, come(server, "ana") as ana, come(server, "luis") as luis:
        assert await code(luis, Audit()) == Code.NOT_OPERATOR
        await link(luis, server.port, KEYS["luis"], LAPTOP)
        luis.send(Audit())
        await luis.next(AuditPage)
        assert await code(ana, Ban(GENERAL, LAPTOP.key)) == Code.EXEMPT
