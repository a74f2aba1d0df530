"""What happens on this side of the wire, beside the server's own events."""

from enum import StrEnum

import msgspec

from chatapp.protocol.events import Error, Event
from chatapp.protocol.requests import Say


class Reason(StrEnum):
    """Why there is no connection."""

    UNKNOWN_HOST = "unknown-host"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NOT_CHAT = "not-chat"
    CANNOT_HOST = "cannot-host"
    LOST = "lost"
    SHUTTING_DOWN = "shutting-down"
    FULL = "full"
    VERSION = "version"


class Connecting(msgspec.Struct, frozen=True):
    """A connection to `host` and `port` is being made."""

    host: str
    port: int


class Disconnected(msgspec.Struct, frozen=True):
    """There is no connection; the next try comes in `retry_in` seconds, or at once by `Client.retry_now`."""

    reason: Reason
    retry_in: float


class NickWanted(msgspec.Struct, frozen=True):
    """The client waits for `Client.choose_nick`; `error` says why the last nick was refused, if one was."""

    error: Error | None


class Hosting(msgspec.Struct, frozen=True):
    """Nothing listened there, so this process hosts the chat from here on."""

    host: str
    port: int


class Queued(msgspec.Struct, frozen=True):
    """`say` waits until the server confirms it by a Said with its id, or refuses it by an Error with its id."""

    say: Say


LocalEvent = Connecting | Disconnected | NickWanted | Hosting | Queued
ClientEvent = Event | LocalEvent
