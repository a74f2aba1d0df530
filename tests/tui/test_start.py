"""The start of the screen: what it waits for, and what it shows first."""

import asyncio
import gc
import sys
from pathlib import Path

import pytest
from textual.app import App
from textual.strip import Strip

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent
from chatapp.server.server import Server
from chatapp.tui.app import _settle_garbage
from tests.tui.screens import WAIT_SECONDS, say_all, window_of

_LOADED = """
import asyncio, pathlib, sys
import chatapp.cli
from chatapp.client.client import Client
from chatapp.join_command import _import_screen
_import_screen()
from textual.constants import MAX_FPS
from chatapp.tui.app import ChatApp

def end(app):
    app.farewell = " ".join([str(MAX_FPS), *sys.modules])
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
    "textual.widgets._markdown",
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
    """What not every chat needs, or only later, is not imported before the first painting is there.

    Textual is told before its import to let no key wait for a grid of frames.
    """
    await say_all(server.port, "luis", ["good morning"])
    command = (sys.executable, "-c", _LOADED, str(server.port), str(tmp_path))
    async with asyncio.timeout(WAIT_SECONDS):
        started = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        frames, *loaded = (await started.communicate())[0].decode().split()
    assert int(frames) >= 120
    assert "chatapp.tui.chat_screen" in loaded
    assert not _LATER & set(loaded)


def test_what_start_up_made_is_collected_no_more() -> None:
    """A full pass of the garbage collection would cost a tenth of a second, and comes more rarely."""
    before, pythons_own = gc.get_threshold(), (700, 10, 10)
    gc.set_threshold(*pythons_own)
    gc.disable()
    try:
        _settle_garbage()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold() > pythons_own
    finally:
        gc.unfreeze()
        gc.enable()
        gc.set_threshold(*before)


async def test_nothing_wakes_an_idle_chat(server: Server) -> None:
    """No timer but that of the file of settings goes on and on: no cursor blinks, no clock ticks."""
    async with window_of(Client("127.0.0.1", server.port, "ana")) as ana:
        await ana.shows("● connected")
        nodes = [ana.app, *(node for screen in ana.app.screen_stack for node in screen.walk_children(with_self=True))]
        timers = [timer for node in nodes for timer in node._timers]
        assert [timer._interval for timer in timers if timer._repeat is None and timer._active.is_set()] == [10]


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
