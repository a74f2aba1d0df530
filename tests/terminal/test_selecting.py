"""Text is selected with the mouse in a real terminal, and reaches the terminal's clipboard."""

import asyncio

from tests.terminal.conftest import OpenTerminal
from tests.terminal.tmux import CHATAPP, WAIT_SECONDS, Terminal

TEXT = "one **two** " + "and a word " * 9 + "end"
SAID = TEXT.replace("*", "")


def spot(screen: str, text: str) -> tuple[int, int]:
    """Return the column and row, from 1 on, of the cell where `text` begins on `screen`."""
    rows = screen.split("\n")
    row = next(row for row, shown in enumerate(rows) if text in shown)
    return rows[row].index(text) + 1, row + 1


async def drag(shell: Terminal, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Press the left button at `start`, move, and let it go at `end`."""
    for event, (column, row), last in ((0, start, "M"), (32, end, "M"), (0, end, "m")):
        await shell.type(f"\x1b[<{event};{column};{row}{last}")


async def copied(shell: Terminal) -> str:
    """Press ctrl+c; return what comes to tmux's clipboard."""
    await shell.tmux("set-hook", "-g", "pane-set-clipboard", "wait-for -S copied")
    await shell.press("C-c")
    async with asyncio.timeout(WAIT_SECONDS):
        await shell.tmux("wait-for", "copied")
    return await shell.tmux("show-buffer")


async def test_what_is_selected_reaches_the_clipboard(open_terminal: OpenTerminal, port: int) -> None:
    """Without wrapping, marks or columns, by OSC 52; out in the sidebar the selection ends where the row does."""
    ana = await open_terminal()
    await ana.tmux("set-option", "-s", "set-clipboard", "on")
    await ana.run(f"{CHATAPP} join --port {port} --nick ana --lang en")
    await ana.shows("People · 1")
    await ana.type(TEXT)
    await ana.press("Enter")
    screen = await ana.shows("one two", "word end")
    await drag(ana, spot(screen, "one two"), (99, spot(screen, "word end")[1]))
    assert await copied(ana) == SAID
    await drag(ana, spot(screen, "two and"), (1, spot(screen, "two and")[1]))
    assert await copied(ana) == "one t"
