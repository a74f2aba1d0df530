"""The chat line by line in a terminal that can do nothing but that, TERM=dumb, where somebody types."""

import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chatapp.server.server import Server
from tests.faults.serving import serving
from tests.peers import LinePeer
from tests.plain_ui.windows import Window, in_terminal
from tests.ports import free_port

READY = "/help lists the commands, /quit leaves."


@asynccontextmanager
async def ana_at(port: int, data: Path, *arguments: str) -> AsyncIterator[Window]:
    """Let ana sit at a terminal, in the chat."""
    async with in_terminal("--nick", "ana", "--port", str(port), *arguments, data=data) as ana:
        await ana.shows(READY)
        yield ana


async def test_what_the_terminal_showed_is_not_repeated(server: Server, tmp_path: Path) -> None:
    """A typed line is there once, as it was typed; others have it, and what they answer follows."""
    async with await LinePeer.connect(server.port) as luis, ana_at(server.port, tmp_path) as ana:
        await luis.join("luis")
        await ana.shows("luis joined")
        ana.type("hola a todos")
        await luis.read_until("ana: hola a todos")
        luis.send_line("hola ana")
        assert await ana.shows("luis: hola ana") == ["hola a todos", "luis: hola ana"]


async def test_what_was_typed_stays_while_lines_come(server: Server, tmp_path: Path) -> None:
    """A half-written line is said whole, whatever came between, with what Backspace took out of it."""
    async with await LinePeer.connect(server.port) as luis, ana_at(server.port, tmp_path) as ana:
        await luis.join("luis")
        await ana.shows("luis joined")
        ana.send(b"half of x\x7f")
        luis.send_line("interrupting")
        while "luis: interrupting" not in await ana.line():
            pass
        ana.send(b"a line\n")
        assert await luis.read_until("ana: half of a line")


async def test_the_nick_is_asked_for_until_it_is_free(server: Server, tmp_path: Path) -> None:
    """Without --nick it is asked for in a line; one that is taken or breaks the rules is asked for again."""
    async with await LinePeer.connect(server.port) as peer:
        await peer.join("luis")
        async with in_terminal("--port", str(server.port), data=tmp_path) as window:
            await window.shows("Who do you want to be?")
            window.type("a b")
            await window.shows("Who do you want to be?")
            window.type("luis")
            await window.shows("The nick luis is taken. Choose another.", "Who do you want to be?")
            window.type("eva")
            await window.shows("You are in #general as eva.", READY)


async def test_an_answer_says_whom_it_answers(server: Server, tmp_path: Path) -> None:
    """/reply is confirmed by the name that the typed line did not have; a refusal says why."""
    async with await LinePeer.connect(server.port) as luis, ana_at(server.port, tmp_path) as ana:
        ana.type("/reply nobody")
        await ana.shows("Nobody else has said anything here that could be answered.")
        await luis.join("luis")
        luis.send_line("quién viene")
        await ana.shows("luis: quién viene")
        ana.type("/reply yo")
        await ana.shows("You answered luis.")


@pytest.mark.parametrize("keys", [b"salir\n", b"/quit\n", b"\x04"], ids=["salir", "quit", "ctrl+d"])
async def test_leaving_ends_with_0(server: Server, tmp_path: Path, keys: bytes) -> None:
    """`salir`, /quit and the end of input leave: the server hears it at once, and the code is 0."""
    async with await LinePeer.connect(server.port) as luis, ana_at(server.port, tmp_path) as ana:
        await luis.join("luis")
        ana.send(keys)
        await luis.read_until("ana se ha desconectado.")
        assert (await ana.end())[0] == 0


async def test_ctrl_c_ends_as_a_signal_does(server: Server, tmp_path: Path) -> None:
    """ctrl+c leaves cleanly, with 128 and the number of the signal, and no traceback."""
    async with await LinePeer.connect(server.port) as luis, ana_at(server.port, tmp_path) as ana:
        await luis.join("luis")
        await ana.shows("luis joined")
        ana.send(b"\x03")
        await luis.read_until("ana se ha desconectado.")
        code, rest, _ = await ana.end()
    assert (code, rest) == (128 + signal.SIGINT, "^C")


async def test_who_hosts_is_warned_before_leaving(tmp_path: Path) -> None:
    """Who hosts the chat for others is told once what leaving means, by ctrl+d as by /quit; then it is done."""
    port = free_port()
    async with ana_at(port, tmp_path) as ana, await LinePeer.connect(port) as luis:
        await luis.join("luis")
        await ana.shows("luis joined")
        ana.send(b"\x04")
        assert "Leave again to go." in await ana.line()
        ana.type("still here")
        await luis.read_until("ana: still here")
        ana.type("/quit")
        while "Leave again to go." not in await ana.line():
            pass
        ana.send(b"\x04")
        assert (await ana.end())[0] == 0


async def test_it_speaks_spanish(server: Server, tmp_path: Path) -> None:
    """With --lang es all that is printed is Spanish."""
    arguments = ("--nick", "ana", "--port", str(server.port), "--lang", "es")
    async with await LinePeer.connect(server.port) as luis, in_terminal(*arguments, data=tmp_path) as ana:
        await ana.shows("Estás en #general como ana.", "/help muestra las órdenes, /quit sale.")
        await luis.join("luis")
        luis.send_line("hola @ana")
        await ana.shows("Mención, luis: hola @ana")
        ana.type("/reply sí", "/away comida")
        await ana.shows("Has respondido a luis.", "ana está ausente: comida")


async def test_no_byte_moves_the_cursor(server: Server, tmp_path: Path) -> None:
    """All that a session prints is text and line breaks."""
    async with ana_at(server.port, tmp_path) as ana:
        ana.type("/help", "/who", "/rooms", "/react :heart:", "/zap", "/react \x1b[2J")
        lines = await ana.shows("There is no emoji called ␛[2J. Use a name like thumbs_up or heart.")
        ana.type("/quit")
        code, rest, _ = await ana.end()
    assert code == 0
    rest += "".join(lines)
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]", rest)


async def test_what_waits_is_told_and_so_is_its_end(tmp_path: Path) -> None:
    """A line that can't be sent yet is told at once, and again when it is said; one that could is not."""
    async with serving(tmp_path / "server") as server, ana_at(server.port, tmp_path, "--host", "127.0.0.1") as ana:
        await server.kill()
        await ana.shows(f"No connection, trying again. The connection to 127.0.0.1:{server.port} was lost.")
        ana.type("uno")
        await ana.shows("Not sent yet, it waits: “uno”")
        ana.type("/who")
        await ana.shows("There is no connection. Try that again when there is.")
        await server.start()
        await server.listening()
        lines = await ana.shows("Sent now: “uno”")
        assert "Connected again." in lines
        ana.type("dos", "/who")
        assert await ana.shows("Here are: ana") == ["dos", "/who", "Here are: ana"]
        ana.type("/history")
        assert await ana.shows("ana: dos") == ["/history", "ana: uno", "ana: dos"]
