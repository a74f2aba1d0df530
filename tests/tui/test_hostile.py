"""Text from peers is data: no markup, no control character, no crash."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest

from chatapp.client.client import Client
from chatapp.protocol import rich
from chatapp.protocol.events import Error, Event, Found, Said, Welcomed
from chatapp.protocol.safe import printable
from chatapp.server.server import Server
from chatapp.tui.screens.mentions_screen import MentionsScreen
from tests.tui.screens import Window, person, window, window_of

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff]")

MARKUP = ["[bold]fat[/]", "[/]", "[@click=app.quit]press[/]", "[link=file:///]x[/link]", "{nick} %s {0}", "[red"]
CONTROLS = ["\x1b[2Jgone", "\x1b]2;title\x07", "a\x9b2Jb", "\u202eevil", "tab\tbed", "\x08\x7f", "\u2066x\u2069"]


def harmless(shown: Window) -> None:
    assert not CONTROL.search("".join(shown.rows()))


@pytest.mark.parametrize("text", MARKUP)
async def test_markup_is_shown_as_it_is(server: Server, text: str) -> None:
    """Brackets and braces mean nothing in a message, an action or a draft."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        luis.type_line(text)
        luis.type_line(f"/me {text}")
        await ana.shows(f"luis  {text}", f"*  luis {text}")
        await ana.paste(text)
        await ana.shows(f"│ {text} ")


@pytest.mark.parametrize("text", CONTROLS)
async def test_no_control_character_reaches_the_screen(server: Server, text: str) -> None:
    """Escape sequences and bidirectional controls are drawn as marks: in a message, an action and a pasted draft."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        luis.type_line(text)
        luis.type_line(f"/me {text} end")
        await ana.shows(" end")
        harmless(ana)
        await ana.paste(text)
        harmless(ana)


@pytest.mark.parametrize("text", ["[/] [@click=app.quit]x[/x]", "\x1b]2;t\x07\u202e[/]"])
async def test_nor_around_the_messages(server: Server, text: str) -> None:
    """Not in the border that names what one answers, the status, what one sent, what was found, nor where one goes."""
    shown = printable(text)
    async with window(server.port, size=(120, 40)) as ana, person(server.port, "luis") as luis:
        luis.type_line(f"/topic {text}")
        luis.type_line(f"@ana {text}")
        await ana.shows(f"@ana {shown}", f"│  {shown}")
        await ana.press("shift+tab", "r")
        await ana.shows(f"↳ luis: @ana {shown}")
        for keys in (("ctrl+a", "ctrl+k"), ("ctrl+r",), ("ctrl+f", *"click"), ("alt+k",), ("ctrl+p",)):
            await ana.press(*keys)
            await ana.paste(text)
            await ana.shows(shown)
            harmless(ana)
            await ana.press("enter" if keys == ("ctrl+a", "ctrl+k") else "escape")
        await ana.type("/mentions")
        await ana.shows("Where you were mentioned", shown)
        harmless(ana)


HOSTILE = "\x1b[31m\u202e[/]x"

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def lying(*events: Event) -> Handler:
    """Return a server that answers the hello with `events`, by no rules."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK\n")
        await reader.readline()
        writer.write(b"".join(map(rich.encode, events)))
        await reader.read()
        writer.close()

    return handle


@pytest.mark.parametrize(
    "events",
    [
        (Welcomed(HOSTILE, f"#{HOSTILE}", [HOSTILE, f"a{HOSTILE}"], HOSTILE, 0, 1, HOSTILE),),
        (Welcomed("ana", "#general", ["ana"], "log", 0, 1), Said(1, "#general", HOSTILE, HOSTILE, 0.0, "1")),
        (Welcomed("ana", "#general", ["ana"], "log", 0, 1), Error("unheard-of", HOSTILE, detail=HOSTILE)),
        (Error("nick-taken", HOSTILE, detail=HOSTILE),),
    ],
)
async def test_a_hostile_server_is_harmless(events: tuple[Event, ...]) -> None:
    """Nicks, rooms and refusals that keep no rule are shown without their controls, by every part of the screen."""
    server = await asyncio.start_server(lying(*events), "127.0.0.1", 0)
    async with server, window_of(Client("127.0.0.1", server.sockets[0].getsockname()[1], "ana")) as ana:
        await ana.shows("␛[31m")
        harmless(ana)
        await ana.press("a", "tab")
        harmless(ana)


@pytest.mark.parametrize("at", [1e300, -1e300, 1e18])
async def test_an_impossible_time_is_no_crash(at: float) -> None:
    """A server may claim any time: the message is shown all the same."""
    events = (Welcomed("ana", "#general", ["ana"], "log", 0, 1), Said(1, "#general", "luis", "late", at, "1"))
    server = await asyncio.start_server(lying(*events), "127.0.0.1", 0)
    async with server, window_of(Client("127.0.0.1", server.sockets[0].getsockname()[1], "ana")) as ana:
        await ana.shows("late")


async def test_a_name_that_none_may_have_leads_nowhere() -> None:
    """Chosen in the switcher, the nick of a hostile server's is refused in a line, and the app goes on."""
    events = (Welcomed("ana", "#general", ["ana", HOSTILE], "log", 0, 1),)
    server = await asyncio.start_server(lying(*events), "127.0.0.1", 0)
    async with server, window_of(Client("127.0.0.1", server.sockets[0].getsockname()[1], "ana")) as ana:
        await ana.shows("People · 2")
        await ana.press("alt+k")
        await ana.shows("a room or a person")
        await ana.press("enter")
        await ana.shows("A nick has 1 to 32 letters")


async def test_an_answer_may_come_before_the_screen_for_it_is_built(server: Server) -> None:
    """What a quick server found is shown as soon as there is a place for it; a refusal, too."""
    async with window(server.port) as ana:
        first, second = (MentionsScreen("ana", str, "24h") for _ in range(2))
        ana.app.push_screen(first)
        first.show(Found("", "", [Said(1, "#general", "luis", "early", 0.0, "1")]))
        await ana.shows("luis early")
        ana.app.push_screen(second)
        second.refuse("not now")
        await ana.shows("not now")
