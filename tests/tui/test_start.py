"""The start of the screen: what it waits for, and what it shows first."""

import asyncio
import subprocess
import sys

import pytest
from textual.app import App
from textual.strip import Strip

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent
from chatapp.server.server import Server
from tests.tui.screens import WAIT_SECONDS, say_all, window_of

_LOADED = "import sys, chatapp.cli, chatapp.join_command, chatapp.tui.app; print(*sys.modules)"
_LATER = {
    "html",
    "markdown_it",
    "pygments",
    "tomlkit",
    "tomllib",
    "chatapp.server.server",
    "chatapp.texts.es",
    "chatapp.tui.screens.help_screen",
    "chatapp.tui.screens.palette",
    "chatapp.tui.screens.picker",
    "chatapp.tui.screens.settings_screen",
}


class Early(Client):
    """A client that tells when the last page has come."""

    def __init__(self, host: str, port: int, nick: str) -> None:
        super().__init__(host, port, nick)
        self.has_page = asyncio.Event()

    def _emit(self, event: ClientEvent) -> None:
        super()._emit(event)
        if self.state.here.has_page:
            self.has_page.set()


def test_it_loads_nothing_that_can_wait() -> None:
    """What not every chat needs, or only later, is no part of what is imported before the first painting."""
    found = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(found.stdout.split())
    assert "chatapp.tui.chat_screen" in loaded
    assert not loaded & _LATER


async def test_what_is_known_is_in_the_first_painting(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was said before is not painted later than all else, if it has come by then."""
    await say_all(server.port, "luis", ["good morning"])
    painted: list[str] = []
    paint = App._display

    def display(app: App[int], screen: object, renderable: object) -> None:
        strips = app.screen._compositor.render_strips()
        painted.append("\n".join(strip.text for strip in map(Strip, strips)))
        paint(app, screen, renderable)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(App, "_display", display)
    client = Early("127.0.0.1", server.port, "ana")
    client.start()
    async with asyncio.timeout(WAIT_SECONDS):
        await client.has_page.wait()
    async with window_of(client):
        assert "good morning" in painted[0]
