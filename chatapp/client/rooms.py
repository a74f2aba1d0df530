"""What a client knows of one room."""

from dataclasses import dataclass, field

from chatapp.protocol.events import HistoryPage
from chatapp.protocol.names import name_key


@dataclass
class RoomState:
    """One room as this client sees it."""

    members: dict[str, str] = field(default_factory=dict)
    """Nicks as they are written, by their `name_key`; in a crowd only the own one."""
    crowd: int = 0
    """How many people are here, if they are too many to be listed."""
    first_seq: int = 0
    """The oldest message known, from which older ones are asked for; 0 for none: then the newest are."""
    last_seq: int = 0
    """The newest message known; what is not beyond it was seen."""
    has_page: bool = False
    """Whether the last page before this client came is there."""
    has_more: bool = False
    """Whether there are messages older than `first_seq`."""
    unread: int = 0
    """What others said since one last looked at this room."""

    @property
    def people(self) -> int:
        """How many are here."""
        return self.crowd or len(self.members)

    def set_members(self, nicks: list[str], crowd: int = 0) -> None:
        self.members = {name_key(nick): nick for nick in nicks}
        self.crowd = crowd

    def rename(self, nick: str, to: str) -> None:
        """Follow a new name, if whoever has it is here."""
        if self.members.pop(name_key(nick), None) is not None:
            self.members[name_key(to)] = to

    def start_at(self, seq: int) -> None:
        """Know nothing of what was said up to `seq`."""
        self.first_seq, self.last_seq = seq + 1, seq
        self.has_page = self.has_more = False
        self.unread = 0

    def hear(self, seq: int) -> None:
        """Follow the message `seq`."""
        self.first_seq = self.first_seq or seq
        self.last_seq = max(self.last_seq, seq)

    def page(self, page: HistoryPage) -> None:
        """Follow a page that reaches further back; one of what is known already changes nothing."""
        first = page.messages[0].seq if page.messages else self.first_seq
        if self.has_page and page.messages and first >= self.first_seq:
            return
        self.has_page, self.has_more = True, page.has_more
        self.first_seq = min(first, self.first_seq or first)
