"""Going somewhere by a few letters of its name, and to what is unread by a key."""

import pytest

from chatapp.client.events import Looked
from chatapp.client.state import ChatState
from chatapp.protocol.events import Counted, Entered, Welcomed
from chatapp.protocol.requests import Level
from chatapp.server.server import Server
from chatapp.texts import use_language
from chatapp.tui.listing import next_news
from chatapp.tui.screens.picker import Picks
from tests.tui.screens import Window, person, window


def goals(ana: Window) -> list[str]:
    """Return the rows of what one may go to."""
    return [str(option.prompt) for option in ana.app.screen.query_one(Picks).options]


async def in_rooms(ana: Window, *rooms: str) -> None:
    for room in rooms:
        await ana.type(f"/join {room}")
        await ana.until(lambda room=room: ana.client.state.room == room)  # type: ignore[misc]


@pytest.mark.parametrize(("language", "asked"), [("en", "a room or a person"), ("es", "una sala o una persona")])
async def test_some_letters_lead_to_a_room(server: Server, language: str, asked: str) -> None:
    """What has something unread stands first; what fits is listed as one types; Enter goes to the first."""
    use_language(language)
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await in_rooms(ana, "#dev", "#ops", "#dessert")
        luis.type_line("hola")
        await ana.until(lambda: ana.client.state.rooms["#general"].unread == 1)
        await ana.press("alt+k")
        await ana.shows(asked)
        assert goals(ana) == ["#general  1", "#dev", "#ops"]
        await ana.press("o", "p")
        await ana.until(lambda: goals(ana) == ["#ops"])
        await ana.press("enter")
        await ana.until(lambda: ana.client.state.room == "#ops")
        await ana.press("x")
        assert ana.composer.text == "x"


async def test_enter_means_what_was_typed_before_it(server: Server) -> None:
    """In a burst, too."""
    async with window(server.port) as ana:
        await in_rooms(ana, "#dev", "#ops")
        await ana.press("alt+k")
        await ana.press_at_once("d", "e", "enter", "x", "y")
        await ana.until(lambda: ana.client.state.room == "#dev")


async def test_a_person_is_a_goal_too(server: Server) -> None:
    """It opens the conversation; afterwards that stands there once."""
    async with window(server.port) as ana, person(server.port, "luis"):
        await ana.until(lambda: "luis" in ana.client.state.members)
        await ana.press("alt+k", "l", "enter")
        await ana.until(lambda: ana.client.state.title_of(ana.client.state.room) == "@luis")
        await ana.press("alt+up", "alt+k")
        await ana.until(lambda: goals(ana) == ["@luis"])


async def test_where_nothing_fits_one_goes_nowhere(server: Server) -> None:
    """Enter does nothing then; Escape closes."""
    async with window(server.port) as ana:
        await in_rooms(ana, "#ops")
        await ana.press("alt+k", "z", "z", "enter")
        assert goals(ana) == []
        await ana.press("escape")
        await ana.shows("Write a message")
        assert ana.client.state.room == "#ops"


async def test_a_hostile_name_is_harmless(server: Server) -> None:
    """What a room is called is data, also where its letters are marked."""
    async with window(server.port) as ana:
        ana.client._emit(Entered("#:1", ["ana"], 0, title="[red]x[/]\x1b[2J"))
        await ana.until(lambda: "#:1" in ana.client.state.rooms)
        await ana.press("alt+k", "x")
        await ana.until(lambda: goals(ana) == ["#[red]x[/]\u241b[2J"])


async def test_down_marks_the_next(server: Server) -> None:
    """And the mouse chooses as well."""
    async with window(server.port) as ana:
        await in_rooms(ana, "#dev", "#ops")
        await ana.press("alt+k", "down", "enter")
        await ana.until(lambda: ana.client.state.room == "#dev")
        await ana.press("alt+k")
        await ana.pilot.click(Picks, offset=(2, 1))
        await ana.until(lambda: ana.client.state.room == "#ops")


def counted(room: str, unread: int, mentions: int = 0, level: Level = "all") -> Counted:
    return Counted(room, 9, 0, unread, mentions, level)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], ""),
        ([counted("#a", 2), counted("#c", 1)], "#c"),
        ([counted("#a", 2)], "#a"),
        ([counted("#a", 2, 1), counted("#c", 1)], "#a"),
        ([counted("#b", 5, 5)], ""),
        ([counted("#c", 5, 1, "none")], ""),
        ([counted("#c", 5, 0, "mentions"), counted("#a", 1)], "#a"),
    ],
)
def test_the_next_with_something_unread(counts: list[Counted], expected: str) -> None:
    """Round from the one in view: mentions first, then whatever one wants to be told of."""
    state = ChatState()
    state.apply(Welcomed("ana", "#general", ["ana"], "log", 0, 1))
    for room in ("#a", "#b", "#c"):
        state.apply(Entered(room, ["ana"], 0))
    state.apply(Looked("#b"))
    for count in counts:
        state.apply(count)
    assert next_news(state) == expected


async def test_a_key_goes_to_what_is_unread(server: Server) -> None:
    """alt+a goes there; with nothing unread it goes nowhere."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await in_rooms(ana, "#dev", "#ops")
        luis.type_line("hola")
        await ana.until(lambda: ana.client.state.rooms["#general"].unread == 1)
        await ana.press("alt+a")
        await ana.until(lambda: ana.client.state.room == "#general")
        await ana.shows("luis  hola")
        await ana.until(lambda: ana.client.state.here.unread == 0)
        await ana.press("alt+a")
        await ana.pilot.pause()
        assert ana.client.state.room == "#general"
