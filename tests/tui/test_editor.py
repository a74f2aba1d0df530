"""What is written is edited as a shell's line is."""

import random

import pytest

from chatapp.server.server import Server
from chatapp.tui.screens.picker import Picks
from tests.tui.screens import Window, window

KEYS = ("a", "space", "ctrl+j", "backspace", "up", "left", "home", "shift+up", "f7", "ctrl+u", "ctrl+w", "alt+d")


@pytest.mark.parametrize(
    ("keys", "text", "column"),
    [
        ("ctrl+a", "uno dos tres", 0),
        ("ctrl+a ctrl+e", "uno dos tres", 12),
        ("alt+b", "uno dos tres", 8),
        ("ctrl+left ctrl+left", "uno dos tres", 4),
        ("ctrl+a alt+f", "uno dos tres", 3),
        ("ctrl+a ctrl+right", "uno dos tres", 3),
        ("ctrl+w", "uno dos ", 8),
        ("alt+backspace", "uno dos ", 8),
        ("alt+b ctrl+u", "tres", 0),
        ("alt+b ctrl+k", "uno dos ", 8),
        ("ctrl+a alt+d", " dos tres", 0),
        ("ctrl+w ctrl+z", "uno dos tres", 12),
        ("ctrl+w ctrl+w ctrl+underscore", "uno dos ", 8),
        ("ctrl+w ctrl+z ctrl+y", "uno dos ", 8),
        ("q backspace ctrl+z backspace ctrl+z", "uno dos tresq", 13),
    ],
)
async def test_the_keys_of_a_shell(server: Server, keys: str, text: str, column: int) -> None:
    """They go to both ends of the line and word by word, delete, and undo one step at a time."""
    async with window(server.port) as ana:
        await ana.paste("uno dos tres")
        await ana.press(*keys.split())
        assert (ana.composer.text, ana.composer.cursor_location) == (text, (0, column))


async def test_with_nothing_to_delete_one_goes_elsewhere(server: Server) -> None:
    """ctrl+k at the end of a line asks where to go, as alt+k does; what is typed behind it is asked for, never sent."""
    async with window(server.port) as ana:
        await ana.type("/join #ops")
        await ana.until(lambda: ana.client.state.room == "#ops")
        await ana.press_at_once("h", "i", "ctrl+k", "g", "e", "enter")
        await ana.until(lambda: ana.client.state.room == "#general")
        assert not any(entry.nick == "ana" and entry.is_talk for entry in ana.timeline.entries)


@pytest.mark.parametrize("seed", range(3))
async def test_no_undo_breaks_the_text(server: Server, seed: int) -> None:
    """After whatever was pasted, written and deleted, undoing all ends with nothing, and redoing it with what was."""
    chance = random.Random(seed)
    async with window(server.port, size=(40, 12)) as ana:
        for _ in range(20):
            await ana.paste(chance.choice(["a\nb\nc", "one two\nthree", "x" * 60 + "\n" + "y" * 60, "\n" * 9]))
            undone = ["ctrl+z"] * chance.randrange(3) + ["ctrl+y"] * chance.randrange(2)
            await ana.press_at_once(*chance.choices(KEYS, k=3), *undone)
        await ana.press_at_once(*["ctrl+y"] * 60)
        text = ana.composer.text
        await ana.press_at_once(*["ctrl+z"] * 200)
        await ana.until(lambda: ana.composer.text == "")
        await ana.press_at_once(*["ctrl+y"] * 200)
        await ana.until(lambda: ana.composer.text == text)


async def test_a_paste_of_many_lines_is_undone(server: Server) -> None:
    """Also where there was no room for them (Textualize/textual#6686)."""
    async with window(server.port, size=(40, 12)) as ana:
        await ana.press("x")
        await ana.paste("\n".join(f"line {number}" for number in range(50)))
        await ana.press("ctrl+z")
        assert ana.composer.text == "x"


def listed(ana: Window) -> list[str]:
    """Return the lines that fit, the marked one in capitals."""
    picks = ana.app.screen.query_one(Picks)
    lines = [str(option.prompt) for option in picks.options]
    return [line.upper() if index == picks.highlighted else line for index, line in enumerate(lines)]


async def test_what_was_sent_is_searched_backwards(server: Server) -> None:
    """ctrl+r lists it, each line once, the newest first; letters narrow it down, ctrl+r goes on, Enter takes."""
    async with window(server.port) as ana:
        for line in ("make test", "hola", "make install", "hola"):
            await ana.type(line)
        await ana.press("ctrl+r")
        await ana.shows("some letters of what you sent")
        assert listed(ana) == ["HOLA", "make install", "make test"]
        await ana.press("M", "a")
        await ana.until(lambda: listed(ana) == ["MAKE INSTALL", "make test"])
        await ana.press("ctrl+r")
        assert listed(ana) == ["make install", "MAKE TEST"]
        await ana.press("enter")
        await ana.until(lambda: ana.composer.text == "make test")
        await ana.press("!")
        assert ana.composer.text == "make test!"


async def test_escape_leaves_the_draft(server: Server) -> None:
    """As it was; and a line that is taken leaves it one step up."""
    async with window(server.port) as ana:
        await ana.type("sent")
        await ana.press("d", "ctrl+r", "s", "escape")
        assert ana.composer.text == "d"
        await ana.press("ctrl+r", "enter")
        await ana.until(lambda: ana.composer.text == "sent")
        await ana.press("up")
        assert ana.composer.text == "d"


async def test_what_is_typed_behind_the_key_is_searched(server: Server) -> None:
    """In a burst, too; and what stood in several lines is one row."""
    async with window(server.port) as ana:
        for line in ("uno\ndos", "tres"):
            await ana.type(line)
        await ana.press_at_once("ctrl+r", "d", "o", "s")
        await ana.until(lambda: "some letters" not in ana.text() and listed(ana) == ["UNO ↵ DOS"])
        await ana.press("enter")
        await ana.until(lambda: ana.composer.text == "uno\ndos")
