"""What a peer may ask for: imperatives, one struct each, tagged by `type` in the rich dialect."""

from typing import Literal

import msgspec

from chatapp.protocol import limits

Kind = Literal["text", "action"]
"""A plain message, or what somebody does (``/me waves``)."""


class _Request(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type"):
    pass


class Hello(_Request, frozen=True, tag="hello"):
    """The first request: who the peer wants to be."""

    nick: str
    version: int = limits.PROTOCOL_VERSION
    client: str = ""


class Say(_Request, frozen=True, tag="say"):
    """Post `text` to `room`. The author chooses `id`; the same id and text again is not posted twice."""

    room: str
    text: str
    id: str
    kind: Kind = "text"


class Rename(_Request, frozen=True, tag="rename"):
    """Take another nick."""

    nick: str


class Who(_Request, frozen=True, tag="who"):
    """Ask who is in `room`."""

    room: str


class Ping(_Request, frozen=True, tag="ping"):
    """Ask for a pong: a sign of life."""


Request = Hello | Say | Rename | Who | Ping


class Quit(msgspec.Struct, frozen=True):
    """Leave: the whole line ``SALIR``, in every dialect."""


class Help(msgspec.Struct, frozen=True):
    """List the commands; answered where it is typed."""


Intent = Request | Quit | Help
"""What a typed line can mean."""

SALIR = "SALIR"
"""The line that ends a session in every dialect; people may write it in any case."""


def is_salir(line: str) -> bool:
    """Return whether `line` is SALIR in any case. Lower case is compared: the upper one of "salır" is SALIR too."""
    return line.strip().lower() == SALIR.lower()
