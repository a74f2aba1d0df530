"""What the timeline says of each event."""

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, Disconnected, Hosting, Reason
from chatapp.protocol import limits
from chatapp.protocol.commands import COMMANDS
from chatapp.protocol.errors import Code
from chatapp.protocol.events import (
    Described,
    Entered,
    Error,
    Members,
    Renamed,
    RoomInfo,
    RoomList,
    Said,
    Welcomed,
)
from chatapp.protocol.names import CONVERSATION
from chatapp.protocol.requests import Level, Say
from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.texts.errors import explain
from chatapp.texts.people import describe, here_are
from chatapp.texts.rooms import called
from chatapp.tui.entries import Entry, Kind
from chatapp.tui.messages import entry_for_said

_REASONS = {
    Reason.UNKNOWN_HOST: "The host {host} is unknown. Check the name, or give its address.",
    Reason.REFUSED: "Nothing listens at {host}:{port}. Start it there with: chatapp serve",
    Reason.UNREACHABLE: "{host}:{port} can't be reached. Check the address and the network.",
    Reason.NOT_CHAT: "What answers at {host}:{port} is no chat. Check the port.",
    Reason.CANNOT_HOST: "Nothing listens at {host}:{port}, and this window can't host a chat there.",
    Reason.LOST: "The connection to {host}:{port} was lost.",
    Reason.SHUTTING_DOWN: "The server at {host}:{port} has shut down.",
    Reason.FULL: "The server at {host}:{port} is full.",
    Reason.VERSION: "The server at {host}:{port} speaks another version of the protocol. Use the same chatapp on both.",
}

_LEVELS: dict[Level, str] = {
    "all": "You are told of everything in {room}.",
    "mentions": "You are told of mentions only in {room}.",
    "none": "You are told of nothing in {room}.",
}

_QUOTED_CHARACTERS = 40


def explain_reason(reason: Reason, host: str, port: int) -> str:
    """Return why there is no connection, and what to do about it."""
    return tr(_REASONS[reason], host=host, port=port)


def entry_for(event: ClientEvent, client: Client, now: float) -> Entry | None:
    """Return what stands in the timeline for `event` at `now` (seconds since 1970), None for nothing."""
    match event:
        case Said():
            return entry_for_said(event, client.state.nick)
        case Disconnected():
            return Entry(Kind.ERROR, explain_reason(event.reason, client.host, client.port), now)
        case Hosting():
            return Entry(Kind.NOTICE, _hosting(event), now)
        case _:
            return _notice_for(event, now)


def _notice_for(event: ClientEvent, now: float) -> Entry | None:
    match event:
        case Renamed():
            return Entry(Kind.NOTICE, tr("{nick} is now {to}", nick=event.nick, to=event.to), event.at)
        case Entered():
            return Entry(Kind.NOTICE, _entered(event), now)
        case Members():
            return Entry(Kind.NOTICE, here_are(event.nicks, event.count, event.presence), now)
        case Described():
            return Entry(Kind.NOTICE, one_line(describe(event)), now)
        case RoomList():
            return Entry(Kind.NOTICE, _rooms(event), now)
        case _:
            return None


def _entered(event: Entered) -> str:
    if event.room.startswith(CONVERSATION):
        here = tr("Only you and {nick} read what is said here.", nick=one_line(event.title))
    else:
        here = tr("You are in {room} now.", room=one_line(called(event.room, event.title)))
    return f"{here} {topic_of(event.topic)}" if event.topic else here


def topic_of(topic: str) -> str:
    """Return what a room is about, if that was said."""
    return tr("Topic: {topic}", topic=one_line(topic)) if topic else tr("Nobody has said what this room is about.")


def told_of(level: Level, title: str) -> str:
    """Return what of a room, which people call `title`, the person is told of."""
    return tr(_LEVELS[level], room=one_line(title))


def _rooms(event: RoomList) -> str:
    """Return the rooms, one on each line."""
    return tr("There are these rooms: {rooms}", rooms="".join(f"\n{_room(info)}" for info in event.rooms))


def _room(info: RoomInfo) -> str:
    parts = (f"{called(info.room, info.title)} ({info.count})", info.topic)
    return " · ".join(one_line(part) for part in parts if part)


def _hosting(event: Hosting) -> str:
    port = "" if event.port == limits.PORT else f" --port {event.port}"
    return tr(
        "No chat was running here, so this window hosts it at {host}:{port}. "
        "Others on this machine join with: chatapp join{option} --nick NAME",
        host=event.host,
        port=event.port,
        option=port,
    )


def refusal(error: Error, say: Say | None) -> str:
    """Return what `error` says; if it refuses the message `say`, it quotes how that begins."""
    reason = explain(error.code, error.detail, error.limit, error.text)
    if say is None:
        return reason
    text = one_line(say.text)
    quote = text if len(text) <= _QUOTED_CHARACTERS else f"{text[:_QUOTED_CHARACTERS]}…"
    if error.code == Code.STORAGE_FULL:
        return tr("“{quote}” waits until there is room on the server's disk.", quote=quote)
    return tr("“{quote}”: {reason}", quote=quote, reason=reason)


def new_start(event: Welcomed) -> str:
    """Return why the timeline is empty after a connection was mended."""
    if event.has_gap:
        return tr("More was missed than fits; what is older loads as you scroll up.")
    return tr("This is another chat than before.")


def welcome(client: Client) -> str:
    """Return what a newcomer needs to know first."""
    return tr(
        "You are in {room} as {nick}. Type and press Enter; F1 helps, ctrl+q leaves.",
        room=one_line(client.state.title_of(client.state.room)),
        nick=client.state.nick,
    )


def command_lines() -> list[tuple[str, str]]:
    """Return each command's usage, and what it does."""
    return [(command.usage, tr(command.help)) for command in COMMANDS.values()]
