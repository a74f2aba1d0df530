"""The start of the screen: what it waits for, and what it shows first."""

import asyncio
import sys
from pathlib import Path

import pytest
from textual.app import App
from textual.strip import Strip

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent
from chatapp.server.server import Server
from tests.tui.screens import WAIT_SECONDS, say_all, window_of

_LOADED = """
import asyncio, pathlib, sys
import chatapp.cli, chatapp.join_command
from chatapp.client.client import Client
from chatapp.tui.app import ChatApp

def end(app):
    app.farewell = " ".join(sys.modules)
    app.exit(0)

async def main(port, folder):
    app = ChatApp(Client("127.0.0.1", int(port), "ana"), pathlib.Path(folder, "settings.toml"))
    await app.run_async(headless=True)
    print(app.farewell)

ChatApp.on_ready = end
asyncio.run(main(*sys.argv[1:]))
"""
_LATER = {
    "hashlib",
    "html",
    "markdown_it",
    "pygments",
    "shlex",
    "tomlkit",
    "tomllib",
    "chatapp.client.unframed",
    "chatapp.server.server",
    "chatapp.texts.es",
    "chatapp.tui.acting",
    "chatapp.tui.clipboard",
    "chatapp.tui.composer.outside",
    "chatapp.tui.composer.popup",
    "chatapp.tui.screens.help_screen",
    "chatapp.tui.screens.palette",
    "chatapp.tui.screens.paste_screen",
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


async def test_it_loads_nothing_that_can_wait(server: Server, tmp_path: Path) -> None:
    """What not every chat needs, or only later, is not imported before the first painting is there."""
    await say_all(server.port, "luis", ["good morning"])
    command = (sys.executable, "-c", _LOADED, str(server.port), str(tmp_path))
    async with asyncio.timeout(WAIT_SECONDS):
        started = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        loaded = set((await started.communicate())[0].decode().split())
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
