"""What becomes of the app when its terminal goes, where the system sends it no SIGHUP."""

from pathlib import Path

import pytest

from chatapp.protocol.events import Welcomed
from tests.hostile.server import lying
from tests.hostile.terminal import terminal

GONE = 128 + 1


@pytest.mark.parametrize("nick", [("--nick", "ana"), ()], ids=["chat", "welcome"])
async def test_the_app_ends_with_its_terminal(tmp_path: Path, nick: tuple[str, ...]) -> None:
    """It does not go on for ever, unseen and with a core to itself; it ends as after SIGHUP."""
    arguments = ("--data", str(tmp_path), "--lang", "en", *nick)
    async with (
        lying(Welcomed("ana", "#general", ["ana"], "log", 0, 1)) as (_, port),
        terminal("join", "--host", "127.0.0.1", "--port", str(port), *arguments) as screen,
    ):
        await screen.shows("People" if nick else "Welcome to")
        screen.hang_up()
        assert await screen.ends() == GONE
