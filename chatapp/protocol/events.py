"""What a server says: past tense, one struct each, tagged by `type` in the rich dialect.

`at` is when the server took it, in seconds since 1970 (POSIX); `seq` grows with every message of one log.
"""

import math
from typing import Literal

import msgspec

from chatapp.protocol.errors import ProtocolError
from chatapp.protocol.requests import Kind, Level, Presence


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
    topic: str = ""
    presence: dict[str, str] = {}


class Said(_Event, frozen=True, tag="said"):
    """A message, as everyone in `room` sees it, its author included, who knows it by its `id`.

    In a page it is as it stands: `is_edited`, or `is_deleted` and without its text, and with the nicks of those who
    reacted, by the emoji's name.
    """

    seq: int
    room: str
    nick: str
    text: str
    at: float
    id: str
    kind: Kind = "text"
    reply: int = 0
    is_edited: bool = False
    is_deleted: bool = False
    reactions: dict[str, list[str]] = {}


class Edited(_Event, frozen=True, tag="edited"):
    """The message `of` reads `text`: `nick`, its author, changed it."""

    seq: int
    room: str
    of: int
    text: str
    nick: str
    at: float


class Deleted(_Event, frozen=True, tag="deleted"):
    """The message `of` has no text any more: `nick` took it away."""

    seq: int
    room: str
    of: int
    nick: str
    at: float


class Reacted(_Event, frozen=True, tag="reacted"):
    """`nick` reacts to the message `of` with the emoji of that name, or, if not `on`, does so no longer."""

    seq: int
    room: str
    of: int
    emoji: str
    nick: str
    at: float
    on: bool = True


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

    What is said there after `seq` is told; what was said up to it is to be asked for as history. A private room has a
    `title`, and a conversation the other one's nick for one.
    """

    room: str
    members: list[str]
    seq: int
    count: int = 0
    title: str = ""
    topic: str = ""
    presence: dict[str, str] = {}


class RoomInfo(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A room, the `count` people in it, and when the last message was said `at`, 0 for never."""

    room: str
    count: int
    at: float
    title: str = ""
    topic: str = ""


class RoomList(_Event, frozen=True, tag="rooms"):
    """The answer to `rooms`: at most 1,000, those first in which something was said last."""

    rooms: list[RoomInfo]


class Members(_Event, frozen=True, tag="members"):
    """The answer to `who`: the people in `room`; of a crowd the first by nick, and `count` for how many."""

    room: str
    nicks: list[str]
    count: int = 0
    presence: dict[str, str] = {}


class Became(_Event, frozen=True, tag="became"):
    """`nick` is there as `state` says; `text` is why they are away."""

    nick: str
    state: Presence
    text: str = ""


class Typed(_Event, frozen=True, tag="typed"):
    """`nick` is writing something in `room`; with nothing more said of it, for some seconds."""

    room: str
    nick: str


class Described(_Event, frozen=True, tag="described"):
    """The answer to `whois`: `state` is "gone" for who isn't connected, `key` a fingerprint, empty for a guest.

    `rooms` are those that whoever asks may know of.
    """

    nick: str
    state: Literal["active", "idle", "away", "gone"]
    text: str
    key: str
    rooms: list[str]


class Freed(_Event, frozen=True, tag="freed"):
    """Nobody owns `nick` any more."""

    nick: str


class DeviceInfo(msgspec.Struct, frozen=True):
    """One of one's devices: its `key`, what it is called, since when, and whether it is this one.

    Of the first key, by which one is known, there is no more than the key.
    """

    key: str
    label: str
    at: float
    is_this: bool


class DeviceList(_Event, frozen=True, tag="devices"):
    """The keys that let one in."""

    devices: list[DeviceInfo]


class Present(_Event, frozen=True, tag="present"):
    """`count` people are in `room`, these `nicks`, or too many to list: then nobody is told who comes and goes."""

    room: str
    count: int
    nicks: list[str]


class HistoryPage(_Event, frozen=True, tag="history"):
    """A page of history: `messages`, the oldest first; `before` and `after` are as they were asked for.

    `has_more` says whether there are older ones, or, of what is `after` another, newer ones.
    """

    room: str
    messages: list[Said]
    has_more: bool = False
    before: int | None = None
    after: int | None = None


class Found(_Event, frozen=True, tag="found"):
    """What a search found: `messages`, the newest first; `has_more` if there are older ones."""

    room: str
    query: str
    messages: list[Said]
    has_more: bool = False


class Counted(_Event, frozen=True, tag="counted"):
    """The person has read `room` up to `read`; after it, up to `seq`, others said `unread` messages.

    In so many of these they are mentioned; both are counted up to 1,000. `level` is what they want to be told of.
    """

    room: str
    seq: int
    read: int
    unread: int
    mentions: int = 0
    level: Level = "all"


class DeedInfo(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What somebody who moderates did: `nick`, with the fingerprint `key`, empty for a guest.

    `what` is the request's type, and `whom` it was done to. `until` is when it ends, 0 for never; of `slow`, `seconds`.
    """

    at: float
    nick: str
    what: str
    room: str
    whom: str = ""
    until: float = 0
    reason: str = ""
    seconds: int = 0
    key: str = ""


class AuditPage(_Event, frozen=True, tag="audit"):
    """The answer to `audit`, the newest first; and to a deed that its doer is not told of otherwise."""

    deeds: list[DeedInfo]


class Pong(_Event, frozen=True, tag="pong"):
    pass


class Error(_Event, frozen=True, tag="error"):
    """A refusal: `code` is a `Code` (or one that only newer servers know), `id` the message's that it is about.

    `text` says it for people, in the server's language; `retry_after` in how many seconds it may be tried again.
    """

    code: str
    text: str
    id: str = ""
    detail: str = ""
    limit: int | None = None
    retry_after: float | None = None

    @classmethod
    def of(cls, error: ProtocolError, text: str, message_id: str = "") -> "Error":
        retry_after = None if error.retry_after is None else math.ceil(10 * error.retry_after) / 10
        return cls(error.code, text, message_id, error.detail, error.limit, retry_after)


Event = (
    Challenged
    | Welcomed
    | Entered
    | Said
    | Edited
    | Deleted
    | Reacted
    | Joined
    | Left
    | Renamed
    | RoomList
    | Members
    | Became
    | Typed
    | Described
    | Freed
    | DeviceList
    | Present
    | HistoryPage
    | Found
    | Counted
    | AuditPage
    | Pong
    | Error
)
