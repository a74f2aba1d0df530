"""Talking: everyone gets every line once and in one order, whatever they speak; names, members, ids."""

import asyncio

from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Joined, Left, Members, Pong, Renamed, Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, Ping, Rename, Say, Who
from chatapp.server.server import Server
from tests.server.talking import connected, plain, rich_peer, unframed


async def test_a_line_reaches_everyone_once_its_author_too(server: Server) -> None:
    """Said by a plain, a rich and an unframed peer, each line is seen by each of them in its own spelling."""
    async with (
        plain(server.port, "ana") as ana,
        rich_peer(server.port, "eva") as eva,
        unframed(server.port, "leo") as leo,
    ):
        ana.say("uno")
        assert (await eva.next(Said)).text == "uno"
        eva.send(Say(GENERAL, "dos", "1"))
        assert (await eva.next(Said)).text == "dos"
        leo.write("leo: tres")
        said = await eva.event()
        assert isinstance(said, Said)
        assert (said.nick, said.text) == ("leo", "tres")
        assert await ana.until("leo: tres") == [
            *("eva se ha unido al chat.", "leo se ha unido al chat.", "ana: uno", "eva: dos"),
        ]
        assert await leo.found(rb"((?:ana|eva|leo): (?:uno|dos|tres))", 3) == [b"ana: uno", b"eva: dos", b"leo: tres"]


async def test_a_message_comes_as_its_author_sent_it(server: Server) -> None:
    """Room, text, kind and id are the author's, byte for byte; seq and time are the server's."""
    text = '  spaces, "quotes", \\ and\nlines\t👩🏽‍🚀 ñ  '
    async with rich_peer(server.port, "ana") as ana, rich_peer(server.port, "eva") as eva:
        ana.send(Say(GENERAL, text, "id-1", "action"), Say(GENERAL, "next", "id-2"))
        first, second = await eva.next(Said), await eva.next(Said)
        assert (first.room, first.nick, first.text, first.id, first.kind) == (GENERAL, "ana", text, "id-1", "action")
        assert (first.seq, second.seq) == (1, 2)
        assert first.at <= second.at
        assert await ana.next(Said) == first


async def test_the_order_is_the_same_for_all(server: Server) -> None:
    """Three who talk over each other see one and the same sequence."""
    async with plain(server.port, "ana") as ana, plain(server.port, "eva") as eva, rich_peer(server.port, "leo") as leo:
        for number in range(100):
            ana.say(f"a{number}.")
            eva.say(f"e{number}.")
            leo.send(Say(GENERAL, f"l{number}.", str(number)))
            await asyncio.sleep(0)
        sequences = [await peer.found(rb"([ael]\d+)\.", 300) for peer in (ana, eva, leo)]
    assert sequences[0] == sequences[1] == sequences[2]
    for author in (b"a", b"e", b"l"):
        assert [text for text in sequences[0] if text[:1] == author] == [b"%b%d" % (author, n) for n in range(100)]


async def test_an_action_is_shown_as_one(server: Server) -> None:
    """`/me` from a plain peer is an action for rich ones, and starred for plain ones."""
    async with rich_peer(server.port, "eva") as eva, plain(server.port, "ana") as ana:
        ana.say("/me saluda")
        assert await ana.read_line() == "* ana saluda"
        said = await eva.next(Said)
        assert (said.text, said.kind) == ("saluda", "action")


async def test_who_lists_the_members_as_they_are(server: Server) -> None:
    """Sorted, with those who just joined and without those who just left."""
    async with rich_peer(server.port, "eva") as eva, plain(server.port, "ana") as ana, plain(server.port, "leo"):
        eva.send(Who(GENERAL))
        assert await eva.next(Members) == Members(GENERAL, ["ana", "eva", "leo"])
        ana.say("SALIR")
        await ana.rest()
        eva.send(Who(GENERAL))
        assert await eva.next(Members) == Members(GENERAL, ["eva", "leo"])


async def test_the_answer_to_who_stands_in_its_place(server: Server) -> None:
    """What was said before the question comes before the answer, and what comes after, after."""
    async with rich_peer(server.port, "ana") as ana:
        ana.send(Say(GENERAL, "before", "1"), Who(GENERAL), Say(GENERAL, "after", "2"))
        kinds = [type(await ana.event()) for _ in range(4)]
        assert kinds == [Joined, Said, Members, Said]


async def test_a_rename_is_told_to_all_and_frees_the_old_nick(server: Server) -> None:
    """Everyone learns it; the new nick is held, the old one is anybody's, and the members are right."""
    async with rich_peer(server.port, "eva") as eva, plain(server.port, "ana") as ana:
        ana.say("/nick Anita", "soy yo")
        assert await ana.lines(2) == ["-- ana is now Anita.", "Anita: soy yo"]
        renamed = await eva.next(Renamed)
        assert (renamed.nick, renamed.to) == ("ana", "Anita")
        async with rich_peer(server.port, "ana") as other, connected(server.port) as third:
            third.send(Hello("ANITA"), Hello("leo"))
            assert await third.read_line() == "NICK"
            assert (await third.next(Error)).code == Code.NICK_TAKEN
            other.send(Who(GENERAL))
            assert "Anita" in (await other.next(Members)).nicks
        ana.say("SALIR")
        while (left := await eva.next(Left)).nick != "Anita":
            assert left.nick in ("ana", "leo")


async def test_one_may_change_only_the_case_of_ones_nick(server: Server) -> None:
    """A nick in another case is still one's own, and stays held."""
    async with rich_peer(server.port, "ana") as ana, connected(server.port) as other:
        ana.send(Rename("ANA"), Who(GENERAL))
        assert (await ana.next(Renamed)).to == "ANA"
        assert (await ana.next(Members)).nicks == ["ANA"]
        other.send(Hello("ana"))
        await other.read_line()
        assert (await other.next(Error)).code == Code.NICK_TAKEN


async def test_a_refused_rename_changes_nothing(server: Server) -> None:
    """Taken, reserved or malformed: one error each, and one is who one was."""
    async with rich_peer(server.port, "eva"), rich_peer(server.port, "ana") as ana:
        ana.send(Rename("EVA"), Rename("sistema"), Rename("a b"), Say(GENERAL, "hola", "1"))
        codes = [(await ana.next(Error)).code for _ in range(3)]
        assert codes == [Code.NICK_TAKEN, Code.NICK_RESERVED, Code.BAD_NICK]
        assert (await ana.next(Said)).nick == "ana"


async def test_a_ping_is_answered_to_who_asks(server: Server) -> None:
    """A pong, and nobody else hears of it."""
    async with rich_peer(server.port, "ana") as ana, rich_peer(server.port, "eva") as eva:
        eva.send(Ping())
        assert await eva.next(Pong) == Pong()
        eva.send(Say(GENERAL, "hola", "1"))
        assert [type(await ana.event()) for _ in range(3)] == [Joined, Joined, Said]


async def test_a_message_sent_again_is_answered_to_its_author_alone(server: Server) -> None:
    """The same id and text: the first event again for the author, and nothing for anyone else."""
    async with rich_peer(server.port, "ana") as ana, rich_peer(server.port, "eva") as eva:
        say, last = Say(GENERAL, "hola", "1"), Say(GENERAL, "last", "2")
        ana.send(say)
        first = await ana.next(Said)
        ana.send(say, last)
        assert await ana.next(Said) == first
        assert [(await eva.next(Said)).text, (await eva.next(Said)).text] == ["hola", "last"]


async def test_a_message_sent_twice_at_once_keeps_the_order(server: Server) -> None:
    """Even within one segment the answer to the second copy comes behind what was said before it."""
    async with rich_peer(server.port, "ana") as ana:
        one, two = Say(GENERAL, "uno", "1"), Say(GENERAL, "dos", "2")
        ana.send(one, two, two, one)
        seqs = [(await ana.next(Said)).seq for _ in range(4)]
        assert seqs == [1, 2, 2, 1]


async def test_an_id_with_another_text_is_refused(server: Server) -> None:
    """One error that names the id; nobody sees the second text."""
    async with rich_peer(server.port, "ana") as ana, rich_peer(server.port, "eva") as eva:
        ana.send(Say(GENERAL, "uno", "1"), Say(GENERAL, "dos", "1"), Say(GENERAL, "tres", "2"))
        error = await ana.next(Error)
        assert (error.code, error.id) == (Code.ID_REUSED, "1")
        assert [(await eva.next(Said)).text, (await eva.next(Said)).text] == ["uno", "tres"]


async def test_two_authors_may_choose_one_id(server: Server) -> None:
    """An id is its author's own."""
    async with rich_peer(server.port, "ana") as ana, rich_peer(server.port, "eva") as eva:
        ana.send(Say(GENERAL, "uno", "1"))
        await eva.next(Said)
        eva.send(Say(GENERAL, "dos", "1"))
        assert (await eva.next(Said)).text == "dos"
