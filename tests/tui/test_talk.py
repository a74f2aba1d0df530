"""People in their windows, who join, talk and leave."""

from collections.abc import Iterator

import pytest

from chatapp.server.server import Server
from chatapp.texts import use_language
from tests.tui.screens import person, window


async def test_both_see_who_is_there_and_what_is_said(server: Server) -> None:
    """Each is in both sidebars, and what one types is on both screens."""
    async with window(server.port, "ana") as ana, window(server.port, "luis") as luis:
        await ana.shows("People · 2", "luis joined")
        await luis.shows("People · 2")
        await ana.type("hola luis")
        await luis.type("hola ana")
        for one in (ana, luis):
            screen = await one.shows("ana  hola luis", "luis  hola ana")
            assert screen.index("hola luis") < screen.index("hola ana")


async def test_who_leaves_leaves_the_sidebar(server: Server) -> None:
    """Leaving is noticed, and the count goes down."""
    async with window(server.port) as ana:
        async with person(server.port, "luis"):
            await ana.shows("People · 2")
        await ana.shows("People · 1", "← ", "luis left")


async def test_another_nick_is_shown(server: Server) -> None:
    """After /nick the sidebar and the status have the new nick, and the timeline says so."""
    async with window(server.port) as ana:
        await ana.type("/nick eva")
        screen = await ana.shows("ana is now eva", "● eva")
        assert "│  eva  │" in screen.splitlines()[-1]


async def test_people_are_sorted_whatever_their_case(server: Server) -> None:
    """Zoe comes behind bea, and the own nick is marked."""
    async with person(server.port, "Zoe"), person(server.port, "bea"), window(server.port, "mei") as mei:
        screen = await mei.shows("People · 3")
        assert [row[78:].split() for row in screen.splitlines()[1:4]] == [["bea"], ["●", "mei"], ["Zoe"]]


async def test_actions_and_answers(server: Server) -> None:
    """/me is a sentence with a star; /who is answered in the timeline."""
    async with window(server.port) as ana:
        await ana.type("/me waves")
        await ana.shows("*  ana waves")
        await ana.type("/who")
        await ana.shows("·  Here are: ana")


async def test_a_burst_arrives_whole_and_in_order(server: Server) -> None:
    """A hundred messages at once stand in the timeline in their order, and the newest is in view."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        for number in range(100):
            luis.type_line(f"number {number}")
        await ana.shows("number 99")
        texts = [entry.text for entry in ana.timeline.entries if entry.nick == "luis"]
        assert texts == [f"number {number}" for number in range(100)]


@pytest.fixture
def spanish() -> Iterator[None]:
    use_language("es")
    yield
    use_language("en")


@pytest.mark.usefixtures("spanish")
async def test_the_screen_speaks_spanish(server: Server) -> None:
    """Heading, notices, status, placeholder and help are in Spanish."""
    async with window(server.port) as ana:
        await ana.shows("Personas · 1", "Estás en #general como ana", "conectado", "Escribe un mensaje…")
        await ana.press("f1")
        await ana.shows("Teclas", "sal del chat")
        await ana.press("pagedown")
        await ana.shows("Órdenes")
