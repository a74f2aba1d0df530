"""What the timeline says of each event."""

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, Disconnected, Hosting, Reason
from chatapp.protocol import limits
from chatapp.protocol.commands import COMMANDS
from chatapp.protocol.events import Error, Joined, Left, Members, Renamed, Said
from chatapp.protocol.names import name_key
from chatapp.texts import tr
from chatapp.texts.errors import explain
from chatapp.tui.entries import Entry, Kind

_REASONS = {
    Reason.UNKNOWN_HOST: "The host {host} is unknown. Check the name, or give its address.",
    Reason.REFUSED: "Nothing listens at {host}:{port}. Start it there with: chatapp serve",
    Reason.UNREACHABLE: "{host}:{port} can't be reached. Check the address and the network.",
    Reason.NOT_CHAT: "What answers at {host}:{port} is no chat. Check the port.",
    Reason.LOST: "The connection to {host}:{port} was lost.",
    Reason.SHUTTING_DOWN: "The server at {host}:{port} has shut down.",
    Reason.VERSION: "The server at {host}:{port} speaks another version of the protocol. Use the same chatapp on both.",
}


def explain_reason(reason: Reason, host: str, port: int) -> str:
    """Return why there is no connection, and what to do about it."""
    return tr(_REASONS[reason], host=host, port=port)


def entry_for(event: ClientEvent, client: Client, now: float) -> Entry | None:
    """Return what stands in the timeline for `event` at `now` (seconds since 1970), None for nothing."""
    match event:
        case Said():
            kind = Kind.ACTION if event.kind == "action" else Kind.TEXT
            is_own = name_key(event.nick) == name_key(client.state.nick)
            return Entry(kind, event.text, event.at, event.nick, is_own)
        case Disconnected():
            return Entry(Kind.ERROR, explain_reason(event.reason, client.host, client.port), now)
        case Hosting():
            return Entry(Kind.NOTICE, _hosting(event), now)
        case Error():
            return Entry(Kind.ERROR, explain(event.code, event.detail, event.limit, event.text), now)
        case _:
            return _notice_for(event, now)


def _notice_for(event: ClientEvent, now: float) -> Entry | None:
    match event:
        case Joined():
            return Entry(Kind.JOINED, tr("{nick} joined", nick=event.nick), event.at)
        case Left():
            return Entry(Kind.LEFT, tr("{nick} left", nick=event.nick), event.at)
        case Renamed():
            return Entry(Kind.NOTICE, tr("{nick} is now {to}", nick=event.nick, to=event.to), event.at)
        case Members():
            return Entry(Kind.NOTICE, tr("Here are: {nicks}", nicks=", ".join(event.nicks)), now)
        case _:
            return None


def _hosting(event: Hosting) -> str:
    port = "" if event.port == limits.PORT else f" --port {event.port}"
    return tr(
        "No chat was running here, so this window hosts it at {host}:{port}. "
        "Others on this machine join with: chatapp join{option} --nick NAME",
        host=event.host,
        port=event.port,
        option=port,
    )


def welcome(client: Client) -> str:
    """Return what a newcomer needs to know first."""
    return tr(
        "You are in {room} as {nick}. Type and press Enter; F1 helps, ctrl+q leaves.",
        room=client.state.room,
        nick=client.state.nick,
    )


def command_lines() -> list[tuple[str, str]]:
    """Return each command's usage, and what it does."""
    return [(command.usage, tr(command.help)) for command in COMMANDS.values()]
