"""One room: who is in it, who hears what is told there, and what that is."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from chatapp.protocol import limits
from chatapp.protocol.events import Event, Joined, Left, Present
from chatapp.protocol.opening import Dialect
from chatapp.protocol.requests import Presence
from chatapp.server.fanout import Fanout

if TYPE_CHECKING:
    from chatapp.server.session import Session

_CROWD_ENDS_AT = 0.75
"""A crowd is none any more with this share of the people that make one, so that it isn't one by turns."""

_PEOPLE_A_SECOND = 1000
"""So many are told each second, at most, how many people a crowded room has."""


class Room:
    """Members, and listeners by dialect, so that an event is encoded once for many; the `fanout` writes it.

    With more people than a list may have it is `crowded`: nobody is told who comes and goes, only how many there are.
    """

    def __init__(self, name: str, fanout: Fanout) -> None:
        self.name = name
        self._fanout = fanout
        self.crowded = False
        self._nicks: dict[Session, str] = {}
        self._sessions_by_nick: Counter[str] = Counter()
        self._presence: dict[str, Presence] = {}
        """Who is not active, by nick."""
        self._sorted: list[str] | None = None
        self._listeners: dict[Dialect, set[Session]] = {dialect: set() for dialect in Dialect}
        self._must_recount = False
        self._recount_at = 0.0

    # Who is here

    @property
    def count(self) -> int:
        """How many people are here, however often each is connected."""
        return len(self._sessions_by_nick)

    @property
    def nicks(self) -> list[str]:
        """Everyone here, or of a crowd the first, by nick."""
        if self._sorted is None:
            self._sorted = sorted(self._sessions_by_nick)
        return self._sorted[: limits.ROSTER_NICKS]

    @property
    def presence(self) -> dict[str, str]:
        """How those who are not active are here; of a crowd nothing."""
        return {} if self.crowded else dict(self._presence)

    def set_presence(self, nick: str, state: Presence) -> None:
        """Let `nick`, if they are here, be so as `state` says."""
        if state == "active":
            self._presence.pop(nick, None)
        elif nick in self._sessions_by_nick:
            self._presence[nick] = state

    def has(self, session: "Session") -> bool:
        return session in self._nicks

    def add(self, session: "Session", nick: str) -> bool:
        """Let `session` be here; return whether it is the first of that nick."""
        is_first = self._count_in(session, nick)
        self._notice_change()
        return is_first

    def remove(self, session: "Session") -> bool:
        """Let `session` be here no more; return whether it was the last of its nick. Raises KeyError if it isn't."""
        is_last = self._count_out(session)
        self._notice_change()
        return is_last

    def rename(self, sessions: "Iterable[Session]", to: str) -> None:
        """Call `sessions`, which are here, `to`."""
        for session in sessions:
            state = self._presence.get(self._nicks[session])
            self._count_out(session)
            self._count_in(session, to)
            if state is not None:
                self._presence[to] = state
        self._notice_change()

    def _count_in(self, session: "Session", nick: str) -> bool:
        self._nicks[session] = nick
        self._sessions_by_nick[nick] += 1
        return self._sessions_by_nick[nick] == 1

    def _count_out(self, session: "Session") -> bool:
        nick = self._nicks.pop(session)
        self._sessions_by_nick[nick] -= 1
        is_last = not self._sessions_by_nick[nick]
        if is_last:
            del self._sessions_by_nick[nick]
            self._presence.pop(nick, None)
        return is_last

    def _notice_change(self) -> None:
        self._sorted = None
        was_crowded = self.crowded
        fewest = int(limits.ROSTER_NICKS * _CROWD_ENDS_AT) if was_crowded else limits.ROSTER_NICKS
        self.crowded = self.count > fewest
        self._must_recount |= self.crowded or was_crowded
        if self.crowded != was_crowded:
            self._recount_at = 0.0

    # Who hears

    def listeners(self, dialect: Dialect) -> "set[Session]":
        return self._listeners[dialect]

    @property
    def everyone(self) -> "set[Session]":
        """All listeners, whatever they speak."""
        return set().union(*self._listeners.values())

    def listen(self, session: "Session") -> None:
        """Let `session` hear what is told from here on."""
        self._fanout.flush()
        self._listeners[session.voice.dialect].add(session)

    def unlisten(self, session: "Session") -> None:
        """Let `session` hear nothing more than was told so far."""
        self._fanout.flush()
        self._listeners[session.voice.dialect].discard(session)

    def tell(self, event: Event) -> None:
        """Show `event` to every listener, at the next flush."""
        self._fanout.tell(self, event)

    def tell_presence(self, events: Iterable[Joined | Left]) -> None:
        """Show who came or went, unless there are too many here for that."""
        if not self.crowded:
            for event in events:
                self.tell(event)

    def recount(self, now: float) -> Present | None:
        """Return how many people are here, if that changed and `now`, in seconds, is late enough for one more time."""
        if not self._must_recount or now < self._recount_at:
            return None
        self._must_recount, self._recount_at = False, now + self.count / _PEOPLE_A_SECOND
        return Present(self.name, self.count, [] if self.crowded else self.nicks)
