"""What is far from view is let go of, and is there again where one goes: on a real server, with little for much."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.events import AppBlur, AppFocus

from chatapp.client.client import Client
from chatapp.protocol.events import HistoryPage, Said
from chatapp.protocol.requests import Delete, Edit, History, React, Request
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings
from chatapp.tui.timeline import bounded, tail
from chatapp.tui.timeline.entries import Kind
from tests.tui.screens import Window, hears, person, say_all, window

LINES = 300
MOST_KEPT, MOST_ASIDE = 400, 40


@pytest.fixture(autouse=True)
def _little_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST_KEPT", MOST_KEPT)
    monkeypatch.setattr(tail, "MOST_ASIDE", MOST_ASIDE)


def lines(count: int = LINES) -> Iterator[str]:
    return (f"number {number}." for number in range(count))


def shown(ana: Window) -> list[int]:
    """Return the numbers of what is in view."""
    return [int(row.split("number ")[1].split(".")[0]) for row in ana.rows() if "number " in row]


async def say(luis: Client, *texts: str) -> None:
    for text in texts:
        luis.type_line(text)
    while luis.state.pending:
        await hears(luis, "Said")


async def page_to(ana: Window, key: str, text: str) -> list[int]:
    """Press `key` until `text` is in view; return what was seen, each once, in the order of the keys."""
    step = 1 if key == "pagedown" else -1
    seen = shown(ana)[::step]
    while text not in ana.text():
        await ana.press(key)
        view = shown(ana)[::step]
        assert view == list(range(view[0], view[-1] + step, step))
        assert len(ana.timeline.entries) <= MOST_KEPT + 1
        seen += [number for number in view if number not in seen]
    return seen


async def go_far_up(ana: Window) -> None:
    """Read a page of long ago, from which the newest is far."""
    await ana.press("ctrl+home")
    await ana.shows("nothing older", "number 0.")
    assert not ana.timeline.has_newest


async def test_all_is_read_back_and_forth(server: Server) -> None:
    """Page by page to the first of a thousand and back to the last, with talk meanwhile: each is seen, in order."""
    await say_all(server.port, "luis", lines(1_000))
    async with window(server.port) as ana, person(server.port, "mei") as mei:
        await ana.shows("number 999.")
        assert await page_to(ana, "pageup", "nothing older") == list(range(1_000))[::-1]
        await say(mei, *(f"number {number}." for number in range(1_000, 1_000 + 2 * MOST_ASIDE)))
        await ana.shows(f"↓ {2 * MOST_ASIDE} new lines")
        first_part = await page_to(ana, "pagedown", "number 500.")
        assert first_part == list(range(first_part[-1] + 1))
        await say(mei, f"number {1_000 + 2 * MOST_ASIDE}.")
        second_part = await page_to(ana, "pagedown", f"number {1_000 + 2 * MOST_ASIDE}.")
        assert second_part[0] <= first_part[-1]
        assert second_part == list(range(second_part[0], 1_000 + 2 * MOST_ASIDE + 1))
        await say(mei, "and on it goes")
        await ana.shows("and on it goes", without="↓")


async def test_one_request_reaches_the_first(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """ctrl+home shows the first message ever, whatever is between; once it is there nothing is asked for."""
    await say_all(server.port, "luis", lines())
    async with window(server.port) as ana:
        await ana.shows(f"number {LINES - 1}.")
        asked: list[Request] = []
        send = ana.client.send

        def count(request: Request) -> None:
            asked.append(request)
            send(request)

        monkeypatch.setattr(ana.client, "send", count)
        for _ in range(3):
            await go_far_up(ana)
        assert asked == [History("#general", after=0)]
        assert [entry.text for entry in ana.timeline.entries if entry.kind is Kind.RULE] == ["nothing older"]


async def test_the_newest_is_there_at_once(tmp_path: Path) -> None:
    """From far up ctrl+end shows what was said meanwhile, also without a connection, and older goes before it."""
    server = Server(Settings(rates=Rates(per_second=None), port=0, data=tmp_path))
    await server.start()
    await say_all(server.port, "luis", lines())
    async with window(server.port) as ana, person(server.port, "mei") as mei:
        await ana.shows(f"number {LINES - 1}.")
        await go_far_up(ana)
        await say(mei, "number 300.")
        await ana.shows("↓ 1 new line", without="number 300.")
        await ana.press("ctrl+end")
        await ana.shows("number 300.", without="↓")
        await page_to(ana, "pageup", "number 150.")
        await go_far_up(ana)
        await server.stop()
        await ana.shows("offline")
        await ana.press("ctrl+end")
        await ana.shows("number 300.")


async def test_who_sends_from_far_up_sees_it(server: Server) -> None:
    """What one says oneself is shown, and so is what is answered to a command."""
    await say_all(server.port, "luis", lines())
    async with window(server.port) as ana:
        await ana.shows(f"number {LINES - 1}.")
        for text, answer in (("here I am", "here I am"), ("/nonsense", "There is no such command")):
            await go_far_up(ana)
            await ana.type(text)
            await ana.shows(answer, f"number {LINES - 1}.", without="↓")


async def test_the_count_leads_back(server: Server) -> None:
    """A click on the line that counts what came goes to the newest."""
    await say_all(server.port, "luis", lines())
    async with window(server.port) as ana:
        await go_far_up(ana)
        await say_all(server.port, "mei", ["newest"])
        await ana.shows("↓", without="newest")
        await ana.pilot.click("#unseen")
        await ana.shows("newest", without="↓")


async def test_a_result_far_back_is_shown_with_what_is_around_it(server: Server) -> None:
    """It is in the middle, and from there one pages on in both directions."""
    await say_all(server.port, "luis", lines())
    async with window(server.port) as ana:
        await ana.shows(f"number {LINES - 1}.")
        first = ana.timeline.first_seq
        assert first is not None
        ana.app.chat._jump(Said(first - 150, "#general", "luis", "", 0.0, "1"))
        wanted = LINES - 100 - 150
        await ana.until(lambda: wanted in shown(ana)[5:])
        assert shown(ana)[len(shown(ana)) // 2] == pytest.approx(wanted, abs=2)
        await page_to(ana, "pageup", f"number {wanted - 40}.")
        seen = await page_to(ana, "pagedown", f"number {LINES - 1}.")
        assert set(range(wanted, LINES)) <= set(seen)


async def test_what_changes_meanwhile_reads_as_it_does(server: Server) -> None:
    """A message that isn't there, one that is kept aside, one in view: each is seen as it was changed."""
    async with person(server.port, "luis") as luis, window(server.port) as ana:
        await say(luis, *lines(500))
        await ana.shows("number 499.")
        seqs = [entry.seq for entry in ana.timeline.entries if entry.seq]
        await go_far_up(ana)
        luis.send(Edit("#general", "number 499. changed", seqs[-1]))
        luis.send(Edit("#general", "number 350. changed", seqs[-150]))
        luis.send(React("#general", "heart", seqs[-1]))
        first = ana.timeline.first_seq
        assert first is not None
        luis.send(Delete("#general", first))
        await ana.shows("message deleted")
        await page_to(ana, "pagedown", "number 350. changed")
        await ana.press("ctrl+end")
        await ana.shows("number 499. changed (edited)", "❤")


async def test_unread_far_back_is_one_key_away(server: Server) -> None:
    """However much came while nobody looked, and wherever one reads: alt+u shows the first of it under its line."""
    await say_all(server.port, "luis", lines(100))
    async with window(server.port) as ana:
        await ana.shows("number 99.")
        ana.app.post_message(AppBlur())
        await ana.pilot.pause()
        await say_all(server.port, "mei", (f"number {number}." for number in range(100, 400)))
        await ana.shows("number 399.")
        ana.app.post_message(AppFocus())
        for _ in range(2):
            await ana.press("alt+u")
            await ana.shows("─ new ─", "number 100.", "number 99.")
            await ana.press("ctrl+home")
            await ana.shows("nothing older", "number 0.")
        await ana.press("ctrl+end")
        await ana.shows("number 399.", without="↓")


async def test_a_server_that_knows_no_newer_pages(server: Server) -> None:
    """It answers with the newest page: paging down leads to the end at once, and nothing is there twice."""
    await say_all(server.port, "luis", lines(400))
    async with window(server.port) as ana:
        await ana.shows("number 399.")
        await page_to(ana, "pageup", "nothing older")
        send = ana.client.send

        def old(request: Request) -> None:
            if isinstance(request, History):
                newest = [Said(401 - back, "#general", "luis", "", 0.0, "") for back in range(3, 0, -1)]
                ana.client._emit(HistoryPage("#general", newest, has_more=True))
            else:
                send(request)

        ana.client.send = old  # type: ignore[method-assign]
        while not ana.timeline.has_newest:
            await ana.press("pagedown")
        await ana.shows("number 399.")
