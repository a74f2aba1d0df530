"""Whose a nick is: the first key's that proves it, from then on, and nobody's who can't."""

from collections.abc import Callable

import pytest

from chatapp.client.identity import Identity
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Challenged, Error, Members, Pong, Renamed, Welcomed
from chatapp.protocol.identity import proof
from chatapp.protocol.requests import Hello, Ping, Prove, Rename, Who
from chatapp.server.server import Server
from tests.server.keyed import GENERAL, entered, greeted, read_prompt, signed, try_to_enter
from tests.server.talking import GatedStore, Peer, connected, plain, rich_peer, running

ANA, EVA = Identity.from_seed(b"a" * 32), Identity.from_seed(b"e" * 32)


async def refusal(port: int, nick: str, identity: Identity | None = None) -> str | None:
    """Try to be `nick`; return the code that refuses it, or None."""
    async with greeted(port) as peer:
        if identity is None:
            peer.send(Hello(nick))
            event = await peer.event()
        else:
            event = await try_to_enter(peer, nick, identity)
        return event.code if isinstance(event, Error) else None


async def members(peer: Peer) -> list[str]:
    peer.send(Who(GENERAL))
    return (await peer.next(Members)).nicks


async def test_a_nick_belongs_to_the_first_key_that_proves_it(server: Server) -> None:
    """While the owner is there, another key and a guest are refused, however they write the nick."""
    async with entered(server.port, "ana", ANA):
        assert await refusal(server.port, "ana", EVA) == Code.NICK_TAKEN
        assert await refusal(server.port, "ANA", EVA) == Code.NICK_TAKEN
        assert await refusal(server.port, "ana") == Code.NICK_TAKEN


async def test_a_nick_is_owned_when_its_owner_is_away() -> None:
    """After the owner left, and after a restart, the nick is refused to all others and granted to the owner."""
    async with running() as server, plain(server.port, "luis") as luis:
        async with entered(server.port, "ana", ANA) as ana:
            ana.say("SALIR")
            await luis.read_until("ana se ha desconectado.")
        assert await refusal(server.port, "ana", EVA) == Code.NICK_TAKEN
        assert await refusal(server.port, "ana") == Code.NICK_TAKEN
        assert await refusal(server.port, "ana", ANA) is None
    async with running() as server:
        assert await refusal(server.port, "ana", EVA) == Code.NICK_TAKEN
        assert await refusal(server.port, "Ana") == Code.NICK_TAKEN
        assert await refusal(server.port, "ana", ANA) is None


async def test_a_typing_guest_is_told_and_asked_again(server: Server) -> None:
    """Who types an owned nick reads why not, and NICK once more."""
    async with entered(server.port, "ana", ANA), connected(server.port) as guest:
        await read_prompt(guest)
        guest.say("ana")
        assert (await guest.read_line()).startswith("-- ")
        await read_prompt(guest)
        guest.say("luis")
        await guest.read_until("Conectado al servidor.")


async def test_a_guests_nick_is_not_owned(server: Server) -> None:
    """A nick that a guest had goes to the first key that comes once the guest has left, and not before."""
    async with plain(server.port, "ana") as guest:
        assert await refusal(server.port, "ana", ANA) == Code.NICK_TAKEN
        guest.say("SALIR")
        await guest.rest()
    assert await refusal(server.port, "ana", ANA) is None
    assert await refusal(server.port, "ana", EVA) == Code.NICK_TAKEN


async def test_a_key_that_left_before_its_claim_was_kept_still_was_the_first() -> None:
    """Coming in between the owner's leaving and the disk's confirmation, another key does not become the nick."""
    async with running(store=(store := GatedStore())) as server:
        try:
            async with greeted(server.port) as ana:
                ana.send(Hello("ana", key=ANA.key))
                ana.send(signed(await ana.next(Challenged), ANA, "ana"))
                await store.until_waiting()
                ana.say("SALIR")
                ana.send(Ping())  # never answered: SALIR was read first
                async with greeted(server.port) as eva:
                    eva.send(Hello("ana", key=EVA.key))
                    eva.send(signed(await eva.next(Challenged), EVA, "ana"))
                    eva.send(Ping())
                    first = await eva.event()
                    store.gate.set()
                    assert isinstance(first, Error)
                    assert first.code == Code.NICK_TAKEN
        finally:
            store.gate.set()


Forge = Callable[[Challenged], Prove]

FORGERIES: dict[str, Forge] = {
    "of another key": lambda c: Prove(EVA.sign(proof(c.log, c.nonce, ANA.key, "ana"))),
    "for another nonce": lambda c: Prove(ANA.sign(proof(c.log, c.nonce[::-1], ANA.key, "ana"))),
    "for another log": lambda c: Prove(ANA.sign(proof(c.log[::-1], c.nonce, ANA.key, "ana"))),
    "for another nick": lambda c: Prove(ANA.sign(proof(c.log, c.nonce, ANA.key, "eva"))),
    "that names another key": lambda c: Prove(ANA.sign(proof(c.log, c.nonce, EVA.key, "ana"))),
    "of a changed bit": lambda c: Prove(f"{int(signed(c, ANA, 'ana').signature, 16) ^ 1:0128x}"),
    "that is none": lambda _: Prove("no signature"),
    "that is empty": lambda _: Prove(""),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
async def test_a_wrong_signature_lets_nobody_in(server: Server, forge: Forge) -> None:
    """A signature with anything wrong about it is a bad proof, nobody has joined, and the right one still may."""
    async with rich_peer(server.port, "luis") as luis, greeted(server.port) as peer:
        peer.send(Hello("ana", key=ANA.key))
        peer.send(forge(await peer.next(Challenged)))
        assert (await peer.next(Error)).code == Code.BAD_PROOF
        assert await members(luis) == ["luis"]
        assert isinstance(await try_to_enter(peer, "ana", ANA), Welcomed)


async def test_a_challenge_is_answered_once(server: Server) -> None:
    """After a wrong answer, the right one to the same challenge comes too late."""
    async with greeted(server.port) as peer:
        peer.send(Hello("ana", key=ANA.key))
        right = signed(await peer.next(Challenged), ANA, "ana")
        peer.send(Prove("00" * 64), right)
        assert (await peer.next(Error)).code == Code.BAD_PROOF
        assert (await peer.next(Error)).code == Code.HELLO_FIRST


async def test_a_proof_that_was_overheard_is_worth_nothing(server: Server) -> None:
    """What let ana in lets nobody in again: the challenge of another connection is another one."""
    async with greeted(server.port) as ana, greeted(server.port) as thief, rich_peer(server.port, "luis") as luis:
        ana.send(Hello("ana", key=ANA.key))
        overheard = signed(first := await ana.next(Challenged), ANA, "ana")
        ana.send(overheard)
        await ana.next(Welcomed)
        ana.say("SALIR")
        await ana.rest()
        thief.send(Hello("ana", key=ANA.key))
        second = await thief.next(Challenged)
        assert (second.log, second.nonce != first.nonce) == (first.log, True)
        thief.send(overheard)
        assert (await thief.next(Error)).code == Code.BAD_PROOF
        assert await members(luis) == ["luis"]


async def test_a_second_hello_makes_the_first_challenge_void(server: Server) -> None:
    """Only the newest challenge of a connection counts, and it is about the newest hello."""
    async with greeted(server.port) as peer:
        peer.send(Hello("ana", key=ANA.key), Hello("eva", key=ANA.key))
        first, second = await peer.next(Challenged), await peer.next(Challenged)
        assert first.nonce != second.nonce
        peer.send(signed(first, ANA, "ana"))
        assert (await peer.next(Error)).code == Code.BAD_PROOF
        assert isinstance(await try_to_enter(peer, "eva", ANA), Welcomed)


async def test_no_proof_without_a_challenge(server: Server) -> None:
    """Whoever was asked nothing can prove nothing, and says hello first; so does who was asked and has not answered."""
    async with greeted(server.port) as peer:
        peer.send(Prove("00" * 64))
        assert (await peer.next(Error)).code == Code.HELLO_FIRST
        peer.send(Hello("ana", key=ANA.key), Who(GENERAL))
        await peer.next(Challenged)
        assert (await peer.next(Error)).code == Code.HELLO_FIRST


async def test_challenges_differ() -> None:
    """Of fifty connections each has a challenge of 256 bits to itself."""
    async with running() as server:
        nonces = set[str]()
        for _ in range(50):
            async with greeted(server.port) as peer:
                peer.send(Hello("ana", key=ANA.key))
                nonces.add((await peer.next(Challenged)).nonce)
        assert len(nonces) == 50
        assert {len(nonce) for nonce in nonces} == {64}


@pytest.mark.parametrize("key", ["a", "g" * 64, ANA.key.upper(), ANA.key + "0", " " + ANA.key[1:]])
async def test_what_is_no_key_is_refused(server: Server, key: str) -> None:
    """A key is 64 hexadecimal digits in lower case; anything else gets no challenge."""
    async with greeted(server.port) as peer:
        peer.send(Hello("ana", key=key), Ping())
        assert (await peer.next(Error)).code == Code.BAD_KEY
        assert isinstance(await peer.event(), Pong)


async def test_a_rename_takes_the_key_along() -> None:
    """Who was ana and is eva owns eva, and ana is free for others; after a restart too."""
    async with running() as server:
        async with entered(server.port, "ana", ANA) as ana:
            ana.send(Rename("eva"))
            renamed = await ana.next(Renamed)
            assert (renamed.nick, renamed.to) == ("ana", "eva")
            assert await refusal(server.port, "eva", EVA) == Code.NICK_TAKEN
            assert await refusal(server.port, "ana") is None
        assert await refusal(server.port, "eva") == Code.NICK_TAKEN
    async with running() as server:
        assert await refusal(server.port, "eva", EVA) == Code.NICK_TAKEN
        assert await refusal(server.port, "eva", ANA) is None
        assert await refusal(server.port, "ana", EVA) is None
        assert await refusal(server.port, "ana", ANA) == Code.NICK_TAKEN


async def test_a_rename_to_an_owned_nick_is_refused(server: Server) -> None:
    """Neither a key nor a guest becomes what another key owns, though that one is away."""
    assert await refusal(server.port, "eva", EVA) is None
    async with entered(server.port, "ana", ANA) as ana, plain(server.port, "luis") as luis:
        ana.send(Rename("eva"))
        assert (await ana.next(Error)).code == Code.NICK_TAKEN
        luis.say("/nick eva", "/who")
        await luis.read_until("-- Here are: ana, luis")
