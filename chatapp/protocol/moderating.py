"""How those who moderate write it: whom, where, for how long and why."""

import math
import re
from typing import NamedTuple

from chatapp.protocol.names import CONVERSATION, GENERAL, name_key

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION = "([0-9]{1,7})([smhd])"
_LONGEST = 9_999_999 * _UNITS["d"]
"""No longer time can be asked for; a server that lies may tell of one that no number has."""
_SPOKEN = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


class Measure(NamedTuple):
    """What is to be done `where` to `who`; `seconds` is None if no time was named."""

    where: str
    who: str
    seconds: int | None
    reason: str


def scope(argument: str, room: str) -> tuple[str, str]:
    """Return the room that `argument` names in front, else the `room` in view, and what follows.

    What is typed in a conversation is about the whole chat, since that is nobody's to moderate.
    """
    first, _, rest = argument.partition(" ")
    if first.startswith("#"):
        return name_key(first), rest.strip()
    return (GENERAL if room.startswith(CONVERSATION) else room), argument


def measure(argument: str, room: str) -> Measure:
    """Read ``[#room] who [10m] [reason]``. Raises ValueError if nobody is named."""
    where, rest = scope(argument, room)
    who, _, rest = rest.partition(" ")
    if not who:
        raise ValueError
    first, _, behind = rest.strip().partition(" ")
    seconds = 0 if first == "0" else duration(first)
    return Measure(where, who.removeprefix("@"), seconds, rest.strip() if seconds is None else behind.strip())


def duration(text: str) -> int | None:
    """Return how many seconds ``30s``, ``10m``, ``2h`` or ``7d`` are; None for anything else."""
    found = re.fullmatch(_DURATION, text)
    return int(found[1]) * _UNITS[found[2]] if found else None


def spoken(seconds: float) -> str:
    """Return a time for people of any language, in its two largest units, rounded up: ``2 h 5 min``."""
    whole = math.ceil(round(min(max(seconds, 0), _LONGEST), 1))
    parts = list[str]()
    for size, unit in _SPOKEN:
        if whole >= size:
            parts.append(f"{whole // size} {unit}")
            whole %= size
    return " ".join(parts[:2]) or "0 s"
