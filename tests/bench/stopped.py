"""A member that comes in, reads nothing while others talk, and catches up when that is over."""

import socket
from collections import defaultdict
from typing import TypeVar

from chatapp.protocol import limits, rich
from chatapp.protocol.events import Event, HistoryPage, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, History, Request

NICK = "stopped"
WAIT_SECONDS = 30.0

E = TypeVar("E", bound=Event)


class Stopped:
    """A rich guest over a socket that blocks."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._seen = 0
        self._log = ""
        self._heard: dict[str, set[str]] = defaultdict(set)
        """The ids of what each author said."""

    def come_in(self) -> Welcomed:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=WAIT_SECONDS)
        self._lines = self._socket.makefile("rb")
        self._send(Hello(NICK, log=self._log, seen=self._seen))
        welcomed = self._next(Welcomed)
        self._log = welcomed.log
        return welcomed

    def catch_up(self) -> None:
        """Read what still came of the old connection, and what was missed on a new one."""
        self._read_to_the_end()
        self.close()
        seen = self._seen
        welcomed = self.come_in()
        if welcomed.has_gap:
            self._page_back(welcomed.seq, seen)
        while not welcomed.has_gap and self._seen < welcomed.seq:
            self._hear(self._next(Said))

    def has_all(self, count: int) -> bool:
        """Return whether it has heard so many different messages."""
        return sum(map(len, self._heard.values())) == count

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def _read_to_the_end(self) -> None:
        """Read what a cut connection still holds; the last line may be cut too. One that isn't cut is left so."""
        self._socket.settimeout(1.0)
        try:
            while (line := self._lines.readline()).endswith(b"\n"):
                if isinstance(event := rich.decode_event(line.decode()), Said):
                    self._hear(event)
        except OSError:  # nothing more comes
            return

    def _page_back(self, last: int, seen: int) -> None:
        before: int | None = last + 1
        while before is not None and before > seen + 1:
            self._send(History(GENERAL, before, limits.PAGE_MOST_MESSAGES))
            page = self._next(HistoryPage)
            for said in page.messages:
                self._hear(said)
            before = page.messages[0].seq if page.has_more else None

    def _hear(self, said: Said) -> None:
        self._heard[said.nick].add(said.id)
        self._seen = max(self._seen, said.seq)

    def _send(self, request: Request) -> None:
        self._socket.sendall(rich.encode(request))

    def _next(self, kind: type[E]) -> E:
        while True:
            line = self._lines.readline().decode()
            if line.startswith("{") and isinstance(event := rich.decode_event(line), kind):
                return event
            if not line:
                raise EOFError
