"""What goes into the log, and what becomes of it."""

import msgspec

from chatapp.protocol.errors import IdReused, NickTaken
from chatapp.protocol.events import Said
from chatapp.protocol.requests import Say


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


class Membership(msgspec.Struct, frozen=True):
    """`key`, a public key as hex, is in `room` from now on, or not `is_member` any more."""

    key: str
    room: str
    at: float
    is_member: bool = True


Record = Post | Claim | Membership


class Appended(msgspec.Struct, frozen=True, gc=False):
    """A post that is in the log as `said`: since now, or, if not `is_new`, since it was first sent."""

    said: Said
    is_new: bool


class Claimed(msgspec.Struct, frozen=True):
    """The nick belongs to the key that claimed it."""


class Kept(msgspec.Struct, frozen=True):
    """The log knows who is in the room."""


Outcome = Appended | IdReused | Claimed | NickTaken | Kept
"""One for each record: IdReused for a post, and NickTaken for a claim, that is refused and not in the log."""
