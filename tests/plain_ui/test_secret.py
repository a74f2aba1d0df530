"""A password asked for in a terminal, line by line."""

import termios
from pathlib import Path

import pytest

from chatapp.server.password import Password
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.plain_ui.windows import Window, in_terminal

READY = "/help lists the commands, /quit leaves."
SECRET = "abracadabra"


def echoes(window: Window) -> bool:
    """Return whether the terminal shows what is typed."""
    return bool(termios.tcgetattr(window._keyboard)[3] & termios.ECHO)


async def test_what_is_typed_is_not_shown(tmp_path: Path) -> None:
    """Neither a wrong password nor the right one is; what is said after that is, as ever."""
    server = Server(Settings(port=0, data=tmp_path / "host", password=Password.of(SECRET, cost=2)))
    await server.start()
    try:
        async with in_terminal("--nick", "ana", "--port", str(server.port), data=tmp_path) as ana:
            lines = await ana.shows("This chat has a password. Give it.")
            ana.type("wrong")
            lines += await ana.shows("That is not the password of this chat. Give it again.")
            ana.type(SECRET)
            lines += await ana.shows(READY)
            assert not {"wrong", SECRET} & set(lines)
            ana.type("hola")
            await ana.shows("hola")
    finally:
        await server.stop()


@pytest.mark.parametrize("keys", [b"\x03", b"\x04", b"salir\n"])
async def test_a_terminal_that_is_left_shows_what_is_typed_again(tmp_path: Path, keys: bytes) -> None:
    """However the asking ends, the terminal is as it was."""
    server = Server(Settings(port=0, data=tmp_path / "host", password=Password.of(SECRET, cost=2)))
    await server.start()
    try:
        async with in_terminal("--nick", "ana", "--port", str(server.port), data=tmp_path) as ana:
            await ana.shows("This chat has a password. Give it.")
            assert not echoes(ana)
            ana.send(keys)
            await ana.process.wait()
            assert echoes(ana)
    finally:
        await server.stop()
