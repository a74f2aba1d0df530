"""How much of a message's length a line has left."""

from typing import Final

from chatapp.protocol import limits
from chatapp.protocol.commands import Place, parse
from chatapp.protocol.errors import ProtocolError
from chatapp.texts import tr_plural

NEAR_BYTES: Final = 500
"""From so few on that are left it is told how many."""

_NOWHERE = Place("", str)


def bytes_left(line: str) -> int:
    """Return how many bytes more there may be in the message that `line` becomes, below zero if it is too long.

    A line of which none is made has all left.
    """
    try:
        text = getattr(parse(line, _NOWHERE), "text", "")
    except ProtocolError:
        text = ""
    return limits.TEXT_BYTES - len(text.encode(errors="replace"))


def too_long(excess: int) -> str:
    """Return that a message is too long, by `excess` bytes."""
    return tr_plural(
        "That is {count} byte too long for a message.", "That is {count} bytes too long for a message.", excess
    )
