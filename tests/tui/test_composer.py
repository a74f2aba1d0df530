"""Where one writes: what each key does to the draft."""

import pytest

from chatapp.server.server import Server
from tests.tui.screens import person, window


async def test_enter_sends_and_empties(server: Server) -> None:
    """What is typed is said once, and the composer is empty for the next."""
    async with window(server.port) as ana:
        await ana.type("hola")
        assert (await ana.shows("ana  hola", "Write a message…")).count("hola") == 1


async def test_enter_with_nothing_says_nothing(server: Server) -> None:
    """No message and no error comes of blanks."""
    async with window(server.port) as ana:
        await ana.type("  ")
        await ana.type("next")
        await ana.shows("next", without="nothing in that message")
        assert ana.client.state.last_seq == 1


@pytest.mark.parametrize("key", ["ctrl+j", "shift+enter", "alt+enter"])
async def test_line_breaks_are_typed(server: Server, key: str) -> None:
    """The three keys break the line and send nothing; the lines are one message."""
    async with window(server.port) as ana:
        await ana.press("a", key, "b")
        assert ana.composer.text == "a\nb"
        assert ana.client.state.last_seq == 0
        await ana.press("enter")
        await ana.until(lambda: ana.client.state.last_seq == 1)
        assert ana.timeline.entries[-1].text == "a\nb"


async def test_a_paste_is_one_message(server: Server) -> None:
    """Line breaks of any kind in a paste send nothing, and are line breaks of one message."""
    async with window(server.port) as ana:
        await ana.paste("uno\r\ndos\rtres\ncuatro")
        assert ana.composer.text == "uno\ndos\ntres\ncuatro"
        await ana.press("enter")
        await ana.until(lambda: ana.client.state.last_seq == 1)
        assert ana.timeline.entries[-1].text == "uno\ndos\ntres\ncuatro"


async def test_up_and_down_walk_through_what_was_sent(server: Server) -> None:
    """Up brings back what was sent, Down at last the draft."""
    async with window(server.port) as ana:
        await ana.type("one")
        await ana.type("two")
        await ana.press("d")
        seen = []
        for key in ("up", "up", "up", "down", "down"):
            await ana.press(key)
            seen.append(ana.composer.text)
        assert seen == ["two", "one", "one", "two", "d"]


async def test_up_first_moves_within_the_draft(server: Server) -> None:
    """In a draft of two lines Up goes to its first line; only from there to what was sent."""
    async with window(server.port) as ana:
        await ana.type("sent")
        await ana.press("a", "ctrl+j", "b", "up")
        assert ana.composer.text == "a\nb"
        await ana.press("up")
        assert ana.composer.text == "sent"


async def test_tab_completes_and_cycles(server: Server) -> None:
    """Tab completes a nick, Tab again the next that fits; the composer keeps the focus."""
    async with person(server.port, "luis"), person(server.port, "lucas"), window(server.port) as ana:
        await ana.shows("People · 3")
        await ana.press("l", "tab")
        assert ana.composer.text == "lucas: "
        await ana.press("tab")
        assert ana.composer.text == "luis: "
        await ana.type("hola lu")
        await ana.press("h", "space", "a", "tab")
        assert ana.composer.text == "h ana "
        assert ana.composer.has_focus


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x" * 4097, "That is 1 byte too long for a message."),
        ("/zap", "There is no such command"),
        ("/nick", "That command is written like this: /nick"),
        ("/nick a b", "A nick has 1 to 32 letters"),
    ],
)
async def test_what_cannot_be_sent_is_not_lost(server: Server, text: str, says: str) -> None:
    """The error is said, and the text still stands in the composer."""
    async with window(server.port) as ana:
        await ana.paste(text)
        await ana.press("enter")
        await ana.shows(f"!  {says}")
        assert ana.composer.text == text


async def test_undo_and_redo_of_pastes_never_crash(server: Server) -> None:
    """Undo and redo, as often as one likes, after pastes, sending and walking back."""
    async with window(server.port) as ana:
        for _ in range(3):
            await ana.paste("x\ny\nz")
            await ana.press("ctrl+z", "ctrl+z", "ctrl+y", "ctrl+y", "up", "ctrl+u", "ctrl+z", "ctrl+z")
            await ana.paste("one\ntwo")
            await ana.press("enter", "ctrl+z", "ctrl+y", "up", "ctrl+z", "ctrl+y")
        await ana.shows("two")


async def test_ctrl_c_leaves_nothing_and_says_what_does(server: Server) -> None:
    """With nothing selected ctrl+c says how to leave; with a selection it copies."""
    async with window(server.port) as ana:
        await ana.press("ctrl+c")
        await ana.shows("ctrl+q leaves.")
        await ana.press("h", "o", "shift+left", "ctrl+c")
        assert ana.app.clipboard == "o"
        assert ana.composer.text == "ho"


async def test_the_first_keys_are_not_lost_nor_mixed_up(server: Server) -> None:
    """Keys pressed at once are done in their order: letters, Enter, letters."""
    async with window(server.port) as ana:
        await ana.press(*"abc", "enter", *"def", "enter")
        await ana.shows("ana  abc", "def")
        assert [entry.text for entry in ana.timeline.entries if entry.nick] == ["abc", "def"]


async def test_keys_that_come_at_once_are_done_in_their_order(server: Server) -> None:
    """Corrections and moves of the cursor take effect before the letters behind them, here and in the search."""
    keys = ("a", "b", "backspace", "c", "home", "x", "end", "y")
    async with window(server.port) as ana:
        await ana.press_at_once(*keys)
        await ana.until(lambda: ana.composer.text == "xacy")
        await ana.press_at_once("ctrl+f", *keys)
        await ana.shows(" xacy ", "Nothing was found.")
