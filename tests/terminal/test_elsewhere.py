"""How people are there, which rooms they are in and what is unread: the same in all their windows, and to a peer."""

import asyncio
from collections.abc import Mapping

from tests.peers import LinePeer
from tests.terminal.conftest import OpenTerminal
from tests.terminal.test_chat import kill, serve
from tests.terminal.test_together import all_show, read_lines
from tests.terminal.tmux import Terminal
from tests.terminal.windows import go_to, room_row, say, window

SOON_SECONDS = 1.0
"""So long after one window has it another may take to show the same count."""

IN_OPS = [
    "         eva  hello from a line",
    "         ana  is it green?",
    "        luis  ↳ ana: is it green?",
    "              it is",
]


async def count(windows: list[Terminal], counts: Mapping[str, str]) -> None:
    """Wait until the lists of rooms show just these, by what the rooms are called, each with its counts or none."""

    def holds(screen: str) -> bool:
        return all(room_row(screen, title)[3:].split() == [title, *shown.split()] for title, shown in counts.items())

    waiting = [asyncio.create_task(shell.wait_for(holds)) for shell in windows]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    async with asyncio.timeout(SOON_SECONDS):
        await asyncio.gather(*waiting)


async def open_rooms(ana: Terminal, luis: Terminal) -> None:
    """Let both be in a room of each kind, and luis look at the one that is always there."""
    await say(luis, "/join #ops")
    await say(ana, "/join #ops")
    await ana.shows("You are in #ops now.")
    await say(ana, "/private plan")
    await ana.shows("You are in #plan now.")
    await say(ana, "/invite luis", "/msg luis psst")
    await luis.shows("Conversations", "#plan")
    for title in ("@ana", "#plan", "#ops", "#general"):
        await go_to(luis, title)
        await luis.wait_for(lambda screen, title=title: not unread(screen, title))  # type: ignore[misc]


def unread(screen: str, title: str) -> list[str]:
    return room_row(screen, title)[3:].split()[1:]


async def write_elsewhere(ana: Terminal) -> None:
    """Say something in each room but the one that is always there, and mention luis in two of them."""
    await go_to(ana, "#ops")
    await say(ana, "one", "two, @luis")
    await ana.shows("two, @luis")
    await go_to(ana, "#plan")
    await say(ana, "@here: three")
    await ana.shows("@here: three")
    await go_to(ana, "@luis")
    await say(ana, "four")
    await ana.shows("four")


async def test_what_is_unread_is_the_same_in_both_windows(open_terminal: OpenTerminal, port: int) -> None:
    """It is soon, to fresh windows and after the server was killed too; looked at in one, it is read in both."""
    host = await open_terminal()
    await serve(host, port)
    ana, *luis = [await window(open_terminal, port, nick) for nick in ("ana", "luis", "luis")]
    await open_rooms(ana, luis[0])
    await write_elsewhere(ana)
    counts = {"#general": "", "#ops": "@1 2", "#plan": "@1 1", "@ana": "1"}
    await count(luis, counts)
    await kill("KILL", await luis[1].pid_of("chatapp join"))
    luis[1] = await window(open_terminal, port, "luis")
    await count(luis, counts)
    await kill("KILL", await host.pid_of("chatapp serve"))
    await asyncio.gather(*(shell.shows("offline") for shell in luis))
    await serve(host, port)
    for shell in luis:
        await shell.press("Left")
        await shell.shows("connected")
    await count(luis, counts)
    for shell, title in zip((*luis, luis[0]), ("#ops", "@ana", "#plan"), strict=True):
        await go_to(shell, title)
        counts[title] = ""
        await count(luis, {title: ""})
    await count(luis, counts)


async def test_where_people_are_is_the_same_to_all(open_terminal: OpenTerminal, port: int) -> None:
    """Both windows of one who goes in, is away, is back or leaves say so, and so do those of others."""
    host = await open_terminal()
    await serve(host, port)
    windows = [await window(open_terminal, port, nick) for nick in ("ana", "ana", "luis", "luis")]
    async with await LinePeer.connect(port) as eva:
        eva.send_line("eva")
        await read_lines(eva, "Conectado al servidor.")
        await talk_in_ops(windows, eva)
        await be_away_and_back(windows)
        await ask(windows)
        await leave_and_come_back(windows)
        eva.send_line("salir")
        heard = (await eva.read_to_end()).decode()
    assert "luis se ha desconectado.\nluis se ha unido al chat.\n" in heard
    assert "plan" not in heard


async def talk_in_ops(windows: list[Terminal], eva: LinePeer) -> None:
    """Meet in a room, with the peer; what one says in a window, the person's other one shows too."""
    ana, other_ana, luis, other_luis = windows
    await say(ana, "/join #ops")
    await ana.shows("You are in #ops now.")
    eva.send_line("/join #ops")
    eva.send_line("hello from a line")
    await ana.shows("hello from a line")
    await say(luis, "/join #ops")
    for shell in (other_ana, luis, other_luis):
        await go_to(shell, "#ops")
    await say(other_ana, "is it green?")
    await luis.shows("is it green?")
    await say(other_luis, "/reply it is")
    await all_show(windows, IN_OPS)
    assert (await read_lines(eva, "luis: it is"))[-2:] == ["ana: is it green?", "luis: it is"]


async def be_away_and_back(windows: list[Terminal]) -> None:
    await say(windows[0], "/away lunch")
    for shell in windows:
        await shell.shows("○ ana")
    for shell in windows[:2]:
        await shell.shows("ana (away)")
    await say(windows[2], "/whois ana")
    await windows[2].shows("ana · away: lunch · key ", "#general, #ops")
    await say(windows[1], "/back")
    for shell in windows:
        await shell.wait_for(lambda screen: "○ ana" not in screen and "(away)" not in screen.splitlines()[-1])


async def ask(windows: list[Terminal]) -> None:
    """Ask for the rooms: a private one is in the list of those only who are in it."""
    ana, _, luis, _ = windows
    await say(ana, "/private plan")
    await ana.shows("You are in #plan now.")
    await say(ana, "/rooms")
    await ana.shows("There are these rooms:", "#ops (3)", "#plan (1)")
    await say(luis, "/rooms")
    assert "#plan" not in await luis.shows("There are these rooms:", "#general (2)", "#ops (3)")


async def leave_and_come_back(windows: list[Terminal]) -> None:
    """Leave a room in one window: the other one is out of it too, and both come back to what was said."""
    luis, other_luis = windows[2:]
    await say(luis, "/leave")
    for shell in (luis, other_luis):
        await shell.wait_for(lambda screen: not room_row(screen, "#ops") and "You are in #general" in screen)
    await say(other_luis, "/join #ops")
    await other_luis.shows("You are in #ops now.")
    await go_to(luis, "#ops")
    await all_show([luis, other_luis], IN_OPS)
