"""What a peer may ask for: imperatives, one struct each, tagged by `type` in the rich dialect."""

from typing import Literal

import msgspec

from chatapp.protocol import limits

Kind = Literal["text", "action"]
"""A plain message, or what somebody does (``/me waves``)."""


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


class Say(_Request, frozen=True, tag="say"):
    """Post `text` to `room`. The author chooses `id`; the same id and text again is not posted twice."""

    room: str
    text: str
    id: str
    kind: Kind = "text"


class Rename(_Request, frozen=True, tag="rename"):
    """Take another nick."""

    nick: str


class Join(_Request, frozen=True, tag="join"):
    """Come into `room`, which is made if there is none; the answer is `entered`."""

    room: str


class Leave(_Request, frozen=True, tag="leave"):
    """Go out of `room`, with all one's connections."""

    room: str


class Rooms(_Request, frozen=True, tag="rooms"):
    """Ask which rooms there are."""


class Who(_Request, frozen=True, tag="who"):
    """Ask who is in `room`."""

    room: str


class History(_Request, frozen=True, tag="history"):
    """Ask for up to `limit` messages of `room`: the newest, or the newest before the `seq` that is `before`."""

    room: str
    before: int | None = None
    limit: int = limits.PAGE_MESSAGES


class Search(_Request, frozen=True, tag="search"):
    """Ask for up to `limit` messages of `room` that `query` finds, the newest first."""

    room: str
    query: str
    before: int | None = None
    limit: int = limits.PAGE_MESSAGES


class Ping(_Request, frozen=True, tag="ping"):
    """Ask for a pong: a sign of life."""


Request = Hello | Prove | Say | Rename | Join | Leave | Rooms | Who | History | Search | Ping


class Quit(msgspec.Struct, frozen=True):
    """Leave: the whole line ``SALIR``, in every dialect."""


class Help(msgspec.Struct, frozen=True):
    """List the commands; answered where it is typed."""


Intent = Request | Quit | Help
"""What a typed line can mean."""

SALIR = "SALIR"
"""The line that ends a session in every dialect; people may write it in any case."""


_SALIR_FOLDED = SALIR.lower()


def is_salir(line: str) -> bool:
    """Return whether `line` is SALIR in any case. Lower case is compared: the upper one of "salır" is SALIR too."""
    word = line.strip()
    return len(word) == len(_SALIR_FOLDED) and word.lower() == _SALIR_FOLDED
