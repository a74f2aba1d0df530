"""Every way to leave, and what stands between."""

import contextlib
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatapp import crash
from chatapp.client.client import Client
from chatapp.client.connect_error import ConnectError
from chatapp.client.events import Disconnected, Reason
from chatapp.client.trust import Trust
from chatapp.hosting import LocalHost
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.ports import free_port
from tests.tui.screens import Window, hears, person, window, window_of


@pytest.mark.parametrize("line", ["salir", "SALIR", "Salir", "/quit"])
async def test_typing_salir_leaves(server: Server, line: str) -> None:
    """The word in any case, or the command: the others see it, and the code is 0."""
    async with person(server.port, "luis") as luis, window(server.port) as ana:
        await ana.type(line)
        assert await ana.ends() == 0
        await hears(luis, "Left")


@pytest.mark.parametrize("before", [(), ("f1",), ("d", "r", "a", "f", "t")])
async def test_ctrl_q_leaves_from_anywhere(server: Server, before: tuple[str, ...]) -> None:
    """From the chat, the help and a draft alike the server is told, and the code is 0."""
    async with person(server.port, "luis") as luis, window(server.port) as ana:
        await ana.press(*before, "ctrl+q")
        assert await ana.ends() == 0
        await hears(luis, "Left")


@contextlib.asynccontextmanager
async def hosting_window() -> AsyncIterator[Window]:
    """Run an app that finds nothing listening, and so hosts the chat itself."""
    port = free_port()
    local = LocalHost(Settings(port=port))
    async with window_of(Client("127.0.0.1", port, "ana", host_here=local.host)) as opened:
        await opened.shows("People · 1")
        yield opened
    await local.stop()


async def test_who_hosts_is_warned_once() -> None:
    """With others here the hosting window first says what leaving means, and then leaves."""
    async with hosting_window() as ana, person(ana.client.port, "luis"):
        await ana.shows("People · 2")
        await ana.press("ctrl+q")
        await ana.shows("This window hosts the chat, and 1 other is here")
        assert ana.app.is_running
        await ana.type("salir")
        assert await ana.ends() == 0


async def test_who_hosts_for_nobody_just_leaves() -> None:
    """With nobody else here there is nothing to warn of."""
    async with hosting_window() as ana:
        await ana.press("ctrl+q")
        assert await ana.ends() == 0


async def test_hosting_is_said() -> None:
    """Whoever hosts is told so, with the line that others type."""
    async with hosting_window() as ana:
        port = ana.client.port
        await ana.shows("hosts it at", f"127.0.0.1:{port}.", f"chatapp join --port {port} --nick NAME", "(hosting)")


async def test_a_refused_first_connection_ends() -> None:
    """Nothing listens: code 69, and a line that says where, and what to do."""
    port = free_port()
    async with window_of(Client("127.0.0.1", port, "ana")) as ana:
        assert await ana.ends() == 69
    assert ana.app.farewell == f"Nothing listens at 127.0.0.1:{port}. Start it there with: chatapp serve"


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        (Reason.UNKNOWN_HOST, "is unknown"),
        (Reason.UNREACHABLE, "can't be reached"),
        (Reason.NOT_CHAT, "is no chat"),
        (Reason.NO_TLS, "can't be talked to by TLS"),
    ],
)
async def test_a_failed_first_connection_says_why(reason: Reason, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reason has its own line."""

    async def fail(*_: object, **_options: object) -> None:
        raise ConnectError(reason)

    monkeypatch.setattr("chatapp.client.client.connect", fail)
    async with window_of(Client("127.0.0.1", 9000, "ana")) as ana:
        assert await ana.ends() == 69
    assert says in ana.app.farewell


async def test_a_lost_connection_is_mended() -> None:
    """The loss is said once however often it fails, what is typed meanwhile waits, and arrives once."""
    server = Server(Settings(port=0))
    await server.start()
    port = server.port
    async with window(port) as ana:
        await server.stop()
        await ana.shows("offline", "next try in")
        await ana.type("are you there?")
        await ana.shows("1 message unsent")
        for _ in range(3):
            await ana.press("left")
            await ana.until(lambda: ana.client.state.link.value == "offline")
        assert ana.text().count("Nothing listens") == 1
        server = Server(Settings(port=port))
        await server.start()
        await ana.press("left")
        screen = await ana.shows("connected", "ana  are you there?", without="unsent")
        assert screen.count("are you there?") == 1
    await server.stop()


async def test_another_key_is_shown_and_nothing_is_tried() -> None:
    """Both keys stay in view below what was said before, and nothing counts down to another try."""
    server = Server(Settings(port=0))
    await server.start()
    known, found = f"sha256:{'k' * 43}", f"sha256:{'f' * 43}"
    async with window(server.port) as ana:
        await ana.type("hola")
        await ana.shows("ana  hola")
        ana.client._trust = Refusing(known, found)
        await server.stop()
        await ana.shows("has shut down")
        await ana.until(lambda: ana.client.state.link.value == "offline")
        await ana.press("left")
        screen = await ana.shows("ana  hola", known, found, "has another key than before", "● offline  │")
        assert "next try in" not in screen
        await ana.press("ctrl+q")
        assert await ana.ends() == 0


class Refusing(Trust):
    """Takes no server for the one that it knew."""

    def __init__(self, known: str, found: str) -> None:
        self._keys = {"known": known, "found": found}

    def context(self) -> None:
        raise ConnectError(Reason.KEY_CHANGED, self._keys)


async def test_failed_tries_are_told_once_per_reason(server: Server) -> None:
    """The same reason again adds no line; another reason does."""
    async with window(server.port) as ana:
        for reason in (Reason.LOST, Reason.REFUSED, Reason.REFUSED, Reason.UNREACHABLE):
            ana.app.chat.show(Disconnected(reason, 1.0))
        screen = await ana.shows("was lost", "can't be reached")
        assert screen.count("Nothing listens") == 1


async def test_f1_lists_keys_and_commands(server: Server) -> None:
    """The help names every key and command, and Esc, F1 and /help close and open it."""
    async with window(server.port) as ana:
        await ana.press("f1")
        await ana.shows("Keys", "ctrl+j", "Tab")
        pages: list[str] = []
        while ana.text() not in pages:
            pages.append(ana.text())
            await ana.press("pagedown")
        for text in ("ctrl+q", "Commands", "/me", "/quit", "With a message chosen", "react to it", "While you write"):
            assert any(text in page for page in pages)
        await ana.press("f1")
        await ana.shows("People · 1", without="Commands")
        await ana.type("/help")
        await ana.shows("Keys")
        await ana.press("escape")
        await ana.shows("People · 1", without="Commands")


async def test_a_fault_leaves_one_line(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A fault in the app ends it with code 70, and a line that names the error and the report."""
    monkeypatch.setattr(crash, "user_log_path", lambda *_, **__: tmp_path)
    monkeypatch.setattr("chatapp.tui.status.Status.show", _broken)
    with pytest.raises(RuntimeError):
        async with window_of(Client("127.0.0.1", server.port, "ana")) as ana:
            await ana.ends()
    assert ana.app.return_code == 70
    assert ana.app.farewell == f"chatapp failed (RuntimeError). The report is in {tmp_path / 'crash.log'}"


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError("what somebody said")


def test_a_report_is_private_and_tells_no_secrets(tmp_path: Path) -> None:
    """The file is for its owner alone; it has the traceback, but no message and no local."""
    try:
        _broken()
    except RuntimeError as error:
        line = crash.report(error, tmp_path / "logs")
    file = tmp_path / "logs" / "crash.log"
    assert str(file) in line
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "_broken" in file.read_text()
    assert "RuntimeError\n" in file.read_text()
    assert "what somebody said\n" not in file.read_text().replace('raise RuntimeError("what somebody said")', "")


def test_a_report_that_cannot_be_written_is_no_second_fault(tmp_path: Path) -> None:
    """Where the folder can't be made, the line says so."""
    blocked = tmp_path / "file"
    blocked.touch()
    assert "could not be written" in crash.report(RuntimeError(), blocked / "logs")


async def test_a_fault_that_nobody_waits_for_is_told_in_the_chat(server: Server) -> None:
    """The chat goes on, and the line that says where the report is stands in it."""
    async with window(server.port) as ana:
        ana.app.tell_fault("chatapp failed (KeyError). The report is in x")
        await ana.shows("chatapp failed (KeyError). The report is in x")
