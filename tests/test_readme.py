"""The README's conversations and programs, run as they stand there."""

import asyncio
import re
import sys
from pathlib import Path

from chatapp.client.outbox import MOST_WAITING
from chatapp.protocol import limits
from chatapp.server.descriptors import _FOR_OTHER_USES
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


KIB = 1024
PEOPLE = limits.ADDRESS_CONNECTIONS // limits.CONNECTIONS_A_SHARE
LIMITS = {
    "a line on the wire": [limits.LINE_BYTES // KIB],
    "the text of a message": [limits.TEXT_BYTES // KIB],
    "a nick": [limits.NICK_CHARACTERS],
    "a room's name": [limits.ROOM_CHARACTERS],
    "what one person says, changes or joins": [limits.REQUESTS_PER_SECOND, limits.REQUESTS_AT_ONCE],
    "pages of history that one person is given": [limits.PAGES_PER_SECOND, limits.PAGES_AT_ONCE],
    "what all at one address ask for together": [PEOPLE, 6, 64, 4],
    "connections of one address": [
        limits.ADDRESS_CONNECTIONS,
        limits.ADDRESS_NEW_CONNECTIONS,
        limits.NEW_CONNECTIONS_SECONDS / 60,
    ],
    "lines refused in a row before one is dropped": [limits.REFUSED_IN_A_ROW],
    "the handshake": [limits.HANDSHAKE_SECONDS],
    "what waits for a peer that reads slowly": [limits.OUTBOX_BYTES // KIB**2],
    "resuming": [limits.RESUME_MESSAGES],
    "a page of history or search": [limits.PAGE_MESSAGES, limits.PAGE_MOST_MESSAGES, limits.PAGE_BYTES // KIB],
    "messages that wait for a connection": [MOST_WAITING],
    "rooms of one person": [limits.ROOMS, limits.CONVERSATIONS],
    "a topic": [limits.TOPIC_CHARACTERS],
    "different reactions to one message": [limits.REACTIONS],
    "a reason for a kick, a ban or a mute": [limits.REASON_CHARACTERS],
    "bans, and mutes, in force in one room": [limits.SANCTIONS],
    "a slow room": [limits.SLOW_SECONDS // 60],
    "devices of one person": [limits.DEVICES],
    "a password": [limits.SECRET_BYTES],
    "wrong passwords or invitations from one address, or of one key": [
        limits.GUESSES_AT_ONCE,
        limits.GUESS_FIRST_SECONDS,
        2 * limits.GUESS_FIRST_SECONDS,
        limits.GUESS_MOST_SECONDS / 60,
    ],
    "passwords that wait to be compared": [limits.GUESSES_WAITING],
    "people in a room that are listed and announced": [limits.ROSTER_NICKS],
    "connections": [_FOR_OTHER_USES],
    "a client that gives no sign of life": [limits.SILENCE_SECONDS],
}
"""The numbers of each row of the table, in the order in which they stand there."""


def test_the_limits_are_those_of_the_code() -> None:
    """Every number in the table of limits is the one that holds."""
    section = README.partition("## Limits\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| (\w.*?) \| (.*) \|$", section, re.MULTILINE))
    found = {
        name: [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)] for name, text in rows.items()
    }
    assert found == LIMITS


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
