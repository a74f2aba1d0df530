"""What a terminal is asked for, and what happens when it is gone, or stops reading."""

import asyncio
import contextlib
import fcntl
import os
import re
import signal
import struct
import termios
from collections.abc import AsyncIterator

from chatapp.client.client import Client
from chatapp.server.server import Server
from tests.terminal.tmux import CHATAPP, WAIT_SECONDS
from tests.tui.screens import hears, person

QUERIES = {
    "a colour": rb"\x1b\](?:4;\d+|1[0-9]);\?",
    "its attributes": rb"\x1b\[[>=]?0?c",
    "its state or the cursor": rb"\x1b\[\??[56]n",
    "its size": rb"\x1b\[1[0-9]t",
    "what it notifies": rb"\x1b\]99;[^;]*p=\?",
    "its name": rb"\x1b\[>0?q",
}
"""What terminals answer as if it was typed."""


@contextlib.asynccontextmanager
async def joined(port: int) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """Let ana join in a terminal of 80 columns; give the process and the file descriptor of the terminal's side."""
    control, inside = os.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    command = f"setsid --ctty {CHATAPP} join --port {port} --nick ana --lang en".split()
    environment = os.environ | {"TERM": "xterm-256color"}
    process = await asyncio.create_subprocess_exec(
        *command, stdin=inside, stdout=inside, stderr=inside, env=environment
    )
    os.close(inside)
    try:
        yield process, control
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        with contextlib.suppress(OSError):
            os.close(control)


async def has_joined(luis: Client) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while "ana" not in luis.state.members:
            await hears(luis, "Joined")


async def shown(control: int, text: bytes) -> bytes:
    """Read what is written until there is `text` in it; return all of it."""
    written = b""
    async with asyncio.timeout(WAIT_SECONDS):
        while text not in written:
            written += await asyncio.to_thread(os.read, control, 1 << 16)
    return written


async def test_it_is_asked_nothing_and_may_go_at_any_time(server: Server) -> None:
    """Its answers would be typed into the chat; when it is closed, the program says goodbye, and doesn't stay."""
    async with person(server.port, "luis") as luis, joined(server.port) as (process, control):
        written = await shown(control, b"rite a message")
        assert [what for what, query in QUERIES.items() if re.search(query, written)] == []
        os.close(control)
        await hears(luis, "Left")
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGHUP)  # what is written to no terminal may be waited for some seconds
        async with asyncio.timeout(WAIT_SECONDS):
            assert await process.wait() == 128 + signal.SIGHUP


async def test_one_that_stops_reading_keeps_nobody_in(server: Server) -> None:
    """Whatever waits for it, the loop too: signals end the program."""
    async with person(server.port, "luis") as luis, joined(server.port) as (process, control):
        await shown(control, b"\x1b[?1049h")
        await has_joined(luis)
        for number in range(100):
            luis.type_line(f"{number} " + "and so on " * 50)
        while luis.state.pending:
            await hears(luis, "Said")
        async with asyncio.timeout(WAIT_SECONDS):
            ended = asyncio.create_task(process.wait())
            while not ended.done():
                process.send_signal(signal.SIGTERM)
                await asyncio.wait([ended], timeout=0.1)
        assert ended.result() == 128 + signal.SIGTERM
        await hears(luis, "Left")
