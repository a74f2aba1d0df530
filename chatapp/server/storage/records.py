"""What goes into the log, and what becomes of it."""

import msgspec

from chatapp.protocol.errors import IdReused, NickTaken, NoSuchMessage, NotYours, TooManyReactions
from chatapp.protocol.events import Deleted, Edited, Reacted, Said
from chatapp.protocol.requests import Delete, Edit, Level, React, Say

GUEST = "guest-"
"""So begins the account, and the author, of whoever has no key; no key begins so."""


class Post(msgspec.Struct, frozen=True, gc=False):
    """A message on its way into the log: who says what, and when (seconds since 1970).

    `author` is whoever chose the message's id: a public key as hex, or for a guest any text that is theirs alone.
    """

    author: str
    nick: str
    say: Say
    at: float


class Claim(msgspec.Struct, frozen=True):
    """From now on `key`, a public key as hex, owns `nick`, and `releases`, a nick it owned until now, is free."""

    nick: str
    key: str
    at: float
    releases: str = ""


class Release(msgspec.Struct, frozen=True):
    """From now on `nick`, which `key` owned, is free."""

    nick: str
    key: str


class Seen(msgspec.Struct, frozen=True):
    """`key` was here as `nick`, which it owns, at `at` (seconds since 1970)."""

    nick: str
    key: str
    at: float


class Linking(msgspec.Struct, frozen=True):
    """From now on `key` lets somebody in as `account`, which has it on the device called `label`."""

    key: str
    account: str
    label: str
    at: float


class Revoking(msgspec.Struct, frozen=True):
    """`key`, which let somebody in as `account`, lets nobody in any more."""

    key: str
    account: str
    at: float


class Membership(msgspec.Struct, frozen=True):
    """`key`, a public key as hex, is in `room` from now on, or not `is_member` any more."""

    key: str
    room: str
    at: float
    is_member: bool = True


class Change(msgspec.Struct, frozen=True):
    """`nick` does to a message what `request` says, which names it by its `seq`, or with 0 by being the last.

    `author` is as in Post; a guest may do it to what was said after `since`. `is_maker` is whoever made the room: they
    may delete what others said there.
    """

    author: str
    nick: str
    request: Edit | Delete | React
    at: float
    since: int = 0
    is_maker: bool = False


class Making(msgspec.Struct, frozen=True):
    """There is `room` from now on, made by the account `maker`, "" for nobody's; a private one has a `title`.

    Of a conversation `maker` and `title` are its two accounts: neither is for people to see.
    """

    room: str
    maker: str
    at: float
    title: str = ""


class Reading(msgspec.Struct, frozen=True):
    """`key` has read `room` up to `seq`, if that is more than before; `level` is what it wants, None for no change."""

    key: str
    room: str
    seq: int = 0
    level: Level | None = None


class Ending(msgspec.Struct, frozen=True):
    """`room`, a private one or a conversation, is no more: nobody can come to it, and all that was said is deleted."""

    room: str


LASTING = frozenset(["ban", "mute"])
"""The deeds that are in force until they end, or are lifted."""

LIFTING = {"unban": "ban", "unmute": "mute"}
"""The deeds that lift others."""


class Deed(msgspec.Struct, frozen=True):
    """What somebody did who moderates: `account`, called `nick`, did `what` (the request's type) in `room` to `whom`.

    `subjects` are those that it is, or no longer is, in force against, as in Sanction; `until` in seconds since 1970,
    0 for good; `seconds` is how slow a room is.
    """

    at: float
    account: str
    nick: str
    what: str
    room: str
    whom: str = ""
    subjects: tuple[str, ...] = ()
    until: float = 0
    reason: str = ""
    seconds: int = 0


class Sanction(msgspec.Struct, frozen=True):
    """What is in force in `room` against `subject`: a "ban" or a "mute", `until` a time, or 0 for good.

    A subject is ``key:``, ``guest:`` (by the account), ``nick:`` (a guest's `name_key`), ``address:`` (of guests) or
    ``network:``, and which one.
    `whom` is what people called it.
    """

    kind: str
    room: str
    subject: str
    whom: str
    until: float
    reason: str


class AuditRow(msgspec.Struct, frozen=True):
    """A deed as it is noted for good; of `slow`, `reason` is the number of seconds."""

    at: float
    account: str
    nick: str
    what: str
    whom: str
    room: str
    until: float
    reason: str


def row_of(deed: Deed) -> AuditRow:
    """Return what is noted of a deed."""
    reason = str(deed.seconds) if deed.what == "slow" else deed.reason
    return AuditRow(deed.at, deed.account, deed.nick, deed.what, deed.whom, deed.room, deed.until, reason)


Record = Post | Claim | Release | Seen | Linking | Revoking | Membership | Change | Making | Reading | Ending | Deed


class Appended(msgspec.Struct, frozen=True, gc=False):
    """A post that is in the log as `said`: since now, or, if not `is_new`, since it was first sent."""

    said: Said
    is_new: bool


class Claimed(msgspec.Struct, frozen=True):
    """The nick belongs to the key that claimed it."""


class Changed(msgspec.Struct, frozen=True):
    """The change is in the log as `event`; None if it was so already."""

    event: Edited | Deleted | Reacted | None


class Kept(msgspec.Struct, frozen=True):
    """The log knows it: a membership, a making, a reading, an ending, a deed, or what became of a nick or a key."""


Refusal = IdReused | NickTaken | NoSuchMessage | NotYours | TooManyReactions
Outcome = Appended | Changed | Claimed | Kept | Refusal
"""One for each record. A refusal's is not in the log: IdReused or NoSuchMessage of a post, the one that it replies to
being none of the room's; NickTaken of a claim; all but these two of a change, and NoSuchMessage too."""


class Device(msgspec.Struct, frozen=True):
    """What is known of a key: whose it is, what the device is called, and since when (seconds since 1970).

    Of an account's first key, by which it is named, no more is known.
    """

    account: str
    label: str = ""
    at: float = 0.0
    is_revoked: bool = False


class RoomFacts(msgspec.Struct, frozen=True):
    """What the log knows of a room beside what was said: its `title` if it is private, its topic, who made it.

    Of a conversation `maker` and `title` are its two accounts: neither is for people to see.
    """

    title: str = ""
    topic: str = ""
    maker: str = ""


class Count(msgspec.Struct, frozen=True):
    """How far a key has read a room, and what others said there since, up to a `seq`; see events.Counted."""

    room: str
    read: int
    unread: int
    mentions: int
    level: Level
