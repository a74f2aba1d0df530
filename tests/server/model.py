"""What rooms, conversations and messages are, in the simplest words: who may see what, and how it reads."""

from dataclasses import dataclass, field

from chatapp.protocol.errors import Code
from chatapp.protocol.names import GENERAL

Line = tuple[object, ...]
"""What an event says, beside its numbers and times."""


@dataclass
class Message:
    """One message, as it reads now."""

    room: str
    author: str
    text: str
    kind: str = "text"
    seq: int = 0
    is_edited: bool = False
    is_deleted: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Happening:
    """Something in the log: a message said, or what was done to one."""

    what: str
    message: Message
    by: str = ""
    emoji: str = ""
    on: bool = True
    seq: int = 0

    def line(self) -> Line:
        """Return how it is told now."""
        message = self.message
        match self.what:
            case "said":
                return "said", message.room, message.author, message.kind, message.text, message.is_deleted
            case "edited":
                return "edited", message.room, message.seq, message.author, message.text
            case "deleted":
                return "deleted", message.room, message.seq, self.by
        return "reacted", message.room, message.seq, self.by, self.emoji, self.on

    @property
    def is_told_later(self) -> bool:
        """Whether who comes back is told of it: of a deleted message only that, and where it stood."""
        return not self.message.is_deleted or self.what in ("said", "deleted")


class Model:
    """Rooms by name, who is in each, and the log."""

    def __init__(self, people: list[str]) -> None:
        self.members: dict[str, list[str]] = {GENERAL: list(people)}
        self.makers: dict[str, str] = {}
        self.hidden: set[str] = set()
        """Private rooms."""
        self.pairs: dict[str, frozenset[str]] = {}
        """Whose the conversations are."""
        self.log: list[Happening] = []

    def rooms_of(self, person: str) -> list[str]:
        return [room for room, members in self.members.items() if person in members]

    def is_in(self, person: str, room: str) -> bool:
        return person in self.members.get(room, ())

    def messages(self, room: str) -> list[Message]:
        return [one.message for one in self.log if one.what == "said" and one.message.room == room]

    def missed(self, person: str, seen: int) -> list[Line]:
        """Return what is told, of the log after the number `seen`, to one who comes back now."""
        rooms = self.rooms_of(person)
        return [one.line() for one in self.log if one.seq > seen and one.message.room in rooms and one.is_told_later]

    # What people do; each returns what is told of it live, or the code of the refusal.

    def say(self, person: str, room: str, text: str, kind: str = "text") -> Happening | Code:
        if not self.is_in(person, room):
            return Code.NOT_IN_ROOM
        return self._happen(Happening("said", Message(room, person, text, kind)))

    def edit(self, person: str, message: Message, text: str) -> Happening | Code | None:
        if (refusal := self._refusal(person, message)) is not None:
            return refusal
        if message.author != person:
            return Code.NOT_YOURS
        if message.text == text:
            return None
        message.text, message.is_edited = text, True
        return self._happen(Happening("edited", message))

    def delete(self, person: str, message: Message) -> Happening | Code:
        if (refusal := self._refusal(person, message)) is not None:
            return refusal
        if person not in (message.author, self.makers.get(message.room)):
            return Code.NOT_YOURS
        message.text, message.is_deleted = "", True
        message.reactions.clear()
        return self._happen(Happening("deleted", message, person))

    def react(self, person: str, message: Message, emoji: str, on: bool) -> Happening | Code | None:
        if not self.is_in(person, message.room):
            return Code.NOT_IN_ROOM
        if message.is_deleted:
            return Code.NO_SUCH_MESSAGE
        people = message.reactions.get(emoji, [])
        if on == (person in people):
            return None
        message.reactions[emoji] = [one for one in people if one != person] + [person] * on
        if not message.reactions[emoji]:
            del message.reactions[emoji]
        return self._happen(Happening("reacted", message, person, emoji, on))

    def join(self, person: str, room: str) -> None:
        if room not in self.makers and room != GENERAL:
            self.makers[room] = person
        if person not in self.members.setdefault(room, []):
            self.members[room].append(person)

    def leave(self, person: str, room: str) -> None:
        self.members[room].remove(person)
        if room in self.hidden and not self.members[room]:
            self.log = [one for one in self.log if one.message.room != room]

    def hide(self, person: str, room: str) -> None:
        """Let `room` be a private one that `person` made."""
        self.hidden.add(room)
        self.join(person, room)

    def open(self, room: str, one: str, other: str) -> None:
        """Let `room` be the conversation of the two, who are both in it."""
        self.pairs[room] = frozenset((one, other))
        for person in (one, other):
            if person not in self.members.setdefault(room, []):
                self.members[room].append(person)

    def _refusal(self, person: str, message: Message) -> Code | None:
        if not self.is_in(person, message.room):
            return Code.NOT_IN_ROOM
        is_talk = message.kind in ("text", "action") and not message.is_deleted
        return None if is_talk else Code.NO_SUCH_MESSAGE

    def _happen(self, happening: Happening) -> Happening:
        self.log.append(happening)
        return happening
