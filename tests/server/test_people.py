"""How people are there, who is writing, and who somebody is."""

import pytest

from chatapp.client.identity import Identity
from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Became, Described, Entered, Error, Joined, Left, Members, Pong, Renamed, Said, Typed
from chatapp.protocol.identity import fingerprint
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Join, MakePrivate, Ping, Rename, Say, SetPresence, Typing, Who, Whois
from chatapp.server.server import Server
from tests.server.keyed import entered
from tests.server.rooms import OPS, join
from tests.server.talking import Peer, plain, rich_peer, running

ANA = Identity.from_seed(b"a" * 32)


async def became(peer: Peer) -> tuple[str, str, str]:
    event = await peer.next(Became)
    return event.nick, event.state, event.text


async def listed(peer: Peer) -> dict[str, str]:
    peer.send(Who(GENERAL))
    return (await peer.next(Members)).presence


async def test_others_are_told_once(server: Server) -> None:
    """Of each change, and nothing of what is so already; whoever comes later finds it in the list."""
    async with rich_peer(server.port, "eva") as eva, rich_peer(server.port, "ana") as ana:
        await join(ana, OPS)
        await join(eva, OPS)
        for state in ("idle", "idle", "away", "active"):
            ana.send(SetPresence(state, "lunch" if state == "away" else ""))
        assert [await became(eva) for _ in range(3)] == [
            ("ana", "idle", ""),
            ("ana", "away", "lunch"),
            ("ana", "active", ""),
        ]
        ana.send(SetPresence("away"))
        await became(ana)
        assert await listed(eva) == {"ana": "away"}
        eva.send(Join(OPS))
        assert (await eva.next(Entered)).presence == {"ana": "away"}


async def test_a_person_is_as_active_as_the_most_active_of_their_clients(server: Server) -> None:
    """Idle with all, away by a word on any of them."""
    async with rich_peer(server.port, "eva") as eva, entered(server.port, "ana", ANA) as one:
        async with entered(server.port, "ana", ANA) as other:
            one.send(SetPresence("idle"), Ping())
            await one.next(Pong)
            other.send(SetPresence("idle"))
            assert await became(eva) == ("ana", "idle", "")
            other.send(SetPresence("away", "back at 9"))
            assert await became(eva) == ("ana", "away", "back at 9")
            one.send(SetPresence("active"))
            assert await became(eva) == ("ana", "active", "")
            other.send(SetPresence("idle"))
            one.send(SetPresence("idle"))
            assert await became(eva) == ("ana", "idle", "")
        async with entered(server.port, "ana", ANA):
            assert await became(eva) == ("ana", "active", "")
        assert await became(eva) == ("ana", "idle", "")


async def test_it_goes_along_with_a_new_nick_and_ends_with_the_connection(server: Server) -> None:
    async with rich_peer(server.port, "eva") as eva:
        async with rich_peer(server.port, "ana") as ana:
            ana.send(SetPresence("away", "lunch"), Rename("zoe"))
            await ana.next(Became)
            ana.send(Ping())
            await ana.next(Pong)
            assert await listed(eva) == {"zoe": "away"}
        async with rich_peer(server.port, "zoe") as zoe:
            await zoe.next(Joined)
            assert await listed(zoe) == {}


async def test_a_reason_has_a_limit(server: Server) -> None:
    async with rich_peer(server.port, "ana") as ana:
        ana.send(SetPresence("away", "x" * 251))
        assert (await ana.next(Error)).code == Code.TOPIC_TOO_LONG
        assert await listed(ana) == {}


async def test_in_a_crowd_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROSTER_NICKS", 1)
    async with running() as small, rich_peer(small.port, "eva") as eva, rich_peer(small.port, "ana") as ana:
        ana.send(SetPresence("away"), Typing(GENERAL), Say(GENERAL, "end", "1"))
        while not isinstance(event := await eva.event(), Said):
            assert not isinstance(event, Became | Typed)


async def test_writing_is_told_to_the_others_in_the_room(server: Server) -> None:
    """Neither to who writes, nor to plain peers, nor elsewhere."""
    async with (
        rich_peer(server.port, "eva") as eva,
        rich_peer(server.port, "ana") as ana,
        plain(server.port, "luis") as luis,
    ):
        await join(ana, OPS)
        ana.send(Typing(OPS), Typing(GENERAL), Say(GENERAL, "hola", "1"))
        typed = await eva.next(Typed)
        assert (typed.room, typed.nick) == (GENERAL, "ana")
        assert (await eva.next(Said)).text == "hola"
        assert await luis.read_line() == "ana: hola"
        while not isinstance(event := await ana.event(), Said):
            assert not isinstance(event, Typed)
        eva.send(Typing(OPS))
        assert (await eva.next(Error)).code == Code.NOT_IN_ROOM


async def test_who_somebody_is(server: Server) -> None:
    """Their key's fingerprint, how they are there, and which rooms one may know of; also of who is away for long."""
    async with rich_peer(server.port, "eva") as eva:
        async with entered(server.port, "ana", ANA) as ana:
            await join(ana, OPS)
            ana.send(MakePrivate("plan"), SetPresence("away", "lunch"))
            await eva.next(Became)
            eva.send(Whois("Ana"))
            described = await eva.next(Described)
            assert described == Described("ana", "away", "lunch", fingerprint(ANA.key), [GENERAL, OPS])
            ana.send(Whois("eva"))
            assert (await ana.next(Described)).key == ""
        await eva.next(Left)
        eva.send(Whois("ana"))
        assert await eva.next(Described) == Described("ana", "gone", "", fingerprint(ANA.key), [])
        eva.send(Whois("nobody"))
        assert (await eva.next(Error)).code == Code.NO_SUCH_NICK


async def test_plain_peers_ask_and_tell_too(server: Server) -> None:
    async with plain(server.port, "luis") as luis:
        luis.say("/away lunch", "/who", "/whois luis", "/back", "/who")
        assert await luis.lines(3) == [
            "-- Here are: luis (away)",
            "-- luis · away: lunch · a guest · #general",
            "-- Here are: luis",
        ]


async def test_who_is_away_is_so_in_rooms_that_they_come_to(server: Server) -> None:
    """Whoever comes there later finds it in the list, and who is there is told."""
    async with rich_peer(server.port, "eva") as eva, rich_peer(server.port, "ana") as ana:
        await join(eva, OPS)
        ana.send(SetPresence("away", "lunch"))
        assert await became(eva) == ("ana", "away", "lunch")
        await join(ana, OPS)
        assert await became(eva) == ("ana", "away", "lunch")
        eva.send(Who(OPS))
        assert (await eva.next(Members)).presence == {"ana": "away"}


async def test_who_takes_the_nick_of_another_connection_of_theirs_is_as_active_as_both(server: Server) -> None:
    async with (
        rich_peer(server.port, "eva") as eva,
        entered(server.port, "ana", ANA) as one,
        entered(server.port, "zoe", ANA) as other,
    ):
        other.send(SetPresence("away"))
        assert await became(eva) == ("zoe", "away", "")
        one.send(Rename("zoe"))
        await eva.next(Renamed)
        assert await listed(eva) == {"zoe": "away"}
        one.send(SetPresence("active"))
        assert await became(eva) == ("zoe", "active", "")
