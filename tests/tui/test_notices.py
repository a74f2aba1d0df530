"""Bell, notifications and title: when somebody turns to the person, who looks elsewhere."""

from datetime import datetime
from pathlib import Path

import pytest
from textual.events import AppBlur, AppFocus

from chatapp.client.client import Client
from chatapp.protocol.events import Counted
from chatapp.server.server import Server
from chatapp.tui import notices
from tests.tui.screens import Window, person, window, window_of


@pytest.fixture(autouse=True)
def each_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no ring be kept back because of one just before."""
    monkeypatch.setattr(notices, "_PAUSE_SECONDS", 0.0)


def rung(ana: Window, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Return the list that gets one more None at each ring from here on."""
    rings: list[None] = []
    monkeypatch.setattr(ana.app, "bell", lambda: rings.append(None))
    return rings


def writes(ana: Window, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list that gets, from here on, what is written to the terminal beside the screen."""
    written: list[str] = []
    for teller in (ana.app.chat._notices, ana.app.chat._title):
        monkeypatch.setattr(teller, "_write", lambda sequence: written.append(sequence) if sequence else None)
    return written


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


async def test_the_terminal_notifies(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the way that was chosen, with who said it where, and what."""
    async with window_of(Client("127.0.0.1", server.port, "ana"), given={"notify": "osc9", "title": "off"}) as ana:
        written = writes(ana, monkeypatch)
        await ana.until(lambda: bool(ana.client.state.members))
        async with person(server.port, "luis") as luis:
            await look_away(ana)
            luis.type_line("hola @ana; \x1b]0;x")
            await ana.shows("hola @ana")
            assert written == ["\x1b]9;luis (#general): hola @ana, ␛]0,x\x07"]
            luis.type_line("/msg ana pst")
            await ana.until(lambda: len(written) == 2)
            assert written[1] == "\x1b]9;luis: pst\x07"


async def test_the_desktop_notifies(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By notify-send, which is given what was said as data: no option, and no markup."""
    told = tmp_path / "told"
    program = tmp_path / "notify-send"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > {told}.new; mv {told}.new {told}\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    async with window_of(Client("127.0.0.1", server.port, "ana"), given={"notify": "desktop"}) as ana:
        await ana.until(lambda: bool(ana.client.state.members))
        async with person(server.port, "luis") as luis:
            await look_away(ana)
            luis.type_line("/msg ana --help <b>")
            await ana.until(told.exists)
            assert told.read_text() == "--app-name=chatapp|--|luis|--help &lt;b&gt;|"


@pytest.mark.parametrize(("quiet", "count"), [("00:00-00:01", 1), ("00:00-23:59", 0)])
async def test_it_is_quiet_in_quiet_hours(
    server: Server, monkeypatch: pytest.MonkeyPatch, quiet: str, count: int
) -> None:
    """Neither bell nor notification; at other times both."""
    given = {"quiet": quiet, "notify": "osc9", "title": "off"}
    async with window_of(Client("127.0.0.1", server.port, "ana"), given=given) as ana:
        await ana.until(lambda: bool(ana.client.state.members))
        ana.app.chat._notices._clock = lambda: datetime(2026, 3, 14, 12).timestamp()
        async with person(server.port, "luis") as luis:
            await look_away(ana)
            rings, written = rung(ana, monkeypatch), writes(ana, monkeypatch)
            luis.type_line("hola @ana")
            await ana.shows("hola @ana")
            assert (len(rings), len(written)) == (count, count)


async def test_the_bell_can_be_off(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """By /set bell off."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await ana.type("/set bell off")
        await ana.shows("bell: off")
        await look_away(ana)
        rings = rung(ana, monkeypatch)
        luis.type_line("hola @ana")
        await ana.shows("hola @ana")
        assert rings == []


async def test_the_title_counts(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the room, and what is unread anywhere, until that is read; off, it gives back what was there."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        written = writes(ana, monkeypatch)
        await ana.type("/join #ops")
        await ana.until(lambda: written[-1:] == ["\x1b]2;#ops · chatapp\x07"])
        luis.type_line("hola")
        await ana.until(lambda: written[-1] == "\x1b]2;(1) #ops · chatapp\x07")
        luis.type_line("hola @ana")
        await ana.until(lambda: written[-1] == "\x1b]2;(2 @1) #ops · chatapp\x07")
        await ana.press("alt+a")
        await ana.until(lambda: written[-1] == "\x1b]2;#general · chatapp\x07")
        await ana.type("/set title off")
        await ana.until(lambda: written[-1] == "\x1b[23;2t")
        count = len(written)
        luis.type_line("adiós")
        await ana.shows("adiós")
        assert len(written) == count
