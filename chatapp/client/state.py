"""What a client knows, folded from events: the same for the screen and for bots."""

from dataclasses import dataclass, field
from enum import Enum

from chatapp.client.events import ClientEvent, Connecting, Disconnected, Hosting, NickWanted, Queued
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, HistoryPage, Joined, Left, Members, Present, Renamed, Said, Welcomed
from chatapp.protocol.names import GENERAL, name_key
from chatapp.protocol.requests import Say


class Link(Enum):
    """How this client stands with its server."""

    NICK_WANTED = "nick-wanted"
    CONNECTING = "connecting"
    ONLINE = "online"
    OFFLINE = "offline"


@dataclass
class ChatState:
    """One client's view; `apply` is its only change, and reads nothing but the event."""

    nick: str = ""
    room: str = GENERAL
    link: Link = Link.CONNECTING
    hosting: bool = False
    log: str = ""
    last_seq: int = 0
    first_seq: int = 0
    """The oldest message known here, from which older ones are asked for; 0 before any."""
    has_page: bool = False
    """Whether the last page before this client came is there."""
    has_more: bool = False
    """Whether there are messages older than `first_seq`."""
    members: dict[str, str] = field(default_factory=dict)
    """Nicks as they are written, by their `name_key`; in a crowd only the own one."""
    crowd: int = 0
    """How many people are in the room, if they are too many to be listed."""
    pending: dict[str, Say] = field(default_factory=dict)
    """What was sent and not yet confirmed or refused, by id, oldest first."""
    unkept: set[str] = field(default_factory=set)
    """The ids of those in `pending` for which the server had no room; they wait for it."""

    @property
    def people(self) -> int:
        """How many are in the room."""
        return self.crowd or len(self.members)

    @property
    def was_welcomed(self) -> bool:
        """Whether there was a connection at any time."""
        return bool(self.log)

    def is_news(self, event: ClientEvent) -> bool:
        """Return whether `event` is to be shown: False for a message, or that there is no room for one, seen before."""
        match event:
            case Said():
                return event.seq > self.last_seq
            case Error(code=Code.STORAGE_FULL):
                return event.id not in self.unkept
            case _:
                return True

    def starts_anew(self, event: Welcomed) -> bool:
        """Return whether what is known so far does not lead up to `event`: another log, or too much was missed."""
        return event.log != self.log or event.has_gap

    def apply(self, event: ClientEvent) -> None:
        """Fold one event into the state."""
        match event:
            case Connecting():
                self.link = Link.CONNECTING
            case Disconnected():
                self.link = Link.OFFLINE
                self._set_members([])
            case NickWanted():
                self.link = Link.NICK_WANTED
            case Hosting():
                self.hosting = True
            case Queued(say):
                self.pending[say.id] = say
            case Welcomed():
                self._welcome(event)
            case Error():
                self._refuse(event)
            case _:
                self._follow(event)

    def _welcome(self, event: Welcomed) -> None:
        self.link, self.nick, self.room = Link.ONLINE, event.nick, event.room
        if self.starts_anew(event):
            self.log, self.last_seq, self.first_seq = event.log, event.seq, event.seq + 1
            self.has_page = self.has_more = False
        self._set_members(event.members, event.count)

    def _refuse(self, error: Error) -> None:
        """End the waiting of what was refused, unless that was only for want of room."""
        if error.code != Code.STORAGE_FULL:
            self._end_waiting(error.id)
        elif error.id in self.pending:
            self.unkept.add(error.id)

    def _end_waiting(self, message_id: str) -> None:
        self.pending.pop(message_id, None)
        self.unkept.discard(message_id)

    def _follow(self, event: ClientEvent) -> None:
        match event:
            case Said():
                if self._is_ours(event):
                    self._end_waiting(event.id)
                self.last_seq = max(self.last_seq, event.seq)
            case HistoryPage():
                self._page(event)
            case _:
                self._follow_people(event)

    def _follow_people(self, event: ClientEvent) -> None:
        match event:
            case Joined():
                self.members[name_key(event.nick)] = event.nick
            case Left():
                self.members.pop(name_key(event.nick), None)
            case Renamed():
                self._rename(event)
            case Members(count=0):
                self._set_members(event.nicks)
            case Present():
                self._set_members(event.nicks or [self.nick], 0 if event.nicks else event.count)

    def _page(self, page: HistoryPage) -> None:
        """Follow a page that reaches further back; one of what is known already changes nothing."""
        if page.messages and page.messages[0].seq >= self.first_seq:
            return
        self.has_page, self.has_more = True, page.has_more
        self.first_seq = page.messages[0].seq if page.messages else self.first_seq

    def _is_ours(self, said: Said) -> bool:
        """Return whether `said` confirms a message of ours: others may use any id too."""
        return said.id in self.pending and name_key(said.nick) == name_key(self.nick)

    def _set_members(self, nicks: list[str], crowd: int = 0) -> None:
        self.members = {name_key(nick): nick for nick in nicks}
        self.crowd = crowd

    def _rename(self, event: Renamed) -> None:
        self.members.pop(name_key(event.nick), None)
        self.members[name_key(event.to)] = event.to
        if name_key(event.nick) == name_key(self.nick):
            self.nick = event.to
