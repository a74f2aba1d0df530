"""What a server says: past tense, one struct each, tagged by `type` in the rich dialect.

`at` is when the server took it, in seconds since 1970 (POSIX); `seq` grows with every message of one log.
"""

import msgspec

from chatapp.protocol.errors import ProtocolError
from chatapp.protocol.requests import Kind


class _Event(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="type"):
    pass


class Challenged(_Event, frozen=True, tag="challenged"):
    """The key that the hello named is to be proved: a signature over `log`, `nonce`, the key and the nick."""

    log: str
    nonce: str


class Welcomed(_Event, frozen=True, tag="welcomed"):
    """The hello was granted: `members` are those in `room`, the newcomer among them.

    Of a crowd (limits.ROSTER_NICKS) only the newcomer is listed, and `count` says how many there are.

    `log` names the log that `seq` counts in: another log starts anew. `seq` is its last message's. Whoever named
    this log and what they had `seen` of it is now sent all that they missed; if `has_gap`, that is too much, and
    what is older than `seq` is to be asked for as history.
    """

    nick: str
    room: str
    members: list[str]
    log: str
    seq: int
    version: int
    server: str = ""
    has_gap: bool = False
    count: int = 0


class Said(_Event, frozen=True, tag="said"):
    """A message, as everyone in `room` sees it, its author included, who knows it by its `id`."""

    seq: int
    room: str
    nick: str
    text: str
    at: float
    id: str
    kind: Kind = "text"


class Joined(_Event, frozen=True, tag="joined"):
    room: str
    nick: str
    at: float


class Left(_Event, frozen=True, tag="left"):
    room: str
    nick: str
    at: float


class Renamed(_Event, frozen=True, tag="renamed"):
    """`nick` is `to` from here on."""

    nick: str
    to: str
    at: float


class Entered(_Event, frozen=True, tag="entered"):
    """The peer is in `room`, with `members`; of a crowd only the newcomer is listed, and `count` says how many.

    What is said there after `seq` is told; what was said up to it is to be asked for as history.
    """

    room: str
    members: list[str]
    seq: int
    count: int = 0


class RoomInfo(msgspec.Struct, frozen=True, gc=False):
    """A room, the `count` people in it, and when the last message was said `at`, 0 for never."""

    room: str
    count: int
    at: float


class RoomList(_Event, frozen=True, tag="rooms"):
    """The answer to `rooms`: at most 1,000, those first in which something was said last."""

    rooms: list[RoomInfo]


class Members(_Event, frozen=True, tag="members"):
    """The answer to `who`: the people in `room`; of a crowd the first by nick, and `count` for how many."""

    room: str
    nicks: list[str]
    count: int = 0


class Present(_Event, frozen=True, tag="present"):
    """`count` people are in `room`, these `nicks`, or too many to list: then nobody is told who comes and goes."""

    room: str
    count: int
    nicks: list[str]


class HistoryPage(_Event, frozen=True, tag="history"):
    """A page of history: `messages`, the oldest first; `has_more` if there are older ones."""

    room: str
    messages: list[Said]
    has_more: bool = False


class Found(_Event, frozen=True, tag="found"):
    """What a search found: `messages`, the newest first; `has_more` if there are older ones."""

    room: str
    query: str
    messages: list[Said]
    has_more: bool = False


class Pong(_Event, frozen=True, tag="pong"):
    pass


class Error(_Event, frozen=True, tag="error"):
    """A refusal: `code` is a `Code` (or one that only newer servers know), `id` the message's that it is about.

    `text` says it for people, in the server's language.
    """

    code: str
    text: str
    id: str = ""
    detail: str = ""
    limit: int | None = None

    @classmethod
    def of(cls, error: ProtocolError, text: str, message_id: str = "") -> "Error":
        return cls(error.code, text, message_id, error.detail, error.limit)


Event = (
    Challenged
    | Welcomed
    | Entered
    | Said
    | Joined
    | Left
    | Renamed
    | RoomList
    | Members
    | Present
    | HistoryPage
    | Found
    | Pong
    | Error
)
