"""Keys as a real terminal sends them."""

import asyncio
from pathlib import Path

import pytest

from tests.terminal.conftest import OpenTerminal
from tests.terminal.test_chat import join, kill
from tests.terminal.tmux import CHATAPP, WAIT_SECONDS, Terminal

KITTYS_SHIFT_ENTER, KITTYS_ALT_ENTER = "\x1b[13;2u", "\x1b[13;3u"


async def joined(open_terminal: OpenTerminal, port: int) -> Terminal:
    """Open a terminal in which ana hosts a chat."""
    ana = await open_terminal()
    await join(ana, port, "ana")
    await ana.shows("You are in #general as ana", "Write a message")
    return ana


@pytest.mark.parametrize("key", ["C-j", "M-Enter", KITTYS_SHIFT_ENTER, KITTYS_ALT_ENTER])
async def test_keys_that_break_a_line_never_send(open_terminal: OpenTerminal, port: int, key: str) -> None:
    """Pressed between letters, and by themselves; Enter sends all of it as one message."""
    ana = await joined(open_terminal, port)
    await ana.type("uno")
    await (ana.type(key * 2) if key.startswith("\x1b") else ana.press(key, key))
    await ana.type("tres")
    await ana.shows("│ uno", "│ tres", without="ana  uno")
    await ana.press("Enter")
    await ana.shows("ana  uno", "         tres", "Write a message")


async def test_bytes_that_are_no_text_are_marks(open_terminal: OpenTerminal, port: int) -> None:
    """As from a terminal that writes Latin-1: the chat goes on, and what is typed around them stays."""
    ana = await joined(open_terminal, port)
    await ana.type("ma")
    await ana.press("-H", "f1")
    await ana.type("ana")
    await ana.shows("│ ma\ufffdana")
    await ana.press("Enter")
    await ana.shows("ana  ma\ufffdana")


async def test_the_first_screen_takes_them_too(open_terminal: OpenTerminal, port: int) -> None:
    """It asks on, and says that they are no nick's."""
    ana = await open_terminal()
    await ana.run(f"{CHATAPP} join --port {port} --lang en")
    await ana.shows("Welcome to chatapp")
    await ana.press("C-u")
    await ana.press("-H", "f1")
    await ana.type("ana")
    await ana.shows("\ufffdana")


async def test_a_paste_is_one_message(open_terminal: OpenTerminal, port: int) -> None:
    """Two hundred lines that the terminal says are pasted send nothing by themselves: it is asked what to do."""
    ana = await joined(open_terminal, port)
    await ana.tmux("set-buffer", "\n".join(f"line {number}" for number in range(200)))
    await ana.tmux("paste-buffer", "-p")
    await ana.shows("200 lines were pasted.", without="ana  line")
    await ana.press("Enter")
    await ana.shows("│ line 199", without="ana  line")
    await ana.press("Enter")
    await ana.shows("ana  line 0", "… 190 more lines", "Write a message")


async def test_a_paste_types_no_keys(open_terminal: OpenTerminal, port: int) -> None:
    """Not even with the colours of another terminal in it, and line ends behind them."""
    ana = await joined(open_terminal, port)
    await ana.tmux("set-buffer", "\x1b[31mred\x1b[0m\nsalir\n\x1bd")
    await ana.tmux("paste-buffer", "-p")
    await ana.shows("│ ␛[31mred␛[0m", "│ salir", "│ ␛d", "People")


def drafts_under(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("drafts/*.json"))


async def test_a_draft_outlives_a_killed_program(open_terminal: OpenTerminal, port: int, tmp_path: Path) -> None:
    """What was being written a second before it stands there again."""
    ana = await joined(open_terminal, port)
    await ana.type("half a thou")
    await ana.shows("│ half a thou")
    async with asyncio.timeout(WAIT_SECONDS):
        while b"half a thou" not in drafts_under(tmp_path):  # noqa: ASYNC110 (a file tells nobody of a change)
            await asyncio.sleep(0.01)
    await kill("KILL", await ana.pid_of("chatapp join"))
    await ana.run("stty sane; clear")
    await join(ana, port, "ana")
    await ana.shows("│ half a thou")
