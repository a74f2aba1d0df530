"""The README's conversations and programs, run as they stand there."""

import asyncio
import re
import sys
from pathlib import Path

from chatapp.server.server import Server
from tests.peers import LinePeer

README = Path(__file__).parents[1].joinpath("README.md").read_text("utf-8")
WAIT_SECONDS = 20.0


def block(language: str, start: str) -> str:
    """Return the fenced block of `language` that begins with `start`."""
    blocks: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return next(text for text in blocks if text.startswith(start))


async def run(program: str, port: int) -> str:
    """Run a Python program of the README against `port`; return what it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program.replace("9000", str(port))), stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(WAIT_SECONDS):
        output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode()


async def test_the_conversation_with_nc(server: Server) -> None:
    """What `nc` is shown to print is what a peer of lines reads, with luis there who says his line."""
    lines = block("console", "$ nc").splitlines()[1:]
    async with await LinePeer.connect(server.port) as ana, await LinePeer.connect(server.port) as luis:
        for line in lines:
            if line.startswith("> "):
                ana.send_line(line[2:])
                continue
            if line == "luis se ha unido al chat.":
                luis.send_line("luis")
            if line == "luis: hola ana":
                luis.send_line("hola ana")
            assert await ana.read_line() == line


async def test_the_short_program(server: Server) -> None:
    """The ten lines print what their comments say."""
    printed = await run(block("python", "import socket"), server.port)
    assert printed == "luis se ha unido al chat.\nConectado al servidor.\nluis: hola\n"


async def test_the_bot(server: Server) -> None:
    """The bot answers what somebody says."""
    program = block("python", "import asyncio").replace("9000", str(server.port))
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    async with await LinePeer.connect(server.port) as ana:
        ana.send_line("ana")
        while await ana.read_line() != "echo se ha unido al chat.":
            pass
        ana.send_line("hola")
        assert await ana.read_line() == "ana: hola"
        assert await ana.read_line() == "echo: ana said: hola"
    process.kill()
    await process.wait()
