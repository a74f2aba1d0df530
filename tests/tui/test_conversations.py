"""A conversation on the screen: who reads it is said, who comes and goes isn't, and the other one is in view."""

import pytest

from chatapp.protocol.events import Became, Entered, Joined, Left
from chatapp.server.server import Server
from chatapp.texts import use_language
from tests.tui.screens import Window, person, window

ROOMY = (120, 28)


def sidebar(ana: Window) -> list[list[str]]:
    return [words for row in ana.rows()[:20] if (words := row[-22:].split())]


@pytest.mark.parametrize(
    ("language", "says", "people"),
    [
        ("en", "Only you and luis read what is said here.", "People"),
        ("es", "Lo que se dice aquí solo lo leéis luis y tú.", "Personas"),
    ],
)
async def test_it_is_for_two(server: Server, language: str, says: str, people: str) -> None:
    """That is said when it is opened, once; both are listed, and not counted."""
    use_language(language)
    async with window(server.port, size=ROOMY) as ana, person(server.port, "luis") as luis:
        await ana.type("/msg luis hola")
        screen = await ana.shows(says, "ana  hola")
        assert "You are in" not in screen
        await ana.until(lambda: sidebar(ana)[:3] == [[people], ["●", "ana"], ["luis"]])
        luis.type_line("/away")
        await ana.until(lambda: sidebar(ana)[:3] == [[people], ["●", "ana"], ["○", "luis"]])
        await ana.type("/msg luis adiós")
        await ana.shows("adiós")
        assert [entry.text for entry in ana.timeline.entries].count(says) == 1


async def test_coming_and_going_is_not_said(server: Server) -> None:
    """It is seen in the sidebar, and said in the rooms that both share."""
    async with window(server.port) as ana:
        ana.client._emit(Entered("@:1", ["ana", "luis"], 0, title="luis"))
        ana.client.look_at("@:1")
        await ana.shows("Only you and luis")
        for event in (Left("@:1", "luis", 0.0), Joined("@:1", "luis", 0.0), Became("luis", "idle")):
            ana.client._emit(event)
            mark = {Left: ["×", "luis"], Joined: ["luis"], Became: ["◐", "luis"]}[type(event)]
            await ana.until(lambda mark=mark: sidebar(ana)[2] == mark)  # type: ignore[misc]
        assert not any("joined" in entry.text or "left" in entry.text for entry in ana.timeline.entries)


async def test_a_topic_is_told_too(server: Server) -> None:
    """Behind who reads it."""
    async with window(server.port, size=ROOMY) as ana:
        ana.client._emit(Entered("@:1", ["ana"], 0, title="[/]\x1b", topic="plans"))
        ana.client.look_at("@:1")
        await ana.shows("Only you and [/]␛ read what is said here. Topic: plans")
