"""Where one was mentioned: a list of all rooms, and the way from there to the message."""

import pytest

from chatapp.protocol.events import Entered, Found, Said
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from chatapp.texts import use_language
from chatapp.tui.screens.mentions_screen import MentionsScreen
from tests.tui.screens import Window, person, window


async def asked(ana: Window) -> None:
    await ana.type("/mentions")
    await ana.until(lambda: isinstance(ana.app.screen, MentionsScreen))


async def test_enter_leads_to_the_room_and_the_message(server: Server) -> None:
    """The newest stands first, each with its room; the one that is chosen is shown where it was said."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        luis.type_line("hola @ana")
        for number in range(90):
            luis.type_line(f"number {number}")
        await ana.shows("number 89", without="hola @ana")
        await ana.type("/join #ops")
        await ana.shows("You are in #ops")
        luis.type_line("@mei too")
        luis.type_line("@ANA, again")
        await ana.shows("@1 2")
        await asked(ana)
        screen = await ana.shows("Where you were mentioned", "2 messages", "#general luis hola @ana")
        assert screen.index("@ANA, again") < screen.index("hola @ana")
        await ana.press("down", "enter")
        await ana.shows("luis▐ hola @ana", "number 3", without="2 messages")
        assert ana.client.state.room == "#general"
        assert ana.composer.has_focus


@pytest.mark.parametrize(
    ("language", "heading", "outcome"),
    [
        ("en", "Where you were mentioned", "Nothing was found."),
        ("es", "Dónde te han mencionado", "No se ha encontrado nada."),
    ],
)
async def test_nobody_has_mentioned_one(server: Server, language: str, heading: str, outcome: str) -> None:
    """That is said; Enter chooses nothing, Esc closes."""
    use_language(language)
    async with window(server.port) as ana:
        await asked(ana)
        await ana.shows(heading, outcome)
        await ana.press("enter")
        await ana.shows(heading)
        await ana.press("escape")
        await ana.until(lambda: not isinstance(ana.app.screen, MentionsScreen))


async def test_rooms_are_named_as_people_call_them(server: Server) -> None:
    """A private room by its title, a conversation by who it is with; there may be more than are listed."""
    async with window(server.port) as ana:
        ana.client._emit(Entered("#:1", ["ana"], 0, title="plan"))
        ana.client._emit(Entered("@:2", ["ana", "luis"], 0, title="luis"))
        await asked(ana)
        await ana.shows("Nothing was found.")
        said = [Said(9, "@:2", "luis", "[red]@ana[/]\x1b[2J", 0.0, "1"), Said(8, "#:1", "mei", "and @ana", 0.0, "2")]
        ana.client._emit(Found("", "", said, has_more=True))
        screen = await ana.shows("@luis luis [red]@ana[/]␛[2J", "#plan mei and @ana", "The newest 2 of more.")
        assert "\x1b" not in screen
        await ana.press("enter")
        await ana.until(lambda: ana.client.state.room == "@:2")


async def test_without_a_connection_it_says_so() -> None:
    """No list is opened that nothing would come to."""
    server = Server(Settings(port=0))
    await server.start()
    async with window(server.port) as ana:
        await server.stop()
        await ana.shows("offline")
        await ana.type("/mentions")
        await ana.shows("There is no connection")
        assert not isinstance(ana.app.screen, MentionsScreen)


async def test_a_search_is_not_its_answer(server: Server) -> None:
    """What was searched for before is passed over."""
    async with window(server.port) as ana:
        await asked(ana)
        await ana.shows("Nothing was found.")
        ana.client._emit(Found("#general", "x", [Said(1, "#general", "luis", "x", 0.0, "1")]))
        await ana.pilot.pause()
        await ana.shows("Nothing was found.", without="luis x")
