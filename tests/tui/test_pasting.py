"""Long texts: what is pasted, and what fits."""

import pytest

from chatapp.server.server import Server
from chatapp.texts import use_language
from chatapp.tui.composer.measure import bytes_left
from chatapp.tui.screens.paste_screen import PasteScreen
from tests.tui.screens import Window, window

MANY = "\n".join(f"line {number}" for number in range(101))


@pytest.mark.parametrize(
    ("line", "used"),
    [
        ("hola", 4),
        ("ñandú", 7),
        ("//me", 3),
        ("/me waves", 5),
        ("/reply :heart:", 3),
        ("/edit ñ", 2),
        ("/msg luis hola", 4),
        ("/join #ops", 0),
        ("/nosuch command", 0),
        ("/me", 0),
        ("", 0),
    ],
)
def test_what_counts_is_what_is_sent(line: str, used: int) -> None:
    """In bytes, without the command, and emoji as themselves."""
    assert bytes_left(line) == 4096 - used


@pytest.mark.parametrize(
    ("language", "left", "over"),
    [("en", "500 bytes left", "1 byte too long"), ("es", "quedan 500 bytes", "sobra 1 byte")],
)
async def test_near_the_limit_the_border_tells_what_is_left(
    server: Server, language: str, left: str, over: str
) -> None:
    """From 500 bytes on, and in red how much is too much."""
    use_language(language)
    async with window(server.port) as ana:
        await ana.paste("x" * 3595)
        await ana.shows("│ xxx", without="byte")
        await ana.press("y")
        await ana.shows(f" {left} ")
        assert not ana.composer.has_class("-too-long")
        await ana.paste("x" * 501)
        await ana.shows(f" {over} ")
        assert ana.composer.has_class("-too-long")
        await ana.press("backspace")
        await ana.shows("0 byte")


async def test_what_is_too_long_stays(server: Server) -> None:
    """By how much is said, and the cursor stands where it was; shortened, it is sent."""
    async with window(server.port) as ana:
        await ana.paste("y" + "ñ" * 2049)
        await ana.press("left", "enter")
        await ana.shows("!  That is 3 bytes too long for a message.")
        assert ana.composer.cursor_location == (0, 2049)
        await ana.press("delete", "backspace", "enter")
        await ana.until(lambda: ana.client.state.last_seq == 1)
        assert ana.timeline.entries[-1].text == "y" + "ñ" * 2047


async def pasted(ana: Window, text: str) -> None:
    await ana.press("a")
    await ana.paste(text)
    await ana.until(lambda: isinstance(ana.app.screen, PasteScreen))
    assert ana.composer.text == "a"


async def test_a_hundred_lines_are_taken(server: Server) -> None:
    """Without a question."""
    async with window(server.port) as ana:
        await ana.paste("x\n" * 100)
        assert ana.composer.text == "x\n" * 100


@pytest.mark.parametrize(
    ("keys", "stands", "is_sent"),
    [
        (["enter"], "a" + MANY, False),
        (["down", "enter"], "", True),
        (["down", "down", "enter"], "a", False),
        (["escape"], "a", False),
        (["s", "enter"], "a" + MANY, False),
    ],
)
async def test_of_more_it_is_asked(server: Server, keys: list[str], stands: str, is_sent: bool) -> None:
    """Keep, which Enter does by itself, send or drop; letters that one types on do none of these."""
    async with window(server.port) as ana:
        await pasted(ana, MANY)
        await ana.shows("101 lines were pasted.", "Send them as one message")
        await ana.press(*keys)
        await ana.until(lambda: ana.composer.text == stands and ana.app.screen is ana.app.chat)
        await ana.until(lambda: (ana.client.state.last_seq == 1) is is_sent)
        assert ana.timeline.entries[-1].text.startswith("aline 0\n") is is_sent


async def test_it_is_answered_once(server: Server) -> None:
    """Enter twice, and close together, keeps the lines; it is a box of its own, not the whole screen."""
    async with window(server.port) as ana:
        await pasted(ana, MANY)
        await ana.until(lambda: ana.app.screen.query_one("#box").size.width <= 50)
        await ana.press_at_once("enter", "enter")
        await ana.until(lambda: ana.app.screen is ana.app.chat)
        assert ana.composer.text == "a" + MANY


async def test_what_was_for_one_room_is_not_sent_to_another(server: Server) -> None:
    """Who is taken elsewhere before the answer has the lines there, to look at them first."""
    async with window(server.port) as ana:
        await ana.type("/join #ops")
        await ana.until(lambda: ana.client.state.room == "#ops")
        await pasted(ana, MANY)
        ana.client.look_at("#general")
        await ana.until(lambda: ana.composer.text == "")
        await ana.press("down", "enter")
        await ana.until(lambda: ana.app.screen is ana.app.chat)
        assert ana.composer.text == MANY
        assert not ana.client.state.pending


async def test_what_is_too_long_can_not_be_sent_at_once(server: Server) -> None:
    """It can be kept, to be shortened; what stands here already counts."""
    async with window(server.port) as ana:
        await pasted(ana, "\n".join(["x" * 40] * 101))
        await ana.shows("That is 45 bytes too long for a message.", without="Send them")
        await ana.press("enter")
        await ana.shows(" 45 bytes too long ")
