"""What commands and keys do, found by its name and done."""

import pytest
from textual.command import CommandList

from chatapp.protocol.commands import COMMANDS
from chatapp.server.server import Server
from chatapp.texts import use_language
from chatapp.tui.composer.composer import Composer
from chatapp.tui.screens.palette import Palette, of_commands, of_keys
from chatapp.tui.screens.search_screen import SearchScreen
from chatapp.tui.timeline.choosing import ChoosingTimeline
from tests.tui.screens import Window, person, window


def listed(ana: Window) -> list[str]:
    return [str(option.prompt) for option in ana.app.screen.query_one(CommandList).options]


async def find(ana: Window, *keys: str, first: str) -> None:
    """Type the keys into the palette, and wait until what fits best is `first`."""
    await ana.press("ctrl+p", *keys)
    await ana.until(lambda: isinstance(ana.app.screen, Palette) and listed(ana)[:1] == [first])


@pytest.mark.parametrize(
    ("language", "asked", "typed", "first"),
    [
        ("en", "a command, or what a key does", "what was said", "search what was said\nctrl+f"),
        ("es", "una orden, o lo que hace una tecla", "busca en lo que se", "busca en lo que se ha dicho\nctrl+f"),
    ],
)
async def test_what_a_key_does_is_found_and_done(
    server: Server, language: str, asked: str, typed: str, first: str
) -> None:
    """By the words of the help, with its key beside it."""
    use_language(language)
    async with window(server.port) as ana:
        await ana.press("ctrl+p")
        await ana.shows(asked, "ctrl+j")
        await ana.press(*("space" if letter == " " else letter for letter in typed))
        await ana.until(lambda: listed(ana)[:1] == [first])
        await ana.press("enter")
        await ana.until(lambda: isinstance(ana.app.screen, SearchScreen))


async def test_a_command_is_done_and_the_draft_stays(server: Server) -> None:
    """One that takes nothing at once."""
    async with window(server.port) as ana:
        await ana.press("d")
        await find(ana, "slash", "r", "o", "o", "m", first="/rooms · list the rooms\n/rooms")
        await ana.press("enter")
        await ana.shows("There are these rooms:")
        assert ana.composer.text == "d"


async def test_what_a_command_takes_is_written(server: Server) -> None:
    """It stands in the composer then, and the draft is one step up."""
    async with window(server.port) as ana:
        await ana.press("d")
        await find(ana, "slash", "m", "s", "g", first="/msg · write to one person alone\n/msg nick [text]")
        await ana.press("enter")
        await ana.until(lambda: ana.composer.text == "/msg ")
        await ana.press("x")
        assert ana.composer.text == "/msg x"
        await ana.press("up")
        assert ana.composer.text == "d"


async def test_enter_means_what_was_typed_before_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a burst, too."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with window(server.port) as ana:
        await ana.press_at_once("ctrl+p", *"editor", "enter")
        await ana.shows("Set $VISUAL or $EDITOR")
        await ana.press("ctrl+p")
        await ana.press_at_once(*"listrooms", "enter")
        await ana.shows("There are these rooms:")


async def test_a_chosen_message_stays_chosen(server: Server) -> None:
    """What keys do with it is found as well."""
    async with person(server.port, "luis") as luis, window(server.port) as ana:
        luis.type_line("hola")
        await ana.shows("luis  hola")
        await find(
            ana,
            *"react",
            "space",
            "t",
            "o",
            "space",
            "i",
            first="/react · react to the last message, as in /react :heart:\n/react :name:",
        )
        await ana.press("escape", "shift+tab")
        await find(ana, *"react", "space", "t", "o", "space", "i", first="react to it\n+")
        await ana.press("enter")
        await ana.until(lambda: ana.composer.text == "/react :")


async def test_what_is_not_there_is_said(server: Server) -> None:
    """In the person's language; it does nothing."""
    use_language("es")
    async with window(server.port) as ana:
        await ana.press("ctrl+p", *"zzzz")
        await ana.shows("No se ha encontrado nada.")
        await ana.press("enter")
        await ana.until(lambda: ana.app.screen is ana.app.chat)


async def test_a_paste_is_harmless(server: Server) -> None:
    """Its controls never reach the terminal."""
    async with window(server.port) as ana:
        await ana.press("ctrl+p")
        await ana.until(lambda: isinstance(ana.app.screen, Palette))
        await ana.paste("\x1b[2J\nx")
        await ana.shows("\u241b[2J x")


async def test_no_text_in_it_is_read_as_markup(server: Server) -> None:
    """The names have none of its brackets; all that says what it does is in the list once."""
    async with window(server.port) as ana:
        keys = [(ana.composer, Composer.KEYS), (ana.timeline, ChoosingTimeline.KEYS)]
        commands = [*of_keys(ana.app, keys), *of_commands(print, print)]
        assert not [command.name for command in commands if "[" in command.name]
        described = [key for key in (*Composer.KEYS, *ChoosingTimeline.KEYS) if key.description]
        assert len(commands) == len(described) + len(COMMANDS)
