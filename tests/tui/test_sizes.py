"""The screen fits any terminal."""

import pytest

from chatapp.server.server import Server
from tests.tui.screens import SIZE, person, window

SIZES = [(200, 50), (100, 28), (60, 10), (59, 9), (40, 12), (20, 5), (20, 3), (5, 2), (1, 1), (0, 0), (200, 1), (1, 50)]


async def test_every_size_in_turn(server: Server) -> None:
    """From 200x50 down to nothing and back, with text in every part: nothing crashes, and all is there again."""
    async with window(server.port, size=(200, 50)) as ana, person(server.port, "luis") as luis:
        luis.type_line("hola 日本 👍🏽 " * 20)
        luis.type_line("/me waves")
        for size in [*SIZES, *reversed(SIZES)]:
            await ana.resize(*size)
        await ana.shows("luis waves", "People · 2")


@pytest.mark.parametrize("keys", [("f1",), ("pageup",), ("a", "ctrl+j", "b", "ctrl+j", "c")])
async def test_every_size_with_something_open(server: Server, keys: tuple[str, ...]) -> None:
    """With the help open, scrolled up, or a draft of several lines, all that was there is there again."""
    async with window(server.port) as ana:
        await ana.press(*keys)
        before = ana.text()
        for size in [*SIZES, *reversed(SIZES)]:
            await ana.resize(*size)
        await ana.resize(*SIZE)
        await ana.shows(*before.split())


async def test_a_small_terminal_shows_talk_and_draft(server: Server) -> None:
    """At 20x5 what is said and what is typed are both in view, and the draft has one row."""
    async with window(server.port, size=(20, 5)) as ana:
        await ana.type("hola")
        await ana.shows("ana hola", without="People")
        await ana.press("d", "r", "a", "f", "t")
        await ana.shows("ana hola", "draft")
        assert ana.composer.size.height == 1


async def test_the_draft_grows_to_eight_lines(server: Server) -> None:
    """A draft of many lines takes eight rows, and no more."""
    async with window(server.port) as ana:
        for lines, height in ((1, 1), (3, 3), (8, 8), (20, 8)):
            ana.composer.clear()
            await ana.paste("\n".join(["x"] * lines))
            await ana.until(lambda height=height: ana.composer.size.height == height)  # type: ignore[misc]


async def test_people_need_width(server: Server) -> None:
    """Under 60 columns there is no sidebar."""
    async with window(server.port, size=(60, 20)) as ana:
        await ana.shows("People · 1")
        await ana.resize(59, 20)
        await ana.shows("ana joined", without="People")
