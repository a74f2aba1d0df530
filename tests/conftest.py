"""What every test may ask for: a chat server of its own, on a free port."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings, Timing
from chatapp.texts import use_language

_CAMPAIGN_SECONDS = 2 * 60 * 60
"""A campaign is bounded too, far beyond what bounds a test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the option that stores what screens show."""
    parser.addoption("--snapshot-update", action="store_true", help="store what tests/tui/snapshots shows")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give campaigns their own bound."""
    for item in items:
        if item.get_closest_marker("campaign") is not None:
            item.add_marker(pytest.mark.timeout(_CAMPAIGN_SECONDS))


@pytest.fixture(autouse=True)
def english() -> None:
    """Let everything speak English, whatever a test before this one chose."""
    use_language("en")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be kept in the folders of whoever runs the tests, nor outlast one."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a line to whoever runs a campaign, whatever pytest does with what tests print."""

    def tell(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}")

    return tell


@pytest.fixture
def timing() -> Timing:
    """The pauses and periods of `server`: those that people get."""
    return Timing()


@pytest.fixture
def rates() -> Rates:
    """What `server` lets one person and one address ask for: what people get."""
    return Rates()


@pytest.fixture
async def server(timing: Timing, rates: Rates) -> AsyncIterator[Server]:
    """A server with the settings that people get, but for `timing` and `rates`; it is stopped at the end."""
    server = Server(Settings(port=0, timing=timing, rates=rates))
    await server.start()
    yield server
    await server.stop()
