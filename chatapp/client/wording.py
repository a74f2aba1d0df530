"""What happens to a client, said to a person, whatever shows it."""

from collections.abc import Iterable

from chatapp.client.events import Disconnected, Hosting, Met, Reason
from chatapp.protocol import limits
from chatapp.protocol.commands import Command
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, RoomInfo, RoomList
from chatapp.protocol.names import CONVERSATION
from chatapp.protocol.requests import Level, Say
from chatapp.protocol.safe import one_line
from chatapp.texts import tr, tr_plural
from chatapp.texts.errors import explain
from chatapp.texts.rooms import called

_REASONS = {
    Reason.UNKNOWN_HOST: "The host {host} is unknown. Check the name, or give its address.",
    Reason.REFUSED: "Nothing listens at {host}:{port}. Start it there with: chatapp serve",
    Reason.UNREACHABLE: "{host}:{port} can't be reached. Check the address and the network.",
    Reason.NOT_CHAT: "What answers at {host}:{port} is no chat. Check the port.",
    Reason.CANNOT_HOST: "Nothing listens at {host}:{port}, and this window can't host a chat there.",
    Reason.LOST: "The connection to {host}:{port} was lost.",
    Reason.SHUTTING_DOWN: "The server at {host}:{port} has shut down.",
    Reason.FULL: "The server at {host}:{port} is full.",
    Reason.CROWDED: "This machine's address has all the connections to {host}:{port} that one may have. Close one.",
    Reason.TOO_OFTEN: "This machine's address has connected to {host}:{port} too often. Wait until it may again.",
    Reason.FLOODING: "The server at {host}:{port} ended the connection: far too much was sent too fast.",
    Reason.VERSION: "The server at {host}:{port} speaks another version of the protocol. Use the same chatapp on both.",
    Reason.NOT_IN_CLEAR: "What answers at {host}:{port} is no chat, or one that is encrypted: try without --insecure.",
    Reason.NO_TLS: "What answers at {host}:{port} can't be talked to by TLS, so nothing was said to it. If it is a "
    "simple server, on a network that you trust: chatapp join --insecure",
    Reason.TLS_GONE: "{host}:{port} can't be talked to by TLS any more, so nothing was said to it: somebody may stand "
    "between. If whoever runs it says that it does without now, take it out of {file}",
    Reason.DOWNGRADE: "{host}:{port} was met by TLS before, so it is not talked to without, and nothing was said to "
    "it. If whoever runs it says that it does without now, take it out of {file}",
    Reason.KEY_CHANGED: "{host}:{port} has another key than before, so nothing was said to it: somebody may stand "
    "between. Known: {known} Now: {found} If whoever runs it says that the key is new: chatapp join --host {host} "
    "--port {port} --pin {found}",
    Reason.WRONG_PIN: "{host}:{port} has another key than --pin says, so nothing was said to it: somebody may stand "
    "between. Expected: {known} Now: {found} Ask whoever runs it for the line to join with.",
    Reason.BAD_CERTIFICATE: "The certificate of {host}:{port} will not do, so nothing was said to it: {why}. Tell "
    "whoever runs it.",
    Reason.KNOWN_UNUSABLE: "The keys of the servers that you know can't be told from {file}: {why}. Mend it, or move "
    "it away and compare their keys anew.",
    Reason.KICKED: "You were taken off the chat at {host}:{port}. You may come again.",
    Reason.BANNED: "The chat at {host}:{port} doesn't let you in.",
    Reason.NEEDS_KEY: "The chat at {host}:{port} is for those who are invited, and knows them by their keys.",
    Reason.TOO_MANY_GUESSES: "The chat at {host}:{port} lets nobody try again so soon. Wait a while.",
    Reason.WOULD_EXPOSE: "The chat at {host}:{port} asks for a password, but the network between could read it, so it "
    "was not sent. Join by an encrypted connection.",
}

_CERTIFICATE_FAULTS = {
    "": "it is damaged",
    "9": "it is not valid yet",
    "10": "it has expired",
    "18": "nobody that --ca names vouches for it",
    "19": "nobody that --ca names vouches for it",
    "20": "nobody that --ca names vouches for it",
    "26": "it is not one for a server",
    "62": "it is for another name",
    "64": "it is for another address",
}
"""What is wrong with a certificate, by OpenSSL's numbers for it (X509_V_ERR); others are told in OpenSSL's words."""

_LEVELS: dict[Level, str] = {
    "all": "You are told of everything in {room}.",
    "mentions": "You are told of mentions only in {room}.",
    "none": "You are told of nothing in {room}.",
}

_QUOTED_CHARACTERS = 40


def explain_lost(event: Disconnected, host: str, port: int) -> str:
    """Return why there is no connection, and what to do about it."""
    details = {name: one_line(text) for name, text in event.details.items()}
    if (fault := _CERTIFICATE_FAULTS.get(details.get("fault", "none"))) is not None:
        details["why"] = tr(fault)
    return tr(_REASONS[event.reason], host=host, port=port, **details)


def where_one_is(room: str, title: str, topic: str) -> str:
    """Return that one is in `room` now, of that `title` if it is no public one, and what it is about."""
    if room.startswith(CONVERSATION):
        here = tr("Only you and {nick} read what is said here.", nick=one_line(title))
    else:
        here = tr("You are in {room} now.", room=one_line(called(room, title)))
    return f"{here} {topic_of(topic)}" if topic else here


def no_more_in(title: str, remover: str = "") -> str:
    """Return that one is no more in the room which people call `title`; `remover` took one out, if anybody did."""
    if remover:
        return tr("{nick} took you out of {room}.", nick=one_line(remover), room=one_line(title))
    return tr("You are not in {room} any more.", room=one_line(title))


def topic_of(topic: str) -> str:
    """Return what a room is about, if that was said."""
    return tr("Topic: {topic}", topic=one_line(topic)) if topic else tr("Nobody has said what this room is about.")


def told_of(level: Level, title: str) -> str:
    """Return what of a room, which people call `title`, the person is told of."""
    return tr(_LEVELS[level], room=one_line(title))


def rooms_there_are(event: RoomList) -> str:
    """Return the rooms, one on each line, below a heading."""
    return "\n".join((tr("There are these rooms:"), *map(_room, event.rooms)))


def _room(info: RoomInfo) -> str:
    parts = (f"{called(info.room, info.title)} ({info.count})", info.topic)
    return " · ".join(one_line(part) for part in parts if part)


def hosts_here(event: Hosting) -> str:
    """Return that this process hosts the chat, and how others join it."""
    port = "" if event.port == limits.PORT else f" --port {event.port}"
    return tr(
        "No chat was running here, so this window hosts it at {host}:{port}. "
        "Others on this machine join with: chatapp join{option} --nick NAME",
        host=event.host,
        port=event.port,
        option=port,
    )


def met_first(event: Met) -> str:
    """Return what a person is to know of a server that was met for the first time."""
    return tr(
        "{host}:{port} is known from now on by its key, {pin}. Compare it with the one that `chatapp serve` shows "
        "there.",
        host=event.host,
        port=event.port,
        pin=event.pin,
    )


def what_leaving_means(others: int) -> str:
    """Return what it means for so many `others` that whoever hosts the chat leaves."""
    return tr_plural(
        "This window hosts the chat, and {count} other is here. If you leave, another window on this machine takes "
        "over, and whoever is on another machine is cut off. Leave again to go.",
        "This window hosts the chat, and {count} others are here. If you leave, another window on this machine takes "
        "over, and whoever is on another machine is cut off. Leave again to go.",
        others,
    )


def refusal(error: Error, say: Say | None) -> str:
    """Return what `error` says; if it refuses the message `say`, it quotes how that begins."""
    reason = explain(error.code, error.detail, error.limit, error.text, error.retry_after)
    if say is None:
        return reason
    quote = beginning(say.text)
    if error.code == Code.STORAGE_FULL:
        return tr("“{quote}” waits until there is room on the server's disk.", quote=quote)
    if error.code == Code.TOO_FAST:
        return tr(
            "“{quote}” and what follows wait a little: the server takes {limit} a second in the long run. "
            "All of it goes out by itself.",
            quote=quote,
            limit=error.limit,
        )
    return tr("“{quote}”: {reason}", quote=quote, reason=reason)


def beginning(text: str) -> str:
    """Return how `text` begins, in one line."""
    line = one_line(text)
    return line if len(line) <= _QUOTED_CHARACTERS else f"{line[:_QUOTED_CHARACTERS]}…"


def command_lines(commands: Iterable[Command]) -> list[tuple[str, str]]:
    """Return the usage of each of `commands`, and what it does."""
    return [(command.usage, tr(command.help)) for command in commands]
