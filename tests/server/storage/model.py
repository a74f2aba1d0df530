"""What a log is to be like: the same records kept in lists and dictionaries, in memory."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from chatapp.protocol import limits
from chatapp.protocol.errors import IdReused, NoSuchMessage, NotYours, TooManyReactions
from chatapp.protocol.events import Deleted, Edited, Reacted, Said
from chatapp.protocol.mentions import mentioned
from chatapp.protocol.requests import Delete, Edit, Level, React, Say
from chatapp.server.storage.records import (
    Appended,
    Change,
    Changed,
    Count,
    Ending,
    Kept,
    Making,
    Membership,
    Outcome,
    Post,
    Reading,
    Record,
    RoomFacts,
)

_OPEN = ("text", "action")

Told = Said | Edited | Deleted | Reacted


@dataclass
class Message:
    seq: int
    author: str
    nick: str
    say: Say
    at: float
    reply: int
    text: str
    is_edited: bool = False
    is_deleted: bool = False
    reactions: list[tuple[str, str, str]] = field(default_factory=list)
    """Emoji, author and nick, the first first."""

    @property
    def said(self) -> Said:
        nicks: dict[str, list[str]] = {}
        for emoji, _, nick in self.reactions:
            nicks.setdefault(emoji, []).append(nick)
        say, is_edited = self.say, self.is_edited and not self.is_deleted
        row = self.seq, say.room, self.nick, self.text, self.at, say.id, say.kind, self.reply
        return Said(*row, is_edited, self.is_deleted, nicks)


@dataclass
class Model:
    last_seq: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    firsts: dict[tuple[str, str], int] = field(default_factory=dict)
    changes: list[Edited | Deleted | Reacted] = field(default_factory=list)
    rooms: dict[str, RoomFacts] = field(default_factory=dict)
    members: set[tuple[str, str]] = field(default_factory=set)
    readings: dict[tuple[str, str], tuple[int, Level]] = field(default_factory=dict)
    pruned: int = 0

    def put(self, records: Sequence[Record]) -> list[Outcome]:
        """Keep `records`. Up to the end of a room the posts go first, with their numbers in the order of all."""
        outcomes, number = list[Outcome](), self.last_seq
        for run in runs(records):
            numbers = list[int]()
            for record in run:
                number += isinstance(record, (Post, Change))
                numbers.append(number)
            numbered = list(zip(numbers, run, strict=True))
            posted = {seq: self._post(seq, one) for seq, one in numbered if isinstance(one, Post)}
            finals = [self._put(seq, one, posted) for seq, one in numbered]
            outcomes += [final() for final in finals]
        return outcomes

    def _put(self, seq: int, record: Record, posted: dict[int, Outcome]) -> Callable[[], Outcome]:
        """Keep one record; return what says what became of it, when all of the run is done."""
        if isinstance(record, Post):
            outcome = posted[seq]
            if isinstance(outcome, Appended) and outcome.is_new:
                self.last_seq = seq
                self._set_topic(record)
            elif isinstance(outcome, Appended):
                again = outcome.said
                return lambda: Appended(
                    self.messages[again.seq].said if again.seq in self.messages else again, is_new=False
                )
            return lambda: outcome
        if isinstance(record, Change):
            changed = self._change(seq, record)
            if isinstance(changed, Changed) and changed.event is not None:
                self.last_seq = seq
                self.changes.append(changed.event)
            return lambda: changed
        self._note(record)
        return Kept

    def _set_topic(self, post: Post) -> None:
        if post.say.kind == "topic":
            facts = self.rooms.get(post.say.room, RoomFacts())
            self.rooms[post.say.room] = RoomFacts(facts.title, post.say.text, facts.maker)

    def _post(self, seq: int, post: Post) -> Outcome:
        say, name = post.say, (post.author, post.say.id)
        if name in self.firsts:
            return self._again(post, self.firsts[name])
        reply = self._reply(seq, post)
        if say.reply and not reply:
            return NoSuchMessage(str(say.reply))
        self.firsts[name] = seq
        self.messages[seq] = Message(seq, post.author, post.nick, say, post.at, reply, say.text)
        return Appended(self.messages[seq].said, is_new=True)

    def _again(self, post: Post, first: int) -> Outcome:
        say, old = post.say, self.messages.get(first)
        if old is None:
            said = Said(first, say.room, post.nick, say.text, post.at, say.id, say.kind, max(say.reply, 0))
            return Appended(said, is_new=False)
        is_reply_same = old.reply > 0 if say.reply == -1 else old.reply == say.reply
        is_text_same = old.is_edited or old.is_deleted or old.text == say.text
        if (old.say.room, old.say.kind) == (say.room, say.kind) and is_reply_same and is_text_same:
            return Appended(old.said, is_new=False)
        return IdReused(say.id)

    def _reply(self, seq: int, post: Post) -> int:
        """Return to which message the post replies, 0 for none."""
        wanted = post.say.reply
        found = [
            one.seq
            for one in self.of_room(post.say.room)
            if one.seq < seq and (one.seq == wanted or (wanted == -1 and self._is_others(one, post)))
        ]
        return max(found, default=0)

    def _is_others(self, one: Message, post: Post) -> bool:
        return one.author != post.author and one.say.kind in _OPEN and not one.is_deleted

    def _change(self, seq: int, change: Change) -> Outcome:
        request = change.request
        target = self._target(seq, change)
        if target is None:
            return NoSuchMessage(str(request.seq))
        if isinstance(request, React):
            return self._react(seq, change, request, target)
        if target.say.kind not in _OPEN:
            return NoSuchMessage(str(request.seq))
        is_own = target.author == change.author
        is_theirs = is_own and not (change.author.startswith("guest-") and target.seq <= change.since)
        if not is_theirs and not (isinstance(request, Delete) and change.is_maker):
            return NotYours()
        if isinstance(request, Edit):
            if target.text == request.text:
                return Changed(None)
            target.text, target.is_edited = request.text, True
            return Changed(Edited(seq, request.room, target.seq, request.text, change.nick, change.at))
        target.text, target.is_deleted, target.reactions = "", True, []
        self.changes = [one for one in self.changes if one.of != target.seq]
        return Changed(Deleted(seq, request.room, target.seq, change.nick, change.at))

    def _target(self, seq: int, change: Change) -> Message | None:
        request = change.request
        those = [one for one in self.of_room(request.room) if one.seq < seq and not one.is_deleted]
        if request.seq:
            those = [one for one in those if one.seq == request.seq]
        elif not isinstance(request, React):
            those = [one for one in those if one.author == change.author and one.say.kind in _OPEN]
        return those[-1] if those else None

    def _react(self, seq: int, change: Change, request: React, target: Message) -> Outcome:
        others = [one for one in target.reactions if one[:2] != (request.emoji, change.author)]
        if (len(others) < len(target.reactions)) == request.on:
            return Changed(None)
        emojis = {emoji for emoji, *_ in target.reactions}
        if request.on and request.emoji not in emojis and len(emojis) >= limits.REACTIONS:
            return TooManyReactions(limit=limits.REACTIONS)
        target.reactions = [*others, (request.emoji, change.author, change.nick)] if request.on else others
        event = Reacted(seq, request.room, target.seq, request.emoji, change.nick, change.at, request.on)
        return Changed(event)

    def _note(self, record: Record) -> None:
        match record:
            case Making(room, maker, _, title):
                self.rooms.setdefault(room, RoomFacts(title, "", maker))
            case Membership(key, room, _, True):
                self.members.add((key, room))
                self.readings.setdefault((key, room), (self.last_seq, "all"))
            case Membership(key, room):
                self.members.discard((key, room))
                self.readings.pop((key, room), None)
            case Reading(key, room, seq, level):
                unknown: tuple[int, Level] = (0 if level is None else self.last_seq, "all")
                read, wanted = self.readings.get((key, room), unknown)
                self.readings[key, room] = (max(read, seq), level or wanted)
            case Ending(room):
                self.end(room)

    def end(self, room: str) -> None:
        self._forget({one.seq for one in self.of_room(room)})
        self.rooms.pop(room, None)
        self.members = {one for one in self.members if one[1] != room}
        self.readings = {one: read for one, read in self.readings.items() if one[1] != room}

    def prune(self, keep: int) -> None:
        bound = self.last_seq - keep
        gone = {seq for seq in self.messages if seq <= bound}
        self._forget(gone)
        self.pruned = max(gone, default=self.pruned)

    def _forget(self, gone: Collection[int]) -> None:
        self.messages = {seq: one for seq, one in self.messages.items() if seq not in gone}
        self.changes = [one for one in self.changes if one.of not in gone]

    def recover(self) -> None:
        """Only numbers that something still has are known to be used."""
        self.last_seq = max(self.pruned, *self.messages, *(one.seq for one in self.changes), 0)
        self.firsts = {name: seq for name, seq in self.firsts.items() if seq <= self.last_seq}

    def of_room(self, room: str) -> list[Message]:
        return [self.messages[seq] for seq in sorted(self.messages) if self.messages[seq].say.room == room]

    def told(self, rooms: Collection[str], seq: int, last: int) -> list[Told]:
        said = [one.said for room in rooms for one in self.of_room(room)]
        changes = [
            replace_text(one, self.messages[one.of].text) if isinstance(one, Edited) else one
            for one in self.changes
            if one.room in rooms
        ]
        return sorted((one for one in [*said, *changes] if seq < one.seq <= last), key=lambda one: one.seq)

    def mentioning(self, names: Collection[str], rooms: Collection[str]) -> list[Message]:
        """Return the messages that mention one of `names`, the newest first."""
        those = [one for room in rooms for one in self.of_room(room) if one.say.kind in _OPEN]
        return sorted((one for one in those if mentioned(one.text) & set(names)), key=lambda one: -one.seq)

    def count(self, key: str, names: Collection[str], room: str, last: int) -> Count:
        read, level = self.readings.get((key, room), (last, "all"))
        those = [one for one in self.of_room(room) if read < one.seq <= last and one.author != key]
        unread = [one for one in those if one.say.kind in _OPEN and not one.is_deleted]
        mentions = [one for one in self.mentioning(names, [room]) if one in those]
        return Count(room, read, len(unread), len(mentions), level)


def replace_text(edited: Edited, text: str) -> Edited:
    return Edited(edited.seq, edited.room, edited.of, text, edited.nick, edited.at)


def runs(records: Sequence[Record]) -> Iterator[list[Record]]:
    run = list[Record]()
    for record in records:
        run.append(record)
        if isinstance(record, Ending):
            yield run
            run = []
    yield run
