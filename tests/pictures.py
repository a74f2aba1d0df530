"""``python -m tests.pictures`` makes the README's pictures from the real program: real server, real clients."""

import asyncio
import contextlib
import functools
import html
import itertools
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from rich.cells import cell_len
from textual.app import App
from textual.pilot import Pilot

from chatapp.client.client import Client
from chatapp.preferences.table import NOTHING_GIVEN
from chatapp.protocol.events import Reacted, Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Join, Say
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from chatapp.texts import use_language
from chatapp.tui.app import ChatApp
from chatapp.tui.screens.found_screen import Results
from chatapp.tui.screens.search_screen import SearchScreen

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
SIZE = (120, 32)

_TEXT = re.compile(r'(<text [^>]*)textLength="[^"]*"([^>]*)>([^<]*)</text>')
_CELL_WIDTH = 12.2
"""In pixels, as Textual exports it."""

TALK = (
    ("luis", "buenos días 👋 ¿alguien ha probado ya el ejercicio de sockets?"),
    ("ana", "yes! mine finally survives two people typing at once"),
    ("mei", "nice. how did you split the messages?"),
    ("ana", "one line each, UTF-8, and a newline at the end. before that, two of them came glued together"),
    ("luis", "a mí me pasaba lo mismo: recv(1024) y a rezar 😅"),
    ("luis", "/me apunta: un mensaje, una línea"),
    ("profe", "Exacto. Y TCP es un flujo de bytes: los límites los ponéis vosotros."),
    ("mei", "so what happens if somebody's terminal just stops reading?"),
    ("profe", "Try it: ctrl+s in one window, keep talking in the others, then ctrl+q. Nobody else should notice."),
    ("mei", "sneaky… doing it now"),
    ("bot", "build 214 passed: 482 tests, 0 failed, 61 s"),
    ("ana", "and [bold]this[/] stays plain text, right? but **this** is bold, and `recv(1024)` is code"),
    ("luis", "/reply tal cual 👌"),
    ("mei", "/react :tada:"),
    ("profe", "/react :tada:"),
    ("profe", "/react :clap:"),
    ("profe", "@ana very good. hand it in by Friday"),
    ("profe", "/topic sockets · entrega el viernes"),
)
ELSEWHERE = ("who has a test for half a message?", "me: feed it byte by byte", "pushed, have a look")
"""What is said in another room, in which ana is too."""


@contextlib.asynccontextmanager
async def chat(language: str, clock: Callable[[], float]) -> AsyncIterator[tuple[int, dict[str, Client]]]:
    """Serve a chat with everyone of TALK but ana in it."""
    use_language(language)
    async with contextlib.AsyncExitStack() as stack:
        server = Server(Settings(clock=clock, data=Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        await server.start()
        stack.push_async_callback(server.stop)
        people = {}
        for nick in sorted({speaker for speaker, _ in TALK} - {"ana"}):
            people[nick] = await stack.enter_async_context(Client("127.0.0.1", server.port, nick))
            await heard(people[nick], "Joined")
        yield server.port, people


async def heard(client: Client, kind: str) -> None:
    """Take `client`'s events up to the first of `kind`."""
    async for event in client:
        if type(event).__name__ == kind:
            return


async def talk(people: dict[str, Client]) -> None:
    """Let everyone say their lines, each after the one before was heard."""
    for speaker, line in TALK:
        people[speaker].type_line(line)
        await heard_all(people, Reacted if line.startswith("/react") else Said)


async def heard_all(people: dict[str, Client], kind: type[Said | Reacted]) -> None:
    for nick, client in people.items():
        if nick != "ana":
            await heard(client, kind.__name__)


async def talk_elsewhere(ana: Client, mei: Client, luis: Client, pilot: Pilot[int]) -> None:
    """Let ana be in another room and a conversation too, in which more is said than she has read."""
    for client in (ana, mei):
        client.send(Join("#tests"))
    while not ("#tests" in ana.state.rooms and "#tests" in mei.state.rooms):
        await pilot.pause()
    for client in (ana, mei):
        client.look_at(GENERAL)
    for number, line in enumerate(ELSEWHERE):
        mei.send(Say("#tests", line, f"elsewhere-{number}"))
    luis.send(Say("@ana", "¿comemos juntos?", "lunch"))
    while sum(room.unread for room in ana.state.rooms.values()) < len(ELSEWHERE) + 1:
        await pilot.pause()


async def picture(pilot: Pilot[int], name: str) -> None:
    await pilot.pause()
    svg = SCREENSHOTS / f"{name}.svg"
    svg.write_text(svg_of(pilot.app, "chatapp join --nick ana"), encoding="utf-8")
    to_png(svg)


def svg_of(app: App[int], title: str) -> str:
    """Return what `app` shows, in a window of that `title`."""
    return _TEXT.sub(_in_cells, app.export_screenshot(title=title))


def _in_cells(text: re.Match[str]) -> str:
    """Return one text of the picture as wide as its cells, not as its characters, as Textual counts."""
    cells = cell_len(html.unescape(text[3]))
    return f'{text[1]}textLength="{cells * _CELL_WIDTH:.1f}"{text[2]}>{text[3]}</text>'


def to_png(svg: Path) -> None:
    """Draw the picture with a browser, which has every glyph that a terminal has; keep the PNG alone."""
    width, height = (
        round(float(part)) for part in svg.read_text("utf-8").split('viewBox="0 0 ')[1].split('"')[0].split()
    )
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
                *("--default-background-color=00000000", f"--user-data-dir={profile}"),
                *(f"--window-size={width},{height}", f"--screenshot={svg.with_suffix('.png')}", svg.as_uri()),
            ],
            check=True,
            capture_output=True,
        )
    svg.unlink()


class Picture(NamedTuple):
    """One of the pictures: what it is called, the keys that lead there, and what the person prefers."""

    name: str
    keys: tuple[str, ...] = ()
    language: str = "en"
    size: tuple[int, int] = SIZE
    given: Mapping[str, str] = NOTHING_GIVEN


PICTURES = (
    Picture("chat"),
    Picture("light", given={"theme": "chatapp-light"}),
    Picture("help", ("f1",), "es"),
    Picture("spanish", language="es", given={"theme": "catppuccin-mocha"}),
    Picture("search", ("ctrl+f", *"lin")),
    Picture("react", ("shift+tab", "up", "plus", *"part")),
    Picture("switcher", ("alt+k", *"e")),
    Picture("settings", ("slash", *"set", "enter", "down", "down"), given={"theme": "tokyo-night"}),
    Picture("narrow", size=(44, 24)),
)


async def main() -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    for wanted in PICTURES:
        moments = itertools.count(datetime(2026, 3, 14, 10, 2).timestamp(), 9.0)
        clock = functools.partial(next, moments)
        async with chat(wanted.language, clock) as (port, people):
            ana = Client("127.0.0.1", port, "ana")
            app = ChatApp(ana, Path(os.devnull), wanted.given, clock)
            async with app.run_test(size=wanted.size) as pilot:
                await heard_all_join(people)
                await talk({**people, "ana": ana})
                await talk_elsewhere(ana, people["mei"], people["luis"], pilot)
                await pilot.press(*wanted.keys)
                while isinstance(app.screen, SearchScreen) and not app.screen.query_one(Results).option_count:
                    await pilot.pause()
                await picture(pilot, wanted.name)


async def heard_all_join(people: dict[str, Client]) -> None:
    for client in people.values():
        while "ana" not in client.state.members:
            await heard(client, "Joined")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
