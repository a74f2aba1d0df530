"""What people do with messages: edit, delete, react, answer; everyone in the room sees the same, later too."""

from collections.abc import AsyncIterator

import pytest

from chatapp.client.identity import Identity
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Deleted, Edited, Error, Found, HistoryPage, Left, Members, Reacted, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Delete, Edit, History, React, Rename, Request, Say, Search, Typing, Who
from chatapp.server.server import Server
from tests.server.keyed import entered, greeted, log_name, try_to_enter
from tests.server.rooms import OPS, join, tell
from tests.server.talking import Peer, plain, rich_peer

ANA, EVA = (Identity.from_seed(seed * 32) for seed in (b"a", b"e"))


@pytest.fixture
async def ana(server: Server) -> AsyncIterator[Peer]:
    async with entered(server.port, "ana", ANA) as peer:
        yield peer


@pytest.fixture
async def eva(server: Server, ana: Peer) -> AsyncIterator[Peer]:
    async with entered(server.port, "eva", EVA) as peer:
        yield peer


async def page(peer: Peer, room: str = GENERAL) -> list[Said]:
    peer.send(History(room))
    return (await peer.next(HistoryPage)).messages


async def refused(peer: Peer, request: Request) -> Error:
    peer.send(request)
    return await peer.next(Error)


async def test_an_edit_is_told_and_stays(ana: Peer, eva: Peer) -> None:
    """Everyone is told at once, and finds it so in pages and by search; the old text is found no more."""
    said = await tell(ana, GENERAL, "helo")
    ana.send(Edit(GENERAL, "hello", said.seq))
    edited = await ana.next(Edited)
    assert (edited.of, edited.text, edited.nick) == (said.seq, "hello", "ana")
    assert await eva.next(Edited) == edited
    assert edited.seq > said.seq
    (read,) = await page(eva)
    assert (read.seq, read.text, read.is_edited) == (said.seq, "hello", True)
    for query, count in (("hello", 1), ("helo", 0)):
        eva.send(Search(GENERAL, query))
        assert len((await eva.next(Found)).messages) == count


async def test_without_a_number_the_own_last_message_is_meant(ana: Peer, eva: Peer) -> None:
    """What others said after it doesn't count."""
    await tell(ana, GENERAL, "first")
    mine = await tell(ana, GENERAL, "second")
    await tell(eva, GENERAL, "not mine")
    ana.send(Edit(GENERAL, "2nd"), Delete(GENERAL))
    assert (await eva.next(Edited)).of == (await eva.next(Deleted)).of == mine.seq


async def test_a_deleted_text_is_gone(ana: Peer, eva: Peer) -> None:
    """Everyone is told; in pages a mark stays; nothing can be done to it any more."""
    said = await tell(ana, GENERAL, "secret")
    eva.send(React(GENERAL, "heart", said.seq), Delete(GENERAL, said.seq))
    assert (await eva.next(Error)).code == Code.NOT_YOURS
    ana.send(Delete(GENERAL, said.seq))
    assert (await eva.next(Deleted)).of == said.seq
    (read,) = await page(eva)
    assert (read.text, read.is_deleted, read.reactions) == ("", True, {})
    for request in (Edit(GENERAL, "again", said.seq), Delete(GENERAL, said.seq), React(GENERAL, "heart", said.seq)):
        assert (await refused(ana, request)).code == Code.NO_SUCH_MESSAGE


async def test_reactions_are_counted_by_who(ana: Peer, eva: Peer) -> None:
    """Each person has each emoji once; the same again, or taking back what isn't there, is told to nobody."""
    said = await tell(ana, GENERAL, "done")
    for peer in (ana, eva):
        peer.send(React(GENERAL, ":Thumbs_Up:", said.seq), React(GENERAL, "thumbs_up", said.seq))
    assert [(await ana.next(Reacted)).nick for _ in range(2)] == ["ana", "eva"]
    assert (await page(eva))[0].reactions == {"thumbs_up": ["ana", "eva"]}
    ana.send(React(GENERAL, "thumbs_up", said.seq, on=False), React(GENERAL, "heart", on=False), Who(GENERAL))
    taken = await ana.next(Reacted)
    assert (taken.emoji, taken.on) == ("thumbs_up", False)
    assert isinstance(await ana.event(), Members)
    assert (await page(eva))[0].reactions == {"thumbs_up": ["eva"]}


async def test_bad_changes_are_refused(ana: Peer, eva: Peer) -> None:
    """Each with its error, and nothing is posted."""
    said = await tell(ana, GENERAL, "hola")
    await join(ana, OPS)
    elsewhere = await tell(ana, OPS, "in another room")
    cases: list[tuple[Request, Code]] = [
        (Edit(GENERAL, "mine now", said.seq), Code.NOT_YOURS),
        (Edit(GENERAL, "x", 999), Code.NO_SUCH_MESSAGE),
        (Edit(GENERAL, "x", elsewhere.seq), Code.NO_SUCH_MESSAGE),
        (Edit(OPS, "x", elsewhere.seq), Code.NOT_IN_ROOM),
        (Edit(GENERAL, "x" * 4097, said.seq), Code.TEXT_TOO_LONG),
        (Edit(GENERAL, " ", said.seq), Code.EMPTY_TEXT),
        (Edit(GENERAL, "nothing of mine"), Code.NO_SUCH_MESSAGE),
        (React(GENERAL, "no such emoji", said.seq), Code.BAD_EMOJI),
        (React(OPS, "heart", elsewhere.seq), Code.NOT_IN_ROOM),
        (Say(GENERAL, "an answer", "r1", reply=elsewhere.seq), Code.NO_SUCH_MESSAGE),
        (Say(GENERAL, "x" * 251, "t1", "topic"), Code.TOPIC_TOO_LONG),
        (Say(GENERAL, "two\nlines", "t2", "topic"), Code.TOPIC_TOO_LONG),
        (Say(GENERAL, "luis", "i1", "invited"), Code.MALFORMED),
    ]
    for request, code in cases:
        assert (await refused(eva, request)).code == code, request
    assert [read.text for read in await page(ana)] == ["hola"]


async def test_an_answer_names_what_it_answers(ana: Peer, eva: Peer) -> None:
    """By its number, or as the newest message of somebody else."""
    question = await tell(ana, GENERAL, "who is here?")
    eva.send(Say(GENERAL, "me", "1", reply=question.seq), Say(GENERAL, "and me", "2", reply=-1))
    assert [(await ana.next(Said)).reply for _ in range(2)] == [question.seq] * 2
    assert [read.reply for read in await page(ana)] == [0, question.seq, question.seq]


async def test_the_maker_of_a_room_may_delete_there(ana: Peer, eva: Peer) -> None:
    """What anyone said; not so in a room that is nobody's."""
    await join(ana, OPS)
    await join(eva, OPS)
    said = await tell(eva, OPS, "spam")
    ana.send(Delete(OPS, said.seq))
    assert (await eva.next(Deleted)).nick == "ana"
    await tell(eva, OPS, "more spam")
    ana.send(Delete(OPS, nick="Eva"))
    assert (await eva.next(Deleted)).of > said.seq
    for nick, code in (("eva", Code.NO_SUCH_MESSAGE), ("leo", Code.NO_SUCH_MESSAGE), ("?", Code.BAD_NICK)):
        assert (await refused(ana, Delete(OPS, nick=nick))).code == code
    here = await tell(eva, GENERAL, "spam there")
    assert (await refused(ana, Delete(GENERAL, nick="eva"))).code == Code.NOT_YOURS
    assert (await refused(ana, Delete(GENERAL, here.seq))).code == Code.NOT_YOURS
    assert (await refused(ana, Edit(OPS, "words in her mouth", said.seq))).code == Code.NO_SUCH_MESSAGE


async def test_a_guest_changes_only_what_it_said_itself(server: Server, ana: Peer) -> None:
    """Whoever has the nick later is somebody else."""
    async with rich_peer(server.port, "luis") as luis:
        said = await tell(luis, GENERAL, "from the first luis")
        luis.send(Edit(GENERAL, "by himself", said.seq))
        assert (await ana.next(Edited)).text == "by himself"
    async with rich_peer(server.port, "luis") as luis:
        for request in (Edit(GENERAL, "not me", said.seq), Delete(GENERAL, said.seq)):
            assert (await refused(luis, request)).code == Code.NOT_YOURS
        assert (await refused(luis, Delete(GENERAL))).code == Code.NOT_YOURS


async def test_who_comes_back_is_told_what_changed(server: Server, ana: Peer) -> None:
    """In the order in which it happened, with the text as it reads now."""
    said = await tell(ana, GENERAL, "first")
    ana.send(Edit(GENERAL, "second"), React(GENERAL, "heart"), Edit(GENERAL, "third"))
    for _ in range(2):
        last = await ana.next(Edited)
    async with entered(server.port, "eva", EVA) as eva:
        await tell(eva, GENERAL, "end")
    async with greeted(server.port) as eva:
        assert isinstance(await try_to_enter(eva, "eva", EVA, await log_name(server.port), said.seq), Welcomed)
        changes = [await eva.event() for _ in range(3)]
        assert [type(change) for change in changes] == [Edited, Reacted, Edited]
        assert changes[-1] == last
        assert (await eva.next(Said)).text == "end"


async def test_plain_peers_read_each_change_in_a_line(server: Server, ana: Peer) -> None:
    """Reactions are noise to them."""
    async with plain(server.port, "luis") as luis:
        await tell(ana, GENERAL, "helo")
        ana.send(React(GENERAL, "heart"), Edit(GENERAL, "hello"), Say(GENERAL, "plans", "t", "topic"), Delete(GENERAL))
        assert await luis.lines(4) == [
            "ana: helo",
            "ana (editado): hello",
            "-- ana set the topic: plans",
            "-- ana deleted a message.",
        ]
        luis.say("/history")
        assert [line.partition(" ")[2][17:] for line in await luis.lines(2)] == [
            "ana: (deleted)",
            "ana set the topic: plans",
        ]


async def test_plain_peers_change_their_own(server: Server, ana: Peer) -> None:
    """By the same commands."""
    async with plain(server.port, "luis") as luis:
        await tell(ana, GENERAL, "question?")
        luis.say("/reply anser", "/edit answer", "/react :heart:", "/delete", "/edit more")
        said = await ana.next(Said)
        assert (said.text, said.reply) == ("anser", said.seq - 1)
        assert (await ana.next(Edited)).text == "answer"
        assert (await ana.next(Reacted)).emoji == "heart"
        assert (await ana.next(Deleted)).nick == "luis"
        told = await luis.lines(5)
        assert "-- That message is not here, or not any more." in told
        assert [line for line in told if line.startswith(("luis", "-- luis"))] == [
            "luis: anser",
            "luis (editado): answer",
            "-- luis deleted a message.",
        ]


async def test_a_guest_who_takes_a_nick_has_not_said_what_was_said_by_it(server: Server, ana: Peer) -> None:
    """Not even one who was here then; what it says by it from then on is its own."""
    async with rich_peer(server.port, "mal") as mal:
        async with rich_peer(server.port, "bob") as bob:
            said = await tell(bob, GENERAL, "from bob")
        while not (isinstance(event := await ana.event(), Left) and event.nick == "bob"):
            pass
        mal.send(Rename("bob"))
        assert (await refused(mal, Edit(GENERAL, "I owe you", said.seq))).code == Code.NOT_YOURS
        own = await tell(mal, GENERAL, "from the other bob")
        mal.send(Edit(GENERAL, "edited", own.seq))
        assert (await ana.next(Edited)).of == own.seq


async def test_one_person_throws_nobody_out_by_edits(ana: Peer, eva: Peer) -> None:
    """However many and long, and whatever comes between them: what is told at once is bounded."""
    said = await tell(ana, GENERAL, "first")
    texts = [f"{number:04}" + "x" * 4000 for number in range(600)]
    for text in texts:
        ana.send(Edit(GENERAL, text, said.seq), Typing(GENERAL))
    while (await eva.next(Edited)).text != texts[-1]:
        pass
