"""What a window of the chat shows: its timeline, its list of rooms, and the way from one room to another."""

import re

from tests.terminal.conftest import OpenTerminal
from tests.terminal.tmux import CHATAPP, Terminal

COLUMNS, ROWS = 170, 40

_CLOCK = re.compile(r"^(\d\d:\d\d|     ) ")
_MARKED = re.compile(r"^ ● ([#@]\S+)", re.MULTILINE)
_PASSING = ("→", "←", "You are in", "Only you and", "nothing older", "─ new ─", "           !  ")


async def window(open_terminal: OpenTerminal, port: int, nick: str) -> Terminal:
    """Open a window of `nick`; all of one nick have one key."""
    shell = await open_terminal(COLUMNS, ROWS)
    await join(shell, port, nick)
    return shell


async def join(shell: Terminal, port: int, nick: str) -> None:
    await shell.run(f"{CHATAPP} join --host 127.0.0.1 --port {port} --nick {nick} --lang en")
    await shell.shows("connected", f"127.0.0.1:{port}", "People")


async def say(shell: Terminal, *lines: str) -> None:
    for line in lines:
        await shell.type(line)
        await shell.press("Enter")


def timeline(screen: str) -> list[str]:
    """Return what the timeline tells of the log: no times, no bars of mentions, and nothing that isn't kept."""
    rows = screen.replace("▐", " ").splitlines()
    start = 23 if rows[0].startswith(" Rooms") else 1
    end = rows[0].index("People") - 1
    told = [_CLOCK.sub("", row[start:end]).rstrip() for row in rows if "╭" not in row]
    inside = told[: next(number for number, row in enumerate(rows) if row.startswith("╭"))]
    return [row for row in inside if row and not any(mark in row for mark in _PASSING)]


def room_row(screen: str, title: str) -> str:
    """Return the row of a room in the list, with what is unread of it; "" if it isn't there."""
    return next((row[:22] for row in screen.splitlines() if row[3:22].startswith(title)), "")


async def go_to(shell: Terminal, title: str) -> str:
    """Walk through the rooms until `title` is in view; return the screen."""
    for _ in range(10):
        screen = await shell.wait_for(lambda screen: bool(_MARKED.search(screen)))
        here = _marked(screen)
        if here == title:
            return screen
        await shell.press("M-Down")
        await shell.wait_for(lambda screen, before=here: _marked(screen) not in ("", before))  # type: ignore[misc]
    raise AssertionError(f"there is no {title} in\n{screen}")


def _marked(screen: str) -> str:
    found = _MARKED.search(screen)
    return found[1] if found else ""
