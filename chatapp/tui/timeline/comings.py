"""Who came and who left, one after another: told in one line."""

from collections.abc import Mapping
from itertools import islice

from chatapp.protocol.events import Joined, Left
from chatapp.protocol.names import name_key
from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.tui.timeline.days import day_of
from chatapp.tui.timeline.entries import Entry, Kind

_MOST_NAMED = 5
"""So many are named of those who came, and of those who left; the others are counted."""


class Comings:
    """Those of one run, on one day, with nothing between; of each person only what they did last. A step costs the
    same however many there are.
    """

    def __init__(self) -> None:
        self._came: dict[str, str] = {}
        """Nicks by their `name_key`, and"""
        self._gone: dict[str, str] = {}
        self._at: float | None = None
        """When the last one did, None before the first."""

    def end(self) -> None:
        """Let what follows be of another run."""
        self._came, self._gone, self._at = {}, {}, None

    def follow(self, event: Joined | Left) -> tuple[Entry, bool]:
        """Return the line that tells of `event` too, and whether it stands for the one before."""
        if not (goes_on := self._at is not None and day_of(event.at) == day_of(self._at)):
            self.end()
        self._at = event.at
        came, others = (self._came, self._gone) if isinstance(event, Joined) else (self._gone, self._came)
        others.pop(name_key(event.nick), None)
        came[name_key(event.nick)] = one_line(event.nick)
        return self._entry(event.at), goes_on

    def _entry(self, at: float) -> Entry:
        came = _told(self._came, "{nick} joined", "{nicks} joined", "{nicks} and {count} more joined")
        gone = _told(self._gone, "{nick} left", "{nicks} left", "{nicks} and {count} more left")
        if not came:
            return Entry(Kind.LEFT, gone, at)
        return Entry(Kind.JOINED, f"{came} · {Kind.LEFT.value} {gone}" if gone else came, at)


def _told(nicks: Mapping[str, str], one: str, many: str, most: str) -> str:
    """Return what `nicks` did, "" if there are none."""
    if len(nicks) < 2:
        return tr(one, nick=next(iter(nicks.values()))) if nicks else ""
    named = ", ".join(islice(nicks.values(), _MOST_NAMED))
    more = len(nicks) - _MOST_NAMED
    return tr(most, nicks=named, count=more) if more > 0 else tr(many, nicks=named)
