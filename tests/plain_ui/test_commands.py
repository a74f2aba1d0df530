"""Every slash command, line by line: each answers something."""

from asyncio.subprocess import STDOUT
from pathlib import Path

from chatapp.protocol.commands import COMMANDS
from chatapp.server.server import Server
from tests.peers import LinePeer
from tests.plain_ui.windows import Window, piped

_LINES = {
    "me": "/me waves",
    "msg": "/msg luis psst",
    "reply": "/reply claro",
    "edit": "/edit uno",
    "react": "/react :heart:",
    "delete": "/delete",
    "nick": "/nick eva",
    "join": "/join #ops",
    "topic": "/topic",
    "private": "/private plan",
    "invite": "/invite luis",
    "remove": "/remove luis",
    "kick": "/kick luis",
    "mute": "/mute #general luis 10m spam",
    "unmute": "/unmute luis",
    "ban": "/ban luis",
    "unban": "/unban luis",
    "slow": "/slow 0",
    "audit": "/audit",
    "leave": "/leave",
    "rooms": "/rooms",
    "who": "/who",
    "whois": "/whois luis",
    "free": "/free luis",
    "away": "/away lunch",
    "back": "/back",
    "notify": "/notify mentions",
    "mentions": "/mentions",
    "history": "/history",
    "search": "/search uno",
    "set": "/set",
    "help": "/help",
}
"""A line for each command, in an order in which they make sense; /quit is in the tests of leaving."""


async def answer(window: Window, line: str) -> list[str]:
    """Type `line`; return what is printed until the next line is taken."""
    window.type(line, end := f"the end of {line.split()[0]}")
    lines = [await window.line()]
    while not lines[-1].endswith(end):
        lines.append(await window.line())
    return lines[:-1]


async def test_each_command_answers_something(server: Server, tmp_path: Path) -> None:
    """There is no command that is answered with silence, in a room or in a conversation."""
    assert _LINES.keys() | {"quit"} == COMMANDS.keys()
    async with (
        await LinePeer.connect(server.port) as luis,
        piped("--nick", "ana", "--port", str(server.port), data=tmp_path, errors=STDOUT) as ana,
    ):
        await luis.join("luis")
        luis.send_line("hola @ana")
        await ana.shows("/help lists the commands, /quit leaves.")
        answers = {name: await answer(ana, line) for name, line in _LINES.items()}
    assert {name for name, lines in answers.items() if not lines} == set()
    assert answers["who"][-1].startswith("Here are: ")
    assert answers["back"] == ["eva is back"]
