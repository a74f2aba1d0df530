"""How a server reads from and writes to each of the three dialects."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from chatapp.protocol import commands, plain, rich
from chatapp.protocol.commands import LINE_COMMANDS, Place
from chatapp.protocol.events import (
    AuditPage,
    Became,
    Challenged,
    Counted,
    Deleted,
    Described,
    DeviceList,
    Edited,
    Entered,
    Error,
    Event,
    Found,
    Freed,
    HistoryPage,
    Joined,
    Left,
    Members,
    Pong,
    Present,
    Reacted,
    Renamed,
    RoomList,
    Said,
    Typed,
    Welcomed,
)
from chatapp.protocol.lines import LineBuffer, Piece, ReadBuffer
from chatapp.protocol.names import CONVERSATION
from chatapp.protocol.opening import Dialect
from chatapp.protocol.requests import Hello, Intent, is_salir
from chatapp.texts import tr
from chatapp.texts.moderation import deed_lines
from chatapp.texts.people import describe, here_are
from chatapp.texts.rooms import HAPPENINGS, called, happened


class Voice(NamedTuple):
    """One peer's dialect: its framing, what a line means in it, and how an event is spelt."""

    dialect: Dialect
    feed: Callable[[bytes], list[Piece]]
    """Bytes to texts and framing errors."""
    read: Callable[[str, str | None, Place], Intent]
    """A text to what it asks for, given the nick of who typed it, if they have one yet, and where.

    Raises ProtocolError.
    """

    @property
    def is_rich(self) -> bool:
        return self.dialect is Dialect.RICH

    def encode(self, event: Event) -> bytes:
        return encode(self.dialect, event)


def voice_of(dialect: Dialect) -> Voice:
    """Return a new voice, with buffers of its own."""
    match dialect:
        case Dialect.RICH:
            return Voice(dialect, LineBuffer().feed, _read_rich)
        case Dialect.PLAIN:
            return Voice(dialect, LineBuffer().feed, _read_typed)
        case Dialect.UNFRAMED:
            return Voice(dialect, ReadBuffer().feed, _UnframedReader().read)


def encode(dialect: Dialect, event: Event) -> bytes:
    """Return the bytes that show `event` in `dialect`, each line with its LF."""
    return encode_all(dialect, (event,))


def encode_all(dialect: Dialect, events: Sequence[Event]) -> bytes:
    """Return the bytes that show `events` in `dialect`, one after the other; of what it doesn't show, none."""
    if dialect is Dialect.RICH:
        return rich.encode_all(events)
    lines = [_spell(event) for event in events if not isinstance(event, _RICH_ONLY)]
    return "".join([f"{line}\n" for line in lines if line]).encode()


def help_lines() -> list[str]:
    """Return what ``/help`` lists, in the server's language: a line a command."""
    return [f"{command.usage}  {tr(command.help)}" for command in LINE_COMMANDS]


def _read_rich(text: str, _nick: str | None, _place: Place) -> Intent:
    return rich.decode_request(text)


def _read_typed(text: str, nick: str | None, place: Place) -> Intent:
    if nick is None and not is_salir(text):
        return Hello(text.strip())
    return commands.parse(text, place)


class _UnframedReader:
    """Drops the speaker that such peers write: as they first gave the nick, whatever it is by now."""

    def __init__(self) -> None:
        self._written = ""

    def read(self, text: str, nick: str | None, place: Place) -> Intent:
        if nick is None:
            self._written = text.strip()
            return _read_typed(text, nick, place)
        said = plain.without_speaker(text, self._written)
        return _read_typed(said if said != text else plain.without_speaker(text, nick), nick, place)


_RICH_ONLY = (Became, Challenged, Counted, DeviceList, Freed, Pong, Present, Reacted, Typed)
"""What plain peers are not told: it is for programs, or changes all the time, which is noise in a log."""

Aside = Entered | RoomList | Renamed | Members | Described | Deleted | Error
"""What plain peers are told by a notice."""

Spelt = Welcomed | Said | Edited | Joined | Left | HistoryPage | Found | AuditPage | Aside


def _spell(event: Spelt) -> str:
    """Return the line that shows `event`, "" for none."""
    match event:
        case Said():
            return _spell_said(event)
        case Joined() | Left() if event.room.startswith(CONVERSATION):
            return ""
        case Edited() | Joined() | Left():
            return plain.line_for(event)
        case Welcomed():
            return plain.CONNECTED
        case AuditPage():
            return "\n".join(map(plain.notice, deed_lines(event.deeds)))
        case HistoryPage():
            return _spell_list(event.messages, tr("There are no older messages."))
        case Found():
            return _spell_list(event.messages[::-1], tr("Nothing was found."))
        case _:
            return plain.notice(_say_of(event))


def _say_of(event: Aside) -> str:
    match event:
        case Entered():
            return _say_where(event)
        case RoomList():
            rooms = ", ".join(f"{called(info.room, info.title)} ({info.count})" for info in event.rooms)
            return tr("There are these rooms: {rooms}", rooms=rooms)
        case Deleted():
            return tr("{nick} deleted a message.", nick=event.nick)
        case Renamed():
            return tr("{nick} is now {to}.", nick=event.nick, to=event.to)
        case Members():
            return here_are(event.nicks, event.count, event.presence)
        case Described():
            return describe(event)
        case Error():
            return event.text


def _say_where(event: Entered) -> str:
    if event.room.startswith(CONVERSATION):
        return tr("Only {nick} reads what you write with: /msg {nick} …", nick=event.title)
    here = tr("You are in {room} now.", room=called(event.room, event.title))
    people = here_are(event.members, event.count, event.presence)
    topic = tr("Topic: {topic}", topic=event.topic) if event.topic else ""
    return " · ".join(filter(None, (f"{here} {people}", topic)))


def _spell_said(said: Said) -> str:
    if said.kind in HAPPENINGS:
        return plain.notice(happened(said.kind, said.nick, said.text))
    return plain.line_for(said)


def _spell_list(messages: Sequence[Said], none: str) -> str:
    """Return a notice for each message, with its date and time (UTC), the oldest first."""
    lines = [f"{_moment(said.at)} {_told(said)}" for said in messages]
    return "\n".join(map(plain.notice, lines or [none]))


def _told(said: Said) -> str:
    if said.is_deleted:
        return f"{said.nick}: ({tr('deleted')})"
    return happened(said.kind, said.nick, said.text) if said.kind in HAPPENINGS else plain.line_for(said)


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")
