"""What a plain peer can type beside messages: commands, and help with those that it gets wrong."""

import pytest

from chatapp.protocol.commands import COMMANDS, LINE_COMMANDS
from chatapp.server.server import Server
from chatapp.texts import use_language
from chatapp.texts.es import SPANISH
from tests.server.talking import connected, plain

ME = COMMANDS["me"]
UNKNOWN = "-- There is no such command. Did you mean: {}? Type // to start a message with a slash."


async def test_help_lists_every_command(server: Server) -> None:
    """Every one that can be done there, a line each, with how it is written; only who asks sees it."""
    async with plain(server.port, "eva") as eva, plain(server.port, "ana") as ana:
        ana.say("/help", "hola")
        lines = await ana.until("ana: hola")
        assert [line.split("  ")[0] for line in lines] == [f"-- {command.usage}" for command in LINE_COMMANDS]
        assert await eva.lines(2) == ["ana se ha unido al chat.", "ana: hola"]


async def test_help_speaks_the_servers_language_and_the_protocol_does_not(server: Server) -> None:
    """In Spanish the help is Spanish; the four lines of the protocol are the same in every language."""
    use_language("es")
    async with plain(server.port, "ana") as ana:
        ana.say("/help")
        assert await ana.read_line() == f"-- {ME.usage}  {SPANISH[ME.help]}"
        await ana.lines(len(LINE_COMMANDS) - 1)
        ana.say("SALIR")
        assert await ana.read_line() == "ana se ha desconectado."


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/who", "-- Here are: ana, eva"),
        ("/WHO", "-- Here are: ana, eva"),
        ("/nick leo", "-- ana is now leo."),
        ("/nick eva", "-- The nick eva is taken. Choose another."),
        ("/me saluda", "* ana saluda"),
        ("//me saluda", "ana: /me saluda"),
        ("/me", f"-- That command is written like this: {ME.usage}"),
        ("/quit now", "-- That command is written like this: /quit"),
        ("/whoo", UNKNOWN.format("/who /whois")),
        ("/leave", "-- Everyone is in #general. To leave the chat: /quit"),
        ("/leave now", "-- That command is written like this: /leave"),
        ("/join", "-- That command is written like this: /join #room"),
        ("/join ops", "-- A room is # and then letters, digits, _ - or . with at most 64 characters in all."),
        ("/zzz", UNKNOWN.format("/help")),
        ("/", UNKNOWN.format("/help")),
        ("   ", "-- There is nothing in that message. Write something."),
    ],
)
async def test_a_typed_line_and_its_answer(server: Server, line: str, answer: str) -> None:
    """What is typed is answered with exactly one line, and the next line is a message as ever."""
    async with plain(server.port, "eva"), plain(server.port, "ana") as ana:
        ana.say(line, "last")
        assert await ana.read_line() == answer
        assert (await ana.read_line()).endswith(": last")


async def test_quit_leaves(server: Server) -> None:
    """`/quit` is SALIR by another name."""
    async with plain(server.port, "ana") as ana:
        ana.say("/quit", "hola")
        assert await ana.rest() == b"ana se ha desconectado.\n"


async def test_a_command_is_no_nick(server: Server) -> None:
    """Before there is a nick, a line is one: a command is refused as such."""
    async with connected(server.port) as peer:
        peer.say("/help")
        assert await peer.read_line() == "NICK"
        assert (await peer.read_line()).startswith("-- A nick has")
