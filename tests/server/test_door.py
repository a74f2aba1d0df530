"""A chat that isn't open to all: by a password or an invitation, for those from some networks, and members at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chatapp.client.identity import Identity
from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Welcomed
from chatapp.protocol.requests import Hello, Unlock
from chatapp.server.invites import Invite, Invites
from chatapp.server.password import Password
from chatapp.server.server import INVITES, Server, log_file
from chatapp.server.settings import Settings, Timing
from tests.server.keyed import entered, greeted, try_to_enter
from tests.server.talking import Peer, connected

SECRET = "contraseña de todos"
CHEAP = 2
"""What takes no time to compare: how long it takes is not what is claimed here."""


@contextlib.asynccontextmanager
async def serving(data: Path, **options: Any) -> AsyncIterator[Server]:
    """Run a server with the log under `data`."""
    server = Server(Settings(port=0, data=data, **options))
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was compared with a password, as it comes to that."""
    compared, matches = list[str](), Password.matches

    def noting(self: Password, text: str) -> bool:
        compared.append(text)
        return matches(self, text)

    monkeypatch.setattr(Password, "matches", noting)
    return compared


def password(text: str = SECRET) -> dict[str, Any]:
    return {"password": Password.of(text, CHEAP)}


async def answer(peer: Peer, secret: str) -> Welcomed | Error:
    """Give what may open the door, and return what the server makes of it."""
    peer.send(Unlock(secret))
    event = await peer.event()
    assert isinstance(event, Welcomed | Error)
    return event


async def refusal(peer: Peer) -> Error:
    event = await peer.event()
    assert isinstance(event, Error)
    return event


def invite(data: Path, nick: str = "", until: float = 2.0**40) -> str:
    """Make an invitation to the server of the port 0, and return what opens the door."""
    return Invites(log_file(data, 0).parent / INVITES).make(Invite(nick, until), now=0.0)


async def test_who_knows_the_password_comes_in(tmp_path: Path) -> None:
    """Whoever says hello is asked for it, a wrong one is refused, and the right one lets them in."""
    async with serving(tmp_path, **password()) as server, greeted(server.port) as peer:
        peer.send(Hello("ana"))
        assert (await refusal(peer)).code == Code.PASSWORD_REQUIRED
        wrong = await answer(peer, "contraseña")
        assert isinstance(wrong, Error)
        assert wrong.code == Code.WRONG_PASSWORD
        assert isinstance(await answer(peer, SECRET), Welcomed)


async def test_a_password_is_the_same_however_its_letters_are_composed(tmp_path: Path) -> None:
    """An ñ from one keyboard and an n with a tilde from another are one letter."""
    async with serving(tmp_path, **password()) as server, greeted(server.port) as peer:
        peer.send(Hello("ana"))
        await refusal(peer)
        assert isinstance(await answer(peer, SECRET.replace("ñ", "n\u0303")), Welcomed)


async def test_nobody_is_told_anything_before_the_door(tmp_path: Path) -> None:
    """Who stands before the door can ask for nothing else, and is in no list."""
    async with serving(tmp_path, **password()) as server, greeted(server.port) as peer:
        peer.send(Hello("ana"))
        await refusal(peer)
        peer.write('{"type":"history","room":"#general"}\n')
        assert (await refusal(peer)).code == Code.HELLO_FIRST
        async with greeted(server.port) as other:
            other.send(Hello("luis"))
            await refusal(other)
            welcomed = await answer(other, SECRET)
            assert isinstance(welcomed, Welcomed)
            assert welcomed.members == ["luis"]


async def test_a_member_is_not_asked_again(tmp_path: Path) -> None:
    """A key that once came in owns its nick, and needs no password after that, nor after a restart."""
    ana = Identity.generate()
    async with serving(tmp_path, **password()) as server, greeted(server.port) as peer:
        first = await try_to_enter(peer, "ana", ana)
        assert isinstance(first, Error)
        assert first.code == Code.PASSWORD_REQUIRED
        assert isinstance(await answer(peer, SECRET), Welcomed)
    async with serving(tmp_path, **password("another")) as server:
        async with entered(server.port, "ana", ana):
            pass
        async with greeted(server.port) as stranger:
            refused = await try_to_enter(stranger, "ana", Identity.generate())
            assert isinstance(refused, Error)
            assert refused.code == Code.PASSWORD_REQUIRED


async def test_a_typing_peer_is_asked_line_by_line(tmp_path: Path) -> None:
    """After the nick it reads PASSWORD; what it sent ahead waits, and is said once it is in."""
    async with serving(tmp_path, **password()) as server, connected(server.port) as peer:
        peer.say("ana", "wrong", SECRET, "hola")
        assert await peer.lines(5) == [
            "NICK",
            "-- This chat has a password. Give it.",
            "PASSWORD",
            "-- That is not the password of this chat. Give it again.",
            "PASSWORD",
        ]
        assert await peer.lines(3) == ["ana se ha unido al chat.", "Conectado al servidor.", "ana: hola"]


async def test_a_peer_that_has_ended_its_side_comes_in_all_the_same(tmp_path: Path) -> None:
    """What a pipe sent and closed is done to its end: the password is not forgotten at the end of the input."""
    async with serving(tmp_path, **password()) as server, connected(server.port) as peer:
        peer.say("ana", SECRET, "hola")
        peer.writer.write_eof()
        assert "ana: hola" in (await peer.rest()).decode().splitlines()


async def test_an_unframed_peer_gives_it_too(tmp_path: Path) -> None:
    """Its program puts the nick in front, which is not part of the password."""
    timing = Timing(unframed_after=0.02)
    async with serving(tmp_path, timing=timing, **password()) as server, connected(server.port) as peer:
        await peer.read()
        peer.write("ana")
        received = b""
        while b"PASSWORD" not in received:
            received += await peer.read()
        peer.write(f"ana: {SECRET}")
        while b"Conectado" not in received:
            received += await peer.read()


async def test_guesses_are_bounded(tmp_path: Path, looked_at: list[str]) -> None:
    """After some wrong ones an address waits, without one more being looked at, and is told for how long."""
    async with serving(tmp_path, **password()) as server, greeted(server.port) as peer:
        peer.send(Hello("ana"))
        await refusal(peer)
        for _ in range(limits.GUESSES_AT_ONCE):
            assert isinstance(await answer(peer, "no"), Error)
        last = await answer(peer, SECRET)
        assert isinstance(last, Error)
        assert last.code == Code.TOO_MANY_GUESSES
        assert last.retry_after is not None
        assert 0 < last.retry_after <= limits.GUESS_FIRST_SECONDS
        assert looked_at == ["no"] * limits.GUESSES_AT_ONCE
        assert await peer.rest() == b""


async def test_strangers_lock_no_owner_out(tmp_path: Path) -> None:
    """Whatever others try for a nick, from the same address too, its owner comes in by the key at once."""
    ana = Identity.generate()
    async with serving(tmp_path, **password()) as server:
        async with greeted(server.port) as peer:
            await try_to_enter(peer, "ana", ana)
            await answer(peer, SECRET)
        async with greeted(server.port) as stranger:
            stranger.send(Hello("ana"))
            await refusal(stranger)
            for _ in range(limits.GUESSES_AT_ONCE + 1):
                await answer(stranger, "no")
        async with entered(server.port, "ana", ana):
            pass


async def test_many_at_once_wait_in_a_short_queue(tmp_path: Path, looked_at: list[str]) -> None:
    """No more passwords wait to be compared than may; whoever comes then is told to come back, and others talk on."""
    places = [f"127.0.1.{number}" for number in range(1, 31)]
    async with serving(tmp_path, password=Password.of(SECRET, 2**12)) as server, contextlib.AsyncExitStack() as stack:
        peers = [Peer(*await asyncio.open_connection("127.0.0.1", server.port, local_addr=(at, 0))) for at in places]
        for peer in peers:
            stack.callback(peer.abort)
            peer.send(Hello("ana"), Unlock("no"))
        codes = [await _second_code(peer) for peer in peers]
        assert set(codes) == {Code.WRONG_PASSWORD, Code.TOO_MANY_GUESSES}
        assert len(looked_at) == codes.count(Code.WRONG_PASSWORD) <= limits.GUESSES_WAITING + 1


async def _second_code(peer: Peer) -> str:
    """Return what became of the password, behind the prompt and the question for it."""
    assert await peer.read_line() == "NICK"
    await refusal(peer)
    return (await refusal(peer)).code


async def test_a_nick_that_is_owned_is_not_told_from_another(tmp_path: Path) -> None:
    """Before the door the answers are the same for a nick that somebody owns and for one that nobody does."""
    async with serving(tmp_path, **password()) as server, greeted(server.port) as peer:
        await try_to_enter(peer, "ana", Identity.generate())
        await answer(peer, SECRET)
        told = []
        for nick in ("ana", "nobody"):
            async with greeted(server.port) as stranger:
                stranger.send(Hello(nick))
                told.append([await refusal(stranger), await answer(stranger, "no")])
        assert told[0] == told[1]


async def test_an_invitation_lets_one_key_in(tmp_path: Path) -> None:
    """Whoever uses it first is a member from then on; to anybody else it is worth nothing any more."""
    ana, luis = Identity.generate(), Identity.generate()
    token = invite(tmp_path)
    async with serving(tmp_path, invite_only=True) as server:
        async with greeted(server.port) as peer:
            first = await try_to_enter(peer, "ana", ana)
            assert isinstance(first, Error)
            assert first.code == Code.INVITE_REQUIRED
            assert isinstance(await answer(peer, token), Welcomed)
        async with entered(server.port, "ana", ana), greeted(server.port) as peer:
            await try_to_enter(peer, "luis", luis)
            second = await answer(peer, token)
            assert isinstance(second, Error)
            assert second.code == Code.BAD_INVITE


async def test_an_invitation_is_for_one_nick_and_one_time(tmp_path: Path) -> None:
    """One for another nick, one that is too old, and what is none, are refused, and stay unused."""
    token, old = invite(tmp_path, "Ana"), invite(tmp_path, until=1.0)
    async with serving(tmp_path, invite_only=True) as server, greeted(server.port) as peer:
        eva = Identity.generate()
        await try_to_enter(peer, "eva", eva)
        for wrong in (token, old, "../../etc/passwd", ""):
            refused = await answer(peer, wrong)
            assert isinstance(refused, Error)
            assert refused.code == Code.BAD_INVITE
        await try_to_enter(peer, "ana", eva)
        assert isinstance(await answer(peer, f" {token} "), Welcomed)


async def test_a_race_for_one_invitation_has_one_winner(tmp_path: Path) -> None:
    """Whoever comes at once, in one process or in several, one gets it."""
    invites = Invites(tmp_path)
    token = invites.make(Invite("", 2.0**40), 0.0)
    keys = [f"{number:064x}" for number in range(20)]
    tries = await asyncio.gather(*(asyncio.to_thread(Invites(tmp_path).use, token, key, "ana", 1.0) for key in keys))
    assert tries.count(True) == 1
    winner = keys[tries.index(True)]
    assert invites.use(token, winner, "ana", 1.0), "who used it may have come no further that time"


async def test_nothing_on_disk_opens_the_door(tmp_path: Path) -> None:
    """What is kept of an invitation is no invitation, and old ones are gone."""
    old = invite(tmp_path, until=1.0)
    folder = log_file(tmp_path, 0).parent / INVITES
    token = Invites(folder).make(Invite("", 9.0), now=5.0)
    kept = {file.name: file.read_text() for file in folder.iterdir()}
    assert len(kept) == 1
    assert not any(given in text for text in (*kept, *kept.values()) for given in (old, token))
    assert all(file.stat().st_mode & 0o77 == 0 for file in folder.iterdir())


async def test_a_guest_is_not_asked_for_an_invitation(tmp_path: Path) -> None:
    """Without a key there is nobody to be a member: a typing peer reads so, and that is the end."""
    async with serving(tmp_path, invite_only=True) as server, connected(server.port) as peer:
        peer.say("ana")
        assert (await peer.rest()).decode().splitlines() == [
            "NICK",
            "-- This chat is for those who are invited, and knows them by their keys. Join it with: chatapp join",
        ]


async def test_an_operators_key_opens_the_door(tmp_path: Path) -> None:
    """Whom the settings name by a key needs no invitation: somebody must be the first."""
    ana = Identity.generate()
    options: dict[str, Any] = {"invite_only": True, "operators": (ana.key,)}
    async with serving(tmp_path, **options) as server, entered(server.port, "ana", ana):
        pass


async def test_nobody_comes_from_a_denied_network(tmp_path: Path) -> None:
    """A peer from there reads nothing, not even NICK; one from elsewhere comes in."""
    async with serving(tmp_path, deny=("127.0.3.0/24",)) as server:
        denied = Peer(*await asyncio.open_connection("127.0.0.1", server.port, local_addr=("127.0.3.9", 0)))
        assert await denied.rest() == b""
        async with greeted(server.port) as peer:
            peer.send(Hello("ana"))
            assert isinstance(await peer.event(), Welcomed)


async def test_a_server_stops_while_a_password_is_compared(tmp_path: Path) -> None:
    """Whoever waits is told goodbye, and is not let in by what is found out then."""
    server = Server(Settings(port=0, data=tmp_path, password=Password.of(SECRET, 2**12)))
    await server.start()
    async with contextlib.AsyncExitStack() as stack:
        peers = [await stack.enter_async_context(greeted(server.port)) for _ in range(3)]
        for peer in peers:
            peer.send(Hello("ana"), Unlock(SECRET))
            await refusal(peer)
        await server.stop()
        for peer in peers:
            assert (await peer.next(Error)).code == Code.SHUTTING_DOWN
            assert await peer.rest() == b""
