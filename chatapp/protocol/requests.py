"""What a peer may ask for: imperatives, one struct each, tagged by `type` in the rich dialect."""

from typing import Literal

import msgspec

from chatapp.protocol import limits

Kind = Literal[
    "text", "action", "topic", "invited", "removed", "kicked", "banned", "unbanned", "muted", "unmuted", "slowed"
]
"""A plain message; what somebody does (``/me waves``); what a room is about from then on; and, only from a server, the
nick of whom somebody brought into a private room, or took out of a room; and what those did who moderate: to whom, and
behind it for how long and why, as in ``luis (2h): spam``; or how many seconds lie between two messages of a person."""

TALK: tuple[Kind, ...] = ("text", "action")
"""What people say and do, and may take back, as against what is told of a room."""

Level = Literal["all", "mentions", "none"]
"""What of a room a person wants to be told of."""

Presence = Literal["active", "idle", "away"]
"""At the keyboard, not for some minutes, or away by their own word."""


class _Request(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="type"):
    pass


class Hello(_Request, frozen=True, tag="hello"):
    """The first request: who the peer wants to be.

    `key` is its public key (Ed25519, RFC 8032; 64 hexadecimal digits), which is then to be proved; without, it is
    a guest. A peer that comes back names the `log` it knows and the `seq` up to which it has `seen` it.
    """

    nick: str
    version: int = limits.PROTOCOL_VERSION
    client: str = ""
    key: str = ""
    log: str = ""
    seen: int = 0


class Prove(_Request, frozen=True, tag="prove"):
    """The answer to a challenge: a signature (128 hexadecimal digits) with the key that the hello named."""

    signature: str


class Unlock(_Request, frozen=True, tag="unlock"):
    """The answer to `password-required` or `invite-required`: what lets in whoever said the last hello."""

    secret: str


class Say(_Request, frozen=True, tag="say"):
    """Post `text` to `room`, or to one person as ``@nick``; it may be a `reply` to the message of that `seq`.

    The author chooses `id`; the same id and text again is not posted twice.
    """

    room: str
    text: str
    id: str
    kind: Kind = "text"
    reply: int = 0


class Edit(_Request, frozen=True, tag="edit"):
    """Let one's own message `seq` of `room`, or with 0 the last one, read `text`."""

    room: str
    text: str
    seq: int = 0


class Delete(_Request, frozen=True, tag="delete"):
    """Take the text of the message `seq` of `room` out of the log; with 0, of the last that one said, or `nick` did."""

    room: str
    seq: int = 0
    nick: str = ""


class React(_Request, frozen=True, tag="react"):
    """React to the message `seq` of `room`, or with 0 to the last one, with the emoji of that name, or take it back."""

    room: str
    emoji: str
    seq: int = 0
    on: bool = True


class Rename(_Request, frozen=True, tag="rename"):
    """Take another nick."""

    nick: str


class Join(_Request, frozen=True, tag="join"):
    """Come into `room`, which is made if there is none, or into the conversation with ``@nick``: `entered` follows."""

    room: str


class Leave(_Request, frozen=True, tag="leave"):
    """Go out of `room`, with all one's connections."""

    room: str


class MakePrivate(_Request, frozen=True, tag="make-private"):
    """Make a room that only those see who are brought into it, called `title`; the answer is `entered`."""

    title: str


class Invite(_Request, frozen=True, tag="invite"):
    """Bring the person called `nick` into the private `room`."""

    room: str
    nick: str


class Remove(_Request, frozen=True, tag="remove"):
    """Take the person called `nick` out of `room`, which one made."""

    room: str
    nick: str


class Kick(_Request, frozen=True, tag="kick"):
    """Take the person called `nick` out of `room`, or, with the room in which everyone is, off the chat."""

    room: str
    nick: str
    reason: str = ""


class Ban(_Request, frozen=True, tag="ban"):
    """Let `who` (a nick, a key, a fingerprint, or a network as in ``192.0.2.0/24``) not come into `room` any more.

    With the room in which everyone is, not into the chat. It ends after `seconds`, with 0 by `unban` alone.
    """

    room: str
    who: str
    seconds: int = 0
    reason: str = ""


class Unban(_Request, frozen=True, tag="unban"):
    """Let `who` come into `room` again."""

    room: str
    who: str


class Mute(_Request, frozen=True, tag="mute"):
    """Let `who` say nothing in `room`, or, with the room in which everyone is, nowhere; otherwise as `ban`."""

    room: str
    who: str
    seconds: int = 0
    reason: str = ""


class Unmute(_Request, frozen=True, tag="unmute"):
    """Let `who` speak in `room` again."""

    room: str
    who: str


class Slow(_Request, frozen=True, tag="slow"):
    """Let each person say one message in `seconds` in `room`; with 0 as many as they like."""

    room: str
    seconds: int


class Audit(_Request, frozen=True, tag="audit"):
    """Ask for the newest `limit` deeds of those who moderate."""

    limit: int = limits.PAGE_MESSAGES


class Rooms(_Request, frozen=True, tag="rooms"):
    """Ask which rooms there are."""


class Who(_Request, frozen=True, tag="who"):
    """Ask who is in `room`."""

    room: str


class History(_Request, frozen=True, tag="history"):
    """Ask for up to `limit` messages of `room`: the newest, the newest before `before`, or the oldest after `after`.

    Both are the `seq` of a message, which need not be there; at most one of them is given.
    """

    room: str
    before: int | None = None
    limit: int = limits.PAGE_MESSAGES
    after: int | None = None


class Search(_Request, frozen=True, tag="search"):
    """Ask for up to `limit` messages of `room` that `query` finds, the newest first."""

    room: str
    query: str
    before: int | None = None
    limit: int = limits.PAGE_MESSAGES


class Mentions(_Request, frozen=True, tag="mentions"):
    """Ask for up to `limit` messages in which one is mentioned, in all one's rooms, the newest first."""

    before: int | None = None
    limit: int = limits.PAGE_MESSAGES


class MarkRead(_Request, frozen=True, tag="mark-read"):
    """Have read `room` up to `seq`, with all one's clients; `counted` follows."""

    room: str
    seq: int


class SetLevel(_Request, frozen=True, tag="set-level"):
    """Want to be told of what the `level` says about `room`, with all one's clients; `counted` follows."""

    room: str
    level: Level


class SetPresence(_Request, frozen=True, tag="set-presence"):
    """Be there as `state` says, on this connection; `text` says why, or for how long, one is away."""

    state: Presence
    text: str = ""


class Typing(_Request, frozen=True, tag="typing"):
    """Be writing something in `room`; said again every few seconds while it is so."""

    room: str


class Whois(_Request, frozen=True, tag="whois"):
    """Ask who the person called `nick` is."""

    nick: str


class Free(_Request, frozen=True, tag="free"):
    """Take `nick` from whoever owns it, so that anyone may have it; for operators."""

    nick: str


class Devices(_Request, frozen=True, tag="devices"):
    """Ask for the keys that let one in."""


class LinkDevice(_Request, frozen=True, tag="link-device"):
    """Let `key`, of the device called `label`, be one's own too; `signature` is the key's, over `link_proof`."""

    key: str
    label: str
    signature: str


class RevokeDevice(_Request, frozen=True, tag="revoke-device"):
    """Let `key`, of another device of one's own, let nobody in any more."""

    key: str


class Ping(_Request, frozen=True, tag="ping"):
    """Ask for a pong: a sign of life."""


Request = (
    Hello
    | Prove
    | Unlock
    | Say
    | Edit
    | Delete
    | React
    | Rename
    | Join
    | Leave
    | MakePrivate
    | Invite
    | Remove
    | Kick
    | Ban
    | Unban
    | Mute
    | Unmute
    | Slow
    | Audit
    | Rooms
    | Who
    | History
    | Search
    | Mentions
    | MarkRead
    | SetLevel
    | SetPresence
    | Typing
    | Whois
    | Free
    | Devices
    | LinkDevice
    | RevokeDevice
    | Ping
)


class Quit(msgspec.Struct, frozen=True):
    """Leave: the whole line ``SALIR``, in every dialect."""


class Help(msgspec.Struct, frozen=True):
    """List the commands; answered where it is typed."""


class Set(msgspec.Struct, frozen=True):
    """Have the setting called `name` be `value`, or be told what it is, or, with no name, what there is to set.

    Done where it is typed.
    """

    name: str = ""
    value: str = ""


Local = Quit | Help | Set
"""What is no request: the program does it in which it is typed."""

Intent = Request | Local
"""What a typed line can mean."""

SALIR = "SALIR"
"""The line that ends a session in every dialect; people may write it in any case."""


_SALIR_FOLDED = SALIR.lower()


def is_salir(line: str) -> bool:
    """Return whether `line` is SALIR in any case. Lower case is compared: the upper one of "salır" is SALIR too."""
    word = line.strip()
    return len(word) == len(_SALIR_FOLDED) and word.lower() == _SALIR_FOLDED
