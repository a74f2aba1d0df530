"""Searching: results as one types, and the way from a result to its place."""

import asyncio
import re
from pathlib import Path

import pytest
from textual.widgets import OptionList

from chatapp.protocol.events import Found, Said
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings
from chatapp.texts import use_language
from chatapp.tui.screens.search_screen import SearchScreen
from tests.tui.screens import Window, say_all, window

TALK = ["hola a todos", "adiós luis", "hasta luego", "hola otra vez", "the tangerine is ripe"]


def open_search(ana: Window) -> SearchScreen:
    assert isinstance(ana.app.screen, SearchScreen)
    return ana.app.screen


async def searched(ana: Window, query: str) -> None:
    """Open the search, and type `query` without Enter."""
    await ana.press("ctrl+f")
    await ana.until(lambda: isinstance(ana.app.screen, SearchScreen))
    await ana.paste(query)


async def test_results_come_as_one_types(server: Server) -> None:
    """Two letters find all words that begin so, the newest first, with who said it and when."""
    await say_all(server.port, "luis", TALK)
    async with window(server.port) as ana:
        await searched(ana, "ho")
        screen = await ana.shows("hola a todos", "hola otra vez", "2 messages")
        rows = [row for row in screen.splitlines() if "luis hola" in row]
        assert [row.split("luis ")[1].split(" ")[1] for row in rows] == ["otra", "a"]
        await ana.press("l", "a", "space", "o", "t")
        await ana.shows("hola otra vez", "1 message", without="2 messages")


@pytest.mark.parametrize(("clock", "time"), [("24h", r" \d\d:\d\d"), ("12h", r" \d?\d:\d\d[ap]m"), ("none", "")])
async def test_the_time_is_as_one_prefers(server: Server, clock: str, time: str) -> None:
    """As beside messages; the date stands there all the same."""
    await say_all(server.port, "luis", TALK)
    async with window(server.port) as ana:
        await ana.type(f"/set time {clock}")
        await searched(ana, "tangerine")
        screen = await ana.shows("1 message")
        assert re.search(rf" \d{{4}}-\d\d-\d\d{time} luis the tangerine", screen)


async def test_matches_are_marked(server: Server) -> None:
    """The words found stand out, whatever their accents."""
    await say_all(server.port, "luis", TALK)
    async with window(server.port) as ana:
        await searched(ana, "adios")
        await ana.shows("1 message")
        option = open_search(ana).query_one(OptionList).get_option_at_index(0)
        spans = [(span.start, span.end) for span in option.prompt.spans if getattr(span.style, "underline", False)]  # type: ignore[union-attr]
        assert [option.prompt.plain[start:end] for start, end in spans] == ["adiós"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("language", "none", "wrong"),
    [
        ("en", "Nothing was found.", "That search makes no sense"),
        ("es", "No se ha encontrado nada.", "no tiene sentido"),
    ],
)
async def test_what_finds_nothing_says_so(server: Server, language: str, none: str, wrong: str) -> None:
    """In both languages: no result, and a query that makes no sense, both where it was asked."""
    use_language(language)
    await say_all(server.port, "luis", TALK)
    async with window(server.port) as ana:
        await searched(ana, "zebra")
        await ana.shows(none)
        await ana.paste(" before:soon")
        await ana.shows(wrong, without=none)
        await ana.press("escape")
        await ana.shows("ana" if language == "en" else "Personas", without=wrong)
        assert not any(wrong in entry.text for entry in ana.timeline.entries)


async def test_esc_closes_and_changes_nothing(server: Server) -> None:
    """The draft and the place that one read are as before."""
    await say_all(server.port, "luis", TALK)
    async with window(server.port) as ana:
        await ana.press("d", "r", "a", "f", "t")
        before = await ana.shows("draft", "ripe")
        await searched(ana, "hola")
        await ana.shows("2 messages")
        await ana.press("escape")
        await ana.shows(*before.split(), without="2 messages")
        assert ana.composer.has_focus


async def test_enter_goes_to_a_message_that_is_there(server: Server) -> None:
    """Down chooses the older one, Enter shows it among those around it, marked."""
    await say_all(server.port, "luis", (f"number {number}" for number in range(90)))
    async with window(server.port) as ana:
        await ana.shows("number 89")
        await searched(ana, "number")
        await ana.shows("90 messages")
        await ana.press(*["down"] * 60, "enter")
        await ana.shows("number 27", "number 29", "number 31", without="90 messages")
        marked = ana.timeline._layout.entry(ana.timeline._marked or 0)
        assert marked is not None
        assert marked.text == "number 29"


async def test_enter_goes_far_back(server: Server) -> None:
    """A message of many pages ago is shown in its place at once: only what is around it is loaded."""
    lines = ["the very first", "the tangerine is ripe", *(f"number {number}" for number in range(2_500))]
    await say_all(server.port, "luis", lines)
    async with window(server.port) as ana:
        await ana.shows("number 2499")
        await searched(ana, "tangerine")
        await ana.shows("1 message")
        await ana.press("enter")
        await ana.shows("the very first", "the tangerine is ripe", "number 3", "nothing older")
        said = [entry.text for entry in ana.timeline.entries if entry.seq]
        assert said == lines[: len(said)]
        assert len(said) <= 201
        await ana.press("escape")
        await ana.shows("number 2499")


async def test_a_click_goes_there_too(server: Server) -> None:
    """A result is chosen by the mouse as by Enter."""
    await say_all(server.port, "luis", ["the tangerine is ripe", *(f"number {number}" for number in range(60))])
    async with window(server.port) as ana:
        await searched(ana, "tangerine")
        await ana.shows("1 message")
        await ana.pilot.click("#results", offset=(5, 0))
        await ana.shows("the tangerine is ripe", "number 3", without="1 message")


async def test_the_command_opens_the_same(server: Server) -> None:
    """/search and words: the screen with these words and what they find; nothing is said in the timeline."""
    await say_all(server.port, "luis", TALK)
    async with window(server.port) as ana:
        await ana.type("/search hola")
        await ana.shows("hola otra vez", "2 messages")
        assert open_search(ana).query_one("Input").value == "hola"  # type: ignore[attr-defined]


async def test_a_stale_answer_is_passed_over(server: Server) -> None:
    """What answers an older query than the one that stands there is not shown, and Enter chooses nothing of it."""
    await say_all(server.port, "luis", TALK)
    async with window(server.port) as ana:
        await searched(ana, "hola")
        await ana.shows("2 messages")
        stale = Found("#general", "older", [Said(1, "#general", "luis", "of an older query", 0.0, "1")])
        ana.app.chat.show(stale)
        await ana.shows("2 messages", without="of an older query")
        await ana.paste(" zebra")
        await ana.press("enter")
        await ana.shows("Nothing was found.")
        assert isinstance(ana.app.screen, SearchScreen)


async def test_an_answer_after_closing_is_no_matter(server: Server) -> None:
    """A search that is closed at once leaves nothing behind."""
    await say_all(server.port, "luis", TALK)
    async with window(server.port) as ana:
        await ana.shows("nothing older", TALK[-1])
        before = len(ana.timeline.entries)
        ana.app.chat.show(Found("#general", "hola*", []))
        await ana.pilot.pause()
        assert len(ana.timeline.entries) == before


async def test_offline_it_says_so(tmp_path: Path) -> None:
    """With no connection the search screen says that there is none, and a jump to what is not loaded too."""
    server = Server(Settings(rates=Rates(per_second=None), port=0, data=tmp_path))
    await server.start()
    await say_all(server.port, "luis", ["the tangerine is ripe", *(f"number {number}" for number in range(150))])
    async with window(server.port) as ana:
        await searched(ana, "tangerine")
        await ana.shows("1 message")
        await server.stop()
        await ana.until(lambda: ana.client.state.link.value == "offline")
        await ana.press("enter")
        await ana.shows("!  There is no connection.")
        await searched(ana, "number")
        await ana.shows("There is no connection.", without="150")


async def test_a_message_that_is_gone_is_said_to_be(server: Server) -> None:
    """A result that no page holds any more ends the loading with a line that says so."""
    await say_all(server.port, "luis", (f"number {number}" for number in range(150)))
    async with window(server.port) as ana:
        await ana.shows("number 149")
        ana.app.chat._jump(Said(-1, "#general", "luis", "", 0.0, "1"))
        await ana.shows("That message is gone")
        ana.app.chat._jump(Said(10_000, "#general", "luis", "", 0.0, "1"))
        await ana.until(lambda: sum("message is gone" in entry.text for entry in ana.timeline.entries) == 2)


async def test_a_hostile_result_is_harmless(server: Server) -> None:
    """Nicks and texts of results are data: no markup, no control, one line, at any time."""
    async with window(server.port) as ana:
        ana.app.chat.action_search()
        await ana.until(lambda: isinstance(ana.app.screen, SearchScreen))
        screen = open_search(ana)
        await ana.shows("words,")
        screen._asked = "x"
        said = [Said(1, "#general", "\x1b[2J[/]", "[red]x\n\x1b]0;t\x07[/] \u202e", at, "1") for at in (0.0, 1e300)]
        screen.show(Found("#general", "x", said))
        text = await ana.shows("␛[2J[/] [red]x ↵ ␛]0;t", "--:--")
        assert not {"\x1b", "\x07", "\u202e"} & set(text)
        await ana.paste("\x1b[2Jy\u202e")
        assert not {"\x1b", "\u202e"} & set(ana.text())


@pytest.mark.parametrize("size", [(20, 5), (1, 1), (40, 12), (200, 50)])
async def test_it_fits_any_terminal(server: Server, size: tuple[int, int]) -> None:
    """Resized while it is open: the query and the results are there again."""
    await say_all(server.port, "luis", TALK)
    async with window(server.port) as ana:
        await searched(ana, "hola")
        await ana.shows("2 messages")
        await ana.resize(*size)
        if size[0] > 1:
            await ana.shows("hola", "luis")
        await ana.resize(100, 28)
        await ana.shows("hola otra vez", "2 messages")


async def test_a_small_terminal_is_enough(server: Server) -> None:
    """At 20x5 one searches, chooses and lands where it was said."""
    await say_all(server.port, "luis", ["tangerine", *(f"number {number}" for number in range(60))])
    async with window(server.port, size=(20, 5)) as ana:
        await searched(ana, "tangerine")
        await ana.shows("1 message", "luis tang")
        await ana.press("enter")
        await ana.shows("luis tangerine", "number 0", without="1 message")


async def test_the_help_names_the_key(server: Server) -> None:
    """F1 lists ctrl+f."""
    async with window(server.port) as ana:
        await ana.press("f1")
        await ana.shows("ctrl+f", "search what was said")


async def test_one_search_at_a_pause(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters typed at once are one question."""
    async with window(server.port) as ana:
        await searched(ana, "")
        asked: list[str] = []
        monkeypatch.setattr(open_search(ana), "_ask_for", asked.append)
        await ana.press(*"hola")
        async with asyncio.timeout(5):
            while not asked:
                await ana.pilot.pause()
        assert asked == ["hola*"]
