"""One room: who is in it, and what they are about to be told."""

from collections import Counter
from typing import TYPE_CHECKING

from chatapp.protocol.events import Event
from chatapp.protocol.opening import Dialect
from chatapp.server.dialects import encode_all

if TYPE_CHECKING:
    from chatapp.server.session import Session


class Room:
    """Members by dialect, so that each event is encoded once per dialect and written once per member."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._members: dict[Dialect, dict[Session, str]] = {dialect: {} for dialect in Dialect}
        self._sessions_by_nick: Counter[str] = Counter()
        self._told: list[Event] = []

    @property
    def nicks(self) -> list[str]:
        """Everyone here, once each however often they are connected."""
        return sorted(self._sessions_by_nick)

    def add(self, session: "Session", nick: str) -> bool:
        """Let `session` hear what is told from here on; return whether it is the first of that nick here."""
        self.flush()
        self._members[session.voice.dialect][session] = nick
        self._sessions_by_nick[nick] += 1
        return self._sessions_by_nick[nick] == 1

    def remove(self, session: "Session") -> None:
        """Let `session` hear nothing more than was told so far. Raises KeyError if it isn't here."""
        self.flush()
        nick = self._members[session.voice.dialect].pop(session)
        self._sessions_by_nick[nick] -= 1
        if not self._sessions_by_nick[nick]:
            del self._sessions_by_nick[nick]

    def is_last(self, session: "Session") -> bool:
        """Return whether no other session here has the nick of `session`."""
        return self._sessions_by_nick[self._members[session.voice.dialect][session]] == 1

    def tell(self, event: Event) -> None:
        """Show `event` to every member, at the next flush."""
        self._told.append(event)

    def flush(self) -> None:
        """Hand each member all that was told since the last flush, as one bytes object."""
        told, self._told = self._told, []
        if not told:
            return
        for dialect, members in self._members.items():
            if members:
                data = encode_all(dialect, told)
                for member in members:
                    member.push_shared(data)
