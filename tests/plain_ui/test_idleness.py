"""Who types nothing for long is idle."""

import asyncio
import os
from pathlib import Path

from chatapp.client.client import Client
from chatapp.client.keepsakes import Keepsakes
from chatapp.plain_ui.app import PlainChat
from chatapp.server.server import Server
from tests.peers import RichPeer


async def test_who_types_nothing_is_idle_until_the_next_line(server: Server, tmp_path: Path) -> None:
    """Others are told that somebody at a terminal is idle, and with the next line that they are not."""
    inner, keyboard = os.pipe()
    client = Client("127.0.0.1", server.port, "ana", keepsakes=Keepsakes(tmp_path, "127.0.0.1", server.port))
    chat = PlainChat(client, inner, is_interactive=True, idle_seconds=0.1)
    async with await RichPeer.connect(server.port) as luis:
        await luis.hello("luis")
        running = asyncio.create_task(chat.run())
        assert (await luis.read_type("became"))["state"] == "idle"
        os.write(keyboard, b"hola\n")
        assert (await luis.read_type("became"))["state"] == "active"
        os.close(keyboard)
        assert await running == (0, "")
    os.close(inner)
