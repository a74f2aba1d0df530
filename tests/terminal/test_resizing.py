"""A real terminal shows, cell by cell, what the app means it to show, however it is resized while people talk."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from difflib import unified_diff
from pathlib import Path

from chatapp.client.client import Client
from chatapp.server.server import Server
from tests.terminal.conftest import OpenTerminal
from tests.terminal.test_chat import terminal_state
from tests.terminal.tmux import PROMPT, WAIT_SECONDS, Terminal
from tests.tui.screens import hears, person

SIZES = ((120, 35), (61, 20), (40, 12), (200, 50), (20, 5), (99, 30))
LINES = (
    "hola 日本語 한국어, ¿qué tal?",
    "👩‍💻 and 👩‍👧 and 👍🏽 and ❤️ and 🇪🇸, " * 6,
    "**bold** and `code` and [a link](https://example.org/x)",
    "```py\nx = '日本' * 99\n```",
    "e\u0301\u0323 a\u200db \x1b[2J\u202e \t| " + "word " * 60,
    "x" * 300,
)

WATCHED = """
import asyncio, json, sys
from chatapp.cli import main
from chatapp.tui.app import ChatApp

async def tell(app):
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    while await reader.readline():
        strips = app.screen._compositor.render_strips()
        rows = ["".join(segment.text for segment in strip) for strip in strips]
        writer.write(json.dumps(rows).encode() + bytes([10]))

ready = ChatApp.on_ready

def on_ready(app):
    ready(app)
    app.run_worker(tell(app))

ChatApp.on_ready = on_ready
sys.exit(main(sys.argv[2:]))
"""
"""The program, which tells on a connection what rows it means to show, whenever it is sent a line."""


class Watched:
    """A window of ana's in `shell` that tells what it means to show."""

    def __init__(self, shell: Terminal, script: Path) -> None:
        self.shell = shell
        self._script = script
        script.write_text(WATCHED)
        self._connected: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Future()

    async def start(self, port: int) -> None:
        server = await asyncio.start_server(lambda *both: self._connected.set_result(both), "127.0.0.1", 0, limit=2**20)
        arguments = f"{server.sockets[0].getsockname()[1]} join --host 127.0.0.1 --port {port} --nick ana --lang en"
        await self.shell.run(f"{sys.executable} {self._script} {arguments}")
        async with asyncio.timeout(WAIT_SECONDS):
            await self._connected
        server.close()
        await self.shell.shows("connected")

    async def meant(self) -> list[str]:
        """Return the rows that the app means to show now."""
        reader, writer = self._connected.result()
        writer.write(b"\n")
        return [meant_by_tmux(row) for row in json.loads(await reader.readline())]

    async def is_shown(self) -> None:
        """Wait until the terminal shows what is meant. Raises AssertionError with the difference."""
        meant, shown = [""], [""]
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while meant != shown or meant == [""]:
                    meant = await self.meant()
                    shown = [drawn_by_tmux(row) for row in (await self.shell.screen()).removesuffix("\n").split("\n")]
        except TimeoutError:
            raise AssertionError("\n".join(unified_diff(meant, shown, "meant", "shown", lineterm=""))) from None


def meant_by_tmux(row: str) -> str:
    """Return what tmux 3.3 shows of `row`: it knows no skin tones, and gives a heart with a selector one cell."""
    return re.sub("[\U0001f3fb-\U0001f3ff]", "", re.sub("([\u2000-\u2bff])\ufe0f", r"\1 ", row)).rstrip()


def drawn_by_tmux(row: str) -> str:
    return re.sub("[\ufe0f\U0001f3fb-\U0001f3ff]", "", row).rstrip()


@asynccontextmanager
async def talking(luis: Client) -> AsyncIterator[None]:
    """Let luis talk all the while."""

    async def talk() -> None:
        while True:
            for line in LINES:
                luis.type_line(line)
                await hears(luis, "Said")

    task = asyncio.create_task(talk())
    yield
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_the_terminal_shows_what_is_meant(open_terminal: OpenTerminal, server: Server, tmp_path: Path) -> None:
    """At each size in turn, changed while somebody talks without pause; and then all is as it was before."""
    shell = await open_terminal()
    ana = Watched(shell, tmp_path / "watched.py")
    before = await terminal_state(shell, "before")
    async with person(server.port, "luis") as luis:
        await ana.start(server.port)
        for width, height in SIZES:
            async with talking(luis):
                await shell.resize(width, height)
                await shell.wait_for(lambda screen, height=height: screen.count("\n") == height)  # type: ignore[misc]
            await ana.is_shown()
    await shell.resize(100, 30)
    await shell.press("C-q")
    screen = await shell.shows(PROMPT.strip(), without="connected")
    assert "\nbefore\n" in screen
    assert await terminal_state(shell, "after") == before
