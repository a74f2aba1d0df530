"""Clicks that come close together, or on nothing: each is done once, and the keys still go somewhere."""

import pytest
from textual.command import CommandList
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import OptionList

from chatapp.client.client import Client
from chatapp.server.server import Server
from chatapp.tui.composer.popup import Popup
from chatapp.tui.screens.found_screen import Results
from chatapp.tui.screens.paste_screen import PasteScreen
from chatapp.tui.screens.picker import Picks
from chatapp.tui.screens.search_screen import SearchScreen
from chatapp.tui.screens.switcher import Switcher
from tests.tui.screens import SIZE, Window, window, window_of


def click(ana: Window, widget: type[Widget], times: int) -> None:
    """Click on the first row of that widget, faster than anything comes of it."""
    region: Region = ana.app.screen.query_one(widget).region
    place = f"{region.x + 3};{region.y + 1}"
    ana.send(f"\x1b[<0;{place}M\x1b[<0;{place}m" * times)


async def test_a_result_is_chosen_once(server: Server) -> None:
    """A click on a result that comes three times leads to the message, once."""
    async with window(server.port) as ana:
        await ana.type("hola")
        await ana.press("ctrl+f", *"hola")
        await ana.until(lambda: ana.app.screen.query_one(Results).option_count == 1)
        click(ana, Results, 3)
        await ana.until(lambda: not isinstance(ana.app.screen, SearchScreen))
        await ana.pilot.pause()
        assert ana.app.is_running
        assert ana.app.screen is ana.app.chat


async def test_a_goal_is_chosen_once(server: Server) -> None:
    """The same where one goes by a name."""
    async with window(server.port) as ana:
        await ana.type("/join #ops")
        await ana.until(lambda: ana.client.state.room == "#ops")
        await ana.press("alt+k")
        await ana.until(lambda: isinstance(ana.app.screen, Switcher))
        click(ana, Picks, 3)
        await ana.until(lambda: ana.client.state.room == "#general")
        await ana.pilot.pause()
        assert ana.app.screen is ana.app.chat


async def test_a_command_of_the_palette_is_done_once(server: Server) -> None:
    """The same for what commands and keys do."""
    async with window(server.port) as ana:
        await ana.press("ctrl+p", *"list who is here")
        await ana.until(lambda: ana.app.screen.query_one(CommandList).option_count == 1)
        listed = ana.app.screen.query_one(CommandList)
        for _ in range(3):
            listed.action_select()
        await ana.shows("Here are: ana")
        assert ana.app.screen is ana.app.chat


async def test_a_choice_is_taken_once(server: Server) -> None:
    """The same for what the word may become."""
    async with window(server.port) as ana:
        await ana.press("slash", "w")
        await ana.until(lambda: any(popup.display and popup.size for popup in ana.app.chat.query(Popup)))
        await ana.pilot.pause()
        click(ana, Popup, 3)
        await ana.until(lambda: ana.composer.text == "/who ")
        await ana.pilot.pause()
        assert ana.app.is_running


async def test_the_palette_is_closed_once(server: Server) -> None:
    """Clicks that come close together beside it close it."""
    async with window(server.port) as ana:
        await ana.press("ctrl+p")
        await ana.until(lambda: ana.app.screen is not ana.app.chat)
        await ana.pilot.pause()
        ana.send("\x1b[<0;50;2M\x1b[<0;50;2m" * 4)
        await ana.until(lambda: ana.app.screen is ana.app.chat)
        await ana.pilot.pause()
        assert ana.app.is_running


async def test_a_paste_is_answered_once(server: Server) -> None:
    """The same for what is to be done with many lines."""
    async with window(server.port) as ana:
        await ana.paste("line\n" * 101)
        await ana.until(lambda: isinstance(ana.app.screen, PasteScreen))
        await ana.pilot.pause()
        click(ana, OptionList, 3)
        await ana.until(lambda: ana.composer.text.startswith("line"))
        await ana.pilot.pause()
        assert ana.app.screen is ana.app.chat


async def test_a_nick_is_given_once(server: Server) -> None:
    """Enter that comes twice is one answer."""
    async with window_of(Client("127.0.0.1", server.port)) as ana:
        await ana.shows("Who do you want to be?")
        ana.send("ana\r\r\r")
        await ana.shows("You are in #general as ana")
        assert ana.app.screen is ana.app.chat


async def test_a_click_on_nothing_takes_no_keys_away(server: Server) -> None:
    """One beyond the screen, as while it is made smaller; what is typed then is in the composer."""
    async with window(server.port) as ana:
        ana.send(f"\x1b[<0;{SIZE[0] + 5};{SIZE[1] + 5}M")
        ana.send("hola")
        await ana.until(lambda: ana.composer.text == "hola")


@pytest.mark.parametrize("width", [1, 2, 3, 8, 9])
async def test_choices_have_room_nowhere(server: Server, width: int) -> None:
    """Made as narrow as can be while they are there, the screen comes back as it was."""
    async with window(server.port) as ana:
        await ana.press("slash", "w")
        await ana.resize(width, 28)
        await ana.resize(*SIZE)
        await ana.shows("/who", "list who is here")
