"""What a client knows of one room."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from chatapp.client.unread import Unread
from chatapp.protocol.events import Counted, Entered, HistoryPage
from chatapp.protocol.names import name_key
from chatapp.protocol.requests import Level

NOBODY: Mapping[str, str] = MappingProxyType({})


class RoomState(msgspec.Struct):
    """One room as this client sees it."""

    title: str = ""
    """What a private room is called, or who the other one in a conversation is; "" for a public room."""
    topic: str = ""
    members: dict[str, str] = msgspec.field(default_factory=dict)
    """Nicks as they are written, by their `name_key`; in a crowd only the own one."""
    presence: dict[str, str] = msgspec.field(default_factory=dict)
    """How those are here who are not active, by their nicks' `name_key`: "idle" or "away"."""
    crowd: int = 0
    """How many people are here, if they are too many to be listed."""
    first_seq: int = 0
    """The oldest message known, from which older ones are asked for; 0 for none: then the newest are."""
    last_seq: int = 0
    """The newest message known; what is not beyond it was seen."""
    has_page: bool = False
    """Whether the last page before this client came is there."""
    level: Level = "all"
    """What of this room the person wants to be told of."""
    read: int = 0
    """The newest message that the person has read, as the server counts it; of a guest, as this client does."""
    read_here: int = 0
    """The newest message that was read here, which the server may not know yet; 0 for none."""
    counts: Unread = msgspec.field(default_factory=Unread)

    @property
    def unread(self) -> int:
        """What others said since one last looked at this room, or, as the server counts, read it."""
        return self.counts.messages

    @property
    def mentions(self) -> int:
        """In how many of the unread messages one is mentioned."""
        return self.counts.mentions

    @property
    def people(self) -> int:
        """How many are here."""
        return self.crowd or len(self.members)

    def set_members(self, nicks: list[str], crowd: int = 0, presence: Mapping[str, str] = NOBODY) -> None:
        self.members = {name_key(nick): nick for nick in nicks}
        self.presence = {name_key(nick): state for nick, state in presence.items()}
        self.crowd = crowd

    def remove_member(self, nick: str) -> None:
        self.members.pop(name_key(nick), None)
        self.presence.pop(name_key(nick), None)

    def set_presence(self, nick: str, state: str) -> None:
        """Let `nick`, if they are here, be so as `state` says."""
        self.presence.pop(name_key(nick), None)
        if state != "active" and name_key(nick) in self.members:
            self.presence[name_key(nick)] = state

    def rename(self, nick: str, to: str) -> None:
        """Follow a new name, if whoever has it is here."""
        if self.members.pop(name_key(nick), None) is not None:
            self.members[name_key(to)] = to
            self.set_presence(to, self.presence.pop(name_key(nick), "active"))

    def start_at(self, seq: int) -> None:
        """Know nothing of what was said up to `seq`."""
        self.first_seq, self.last_seq = seq + 1, seq
        self.has_page = False
        self.read, self.read_here, self.counts = seq, 0, Unread(seq)

    def enter(self, event: Entered) -> None:
        """Be here, as `event` tells it."""
        self.title, self.topic = event.title, event.topic
        self.set_members(event.members, event.count, event.presence)

    def read_all(self) -> None:
        """Have read, here, what is known."""
        self.read_here = self.last_seq
        self.counts.clear()

    def count(self, event: Counted) -> None:
        """Follow what the server counted, unless all was read here since, of which it is still to be told."""
        self.read, self.level = event.read, event.level
        if event.read < self.read_here >= self.last_seq:
            self.counts.count(event.seq, 0, 0)
        else:
            self.counts.count(event.seq, event.unread, event.mentions)

    def hear(self, seq: int) -> None:
        """Follow the message `seq`."""
        self.first_seq = self.first_seq or seq
        self.last_seq = max(self.last_seq, seq)

    def page(self, page: HistoryPage) -> None:
        """Follow a page that reaches further back; one of what is known already, or newer, changes nothing."""
        if page.after is not None:
            return
        first = page.messages[0].seq if page.messages else self.first_seq
        if self.has_page and page.messages and first >= self.first_seq:
            return
        self.has_page = True
        self.first_seq = min(first, self.first_seq or first)
