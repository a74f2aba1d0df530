"""Makes the short animation at the top of the README, of two people who talk; it needs what `tests.pictures` needs.

``python -m tests.animation``
"""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from PIL import Image
from textual.events import Key
from textual.pilot import Pilot

from chatapp.client.client import Client
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from chatapp.texts import use_language
from chatapp.tui.app import ChatApp
from tests.pictures import SCREENSHOTS, svg_of, to_png
from tests.tui.screens import KEYS

SIZE = (56, 14)
WIDTH = 1200
"""Of the animation, in pixels."""

A_KEY, A_WHILE, A_LOOK = 90, 900, 1800
"""How long a frame is seen, in ms."""

LETTERS_A_FRAME = 4

Step = tuple[int, tuple[str, ...], int]
"""Whose turn it is, the keys pressed at once, and how long what that leads to is seen."""


def typed(who: int, text: str) -> list[Step]:
    """Return the steps of typing `text` and sending it."""
    parts = [text[start : start + LETTERS_A_FRAME] for start in range(0, len(text), LETTERS_A_FRAME)]
    return [(who, tuple(part), A_KEY) for part in parts] + [(who, ("enter",), A_WHILE)]


STEPS: list[Step] = [
    (0, (), A_LOOK),
    *typed(0, "hola luis! is the deploy through?"),
    *typed(1, "yes, 3 min ago: **all green** :tada:"),
    (0, ("shift+tab",), A_WHILE),
    *((0, tuple(part), A_KEY) for part in ("+", "ta", "da")),
    (0, ("enter",), A_LOOK),
    *typed(1, "@ana lunch?"),
    *typed(0, "in 5, salgo ya"),
    (0, (), A_LOOK),
]


@contextlib.asynccontextmanager
async def window(port: int, nick: str) -> AsyncIterator[Pilot[int]]:
    with tempfile.TemporaryDirectory() as folder:
        given = {"typing": "on", "nick_column": "5"}
        app = ChatApp(Client("127.0.0.1", port, nick), Path(folder) / "settings.toml", given)
        async with app.run_test(size=SIZE) as pilot:
            yield pilot


async def press(pilot: Pilot[int], keys: tuple[str, ...]) -> None:
    for key in keys:
        name = KEYS.get(key, key)
        pilot.app.post_message(Key(name, key if len(key) == 1 else None))
    await pilot.pause()


async def settled(pilots: list[Pilot[int]]) -> None:
    """Wait until what was said has come to both."""
    clients = [pilot.app._client for pilot in pilots if isinstance(pilot.app, ChatApp)]
    while (
        any(client.state.pending for client in clients) or len({client.state.here.last_seq for client in clients}) > 1
    ):
        await asyncio.gather(*(pilot.pause() for pilot in pilots))
    await asyncio.gather(*(pilot.pause() for pilot in pilots))


def frame(pilots: list[Pilot[int]], path: Path) -> Image.Image:
    """Draw both windows side by side."""
    shown = [
        svg_of(pilot.app, f"chatapp join --nick {nick}") for pilot, nick in zip(pilots, ("ana", "luis"), strict=True)
    ]
    width, height = (float(part) for part in shown[0].split('viewBox="0 0 ')[1].split('"')[0].split())
    inner = "".join(svg.replace("<svg ", f'<svg x="{x * width}" width="{width}" ', 1) for x, svg in enumerate(shown))
    size = f'viewBox="0 0 {2 * width} {height}"'
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{inner}</svg>', encoding="utf-8")
    to_png(path)
    with Image.open(path.with_suffix(".png")) as drawn:
        return drawn.convert("RGB").resize((WIDTH, round(WIDTH * drawn.height / drawn.width)))


async def main() -> None:
    use_language("en")
    os.environ["TZ"] = "UTC"
    frames, durations = [], []
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = Server(Settings(data=folder))
        await server.start()
        stack.push_async_callback(server.stop)
        pilots = [await stack.enter_async_context(window(server.port, nick)) for nick in ("ana", "luis")]
        for who, keys, milliseconds in STEPS:
            await press(pilots[who], keys)
            await settled(pilots)
            frames.append(frame(pilots, folder / "frame.svg"))
            durations.append(milliseconds)
    frames[0].save(
        SCREENSHOTS / "talk.webp",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        lossless=True,
        method=6,
    )


if __name__ == "__main__":
    asyncio.run(main())
