"""Whatever is pressed, clicked, pasted and resized while others talk, the app goes on as it should."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from chatapp.client.client import Client
from chatapp.protocol.requests import Join
from chatapp.server.server import Server
from chatapp.tui.app import ChatApp
from tests.tui.screens import Window, person, window
from tests.tui.storm import Storm

DEFAULT_EVENTS = 150
CAMPAIGN_EVENTS = 10_000
CAMPAIGN_SEEDS = range(4)


@pytest.fixture(autouse=True)
def nothing_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no link that is clicked be opened, nor any editor."""
    monkeypatch.setattr("webbrowser.open", lambda *_, **__: True)
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)


@contextlib.contextmanager
def staying() -> Iterator[None]:
    """Let nothing that is typed end the app."""

    async def stay(_: ChatApp) -> None:
        """Stay."""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ChatApp, "action_leave", stay)
        yield


@contextlib.asynccontextmanager
async def busy_window(port: int) -> AsyncIterator[tuple[Window, list[Client]]]:
    """Run an app for ana, with luis and mei in several rooms."""
    async with person(port, "luis") as luis, person(port, "mei") as mei, window(port) as ana:
        await ana.shows("People · 3")
        for each in (luis, mei, ana.client):
            each.send(Join("#ops"))
            await ana.until(lambda each=each: "#ops" in each.state.rooms)  # type: ignore[misc]
        yield ana, [luis, mei]


async def weather(port: int, seed: int, count: int) -> None:
    """Let a storm blow, and see that all is well afterwards."""
    async with busy_window(port) as (ana, others):
        storm, text = Storm(seed, ana, others), f"after the storm {seed}"
        with staying():
            await storm.blow(count)
            await storm.calm()
            await storm.say(text)
            await ana.until(lambda: any(entry.text == text and entry.seq for entry in ana.timeline.entries))
        assert text in ana.text()
        await ana.press("ctrl+q")
        assert await ana.ends() == 0


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_storm_is_weathered(server: Server, seed: int) -> None:
    """Some hundred events: no exception; then a message is sent and shown, and ctrl+q leaves with 0."""
    await weather(server.port, seed, DEFAULT_EVENTS)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", CAMPAIGN_SEEDS)
async def test_a_great_storm_is_weathered(server: Server, seed: int, tell: Callable[[str], None]) -> None:
    """The same with 10,000 events each: ``python -m pytest -n 0 -m campaign tests/tui/test_storm.py``."""
    await weather(server.port, 1000 + seed, CAMPAIGN_EVENTS)
    tell(f"{CAMPAIGN_EVENTS:,} events of seed {1000 + seed} weathered")
