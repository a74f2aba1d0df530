"""What a client knows, folded from events: the same for the screen and for bots."""

from enum import Enum

import msgspec

from chatapp.client.events import (
    ClientEvent,
    Connecting,
    Disconnected,
    Hosting,
    Looked,
    Lost,
    NickWanted,
    Queued,
    Read,
    Restarted,
    SecretWanted,
)
from chatapp.client.rooms import RoomState
from chatapp.protocol.errors import PASSING, Code
from chatapp.protocol.events import (
    Became,
    Counted,
    Deleted,
    Edited,
    Entered,
    Error,
    HistoryPage,
    Joined,
    Left,
    Members,
    Present,
    Reacted,
    Renamed,
    Said,
    Welcomed,
)
from chatapp.protocol.mentions import is_mentioned
from chatapp.protocol.names import CONVERSATION, GENERAL, name_key
from chatapp.protocol.requests import TALK, Say
from chatapp.texts.rooms import called

Logged = Said | Edited | Deleted | Reacted
"""What has a `seq` of its own: each is told once, in their order."""

_UNASKED = frozenset(["ping", "typing", "mark-read", "set-presence"])
"""What no person asks for, by its type on the wire."""


class Link(Enum):
    """How this client stands with its server."""

    NICK_WANTED = "nick-wanted"
    SECRET_WANTED = "secret-wanted"
    CONNECTING = "connecting"
    ONLINE = "online"
    OFFLINE = "offline"


class ChatState(msgspec.Struct):
    """One client's view; `apply` is its only change, and reads nothing but the event."""

    nick: str = ""
    room: str = GENERAL
    """The room that one looks at: always one of `rooms`."""
    looked_at: list[str] = msgspec.field(default_factory=list)
    """Those of `rooms` that one looked at before, each once, the last one last."""
    rooms: dict[str, RoomState] = msgspec.field(default_factory=lambda: {GENERAL: RoomState()})
    """Those that one is in, in the order in which one came; without a connection, those that one was in."""
    link: Link = Link.CONNECTING
    hosting: bool = False
    log: str = ""
    last_seq: int = 0
    """The newest message or change known, of all rooms."""
    pending: dict[str, Say] = msgspec.field(default_factory=dict)
    """What was sent and not yet confirmed or refused, by id, oldest first."""
    unkept: set[str] = msgspec.field(default_factory=set)
    """The ids of those in `pending` that the server could not take yet; they wait until it can."""
    is_slowed: bool = False
    """Whether anything in `pending` waits, or did, since more was sent than the server takes so fast."""

    @property
    def here(self) -> RoomState:
        """The room that one looks at."""
        return self.rooms[self.room]

    @property
    def members(self) -> dict[str, str]:
        """Who is in the room that one looks at."""
        return self.here.members

    @property
    def was_welcomed(self) -> bool:
        """Whether there was a connection at any time."""
        return bool(self.log)

    def title_of(self, room: str) -> str:
        """Return what people call `room`: ``#ops``, also if it is a private one of that title, or ``@nick``."""
        title = self.rooms[room].title if room in self.rooms else ""
        return called(room, title) if title else room

    def _is_conversation(self, room: str, nick: str) -> bool:
        return room.startswith(CONVERSATION) and name_key(self.rooms[room].title) == name_key(nick)

    def is_news(self, event: ClientEvent) -> bool:
        """Return whether `event` is to be shown: False for what was seen before.

        That is a message or a change, or that a message can't be taken yet; nor is what this client asked for by
        itself and could not have.
        """
        match event:
            case Said() | Edited() | Deleted() | Reacted():
                room = self.rooms.get(event.room)
                return room is not None and event.seq > room.last_seq
            case Error(code=Code.STORAGE_FULL):
                return event.id not in self.unkept
            case Error(code=Code.TOO_FAST):
                return event.detail not in _UNASKED and not (event.id in self.pending and self.is_slowed)
            case _:
                return True

    def is_own(self, nick: str) -> bool:
        """Return whether `nick` is this client's."""
        return name_key(nick) == name_key(self.nick)

    @property
    def is_away(self) -> bool:
        """Whether the person is away by their own word, as far as others are told."""
        return self.rooms[GENERAL].presence.get(name_key(self.nick)) == "away"

    def starts_anew(self, event: Welcomed) -> bool:
        """Return whether what is known so far does not lead up to `event`: another log, or too much was missed."""
        return event.log != self.log or event.has_gap

    def apply(self, event: ClientEvent) -> None:
        """Fold one event into the state."""
        match event:
            case Said():
                self._hear(event)
            case Connecting() | Disconnected() | NickWanted() | SecretWanted():
                self._follow_link(event)
            case Hosting():
                self.hosting = True
            case Queued(say):
                self.pending[say.id] = say
            case Welcomed():
                self._welcome(event)
            case Error():
                self._refuse(event)
            case Looked() | Restarted() | Lost() | Entered():
                self._follow_rooms(event)
            case _:
                self._follow(event)

    def _follow_link(self, event: Connecting | Disconnected | NickWanted | SecretWanted) -> None:
        match event:
            case Connecting():
                self.link = Link.CONNECTING
            case NickWanted():
                self.link = Link.NICK_WANTED
            case SecretWanted():
                self.link = Link.SECRET_WANTED
            case Disconnected():
                self.link = Link.OFFLINE
                for room in self.rooms.values():
                    room.set_members([])

    def _welcome(self, event: Welcomed) -> None:
        self.link, self.nick = Link.ONLINE, event.nick
        if self.starts_anew(event):
            self.log, self.last_seq = event.log, event.seq
            for room in self.rooms.values():
                room.start_at(event.seq)
        self.rooms[GENERAL].topic = event.topic
        self.rooms[GENERAL].set_members(event.members, event.count, event.presence)

    def _refuse(self, error: Error) -> None:
        """End the waiting of what was refused, unless it may be sent again."""
        if error.code not in PASSING:
            self._end_waiting(error.id)
        elif error.id in self.pending:
            self.unkept.add(error.id)
            self.is_slowed |= error.code == Code.TOO_FAST

    def _end_waiting(self, message_id: str) -> None:
        self.pending.pop(message_id, None)
        self.unkept.discard(message_id)
        self.is_slowed &= bool(self.pending)

    def _follow_rooms(self, event: Looked | Restarted | Lost | Entered) -> None:
        """Follow where one is, and where one looks."""
        match event:
            case Entered():
                self._enter(event)
            case Looked(room) if room in self.rooms:
                self._look_at(room)
            case Restarted(room, seq) if room in self.rooms:
                self.rooms[room].start_at(seq)
            case Lost(room):
                self._leave(room)

    def _enter(self, event: Entered) -> None:
        """Be in a room; if that is news, what was said there until now is not known."""
        if event.room not in self.rooms:
            self.rooms[event.room] = RoomState()
            self.rooms[event.room].start_at(event.seq)
        self.rooms[event.room].enter(event)

    def _look_at(self, room: str) -> None:
        self.looked_at = [each for each in (*self.looked_at, self.room) if each in self.rooms and each != room]
        self.room = room
        self.here.counts.clear()

    def _leave(self, room: str) -> None:
        """Be in `room` no more, and look at the one before; nobody leaves the one that is always there."""
        if room == GENERAL:
            return
        self.rooms.pop(room, None)
        self.looked_at = [each for each in self.looked_at if each != room]
        if self.room == room:
            self._look_at(self.looked_at[-1] if self.looked_at else GENERAL)

    def _follow(self, event: ClientEvent) -> None:
        match event:
            case Edited() | Deleted() | Reacted():
                self._go_on(event)
            case Renamed() | Became():
                self._follow_person(event)
            case Counted() | Read():
                self._count(event)
            case HistoryPage() | Joined() | Left() | Members() | Present():
                if (room := self.rooms.get(event.room)) is not None:
                    self._follow_in(room, event)

    def _count(self, event: Counted | Read) -> None:
        """Follow what is read of a room, and what isn't."""
        if (room := self.rooms.get(event.room)) is None:
            return
        if isinstance(event, Counted):
            room.count(event)
        else:
            room.read_all()

    def _hear(self, said: Said) -> None:
        is_own = self.is_own(said.nick)
        if is_own and said.id in self.pending:  # others may use any id too
            self._end_waiting(said.id)
        if (room := self._go_on(said)) is None:
            return
        if said.kind == "topic":
            room.topic = said.text
        elif said.kind in TALK and not is_own and said.room != self.room:
            room.counts.hear(said.seq, is_mention=is_mentioned(self.nick, said.text))

    def _go_on(self, event: Logged) -> RoomState | None:
        """Know what is up to `event`; return its room, None if it was known there, or one isn't in it."""
        is_news = self.is_news(event)
        self.last_seq = max(self.last_seq, event.seq)
        if not is_news:
            return None
        self.rooms[event.room].hear(event.seq)
        return self.rooms[event.room]

    def _follow_in(self, room: RoomState, event: HistoryPage | Joined | Left | Members | Present) -> None:
        """Follow what happens in one room."""
        match event:
            case HistoryPage():
                room.page(event)
            case Joined():
                room.members[name_key(event.nick)] = event.nick
            case Left():
                room.remove_member(event.nick)
                if self.is_own(event.nick):
                    self._leave(event.room)
            case Members(count=0):
                room.set_members(event.nicks, presence=event.presence)
            case Present():
                room.set_members(event.nicks or [self.nick], 0 if event.nicks else event.count)

    def _follow_person(self, event: Renamed | Became) -> None:
        """Follow what happens to somebody wherever they are."""
        if isinstance(event, Renamed):
            self._rename(event)
        else:
            for room in self.rooms.values():
                room.set_presence(event.nick, event.state)

    def _rename(self, event: Renamed) -> None:
        for name, room in self.rooms.items():
            if self._is_conversation(name, event.nick):
                room.title = event.to
            room.rename(event.nick, event.to)
        if self.is_own(event.nick):
            self.nick = event.to
