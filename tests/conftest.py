"""What every test may ask for: a chat server of its own, on a free port."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatapp.server.server import Server
from chatapp.server.settings import Settings
from chatapp.texts import use_language


@pytest.fixture(autouse=True)
def english() -> None:
    """Let everything speak English, whatever a test before this one chose."""
    use_language("en")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be kept in the folders of whoever runs the tests, nor outlast one."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server with the settings that people get; it is stopped at the end."""
    server = Server(Settings(port=0))
    await server.start()
    yield server
    await server.stop()
