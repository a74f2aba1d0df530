"""Pages of what was said, to the first message ever, and what is found in it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Found, HistoryPage, Joined, Left
from chatapp.protocol.requests import Delete, Hello, History, React, Search
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings, Timing
from tests.server.keyed import GENERAL, greeted, guest, log_name, post
from tests.server.talking import Peer, connected, plain, running

JANUARY_31, FEBRUARY_1 = 1769817600.0, 1769904000.0
"""Midnights UTC of 2026, in seconds since 1970."""

STAMP = re.compile(r"-- \d{4}-\d\d-\d\d \d\d:\d\d ")


async def page(peer: Peer, before: int | None = None, limit: int = limits.PAGE_MESSAGES) -> HistoryPage:
    peer.send(History(GENERAL, before, limit))
    return await peer.next(HistoryPage)


async def page_after(peer: Peer, after: int, limit: int = limits.PAGE_MESSAGES) -> HistoryPage:
    peer.send(History(GENERAL, after=after, limit=limit))
    return await peer.next(HistoryPage)


async def found(peer: Peer, query: str, before: int | None = None, limit: int = 100) -> list[str]:
    peer.send(Search(GENERAL, query, before, limit))
    return [said.text for said in (await peer.next(Found)).messages]


async def test_pages_lead_to_the_first_message_ever(server: Server) -> None:
    """Each page ends where the last one began; together they are all that was said, and only the last has no more."""
    async with guest(server.port, "ana") as ana:
        said = await post(ana, *(f"m {number}" for number in range(101)))
        pages = [await page(ana, limit=25)]
        while pages[0].has_more:
            pages.insert(0, await page(ana, pages[0].messages[0].seq, 25))
        assert [len(each.messages) for each in pages] == [1, 25, 25, 25, 25]
        assert [message for each in pages for message in each.messages] == said


async def test_a_page_that_ends_at_the_first_message_has_no_more(server: Server) -> None:
    """Exactly as many as there are is all of them; before the first there is an empty page."""
    async with guest(server.port, "ana") as ana:
        said = await post(ana, "uno", "dos")
        assert await page(ana, limit=2) == HistoryPage(GENERAL, said)
        assert await page(ana, said[0].seq) == HistoryPage(GENERAL, [], before=said[0].seq)


async def test_pages_lead_back_to_the_newest(server: Server) -> None:
    """From before the first each goes on after the last one's end; changes are no messages; the last has no more."""
    async with guest(server.port, "ana") as ana:
        said = await post(ana, *(f"m {number}" for number in range(40)))
        ana.send(React(GENERAL, "heart", said[39].seq), Delete(GENERAL, said[20].seq))
        pages = [await page_after(ana, 0, 15)]
        while pages[-1].has_more:
            pages.append(await page_after(ana, pages[-1].messages[-1].seq, 15))
        assert [len(each.messages) for each in pages] == [15, 15, 10]
        assert [message.seq for each in pages for message in each.messages] == [message.seq for message in said]
        assert await page_after(ana, said[39].seq) == HistoryPage(GENERAL, [], after=said[39].seq)


async def test_a_newer_page_of_long_texts_is_cut_short(server: Server) -> None:
    """The oldest that are within 256 KiB come, and what was cut off is said to be there."""
    async with guest(server.port, "ana") as ana:
        said = await post(ana, *(f"{number:04}{'x' * 4092}" for number in range(70)))
        assert await page_after(ana, 0, 70) == HistoryPage(GENERAL, said[:64], has_more=True, after=0)


@pytest.mark.parametrize(("after", "count"), [(-1, 1), (-(2**80), 1), (2**63, 0), (2**80, 0)])
async def test_any_number_may_be_asked_after(server: Server, after: int, count: int) -> None:
    """Before the log's beginning is all of it after, and beyond what it can count to nothing."""
    async with guest(server.port, "ana") as ana:
        said = await post(ana, "uno")
        assert await page_after(ana, after) == HistoryPage(GENERAL, said[:count], after=after)


async def test_a_page_has_one_end(server: Server) -> None:
    """Before one message and after another is refused, and costs nothing else."""
    async with guest(server.port, "ana") as ana:
        ana.send(History(GENERAL, before=3, after=1))
        error = await ana.next(Error)
        assert (error.code, error.detail) == (Code.MALFORMED, "before and after")
        assert await page(ana) == HistoryPage(GENERAL, [])


@pytest.mark.parametrize(("limit", "count"), [(-5, 1), (0, 1), (1, 1), (1000, 1000), (10**9, 1000)])
async def test_the_size_of_a_page_is_bounded(server: Server, limit: int, count: int) -> None:
    """From one to a thousand, whatever is asked for."""
    async with guest(server.port, "ana") as ana:
        said = await post(ana, *map(str, range(1001)))
        assert await page(ana, limit=limit) == HistoryPage(GENERAL, said[-count:], has_more=True)


async def test_a_page_of_long_texts_is_cut_short(server: Server) -> None:
    """The newest that are within 256 KiB come, and what was cut off is said to be there."""
    async with guest(server.port, "ana") as ana:
        said = await post(ana, *(f"{number:04}{'x' * 4092}" for number in range(70)))
        assert await page(ana, limit=70) == HistoryPage(GENERAL, said[-64:], has_more=True)
        assert await page(ana, said[-64].seq) == HistoryPage(GENERAL, said[:-64], before=said[-64].seq)


@asynccontextmanager
async def telling() -> AsyncIterator[Peer]:
    """Give a peer in a chat where something was said on two days, by two people."""
    now = JANUARY_31 - 1
    server = Server(Settings(port=0, rates=Rates(per_second=None), clock=lambda: now))
    await server.start()
    try:
        async with guest(server.port, "ana") as ana, guest(server.port, "eva") as eva:
            await post(ana, "Adiós, corazón")
            now = JANUARY_31
            await post(eva, "ADIOS a todos")
            now = FEBRUARY_1
            await post(ana, "hasta luego")
            yield ana
    finally:
        await server.stop()


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("adios", ["ADIOS a todos", "Adiós, corazón"]),
        ("ÁDIÓS", ["ADIOS a todos", "Adiós, corazón"]),
        ("corazon adios", ["Adiós, corazón"]),
        ('"a todos"', ["ADIOS a todos"]),
        ("lue*", ["hasta luego"]),
        ("from:ana", ["hasta luego", "Adiós, corazón"]),
        ("from:EVA adios", ["ADIOS a todos"]),
        ("before:2026-01-31", ["Adiós, corazón"]),
        ("after:2026-01-31", ["hasta luego", "ADIOS a todos"]),
        ("after:2026-01-31 before:2026-02-01", ["ADIOS a todos"]),
        ("nobody-said-this", []),
        ("in:#elsewhere adios", []),
    ],
)
async def test_what_a_search_finds(query: str, texts: list[str]) -> None:
    """Words with or without accents and case, phrases, prefixes, who and when; the newest first."""
    async with telling() as peer:
        assert await found(peer, query) == texts


@pytest.mark.parametrize(("query", "term"), [("", ""), ("  ", ""), ("before:soon", "before:soon"), ("from:", "from:")])
async def test_a_search_without_sense_is_refused(server: Server, query: str, term: str) -> None:
    """The error names the part that makes none, and costs nothing else."""
    async with guest(server.port, "ana") as ana:
        await post(ana, "hola")
        ana.send(Search(GENERAL, query))
        error = await ana.next(Error)
        assert (error.code, error.detail) == (Code.BAD_QUERY, term)
        assert await found(ana, "hola") == ["hola"]


async def test_a_search_goes_on_before_what_was_found(server: Server) -> None:
    """With its limit, a search finds the newest and says that there are more; `before` finds those."""
    async with guest(server.port, "ana") as ana:
        said = await post(ana, *(f"hola {number}" for number in range(5)))
        ana.send(Search(GENERAL, "hola", limit=3))
        assert await ana.next(Found) == Found(GENERAL, "hola", said[:1:-1], has_more=True)
        assert await found(ana, "hola", before=said[2].seq) == ["hola 1", "hola 0"]


async def test_too_many_questions_at_once_are_refused(server: Server) -> None:
    """Sixteen may wait, the rest is refused as too busy; the sixteen are answered, and then there is room again."""
    async with guest(server.port, "ana") as ana:
        said = await post(ana, "hola")
        ana.send(*[History(GENERAL)] * 20)
        events = [await ana.event() for _ in range(20)]
        refused = [event for event in events if isinstance(event, Error)]
        assert [(error.code, error.limit) for error in refused] == [(Code.BUSY, 16)] * 4
        assert [event for event in events if isinstance(event, HistoryPage)] == [HistoryPage(GENERAL, said)] * 16
        assert (await page(ana)).messages == said


async def test_history_and_search_as_lines(server: Server) -> None:
    """A typing peer reads the last twenty, oldest first, each with its date; or that there is nothing."""
    async with plain(server.port, "ana") as ana:
        ana.say("/history", "/search hola")
        assert await ana.lines(2) == ["-- There are no older messages.", "-- Nothing was found."]
        for number in range(25):
            ana.say(f"hola {number}")
            await ana.read_line()
        ana.say("/history")
        lines = await ana.lines(20)
        assert [STAMP.sub("", line) for line in lines] == [f"ana: hola {number}" for number in range(5, 25)]
        assert all(map(STAMP.match, lines))
        ana.say("/search from:ana 24")
        assert STAMP.sub("", await ana.read_line()) == "ana: hola 24"
        ana.say("/search before:soon", "/search")
        assert [line[:3] for line in await ana.lines(2)] == ["-- "] * 2


async def test_a_goodbye_right_behind_a_question_waits_for_its_answer(server: Server) -> None:
    """SALIR in the same segment as /history: the answer comes, then the end."""
    async with plain(server.port, "eva") as eva, connected(server.port) as ana:
        eva.say("hola")
        await eva.read_line()
        ana.say("ana", "/history", "/search hola", "SALIR")
        lines = (await ana.rest()).decode().splitlines()
        assert [STAMP.sub("", line) for line in lines if line.startswith("-- ")] == ["eva: hola"] * 2
        assert lines[-1] == "ana se ha desconectado."


async def test_who_closes_one_half_gets_the_answers(server: Server) -> None:
    """As `nc -N` does: lines, and the end of input; all is answered, what was said is said, and then it has left."""
    async with plain(server.port, "eva") as eva, connected(server.port) as ana:
        ana.say("ana", "hola", "/history", "/who", *["// otra"] * 200)
        ana.writer.write_eof()
        lines = (await ana.rest()).decode().splitlines()
        assert "-- Here are: ana, eva" in lines
        assert lines.count("ana: / otra") == 200
        assert lines[-1] == "ana se ha desconectado."
        heard = await eva.until("ana se ha desconectado.")
        assert heard == ["ana se ha unido al chat.", "ana: hola", *["ana: / otra"] * 200]


async def half_closed(peer: Peer, *requests: History | Hello) -> None:
    """Ask, close the half that asks, and read nothing."""
    peer.stop_reading()
    peer.send(*requests)
    await peer.writer.drain()
    peer.writer.write_eof()


TIMING = Timing(linger=0.2)


async def test_who_closes_one_half_and_reads_nothing_leaves() -> None:
    """With answers of megabytes that it doesn't take, its nick is free again soon."""
    async with running(TIMING) as server, guest(server.port, "eva") as eva:
        await post(eva, *(f"{number}{'x' * 4000}" for number in range(768)))
        async with connected(server.port) as mute:
            await half_closed(mute, Hello("mute"), *[History(GENERAL, None, 1000)] * 2000)
            assert (await eva.next(Left)).nick == "mute"


async def test_who_closes_one_half_in_a_replay_and_reads_nothing_leaves() -> None:
    """It came back for megabytes, and takes none of them: its nick is free again soon."""
    async with running(TIMING) as server, guest(server.port, "eva") as eva:
        await post(eva, *(f"{number}{'x' * 4000}" for number in range(3 * 768)))
        log = await log_name(server.port)
        async with connected(server.port) as mute:
            await half_closed(mute, Hello("mute", log=log, seen=0))
            while (await eva.next(Left)).nick != "mute":
                pass


async def test_who_reads_nothing_does_not_keep_the_server_from_stopping() -> None:
    """A half-closed peer with megabytes to come is cut after the time for goodbyes."""
    server = Server(Settings(port=0, rates=Rates(per_second=None), timing=TIMING))
    await server.start()
    async with guest(server.port, "eva") as eva:
        await post(eva, *(f"{number}{'x' * 4000}" for number in range(3 * 768)))
        log = await log_name(server.port)
        async with greeted(server.port) as mute:
            await half_closed(mute, Hello("mute", log=log, seen=0))
            while (await eva.next(Joined)).nick != "mute":
                pass
            async with asyncio.timeout(3):
                await server.stop()
