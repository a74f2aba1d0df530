"""What a word may become while it is written: a list opens above the composer."""

import pytest

from chatapp.protocol.commands import COMMANDS
from chatapp.protocol.events import Entered
from chatapp.server.server import Server
from chatapp.texts import use_language
from chatapp.tui.composer.choices import MOST, Words, choices, latest_first
from chatapp.tui.composer.popup import Popup
from chatapp.tui.timeline.entries import Entry, Kind
from tests.tui.screens import Window, person, window

WORDS = Words(lambda: ["luis", "Lucía", "ana"], lambda: ["#general", "#ops", "#Óptica"])


@pytest.mark.parametrize(
    ("before", "texts"),
    [
        ("/wh", ["/who ", "/whois "]),
        ("/WHOI", ["/whois "]),
        ("/who", ["/who ", "/whois "]),
        ("/whois", []),
        ("/zzz", []),
        ("hola /wh", []),
        ("#o", ["#ops "]),
        ("ve a #O", ["#ops "]),
        ("#", ["#general ", "#ops ", "#Óptica "]),
        ("@LU", ["@luis ", "@Lucía "]),
        ("@luis", []),
        ("lu", []),
        ("/msg lu", ["luis ", "Lucía "]),
        ("/whois an", ["ana "]),
        ("/msg luis an", []),
        ("/ban #ops an", ["ana "]),
        ("/ban #ops ana an", []),
        ("/topic lu", []),
        ("/set th", ["theme "]),
        ("/SET n", ["nick ", "nick_column ", "notify "]),
        ("/set density ", ["compact ", "spaced "]),
        ("/set theme cat", [f"catppuccin-{name} " for name in ("frappe", "latte", "macchiato", "mocha")]),
        ("/set quiet 2", []),
        ("/set nonesuch ", []),
        ("/settle th", []),
        (":tad", [":tada: "]),
        ("hola :TAD", [":tada: "]),
        (":t", []),
        (":)", []),
        (":(", []),
        ("10:30", []),
        ("", []),
        ("hola ", []),
    ],
)
def test_the_last_word_may_become(before: str, texts: list[str]) -> None:
    """By its first character, without regard to case; at the start commands, after some of these whom they need."""
    assert [choice.text for choice in choices(before, WORDS)] == texts


@pytest.mark.parametrize("before", ["/", ":he", ":face", "/set "])
def test_there_are_no_more_than_fit(before: str) -> None:
    """However many there are."""
    assert len(choices(before, WORDS)) == MOST < len(COMMANDS)


def test_who_spoke_last_stands_first() -> None:
    """Whoever said nothing comes after those, by the alphabet; notices say nothing."""
    said = [Entry(Kind.TEXT, "hola", 0, nick, seq=seq) for seq, nick in enumerate(("luis", "zoe", "luis"), 1)]
    said += [Entry(Kind.TEXT, "hola", 0, "eva", seq=4), Entry(Kind.JOINED, "mei joined", 0, "mei")]
    assert latest_first(said, ["ana", "mei", "luis", "eva", "zoe", "Bob"]) == [
        "eva",
        "luis",
        "zoe",
        "ana",
        "Bob",
        "mei",
    ]


def offered(ana: Window) -> list[str]:
    """Return the rows of the list, the first word of each; the marked one in capitals."""
    popup = next(iter(ana.app.chat.query(Popup)), None)
    if popup is None or not (popup.display and popup.size):
        return []
    words = [str(option.prompt).split()[0] for option in popup.options]
    return [word.upper() if index == popup.highlighted else word for index, word in enumerate(words)]


@pytest.mark.parametrize(("language", "help_"), [("en", "list who is here"), ("es", "muestra quién está")])
async def test_a_list_opens_and_tab_takes(server: Server, language: str, help_: str) -> None:
    """Commands with what they do; Down marks the next, Tab takes it, and the list is gone."""
    use_language(language)
    async with window(server.port) as ana:
        await ana.press("slash", "w", "h")
        await ana.until(lambda: offered(ana) == ["/WHO", "/whois"])
        await ana.shows(help_)
        await ana.press("down")
        await ana.until(lambda: offered(ana) == ["/who", "/WHOIS"])
        await ana.press("tab")
        await ana.until(lambda: offered(ana) == [])
        assert ana.composer.text == "/whois "


async def test_the_keys_need_not_wait_for_the_screen(server: Server) -> None:
    """Typed in a burst, a word and Tab are what they are when typed slowly."""
    async with window(server.port) as ana:
        await ana.press_at_once(":", "t", "a", "d", "tab", "x")
        assert ana.composer.text == ":tada: x"


async def test_escape_closes_it_and_enter_sends(server: Server) -> None:
    """Closed, Up goes through what was sent; Enter sends what is written, whatever is marked."""
    async with window(server.port) as ana, person(server.port, "luis"):
        await ana.type("uno")
        await ana.press("at", "l")
        await ana.until(lambda: offered(ana) == ["@LUIS"])
        await ana.press("escape")
        await ana.until(lambda: offered(ana) == [])
        await ana.press("up")
        assert ana.composer.text == "uno"
        await ana.press("down", "u")
        await ana.until(lambda: offered(ana) == ["@LUIS"])
        await ana.press("enter")
        await ana.until(lambda: ana.timeline.entries[-1].text == "@lu")


async def test_what_comes_back_opens_none(server: Server) -> None:
    """A line that Up brings back is no word that is being written."""
    async with window(server.port) as ana:
        await ana.type("/who")
        await ana.type("#o")
        await ana.press("up", "up")
        assert (ana.composer.text, offered(ana)) == ("/who", [])


async def test_elsewhere_in_the_text_it_is_that_word(server: Server) -> None:
    """Tab takes nothing for a word that the cursor has left."""
    async with window(server.port) as ana, person(server.port, "luis"):
        await ana.press("at", "l", "home", "tab")
        assert ana.composer.text == "@l"
        await ana.press("end", "u", "tab")
        assert ana.composer.text == "@luis "


async def test_a_click_takes(server: Server) -> None:
    """The choice that is clicked stands for the word, whichever is marked; one writes on."""
    async with window(server.port) as ana:
        await ana.press("slash", "w", "h")
        await ana.until(lambda: offered(ana) == ["/WHO", "/whois"])
        await ana.pilot.click(Popup, offset=(3, 1))
        await ana.press("x")
        await ana.until(lambda: ana.composer.text == "/whois x")
        assert offered(ana) == []


async def test_a_paste_closes_it(server: Server) -> None:
    """The word that the list is about is not there any more."""
    async with window(server.port) as ana, person(server.port, "luis"):
        await ana.press("at", "l")
        await ana.until(lambda: offered(ana) == ["@LUIS"])
        await ana.paste(" hello there")
        await ana.until(lambda: offered(ana) == [])
        await ana.press("tab")
        assert ana.composer.text == "@l hello there"


async def test_a_hostile_name_is_harmless(server: Server) -> None:
    """What a room is called is data."""
    async with window(server.port) as ana:
        ana.client._emit(Entered("#:1", ["ana"], 0, title="[red]x[/]\x1b[2J"))
        await ana.until(lambda: "#:1" in ana.client.state.rooms)
        await ana.press("#", "[", "r")
        await ana.until(lambda: offered(ana) == ["#[RED]X[/]\u241b[2J"])
        await ana.press("tab")
        assert ana.composer.text == "#[red]x[/]\u241b[2J "


@pytest.mark.parametrize("size", [(40, 8), (20, 4), (3, 3)])
async def test_there_may_be_no_place_for_it(server: Server, size: tuple[int, int]) -> None:
    """On a tiny screen nothing crashes, and Tab works."""
    async with window(server.port, size=size) as ana:
        await ana.press("slash", "w", "h", "tab")
        assert ana.composer.text == "/who "


async def test_a_word_that_was_deleted_becomes_nothing(server: Server) -> None:
    """The list follows the keys of a shell as well."""
    async with window(server.port) as ana:
        await ana.press("slash", "w", "h")
        await ana.until(lambda: offered(ana) == ["/WHO", "/whois"])
        await ana.press("ctrl+w", "o")
        await ana.until(lambda: offered(ana) == [])
        await ana.press("ctrl+u", "slash", "w", "h", "o", "i", "backspace")
        await ana.until(lambda: offered(ana) == ["/WHO", "/whois"])
