"""Who touches nothing for long is idle, until the next key."""

import time

import pytest
from textual.events import MouseMove, Paste

from chatapp.client.client import Client
from chatapp.protocol.events import Became
from chatapp.server.server import Server
from chatapp.tui.screens.help_screen import HelpScreen
from tests.tui.screens import Window, hears, person, window_of

SOON = 0.05


async def welcomed(ana: Window) -> None:
    await ana.shows("● ana")


async def became(luis: Client, state: str) -> None:
    """Wait until luis hears that ana is there as `state` says."""
    while await hears(luis, "Became") != Became("ana", state):  # type: ignore[arg-type]
        pass


def told(ana: Window, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return the list that all goes to that the client is told of idleness from here on."""
    heard: list[bool] = []
    monkeypatch.setattr(ana.app._idleness, "_tell", heard.append)
    return heard


async def test_silence_is_told_and_the_next_key(server: Server) -> None:
    """Others hear of both, and see it beside the nick."""
    client = Client("127.0.0.1", server.port, "ana")
    async with person(server.port, "luis") as luis, window_of(client, idle_seconds=SOON) as ana:
        await ana.shows("◐ ana")
        await became(luis, "idle")
        await ana.press("h")
        await became(luis, "active")


async def test_any_touch_counts(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key, also where something stands before the chat, the mouse, and what is pasted; what comes in does not."""
    async with window_of(Client("127.0.0.1", server.port, "ana")) as ana, person(server.port, "luis") as luis:
        await ana.shows("People · 2")
        idleness, heard = ana.app._idleness, told(ana, monkeypatch)
        await ana.press("f1")
        await ana.until(lambda: isinstance(ana.app.screen, HelpScreen))
        for touch in ("down", MouseMove(None, 1, 1, 0, 0, 0, False, False, False), Paste("hola")):
            idleness._is_idle = True
            luis.type_line("hola")
            await ana.until(lambda: ana.timeline.entries[-1].text == "hola")
            assert heard == []
            if isinstance(touch, str):
                await ana.press(touch)
            else:
                ana.app.post_message(touch)
            await ana.until(lambda: heard == [False])
            heard.clear()


async def test_a_touch_puts_it_off(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is counted from the last one, not from the first; a touch starts no further timer."""
    async with window_of(Client("127.0.0.1", server.port, "ana"), idle_seconds=60) as ana:
        await welcomed(ana)
        idleness, heard = ana.app._idleness, told(ana, monkeypatch)
        waits: list[float] = []
        monkeypatch.setattr(idleness, "_wait", waits.append)
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + 50)
        idleness.touch()
        monkeypatch.setattr(time, "monotonic", lambda: now + 70)
        idleness._look()
        assert (waits, heard) == ([40], [])
        monkeypatch.setattr(time, "monotonic", lambda: now + 110)
        idleness._look()
        assert (waits, heard) == ([40], [True])
        monkeypatch.undo()


async def test_away_is_not_undone_by_a_key(server: Server) -> None:
    """Who went away and types is away still, and idle to nobody; /back ends it."""
    client = Client("127.0.0.1", server.port, "ana")
    async with person(server.port, "luis") as luis, window_of(client, idle_seconds=SOON) as ana:
        await ana.shows("◐ ana")
        await ana.type("/away lunch")
        while await hears(luis, "Became") != Became("ana", "away", "lunch"):
            pass
        await ana.until(lambda: ana.app._idleness._is_idle)
        await ana.type("hola")
        await hears(luis, "Said")
        assert luis.state.here.presence == {"ana": "away"}
        await ana.type("/back")
        await became(luis, "active")
