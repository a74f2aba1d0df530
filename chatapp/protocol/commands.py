"""Slash commands: one table, from which parsing, help and completion are read."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

import msgspec

from chatapp.protocol.errors import BadUsage, UnknownCommand
from chatapp.protocol.requests import (
    Help,
    History,
    Intent,
    Join,
    Kind,
    Leave,
    Quit,
    Rename,
    Rooms,
    Say,
    Search,
    Who,
    is_salir,
)

HISTORY_LINES = 20
"""How many messages a typed command lists."""


class Place(msgspec.Struct, frozen=True):
    """Where a line is typed: the room it goes to, and where a message made of it gets its id."""

    room: str
    new_id: Callable[[], str]

    def say(self, text: str, kind: Kind = "text") -> Say:
        return Say(self.room, text, self.new_id(), kind)


@dataclass(frozen=True)
class Command:
    """One slash command. `arguments` is empty, or names the one argument, which must then be given."""

    name: str
    arguments: str
    help: str
    """One line in English, the key of its translations."""
    build: Callable[[str, Place], Intent]

    @property
    def usage(self) -> str:
        return f"/{self.name} {self.arguments}".rstrip()

    def parse(self, argument: str, place: Place) -> Intent:
        """Build what the command asks for. Raises BadUsage if an argument is missing or one too many."""
        if bool(argument) != bool(self.arguments):
            raise BadUsage(self.usage)
        return self.build(argument, place)


COMMANDS = {
    command.name: command
    for command in (
        Command("me", "…", "say what you do", lambda text, place: place.say(text, "action")),
        Command("nick", "…", "take another nick", lambda name, _: Rename(name)),
        Command("join", "…", "go into a room, as in /join #ops", lambda name, _: Join(name)),
        Command("leave", "", "leave this room", lambda _, place: Leave(place.room)),
        Command("rooms", "", "list the rooms", lambda *_: Rooms()),
        Command("who", "", "list who is here", lambda _, place: Who(place.room)),
        Command("history", "", "list what was said last", lambda _, place: History(place.room, limit=HISTORY_LINES)),
        Command(
            "search",
            "…",
            "find what was said: words, from:ana, before:2026-01-31",
            lambda query, place: Search(place.room, query, limit=HISTORY_LINES),
        ),
        Command("help", "", "list the commands", lambda *_: Help()),
        Command("quit", "", "leave the chat (or type salir)", lambda *_: Quit()),
    )
}


def parse(line: str, place: Place) -> Intent:
    """Read what somebody typed: ``salir``, a command, or text; ``//`` stands for a text's leading slash.

    Raises UnknownCommand, with the nearest names as its detail, or BadUsage.
    """
    if is_salir(line):
        return Quit()
    if line.startswith("//"):
        return place.say(line[1:])
    if not line.startswith("/"):
        return place.say(line)
    name, _, argument = line[1:].partition(" ")
    if (command := COMMANDS.get(name.lower())) is None:
        raise UnknownCommand(_nearest(name))
    return command.parse(argument.strip(), place)


def _nearest(name: str) -> str:
    names = get_close_matches(name.lower(), COMMANDS, cutoff=0.5) or COMMANDS
    return " ".join(f"/{near}" for near in names)
