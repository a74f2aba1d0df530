"""What was said before one came: pages of it, days, gaps and other chats."""

import itertools
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from chatapp.protocol import limits
from chatapp.protocol.events import HistoryPage, Said, Welcomed
from chatapp.protocol.requests import History, Request
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings
from chatapp.texts import use_language
from chatapp.tui.timeline.entries import Kind
from tests.ports import free_port
from tests.tui.screens import Window, say_all, window

LINES = 1_000


def numbers(ana: Window) -> list[int]:
    return [int(entry.text.split()[1]) for entry in ana.timeline.entries if entry.text.startswith("number ")]


def shown_numbers(ana: Window) -> list[int]:
    return [int(row.split("number ")[1].split()[0]) for row in ana.rows() if "number " in row]


def rules(ana: Window) -> list[str]:
    return [entry.text for entry in ana.timeline.entries if entry.kind is Kind.RULE]


async def test_the_last_page_is_there_at_once(server: Server) -> None:
    """Whoever joins sees what was said last, above their own joining."""
    await say_all(server.port, "luis", (f"number {number}" for number in range(150)))
    async with window(server.port) as ana:
        screen = await ana.shows("number 149", "ana joined", "You are in #general")
        assert screen.index("number 149") < screen.index("ana joined")
        assert numbers(ana) == list(range(50, 150))


async def test_own_messages_of_the_past_are_own(server: Server) -> None:
    """What one said before is marked as one's own after coming back, what others said is not."""
    await say_all(server.port, "luis", ["hola"])
    await say_all(server.port, "ana", ["hola luis", "/me waves"])
    async with window(server.port, "ana") as ana:
        await ana.shows("hola luis")
        assert [entry.is_own for entry in ana.timeline.entries if entry.seq] == [False, True, True]


async def test_paging_up_reaches_the_first_of_a_thousand(server: Server) -> None:
    """Page by page without the view jumping: each page-up goes on where the last one was; at the top it says so."""
    await say_all(server.port, "luis", (f"number {number}" for number in range(LINES)))
    async with window(server.port) as ana:
        await ana.shows(f"number {LINES - 1}")
        lowest = shown_numbers(ana)[0]
        while "nothing older" not in ana.text():
            await ana.press("pageup")
            shown = shown_numbers(ana)
            assert shown == list(range(shown[0], shown[-1] + 1))
            assert shown[-1] >= lowest - 1
            lowest = shown[0]
        await ana.shows("nothing older", "number 0")
        await ana.press("pageup", "ctrl+home", "pageup")
        assert numbers(ana) == list(range(LINES))
        assert rules(ana).count("nothing older") == 1


async def test_each_page_is_asked_for_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often one goes to the top before a page is there."""
    await say_all(server.port, "luis", (f"number {number}" for number in range(250)))
    async with window(server.port) as ana:
        await ana.shows("number 249")
        asked: list[Request] = []
        send = ana.client.send

        def count(request: Request) -> None:
            asked.append(request)
            send(request)

        monkeypatch.setattr(ana.client, "send", count)
        for _ in range(5):
            ana.timeline.go_to_top()
        await ana.until(lambda: numbers(ana)[0] == 50)
        ana.timeline.go_to_top()
        await ana.until(lambda: numbers(ana)[0] == 0)
        pages = [request for request in asked if isinstance(request, History)]
        assert len(pages) == len(set(pages)) == 2


async def test_what_is_said_meanwhile_stands_below(server: Server) -> None:
    """While one reads far up, new messages are counted, and older pages come without moving the view."""
    await say_all(server.port, "luis", (f"number {number}" for number in range(300)))
    async with window(server.port) as ana:
        await ana.shows("number 299")
        await ana.press("pageup")
        await say_all(server.port, "luis", ["newest"])
        await ana.press("ctrl+home")
        await ana.until(lambda: numbers(ana)[0] < 200)
        await ana.shows("↓ 2 new lines")
        await ana.press("ctrl+end")
        await ana.shows("newest", without="↓")


async def test_the_command_asks_for_older(server: Server) -> None:
    """/history loads the page before what is there, and goes up."""
    await say_all(server.port, "luis", (f"number {number}" for number in range(150)))
    async with window(server.port) as ana:
        await ana.shows("number 149")
        await ana.type("/history")
        await ana.until(lambda: numbers(ana) == list(range(150)))
        await ana.shows("number 50", without="number 149")


async def test_offline_the_command_says_so_and_the_top_does_not() -> None:
    """Without a connection scrolling up is no error; asking by a command is answered with one."""
    server = Server(Settings(rates=Rates(per_second=None), port=0))
    await server.start()
    await say_all(server.port, "luis", (f"number {number}" for number in range(150)))
    async with window(server.port) as ana:
        await ana.shows("number 149")
        await server.stop()
        await ana.shows("offline")
        await ana.press("ctrl+home")
        await ana.shows("number 50", without="There is no connection")
        await ana.press("ctrl+end")
        await ana.type("/history")
        await ana.shows("!  There is no connection.")


@pytest.mark.parametrize(("language", "says"), [("en", "— Sat 14 Mar 2026 —"), ("es", "— sáb 14 mar 2026 —")])
async def test_a_new_day_is_said(language: str, says: str) -> None:
    """Between what was said on two days stands the later date."""
    use_language(language)
    moments = itertools.count(datetime(2026, 3, 13, 23, 58).timestamp(), 20.0)
    server = Server(Settings(port=0, clock=lambda: next(moments)))
    await server.start()
    await say_all(server.port, "luis", (f"number {number}" for number in range(20)))
    async with window(server.port) as ana:
        await ana.shows("number 19", says)
        assert rules(ana)[1] == says.strip("— ")
    await server.stop()


async def test_what_was_missed_comes_in_order(tmp_path: Path) -> None:
    """After a reconnect what others said meanwhile stands there once, and what was there before still does."""
    port = free_port()
    server = Server(Settings(port=port, data=tmp_path / "log"))
    await server.start()
    await say_all(port, "luis", ["before"])
    async with window(port) as ana:
        await ana.shows("before")
        await server.stop()
        await ana.shows("offline")
        server = Server(Settings(port=port, data=tmp_path / "log"))
        await server.start()
        await say_all(port, "luis", ["meanwhile one", "meanwhile two"])
        await ana.press("left")
        await ana.shows("meanwhile two", "connected")
        said = [entry.text for entry in ana.timeline.entries if entry.seq]
        assert said == ["before", "meanwhile one", "meanwhile two"]
        await server.stop()


async def test_too_much_missed_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond what a server replays the timeline holds the last page, says why, and goes on from there."""
    monkeypatch.setattr(limits, "RESUME_MESSAGES", 5)
    port = free_port()
    server = Server(Settings(rates=Rates(per_second=None), port=port, data=tmp_path / "log"))
    await server.start()
    await say_all(port, "luis", ["long ago"])
    async with window(port) as ana:
        await ana.shows("long ago")
        await server.stop()
        await ana.shows("offline")
        server = Server(Settings(rates=Rates(per_second=None), port=port, data=tmp_path / "log"))
        await server.start()
        await say_all(port, "luis", (f"number {number}" for number in range(200)))
        await ana.press("left")
        await ana.shows("number 199", "More was missed than fits", without="long ago")
        assert numbers(ana) == list(range(100, 200))
        await ana.press("ctrl+home")
        await ana.shows("nothing older", "long ago", "number 0")
        assert numbers(ana) == list(range(99))
        while "number 199" not in ana.text():
            await ana.press("pagedown")
        assert numbers(ana) == list(range(200))
        await server.stop()


async def test_another_chat_begins_anew(tmp_path: Path) -> None:
    """Where another log is served under the same address, nothing of the one before is left."""
    port = free_port()
    server = Server(Settings(port=port, data=tmp_path / "one"))
    await server.start()
    await say_all(port, "luis", ["of the one"])
    async with window(port) as ana:
        await ana.shows("of the one")
        await server.stop()
        await ana.shows("offline")
        server = Server(Settings(port=port, data=tmp_path / "other"))
        await server.start()
        await say_all(port, "luis", ["of the other"])
        await ana.press("left")
        await ana.shows("of the other", "This is another chat than before.", "nothing older", without="of the one")
        await server.stop()


async def test_a_server_without_a_log_takes_nothing_away(server: Server) -> None:
    """A simple server, which can't tell one connection's messages from another's, leaves what is there."""
    async with window(server.port) as ana:
        ana.app.chat.show(Said(1, "#general", "luis", "before", 0.0, "1"))
        ana.app.chat.show(Welcomed("ana", "#general", ["ana"], "another", 0, 1))
        await ana.shows("before", without="another chat")


async def test_a_page_that_comes_twice_stands_once(server: Server) -> None:
    """Messages that are there already are passed over."""
    async with window(server.port) as ana:
        page = HistoryPage(
            "#general", [Said(seq, "#general", "luis", f"number {seq}", 0.0, str(seq)) for seq in (1, 2)]
        )
        for _ in range(2):
            ana.app.chat.show(page)
        await ana.shows("number 2")
        assert numbers(ana) == [1, 2]
        assert rules(ana).count("nothing older") == 1


async def test_a_tall_screen_is_filled(server: Server) -> None:
    """Where a page leaves rows empty, the next is asked for at once."""
    await say_all(server.port, "luis", (f"number {number}" for number in range(150)))
    async with window(server.port, size=(100, 140)) as ana:
        await ana.until(lambda: numbers(ana) == list(range(150)))


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use_language("en")
