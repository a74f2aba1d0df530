"""Apps without a terminal, on real connections, and what they show."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping

from textual import _wait, events
from textual._xterm_parser import XTermParser
from textual.pilot import Pilot

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent
from chatapp.client.idleness import IDLE_SECONDS
from chatapp.preferences.file import preferences_path
from chatapp.preferences.table import NOTHING_GIVEN
from chatapp.tui.app import ChatApp
from chatapp.tui.composer.composer import Composer
from chatapp.tui.timeline.choosing import ChoosingTimeline
from chatapp.tui.timeline.timelines import Timelines

WAIT_SECONDS = 15.0

_wait.SLEEP_GRANULARITY = 1 / 400
_wait.SLEEP_IDLE = _wait.SLEEP_GRANULARITY / 20
"""A pilot looks more often whether the app is idle, which is what most of the tests' time would go to."""
SIZE = (100, 28)


class Window:
    """One person's app, and the keys that they press."""

    def __init__(self, pilot: Pilot[int], app: ChatApp, client: Client) -> None:
        self.pilot = pilot
        self.app = app
        self.client = client
        self._parser = XTermParser()

    @property
    def composer(self) -> Composer:
        return self.app.chat.query_one(Composer)

    @property
    def timeline(self) -> ChoosingTimeline:
        """The timeline in view."""
        return self.app.chat.query_one(Timelines).current

    def rows(self) -> list[str]:
        """Return the text of each row of the screen."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    def text(self) -> str:
        return "\n".join(self.rows())

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until `holds`. Raises TimeoutError, which shows the screen."""
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while not holds():
                    await self.pilot.pause()
        except TimeoutError:
            raise TimeoutError(f"the screen stayed at:\n{self.text()}") from None

    async def shows(self, *texts: str, without: str | None = None) -> str:
        """Wait until the screen shows all of `texts`, and not `without`; return it."""
        await self.until(
            lambda: all(text in self.text() for text in texts) and (without is None or without not in self.text())
        )
        return self.text()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def press_at_once(self, *keys: str) -> None:
        """Let all keys be there before the first is read, as over a slow line."""
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type `text` as keys that come close together, and press Enter."""
        for character in text:
            name = KEYS.get(character, character)
            self.app.post_message(events.Key(name, None if character == "\n" else character))
        await self.press("enter")

    def send(self, data: str) -> None:
        """Let the app read `data` as it reads a terminal, without waiting for what comes of it."""
        driver = self.app._driver
        assert driver is not None
        for message in (*self._parser.feed(data), *self._parser.tick()):
            driver.process_message(message)

    async def paste(self, text: str) -> None:
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()

    async def resize(self, width: int, height: int) -> None:
        await self.pilot.resize_terminal(width, height)
        await self.pilot.pause()

    async def ends(self) -> int | None:
        """Wait until the app has ended; return its exit code."""
        await self.until(lambda: not self.app.is_running or self.app._exit)
        return self.app.return_code


KEYS = {
    "*": "asterisk",
    '"': "quotation_mark",
    "-": "minus",
    " ": "space",
    "/": "slash",
    ":": "colon",
    "\n": "ctrl+j",
    ".": "full_stop",
    ",": "comma",
    "#": "number_sign",
    "@": "at",
    "_": "underscore",
    "+": "plus",
    "!": "exclamation_mark",
    "?": "question_mark",
}


@contextlib.asynccontextmanager
async def window_of(
    client: Client,
    size: tuple[int, int] = SIZE,
    *,
    clock: Callable[[], float] = time.time,
    idle_seconds: float = IDLE_SECONDS,
    given: Mapping[str, str] = NOTHING_GIVEN,
) -> AsyncIterator[Window]:
    """Run an app for `client`, which need not connect, with the test's preferences, but for what is `given`."""
    app = ChatApp(client, preferences_path(None), given, clock, idle_seconds=idle_seconds)
    async with app.run_test(size=size) as pilot:
        yield Window(pilot, app, client)


@contextlib.asynccontextmanager
async def window(port: int, nick: str = "ana", size: tuple[int, int] = SIZE) -> AsyncIterator[Window]:
    """Run an app for `nick`, who has joined the server at `port`."""
    async with window_of(Client("127.0.0.1", port, nick), size) as opened:
        await opened.until(lambda: bool(opened.client.state.members))
        await opened.pilot.pause()
        yield opened


@contextlib.asynccontextmanager
async def person(port: int, nick: str) -> AsyncIterator[Client]:
    """Join as `nick` without a screen."""
    async with Client("127.0.0.1", port, nick) as client:
        await hears(client, "Welcomed")
        yield client


async def say_all(port: int, nick: str, lines: Iterable[str]) -> None:
    """Join as `nick`, say every line, and leave when all are confirmed."""
    async with person(port, nick) as client:
        for line in lines:
            client.type_line(line)
        while client.state.pending:
            await hears(client, "Said")


async def hears(client: Client, kind: str) -> ClientEvent:
    """Return the next of `client`'s events of the type named `kind`."""
    async with asyncio.timeout(WAIT_SECONDS):
        async for event in client:
            if type(event).__name__ == kind:
                return event
    raise AssertionError(f"the client ended before any {kind}")
