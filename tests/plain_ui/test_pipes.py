"""The chat line by line on pipes: what goes in is said, what is asked is answered, and then it ends."""

import asyncio
import os
import shlex
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import pytest

from chatapp.server.server import Server
from chatapp.server.settings import Rates
from tests.faults.serving import serving
from tests.peers import LinePeer, SeedServer
from tests.plain_ui.windows import piped
from tests.ports import free_port
from tests.server.talking import running


async def run(*arguments: str, lines: str, data: Path) -> tuple[int, list[str], str]:
    """Give the command `lines` and no more; return the exit code, what it printed, and what stands on stderr."""
    async with piped(*arguments, data=data) as window:
        window.send(lines.encode())
        window.end_input()
        code, out, err = await window.end()
    return code, out.splitlines(), err


async def test_a_line_is_said_and_confirmed_before_the_end(server: Server, tmp_path: Path) -> None:
    """`printf hola | chatapp join` leaves with 0 once hola is in the log, and shows it as everybody sees it."""
    async with await LinePeer.connect(server.port) as luis:
        await luis.join("luis")
        code, out, err = await run("--nick", "ana", "--port", str(server.port), lines="hola", data=tmp_path)
        assert (code, err) == (0, "")
        assert out[-1] == "ana: hola"
        assert await luis.read_until("ana se ha desconectado.") == [
            "ana se ha unido al chat.",
            "ana: hola",
            "ana se ha desconectado.",
        ]


async def test_each_line_waits_for_the_answer_to_the_one_before(server: Server, tmp_path: Path) -> None:
    """What is said after /join is said in that room, an answer follows its question, and /history has all of it."""
    lines = "/join #ops\nuno\n/me waves\n/who\n/react :heart:\n/history\n"
    code, out, err = await run("--nick", "ana", "--port", str(server.port), lines=lines, data=tmp_path)
    assert (code, err) == (0, "")
    assert out[3:] == [
        "You are in #ops now.",
        "Here are: ana",
        "#ops ana: uno",
        "#ops * ana waves",
        "Here are: ana",
        "#ops ana reacts with heart to ana: waves",
        "#ops ana: uno",
        "#ops * ana waves (heart: ana)",
    ]


async def test_more_than_may_be_said_at_once_is_said_all_the_same(tmp_path: Path) -> None:
    """It takes longer, which the person is told, and is no failure: all is in the log, in order."""
    texts = [f"line {number}" for number in range(60)]
    async with running(rates=Rates()) as server:
        code, out, err = await run("--nick", "ana", "--port", str(server.port), lines="\n".join(texts), data=tmp_path)
    assert (code, err) == (0, "")
    assert [line for line in out if line.startswith("ana: ")] == [f"ana: {text}" for text in texts]
    assert any("and what follows wait a little: the server takes 10 a second" in line for line in out)


async def test_with_nobody_there_it_hosts_the_chat(tmp_path: Path) -> None:
    """Where nothing listens the process hosts the chat itself, as the full screen does."""
    code, out, _ = await run("--nick", "ana", "--port", str(free_port()), lines="hola\n", data=tmp_path)
    assert code == 0
    assert "this window hosts it" in out[0]
    assert out[-1] == "ana: hola"


async def test_without_a_chat_the_code_is_69(tmp_path: Path) -> None:
    """A host with nothing that listens is one line on stderr, and the code that the README names."""
    arguments = ("--nick", "ana", "--host", "127.0.0.1", "--port", str(free_port()))
    code, out, err = await run(*arguments, lines="hola\n", data=tmp_path)
    assert (code, out, err.count("\n")) == (69, [], 1)
    assert "Nothing listens at" in err


async def test_what_is_refused_is_on_stderr_and_the_code_is_1(server: Server, tmp_path: Path) -> None:
    """A line that can't be said is told on stderr with the reason; those after it are said."""
    code, out, err = await run("--nick", "ana", "--port", str(server.port), lines="/zap\nhola\n", data=tmp_path)
    assert (code, out[-1]) == (1, "ana: hola")
    assert err.startswith("There is no such command.")


async def test_a_taken_nick_ends_it(server: Server, tmp_path: Path) -> None:
    """A pipe can't be asked again: a nick that somebody has is one line on stderr and code 1."""
    async with await LinePeer.connect(server.port) as peer:
        await peer.join("ana")
        code, out, err = await run("--nick", "ana", "--port", str(server.port), lines="hola\n", data=tmp_path)
    assert (code, out, err) == (1, [], "The nick ana is taken. Choose another.\n")


async def test_without_a_nick_the_first_line_is_it(server: Server, tmp_path: Path) -> None:
    """As with `nc`, the first line says who one is; without one that is said on stderr."""
    code, out, _ = await run("--port", str(server.port), lines="eva\nhola\n", data=tmp_path)
    assert (code, out[0], out[-1]) == (0, "Who do you want to be?", "eva: hola")
    code, _, err = await run("--port", str(server.port), lines="", data=tmp_path)
    assert (code, err) == (1, "There is no nick. Give one: chatapp join --nick NAME\n")


async def test_a_file_is_read_too(server: Server, tmp_path: Path) -> None:
    """Lines may come from a file, the last without its newline; what is no UTF-8 or too long is refused, not sent."""
    (file := tmp_path / "lines").write_bytes(b"uno\n\n\xff\n" + b"x" * 9000 + b"\ndos")
    command = ("join", "--plain-ui", "--nick", "ana", "--port", str(server.port), "--data", str(tmp_path))
    with file.open("rb") as lines:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "chatapp", *command), stdin=lines, stdout=PIPE, stderr=PIPE
        )
        out, err = await process.communicate()
    assert process.returncode == 1
    assert out.decode().splitlines()[-2:] == ["ana: uno", "ana: dos"]
    assert [line[:9] for line in err.decode().splitlines()] == ["That was ", "That line"]


async def test_quit_and_salir_leave(server: Server, tmp_path: Path) -> None:
    """Lines after `salir`, in any case, or /quit are not said; the code is 0."""
    for word in ("Salir", "/quit"):
        code, out, err = await run("--nick", "ana", "--port", str(server.port), lines=f"{word}\nno\n", data=tmp_path)
        assert (code, out[-1], err) == (0, "/help lists the commands, /quit leaves.", "")


async def test_nobody_who_reads_ends_it(server: Server, tmp_path: Path) -> None:
    """When what reads the output is gone, the next line ends the process quietly, with the code of SIGPIPE."""
    inner, outer = os.pipe()
    command = ("join", "--plain-ui", "--nick", "ana", "--port", str(server.port), "--data", str(tmp_path))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "chatapp", *command), stdin=PIPE, stdout=outer, stderr=PIPE
    )
    os.close(outer)
    await asyncio.to_thread(os.read, inner, 1)
    os.close(inner)
    assert process.stdin is not None
    process.stdin.write(b"hola\n")
    async with asyncio.timeout(20):
        _, err = await process.communicate()
    assert (process.returncode, err) == (141, b"")


async def test_a_stderr_that_takes_nothing_stops_nothing(server: Server, tmp_path: Path) -> None:
    """What could not be done is in the exit code, and the lines behind it are said."""
    full = os.open("/dev/full", os.O_WRONLY)
    async with piped("--nick", "ana", "--port", str(server.port), data=tmp_path, errors=full) as window:
        os.close(full)
        window.send(b"/nope\nafter\n")
        window.end_input()
        code, out, _ = await window.end()
    assert (code, out.splitlines()[-1]) == (1, "ana: after")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
async def test_what_is_closed_leads_nowhere(server: Server, tmp_path: Path, closed: str) -> None:
    """Without stdin nothing is said, without stdout and stderr nothing is shown; that is no fault."""
    command = f"{shlex.quote(sys.executable)} -m chatapp join --plain-ui --nick ana --port {server.port}"
    process = await asyncio.create_subprocess_shell(
        f"exec {command} --data {shlex.quote(str(tmp_path))} {closed}", stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
    )
    async with asyncio.timeout(20):
        _, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")


async def test_what_others_say_reaches_stdout_without_a_control_character(server: Server, tmp_path: Path) -> None:
    """Escapes, carriage returns, bells, bidirectional marks and line breaks of a peer are shown, and do nothing."""
    async with piped("--nick", "ana", "--port", str(server.port), data=tmp_path) as ana:
        await ana.shows("/help lists the commands, /quit leaves.")
        async with await LinePeer.connect(server.port) as peer:
            await peer.join("luis")
            peer.send_line("\x1b[2J\x07\x9b31m\u202eolleh\u2028\x08 [b]x[/b] {nick} %s")
            peer.send_line("/topic \x1b]0;title\x07")
            peer.send_line("fin")
            lines = await ana.shows("luis: fin")
    assert lines[1:3] == [
        "luis: ␛[2J␇\ufffd31m\ufffdolleh\ufffd␈ [b]x[/b] {nick} %s",
        "luis set the topic: ␛]0;title␇",
    ]


async def test_a_lost_connection_is_told_once_and_mended(tmp_path: Path) -> None:
    """While a server is away that is one line, and what is typed waits; when it is back all is said in order."""
    async with serving(tmp_path / "server") as server:
        arguments = ("--nick", "ana", "--host", "127.0.0.1", "--port", str(server.port))
        async with piped(*arguments, data=tmp_path) as ana:
            await ana.shows("/help lists the commands, /quit leaves.")
            await server.kill()
            await ana.shows(f"No connection, trying again. The connection to 127.0.0.1:{server.port} was lost.")
            ana.type("uno", "dos")
            await server.start()
            await server.listening()
            lines = await ana.shows("ana: dos")
    assert lines[-3:] == ["Connected again.", "ana: uno", "ana: dos"]


async def test_a_server_without_framing_is_talked_with(tmp_path: Path) -> None:
    """Where nothing but lines of talk is known, talk works, and all else is refused."""
    async with SeedServer() as seed:
        arguments = ("--nick", "ana", "--host", "127.0.0.1", "--port", str(seed.port))
        code, out, err = await run(*arguments, lines="hola\n/who\n/history\n", data=tmp_path)
    assert (code, out[3:], err) == (1, ["ana: hola"] * 2, "This server is a simple one that can't do that.\n")
