"""A client of one person under test: it comes and goes, and what it was told is held against what it must have been."""

from chatapp.client.identity import Identity
from chatapp.protocol.events import Deleted, Edited, Event, Pong, Reacted, Said, Welcomed
from chatapp.protocol.requests import Ping, Request
from tests.server.keyed import read_prompt, try_to_enter
from tests.server.model import Line
from tests.server.talking import Peer

Kept = Said | Edited | Deleted | Reacted


def line_of(event: Kept) -> Line:
    match event:
        case Said():
            return "said", event.room, event.nick, event.kind, event.text, event.is_deleted
        case Edited():
            return "edited", event.room, event.of, event.nick, event.text
        case Deleted():
            return "deleted", event.room, event.of, event.nick
        case Reacted():
            return "reacted", event.room, event.of, event.nick, event.emoji, event.on


class Seat:
    """One client of a person: connected or not, with what it was told and what it must have been told."""

    def __init__(self, person: str) -> None:
        self.person = person
        self.identity = Identity.from_seed(person[0].encode() * 32)
        self.peer: Peer | None = None
        self.log, self.seen = "", 0
        self.expected: list[Line] = []
        self._told: list[Line] = []

    async def connect(self, port: int) -> bool:
        """Come, and return whether it is for the first time."""
        is_new = not self.log
        self.peer = await Peer.connect(port)
        await read_prompt(self.peer)
        welcomed = await try_to_enter(self.peer, self.person, self.identity, self.log, self.seen)
        assert isinstance(welcomed, Welcomed)
        self.log = welcomed.log
        if is_new:
            self.seen = welcomed.seq
        return is_new

    def drop(self) -> None:
        assert self.peer is not None
        self.peer.abort()
        self.peer = None

    async def ask(self, *requests: Request, until: type[Event] = Pong) -> list[Event]:
        """Send `requests` and return all that comes up to the event of the type `until`, that too."""
        assert self.peer is not None
        self.peer.send(*requests)
        events: list[Event] = []
        while not (events and isinstance(events[-1], until)):
            events.append(await self.peer.event())
        for event in events:
            if isinstance(event, Kept):
                assert event.seq > self.seen
                self.seen = event.seq
                self._told.append(line_of(event))
        return events

    async def check(self) -> None:
        """Find that what came is what was expected."""
        await self.ask(Ping())
        told, self._told = self._told, []
        expected, self.expected = self.expected, []
        assert told == expected
