"""Slash commands: what a typed line means, and the table that help is read from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.protocol.commands import COMMANDS, Command, Place, parse
from chatapp.protocol.errors import BadUsage, CommandError, UnknownCommand
from chatapp.protocol.requests import Edit, Help, Intent, Join, Leave, Quit, Rename, Rooms, Say, Who, is_salir

HERE = Place("#general", lambda: "id-1")

lines = st.text() | st.builds("/{}{}{}".format, st.sampled_from([*COMMANDS, "", "/", "mee"]), st.text(), st.text())


@given(lines)
def test_any_line_means_something_or_is_refused(line: str) -> None:
    """Whatever is typed is an intent, an unknown command or a wrong usage, and nothing else happens."""
    refusal: CommandError | None = None
    try:
        assert isinstance(parse(line, HERE), Intent)
    except (UnknownCommand, BadUsage) as error:
        refusal = error
    assert refusal is None or (line.startswith("/") and refusal.detail.startswith("/"))


@given(lines)
def test_a_text_is_said_as_it_is(line: str) -> None:
    """What is no command and not salir is a message to this room, with this id; // stands for a leading slash."""
    if not is_salir(line):
        text = "/" + line.removeprefix("/") if line.startswith("/") else line
        assert parse(f"/{text}" if text.startswith("/") else text, HERE) == Say("#general", text, "id-1")


@pytest.mark.parametrize(
    ("line", "intent"),
    [
        ("hola", Say("#general", "hola", "id-1")),
        ("", Say("#general", "", "id-1")),
        (" /me waves", Say("#general", " /me waves", "id-1")),
        ("//etc/hosts", Say("#general", "/etc/hosts", "id-1")),
        ("/me waves", Say("#general", "waves", "id-1", "action")),
        ("/ME   waves  at all ", Say("#general", "waves  at all", "id-1", "action")),
        ("/edit :heart: `:heart:`", Edit("#general", "❤ `:heart:`")),
        ("/nick eva", Rename("eva")),
        ("/who", Who("#general")),
        ("/join #Ops", Join("#Ops")),
        ("/leave", Leave("#general")),
        ("/rooms", Rooms()),
        ("/help ", Help()),
        ("/quit", Quit()),
    ],
)
def test_what_lines_mean(line: str, intent: Intent) -> None:
    """Commands are known in any case, and space around an argument is no part of it."""
    assert parse(line, HERE) == intent


@pytest.mark.parametrize("line", ["SALIR", "salir", "Salir", "  sAlIr \r"])
def test_salir_leaves(line: str) -> None:
    """The seed's word ends a session in any case, with space around it."""
    assert is_salir(line)
    assert parse(line, HERE) == Quit()


@pytest.mark.parametrize("line", ["salir ahora", "/salir", "salır", "ſalir", "SALI", "ＳＡＬＩＲ"])
def test_what_only_resembles_salir_does_not_leave(line: str) -> None:
    """Only the word alone, in its own letters, ends a session."""
    assert not is_salir(line)


@pytest.mark.parametrize("line", ["/me", "/me ", "/nick", "/who is here", "/help me", "/quit now"])
def test_a_wrong_usage_shows_the_right_one(line: str) -> None:
    """An argument that is missing, or one too many, is answered with how the command is written."""
    with pytest.raises(BadUsage) as caught:
        parse(line, HERE)
    assert caught.value.detail == COMMANDS[line[1:].split()[0]].usage


@pytest.mark.parametrize(("line", "near"), [("/mee hola", "/me"), ("/nik eva", "/nick"), ("/HLEP", "/help")])
def test_an_unknown_command_names_the_nearest(line: str, near: str) -> None:
    """A slip of the finger is answered with what was meant."""
    with pytest.raises(UnknownCommand) as caught:
        parse(line, HERE)
    assert near in caught.value.detail.split()


@pytest.mark.parametrize("line", ["/", "/ me", "/zzzzz"])
def test_an_unknown_command_with_none_near_names_the_list(line: str) -> None:
    """When nothing is near, the command is named that lists all."""
    with pytest.raises(UnknownCommand) as caught:
        parse(line, HERE)
    assert caught.value.detail == "/help"


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_every_command_does_what_its_usage_says(command: Command) -> None:
    """A command is found by its name, its usage, of a choice the first, is a line that it accepts; help is one line."""
    assert COMMANDS[command.name] is command
    argument = command.arguments.partition("|")[0]
    assert parse(f"/{command.name} {argument}", HERE) == command.build(argument, HERE)
    assert command.usage == f"/{command.name} {command.arguments}".strip()
    assert len(command.help.splitlines()) == 1


@pytest.mark.parametrize("error", [UnknownCommand, BadUsage])
def test_both_refusals_are_of_one_kind(error: type[Exception]) -> None:
    """A caller that shows refusals catches one class."""
    assert issubclass(error, CommandError)
