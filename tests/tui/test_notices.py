"""The bell rings when somebody turns to the person, who looks elsewhere."""

import pytest
from textual.events import AppBlur, AppFocus

from chatapp.protocol.events import Counted
from chatapp.server.server import Server
from chatapp.tui import notices
from tests.tui.screens import Window, person, window


@pytest.fixture(autouse=True)
def each_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no ring be kept back because of one just before."""
    monkeypatch.setattr(notices, "_PAUSE_SECONDS", 0.0)


def rung(ana: Window, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Return the list that gets one more None at each ring from here on."""
    rings: list[None] = []
    monkeypatch.setattr(ana.app, "bell", lambda: rings.append(None))
    return rings


async def look_away(ana: Window) -> None:
    ana.app.post_message(AppBlur())
    await ana.until(lambda: not ana.app.app_focus)


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (["hola @ana"], 1),
        (["/me mira a @ANA"], 1),
        (["@here, hola", "hola"], 1),
        (["hola", "anabel", "/topic @ana"], 0),
        (["/msg ana hola"], 1),
        (["@ana", "@ana"], 2),
    ],
)
async def test_it_rings_for_mentions_and_in_conversations(
    server: Server, monkeypatch: pytest.MonkeyPatch, lines: list[str], count: int
) -> None:
    """Once for each such message, and for nothing else."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await look_away(ana)
        rings = rung(ana, monkeypatch)
        for line in (*lines, "the end"):
            luis.type_line(line)
        await ana.shows("the end")
        assert len(rings) == count


async def test_it_is_quiet_while_one_looks(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as the terminal has told of the focus; before that nobody knows, and it rings."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        rings = rung(ana, monkeypatch)
        luis.type_line("@ana one")
        await ana.shows("@ana one")
        assert len(rings) == 1
        await look_away(ana)
        ana.app.post_message(AppFocus())
        await ana.until(lambda: ana.app.app_focus)
        luis.type_line("@ana two")
        await ana.shows("@ana two")
        assert len(rings) == 1


async def test_what_is_muted_does_not_ring(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does what one says oneself."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await look_away(ana)
        rings = rung(ana, monkeypatch)
        ana.client.type_line("note to @ana: rest")
        await ana.shows("note to @ana")
        ana.client._emit(Counted("#general", 1, 1, 0, 0, "none"))
        await ana.until(lambda: ana.client.state.here.level == "none")
        luis.type_line("@ana hola")
        await ana.shows("@ana hola")
        assert rings == []


async def test_a_burst_rings_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many mentions come at a time."""
    monkeypatch.setattr(notices, "_PAUSE_SECONDS", 3600.0)
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await look_away(ana)
        rings = rung(ana, monkeypatch)
        for number in range(20):
            luis.type_line(f"@ana {number}")
        await ana.shows("@ana 19")
        assert len(rings) == 1
