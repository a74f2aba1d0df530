"""The whole program in real terminals: people who serve, join, talk and leave."""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.terminal.conftest import OpenTerminal
from tests.terminal.tmux import CHATAPP, PROMPT, Terminal


async def serve(shell: Terminal, port: int) -> None:
    await shell.run(f"{CHATAPP} serve --port {port} --lang en")
    await shell.shows(f"Listening on 127.0.0.1:{port}")


async def join(shell: Terminal, port: int, nick: str, lang: str = "en") -> None:
    await shell.run(f"{CHATAPP} join --port {port} --nick {nick} --lang {lang}")
    await shell.shows(f"127.0.0.1:{port}", "#general")


async def say(shell: Terminal, text: str) -> None:
    await shell.type(text)
    await shell.press("Enter")


async def test_two_people_talk_and_leave(open_terminal: OpenTerminal, port: int) -> None:
    """serve, then ana and luis: each sees what the other types, both are in both sidebars, and leaving is seen."""
    host, ana, luis = [await open_terminal() for _ in range(3)]
    await serve(host, port)
    await join(ana, port, "ana")
    await join(luis, port, "luis", "es")
    await ana.shows("People · 2", "luis")
    await luis.shows("Personas · 2", "ana")
    await say(ana, "hola, luis: ¿qué tal?")
    await luis.shows("hola, luis: ¿qué tal?")
    await say(luis, "fine, thanks [bold]really[/]")
    await ana.shows("fine, thanks [bold]really[/]")
    await say(luis, "salir")
    await luis.shows(PROMPT.strip(), without="Personas")
    await ana.shows("People · 1", "luis left")
    await ana.press("C-q")
    await ana.shows(PROMPT.strip(), without="People")


async def test_nc_and_the_screen_share_a_room(open_terminal: OpenTerminal, port: int) -> None:
    """A person with `nc` and one with the full screen talk with each other."""
    host, ana, eva = [await open_terminal() for _ in range(3)]
    await serve(host, port)
    await join(ana, port, "ana")
    await eva.run(f"nc 127.0.0.1 {port}")
    await eva.shows("NICK")
    await say(eva, "eva")
    await eva.shows("eva se ha unido al chat.\nConectado al servidor.\n")
    await ana.shows("People · 2")
    await say(eva, "hola desde nc")
    await ana.shows("hola desde nc")
    await say(ana, "hello from the screen")
    await eva.shows("eva: hola desde nc\nana: hello from the screen\n")
    await say(eva, "SALIR")
    await eva.shows("eva se ha desconectado.\n")
    await ana.shows("People · 1", "eva left")


async def test_two_people_in_two_rooms(open_terminal: OpenTerminal, port: int) -> None:
    """In a room of their own they talk; alt+up goes back, the list and the status count what is unread there."""
    host, ana, luis = await open_terminal(), await open_terminal(120, 35), await open_terminal(80, 24)
    await serve(host, port)
    for shell, nick in ((ana, "ana"), (luis, "luis")):
        await join(shell, port, nick)
        await shell.shows(f"You are in #general as {nick}")
        await say(shell, "/join #ops")
        await shell.shows("You are in #ops now.", f"{nick} joined")
    await say(luis, "deploy at five")
    await ana.shows("Rooms", "● #ops", "deploy at five")
    for shell in (ana, luis):
        await shell.press("M-Up")
        await shell.shows("You are in #general", without="deploy")
    await luis.press("M-Up")
    await say(luis, "are you there?")
    await ana.shows("#ops             1", without="are you there?")
    await ana.press("M-Down")
    await ana.shows("are you there?", without="#ops             1")
    await luis.press("M-Down")
    await luis.shows("You are in #general")
    await say(ana, "yes")
    await luis.shows("#general +1")


async def terminal_state(shell: Terminal, name: str) -> tuple[str, str]:
    """Return what `stty -a` prints, and the modes that tmux knows of."""
    await shell.run(f"clear; stty -a; echo {name}")
    screen = await shell.wait_for(lambda screen: f"\n{name}\n" in screen)
    return screen.partition(f"\n{name}\n")[0], await shell.flags()


CRASH = """
import sys
from chatapp.tui.chat_screen import ChatScreen
show = ChatScreen.show
def crash(screen, event):
    secret = "a local nobody may see"
    if type(event).__name__ == "Joined":
        raise RuntimeError(secret)
    show(screen, event)
ChatScreen.show = crash
from chatapp.cli import main
sys.exit(main())
"""


@pytest.mark.parametrize("way", ["C-q", "salir", "TERM", "HUP", "INT", "crash"])
async def test_the_terminal_is_left_as_it_was(open_terminal: OpenTerminal, port: int, tmp_path: Path, way: str) -> None:
    """Whichever way the program ends, stty and the terminal's modes are as before, and the rest see the notice."""
    script = tmp_path / "crash.py"
    script.write_text(CRASH)
    shell, eva = await open_terminal(), await open_terminal()
    host = await open_terminal()
    await serve(host, port)
    await eva.run(f"nc 127.0.0.1 {port}")
    await eva.shows("NICK")
    await say(eva, "eva")
    await eva.shows("Conectado")
    before = await terminal_state(shell, "before")
    if way == "crash":
        await shell.run(f"{sys.executable} {script} join --port {port} --nick ana --lang en; echo code $?")
    else:
        await shell.run(f"{CHATAPP} join --port {port} --nick ana --lang en; echo code $?")
        await shell.shows("People · 2")
        await end(shell, way)
    code = {"C-q": 0, "salir": 0, "TERM": 143, "HUP": 129, "INT": 130, "crash": 70}[way]
    screen = await shell.shows(f"code {code}\n")
    assert "Traceback" not in screen
    assert "a local nobody may see" not in screen
    assert await terminal_state(shell, "after") == before
    await eva.shows("ana se ha desconectado.")


@pytest.mark.parametrize(("signal", "code"), [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131)])
async def test_a_signal_ends_the_first_screen_too(
    open_terminal: OpenTerminal, port: int, signal: str, code: int
) -> None:
    """The terminal is left as it was, and the code says what it was."""
    shell = await open_terminal()
    before = await terminal_state(shell, "before")
    await shell.run(f"{CHATAPP} join --port {port} --lang en; echo code $?")
    await shell.shows("Welcome to chatapp")
    await kill(signal, await shell.pid_of("chatapp join"))
    await shell.shows(f"code {code}\n")
    assert await terminal_state(shell, "after") == before


async def end(shell: Terminal, way: str) -> None:
    if way == "salir":
        await say(shell, "salir")
    elif way == "C-q":
        await shell.press("C-q")
    else:
        await kill(way, await shell.pid_of("chatapp join"))


async def kill(signal: str, pid: int) -> None:
    process = await asyncio.create_subprocess_exec("kill", f"-{signal}", str(pid))
    await process.wait()


async def test_one_command_is_enough(open_terminal: OpenTerminal, port: int) -> None:
    """With nothing listening, the first who joins hosts, warns before leaving, and another takes over."""
    ana, luis = await open_terminal(), await open_terminal()
    await join(ana, port, "ana")
    await ana.shows("hosts it", "hosting")
    await join(luis, port, "luis")
    await ana.shows("People · 2")
    await say(ana, "hola")
    await luis.shows("hola", "People · 2")
    await ana.press("C-q")
    await ana.shows("Leave again")
    await ana.press("C-q")
    await ana.shows(PROMPT.strip(), without="People")
    await luis.shows("hosting", "People · 1")
    await join(ana, port, "ana")
    await ana.shows("People · 2")
    await say(ana, "back again")
    await luis.shows("hola", "back again")


async def test_without_a_nick_it_asks(open_terminal: OpenTerminal, port: int) -> None:
    """The first time with no --nick the person is asked, until the nick keeps the rules, and never again."""
    ana = await open_terminal()
    await ana.run(f"{CHATAPP} join --port {port} --lang en")
    await ana.shows("Welcome to chatapp")
    await ana.press("C-u")
    await say(ana, "a b")
    await ana.shows("A nick has 1 to 32 letters")
    await ana.press("C-u")
    await say(ana, "ana")
    await ana.shows("You are in #general as ana")
    await say(ana, "salir")
    await ana.shows(PROMPT.strip(), without="People")
    await ana.run(f"{CHATAPP} join --port {port} --lang en")
    await ana.shows("You are in #general as ana")


async def test_a_lost_connection_is_said_and_mended(open_terminal: OpenTerminal, port: int) -> None:
    """When the server dies the status says so; when it is back, what was typed meanwhile arrives once."""
    host, ana = await open_terminal(), await open_terminal()
    await serve(host, port)
    await ana.run(f"{CHATAPP} join --host 127.0.0.1 --port {port} --nick ana --lang en")
    await ana.shows("People · 1")
    await host.press("C-c")
    await host.shows(PROMPT.strip())
    await ana.shows("offline")
    await say(ana, "are you there?")
    await serve(host, port)
    await ana.press("Left")
    screen = await ana.shows("People · 1", "are you there?", without="unsent")
    assert screen.count("are you there?") == 1


async def test_a_killed_server_loses_nothing(open_terminal: OpenTerminal, port: int) -> None:
    """kill -9 while ana types: her lines wait, and once it is back they are sent in order; luis sees each once."""
    host, ana, luis = [await open_terminal() for _ in range(3)]
    await serve(host, port)
    for shell, nick in ((ana, "ana"), (luis, "luis")):
        await shell.run(f"{CHATAPP} join --host 127.0.0.1 --port {port} --nick {nick} --lang en")
        await shell.shows("You are in #general")
    await say(ana, "before the fall")
    await luis.shows("before the fall")
    await kill("KILL", await host.pid_of("chatapp serve"))
    await ana.shows("offline")
    lines = ["one while away", "two while away", "three while away"]
    for line in lines:
        await say(ana, line)
    await ana.shows(*lines, "3 messages unsent")
    await serve(host, port)
    for shell in (ana, luis):
        await shell.press("Left")
        screen = await shell.shows("connected", "before the fall", *lines, without="unsent")
        places = [screen.index(line) for line in lines]
        assert places == sorted(places)
        assert all(screen.count(line) == 1 for line in lines)


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (200, 60)])
async def test_it_fits_any_terminal(open_terminal: OpenTerminal, port: int, size: tuple[int, int]) -> None:
    """Resized while it runs, what is typed and said stays visible."""
    ana = await open_terminal()
    await join(ana, port, "ana")
    await ana.resize(*size)
    await say(ana, "hola")
    await ana.shows("hola")
    await ana.press("C-q")
    await ana.shows(PROMPT.strip(), without="hosting")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("--host 127.0.0.1 --port {port}", "chatapp serve"),
        ("--host host.invalid", "host.invalid"),
    ],
)
async def test_a_failed_first_connection_is_one_line(
    open_terminal: OpenTerminal, port: int, arguments: str, says: str
) -> None:
    """An unknown host or a refused connection: the terminal is back, with one clear line, and code 69."""
    ana = await open_terminal()
    await ana.run(f"{CHATAPP} join --nick ana --lang en {arguments.format(port=port)}; echo code $?")
    screen = await ana.shows("code 69\n", says)
    assert "Traceback" not in screen
