"""What happens on this side of the wire, beside the server's own events."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

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
    CROWDED = "crowded"
    TOO_OFTEN = "too-often"
    FLOODING = "flooding"
    VERSION = "version"
    NOT_IN_CLEAR = "not-in-clear"
    NO_TLS = "no-tls"
    TLS_GONE = "tls-gone"
    DOWNGRADE = "downgrade"
    KEY_CHANGED = "key-changed"
    WRONG_PIN = "wrong-pin"
    BAD_CERTIFICATE = "bad-certificate"
    KNOWN_UNUSABLE = "known-unusable"
    KICKED = "kicked"
    BANNED = "banned"
    NEEDS_KEY = "needs-key"
    TOO_MANY_GUESSES = "too-many-guesses"
    WOULD_EXPOSE = "would-expose"


UNTRUSTED = frozenset(
    [
        Reason.TLS_GONE,
        Reason.DOWNGRADE,
        Reason.KEY_CHANGED,
        Reason.WRONG_PIN,
        Reason.BAD_CERTIFICATE,
        Reason.KNOWN_UNUSABLE,
    ]
)
"""After these nobody tries again of themselves: first a person has to look at what stands in the way."""

NO_DETAILS: Mapping[str, str] = MappingProxyType({})


class Connecting(msgspec.Struct, frozen=True):
    """A connection to `host` and `port` is being made."""

    host: str
    port: int


class Disconnected(msgspec.Struct, frozen=True):
    """There is no connection; the next try comes in `retry_in` seconds, or at once by `Client.retry_now`.

    That is infinite where no try would help. `details` are what the text for `reason` names.
    """

    reason: Reason
    retry_in: float
    details: Mapping[str, str] = NO_DETAILS


class NickWanted(msgspec.Struct, frozen=True):
    """The client waits for `Client.choose_nick`; `error` says why the last nick was refused, if one was."""

    error: Error | None


class SecretWanted(msgspec.Struct, frozen=True):
    """The client waits for `Client.give_secret`; `error` says what for, or why what was given is refused."""

    error: Error


class Hosting(msgspec.Struct, frozen=True):
    """Nothing listened there, so this process hosts the chat from here on."""

    host: str
    port: int


class Met(msgspec.Struct, frozen=True):
    """A server was met for the first time, by TLS; from here on it is known by the key that `pin` names."""

    host: str
    port: int
    pin: str


class Queued(msgspec.Struct, frozen=True):
    """`say` waits until the server confirms it by a Said with its id, or refuses it by an Error with its id."""

    say: Say


class Looked(msgspec.Struct, frozen=True):
    """The person looks at `room` now: by `Client.look_at`, or because they asked to join it."""

    room: str


class Restarted(msgspec.Struct, frozen=True):
    """This client is in `room` again, and may have missed something there: what is up to `seq` is to be asked for."""

    room: str
    seq: int


class Lost(msgspec.Struct, frozen=True):
    """The person is not in `room` any more: another client left it while this one had no connection.

    Or they are a guest, and it was not public: with the connection before, a guest was gone for good.
    """

    room: str


class Read(msgspec.Struct, frozen=True):
    """The person has read all that is known of `room`, by `Client.mark_read`; the server is told."""

    room: str


LocalEvent = (
    Connecting | Disconnected | NickWanted | SecretWanted | Hosting | Met | Queued | Looked | Restarted | Lost | Read
)
ClientEvent = Event | LocalEvent
