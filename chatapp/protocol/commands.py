"""Slash commands: one table, from which parsing, help and completion are read."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import get_args

import msgspec

from chatapp.protocol.emoji import with_emoji
from chatapp.protocol.errors import BadUsage, UnknownCommand
from chatapp.protocol.moderating import measure, scope
from chatapp.protocol.requests import (
    Audit,
    Ban,
    Delete,
    Edit,
    Free,
    Help,
    History,
    Intent,
    Invite,
    Join,
    Kick,
    Kind,
    Leave,
    Level,
    MakePrivate,
    Mentions,
    Mute,
    Quit,
    React,
    Remove,
    Rename,
    Rooms,
    Say,
    Search,
    Set,
    SetLevel,
    SetPresence,
    Slow,
    Unban,
    Unmute,
    Who,
    Whois,
    is_salir,
)

NEWEST_OF_ANOTHER = -1
"""Stands for the `seq` of the newest message in the room that somebody else said."""

HISTORY_LINES = 20
"""How many messages a typed command lists."""


_MOST_DIGITS = 9


class Place(msgspec.Struct, frozen=True):
    """Where a line is typed: the room it goes to, and where a message made of it gets its id."""

    room: str
    new_id: Callable[[], str]

    def say(self, text: str, kind: Kind = "text", reply: int = 0) -> Say:
        return Say(self.room, with_emoji(text), self.new_id(), kind, reply)


class Command(msgspec.Struct, frozen=True):
    """One slash command. `arguments` is empty, or names what must be given, or in brackets what may be."""

    name: str
    arguments: str
    help: str
    """One line in English, the key of its translations."""
    build: Callable[[str, Place], Intent]
    takes_nick: bool = False
    """Whether what comes first is a nick."""
    needs_screen: bool = False
    """Whether only the full screen can do it."""

    @property
    def usage(self) -> str:
        return f"/{self.name} {self.arguments}".rstrip()

    def parse(self, argument: str, place: Place) -> Intent:
        """Build what the command asks for. Raises BadUsage if an argument is missing, needless or makes no sense."""
        is_optional = self.arguments.startswith("[")
        if not is_optional and bool(argument) != bool(self.arguments):
            raise BadUsage(self.usage)
        try:
            return self.build(argument, place)
        except ValueError:
            raise BadUsage(self.usage) from None


def _message(argument: str, place: Place) -> Intent:
    """Say something to one person, or only open the conversation with them."""
    nick, _, text = argument.partition(" ")
    room = f"@{nick.removeprefix('@')}"
    return Place(room, place.new_id).say(text.strip()) if text.strip() else Join(room)


def _edit(text: str, place: Place) -> Intent:
    return Edit(place.room, with_emoji(text))


def _reply(text: str, place: Place) -> Intent:
    return place.say(text, reply=NEWEST_OF_ANOTHER)


def _topic(topic: str, place: Place) -> Intent:
    """Set the topic, or have it told."""
    return place.say(topic, "topic") if topic else Join(place.room)


def _private(title: str, _: Place) -> Intent:
    return MakePrivate(title)


def _react(argument: str, place: Place) -> Intent:
    """React to the last message; a minus takes that back. Raises ValueError if it is more than one word."""
    (name,) = argument.split()
    return React(place.room, name.removeprefix("-").strip(":"), on=not name.startswith("-"))


def _delete(nick: str, place: Place) -> Intent:
    return Delete(place.room, nick=nick.removeprefix("@"))


def _invite(nick: str, place: Place) -> Intent:
    return Invite(place.room, nick)


def _remove(nick: str, place: Place) -> Intent:
    return Remove(place.room, nick)


def _kick(argument: str, place: Place) -> Intent:
    where, rest = scope(argument, place.room)
    nick, _, reason = rest.partition(" ")
    return Kick(where, _named(nick), reason.strip())


def _ban(argument: str, place: Place) -> Intent:
    where, who, seconds, reason = measure(argument, place.room)
    return Unban(where, who) if seconds == 0 else Ban(where, who, seconds or 0, reason)


def _unban(argument: str, place: Place) -> Intent:
    where, who = scope(argument, place.room)
    return Unban(where, _named(who))


def _mute(argument: str, place: Place) -> Intent:
    where, who, seconds, reason = measure(argument, place.room)
    return Unmute(where, who) if seconds == 0 else Mute(where, who, seconds or 0, reason)


def _unmute(argument: str, place: Place) -> Intent:
    where, who = scope(argument, place.room)
    return Unmute(where, _named(who))


def _slow(argument: str, place: Place) -> Intent:
    """Raises ValueError for what is no number of seconds."""
    where, seconds = scope(argument, place.room)
    if not (seconds.isascii() and seconds.isdigit()):
        raise ValueError
    return Slow(where, int(seconds[:_MOST_DIGITS]))


def _named(who: str) -> str:
    """Raises ValueError if `who` is not one word."""
    (one,) = who.split()
    return one.removeprefix("@")


def _notify(level: str, place: Place) -> Intent:
    """Raises ValueError for what is no level."""
    return SetLevel(place.room, get_args(Level)[get_args(Level).index(level.lower())])


def _set(argument: str, _place: Place) -> Intent:
    name, _, value = argument.partition(" ")
    return Set(name.lower(), value.strip())


def _history(_: str, place: Place) -> Intent:
    return History(place.room, limit=HISTORY_LINES)


def _search(query: str, place: Place) -> Intent:
    return Search(place.room, query, limit=HISTORY_LINES)


COMMANDS = {
    command.name: command
    for command in (
        Command("me", "…", "say what you do", lambda text, place: place.say(text, "action")),
        Command("msg", "nick [text]", "write to one person alone", _message, takes_nick=True),
        Command("reply", "…", "answer what somebody else said last", _reply),
        Command("edit", "…", "say your last message in other words", _edit),
        Command(
            "delete",
            "[nick]",
            "take your last message back, or, in a room that you made, that of nick",
            _delete,
            takes_nick=True,
        ),
        Command("react", ":name:", "react to the last message, as in /react :heart:", _react),
        Command("nick", "name", "take another nick", lambda name, _: Rename(name)),
        Command("join", "#room", "go into a room, as in /join #ops", lambda name, _: Join(name)),
        Command("private", "name", "make a room that only those see whom you bring", _private),
        Command("invite", "nick", "bring somebody into this private room", _invite, takes_nick=True),
        Command("remove", "nick", "take somebody out of this room that you made", _remove, takes_nick=True),
        Command(
            "kick",
            "nick [reason]",
            "take somebody out of here; as in /kick #ops luis, out of #ops",
            _kick,
            takes_nick=True,
        ),
        Command(
            "ban",
            "nick [2h] [reason]",
            "keep somebody out of here, for a time or for good; /ban #general luis: out of the chat",
            _ban,
            takes_nick=True,
        ),
        Command("unban", "nick", "let somebody come in again", _unban, takes_nick=True),
        Command(
            "mute",
            "nick [2h] [reason]",
            "let somebody say nothing here, for a time or for good; /mute #general luis: nowhere",
            _mute,
            takes_nick=True,
        ),
        Command("unmute", "nick", "let somebody speak again", _unmute, takes_nick=True),
        Command("slow", "0|10|60", "let everyone say one message here in so many seconds; 0: as they like", _slow),
        Command("audit", "", "list what those who moderate did; for operators", lambda *_: Audit(HISTORY_LINES)),
        Command("leave", "", "leave this room", lambda _, place: Leave(place.room)),
        Command("topic", "[…]", "say what this room is about, or be told", _topic),
        Command("rooms", "", "list the rooms", lambda *_: Rooms()),
        Command("who", "", "list who is here", lambda _, place: Who(place.room)),
        Command("whois", "nick", "ask who somebody is", lambda nick, _: Whois(nick), takes_nick=True),
        Command("away", "[…]", "be away, and say why", lambda text, _: SetPresence("away", text)),
        Command("back", "", "be back", lambda *_: SetPresence("active")),
        Command(
            "free", "nick", "free a nick that somebody owns and doesn't use; for operators", lambda nick, _: Free(nick)
        ),
        Command("notify", "all|mentions|none", "choose what of this room you are told of", _notify),
        Command("mentions", "", "list where you were mentioned", lambda *_: Mentions(limit=HISTORY_LINES)),
        Command("history", "", "list what was said last", _history),
        Command("search", "…", "find what was said: words, from:ana, before:2026-01-31", _search),
        Command("set", "[name [value]]", "change a setting, or look at them all", _set, needs_screen=True),
        Command("help", "", "list the commands", lambda *_: Help()),
        Command("quit", "", "leave the chat (or type salir)", lambda *_: Quit()),
    )
}

LINE_COMMANDS = tuple(command for command in COMMANDS.values() if not command.needs_screen)
"""What can be done line by line too."""


def parse(line: str, place: Place) -> Intent:
    """Read what somebody typed: ``salir``, a command, or text; ``//`` stands for a text's leading slash.

    Raises UnknownCommand, with the nearest names as its detail, or that of the list of all; or BadUsage.
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
    names = get_close_matches(name.lower(), COMMANDS, cutoff=0.5) or ["help"]
    return " ".join(f"/{near}" for near in names)
