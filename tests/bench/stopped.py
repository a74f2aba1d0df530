"""A member that comes in, reads nothing while others talk, and catches up when that is over."""

from collections import defaultdict

from chatapp.protocol import limits
from chatapp.protocol.events import HistoryPage, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, History
from tests.bench.rich_peer import RichPeer

NICK = "stopped"


class Stopped:
    """A rich guest that knows what it has heard."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._seen = 0
        self._log = ""
        self._heard: dict[str, set[str]] = defaultdict(set)
        """The ids of what each author said."""

    def come_in(self) -> Welcomed:
        self._peer = RichPeer(self._port)
        welcomed = self._peer.come_in(Hello(NICK, log=self._log, seen=self._seen))
        self._log = welcomed.log
        return welcomed

    def catch_up(self) -> None:
        """Read what still came of the old connection, and what was missed on a new one."""
        for event in self._peer.rest(wait_seconds=1.0):  # one that isn't cut is left so
            if isinstance(event, Said):
                self._hear(event)
        self.close()
        seen = self._seen
        welcomed = self.come_in()
        if welcomed.has_gap:
            self._page_back(welcomed.seq, seen)
        while not welcomed.has_gap and self._seen < welcomed.seq:
            self._hear(self._peer.next(Said))

    def has_all(self, count: int) -> bool:
        """Return whether it has heard so many different messages."""
        return sum(map(len, self._heard.values())) == count

    def close(self) -> None:
        self._peer.close()

    def _page_back(self, last: int, seen: int) -> None:
        before: int | None = last + 1
        while before is not None and before > seen + 1:
            self._peer.send(History(GENERAL, before, limits.PAGE_MOST_MESSAGES))
            page = self._peer.next(HistoryPage)
            for said in page.messages:
                self._hear(said)
            before = page.messages[0].seq if page.has_more else None

    def _hear(self, said: Said) -> None:
        self._heard[said.nick].add(said.id)
        self._seen = max(self._seen, said.seq)
