"""What can be set about a server, and the numbers it keeps to."""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from chatapp.protocol import limits
from chatapp.server.password import Password

DEFAULT_HOST = "127.0.0.1"
NICK_EXPIRY_DAYS = 365


class Timing(msgspec.Struct, frozen=True):
    """All of a server's pauses and periods, in seconds."""

    newline_after: float = limits.NEWLINE_AFTER_SECONDS
    unframed_after: float = limits.UNFRAMED_AFTER_SECONDS
    unframed_pause: float = limits.UNFRAMED_PAUSE_SECONDS
    handshake: float = limits.HANDSHAKE_SECONDS
    linger: float = 3.0
    """How long a closed connection may take to send what was waiting."""
    silence: float = limits.SILENCE_SECONDS
    sweep: float = 5.0
    """How often to look for the dead."""
    recount: float = 1.0
    """How often, at most, a room with too many people for a list is told how many there are."""
    prune: float = 60.0
    """How often to look for messages that need not be kept any more."""
    expiry: float = 3600.0
    """How often to look for nicks that nobody uses any more."""


class Rates(msgspec.Struct, frozen=True):
    """How often people may ask, and how many connections one address may have; all else follows from the two."""

    per_second: float | None = limits.REQUESTS_PER_SECOND
    """What one person may ask for a second; None for as much as they like, and so may addresses."""
    connections: int = limits.ADDRESS_CONNECTIONS
    spares_loopback: bool = True
    """Whether those on this machine may have any number of connections, and are counted as persons only."""


class Settings(msgspec.Struct, frozen=True):
    """Where a server listens, and how. Port 0 asks the system for a free one."""

    host: str = DEFAULT_HOST
    port: int = limits.PORT
    timing: Timing = Timing()
    rates: Rates = Rates()
    data: Path | None = None
    """The folder under which the log is; None for the user's own."""
    certificate: Path | None = None
    """What to speak TLS with, in PEM; None for one that the server makes, and shows to all but this machine."""
    key: Path | None = None
    """The key of `certificate`, in PEM; None if it is in the same file."""
    insecure: bool = False
    """Whether other machines are to talk to it without TLS."""
    keep_days: float | None = None
    keep_messages: int | None = None
    nick_expiry_days: float | None = NICK_EXPIRY_DAYS
    """After so long without its owner a nick is free; None for never."""
    outbox_bytes: int = limits.OUTBOX_BYTES
    connections: int | None = None
    """How many connections there may be at once; None for as many as the system lets this process have."""
    operators: tuple[str, ...] = ()
    """Who looks after the whole chat: public keys as hexadecimal digits, or nicks, which count if a key owns them."""
    log_addresses: bool = False
    """Whether the log says from where somebody comes."""
    password: Password | None = None
    """What whoever is no member yet is asked for; None if nothing is."""
    invite_only: bool = False
    """Whether whoever is no member yet needs an invitation."""
    allow: tuple[str, ...] = ()
    """The networks that peers may come from, beside this machine; none named for all."""
    deny: tuple[str, ...] = ()
    """The networks that no peer may come from."""
    clock: Callable[[], float] = time.time
    """Returns the time in seconds since 1970."""
