"""What there is to know of rooms beside who is connected: who may be in them, what they are called, who made them."""

import secrets
from collections.abc import Mapping
from hashlib import sha256

from chatapp.protocol.names import CONVERSATION, PRIVATE, is_hidden
from chatapp.server.storage.erasing import GUESTS
from chatapp.server.storage.records import GUEST, RoomFacts

_NOTHING = RoomFacts()


class Registry:
    """Rooms by name, and accounts: public keys, or names of guests.

    It is ahead of the log by what is on its way there: `made` and `rooms_of` are what the log has at the start.
    """

    def __init__(self, made: Mapping[str, RoomFacts], rooms_of: Mapping[str, tuple[str, ...]]) -> None:
        self._facts = dict(made)
        self._rooms = dict(rooms_of)
        """In which rooms each account is, beside the one in which everyone is; of a guest only what is not public."""
        self._members: dict[str, set[str]] = {}
        """Who may be in each room that is not public."""
        self._passing: dict[str, set[str]] = {}
        """Conversations with guests, by the account of either."""
        for account, rooms in rooms_of.items():
            for room in filter(is_hidden, rooms):
                self._members.setdefault(room, set()).add(account)

    def facts(self, room: str) -> RoomFacts:
        return self._facts.get(room, _NOTHING)

    def is_made(self, room: str) -> bool:
        """Return whether `room` is on record; it may be nobody's."""
        return room in self._facts

    def make(self, room: str, facts: RoomFacts) -> None:
        self._facts[room] = facts
        if not is_lasting(room):
            for account in (facts.maker, facts.title):
                self._passing.setdefault(account, set()).add(room)

    def passing(self, account: str) -> frozenset[str]:
        """Return the conversations of an account that end with it, or with the guest that it has them with."""
        return frozenset(self._passing.get(account, ()))

    def conversation_of(self, one: str, other: str) -> str:
        """Return the name of the room that two accounts have for themselves.

        Of two keys it is the same for good; with a guest it is another each time, since it is erased when it ends.
        """
        pair = sorted((one, other))
        if not any(account.startswith(GUEST) for account in pair):
            return f"{CONVERSATION}k{sha256(' '.join(pair).encode()).hexdigest()[:32]}"
        open_ones = (room for room in self.passing(one) & self.passing(other) if self._pair(room) == pair)
        return next(open_ones, f"{GUESTS}{secrets.token_hex(16)}")

    def _pair(self, room: str) -> list[str]:
        facts = self.facts(room)
        return sorted((facts.maker, facts.title))

    def set_topic(self, room: str, topic: str) -> None:
        """Follow a new topic, unless the room has ended since."""
        if is_hidden(room) and room not in self._facts:
            return
        facts = self.facts(room)
        self._facts[room] = RoomFacts(facts.title, topic, facts.maker)

    def rooms(self, account: str) -> tuple[str, ...]:
        """Return the rooms that an account comes back to; of a guest's, those that are not public."""
        return self._rooms.get(account, ())

    def conversation_count(self, account: str) -> int:
        """Return how many conversations `account` has open."""
        return sum(room.startswith(CONVERSATION) for room in self.rooms(account))

    def members(self, room: str) -> frozenset[str]:
        """Return who may be in a private room, or has a conversation open."""
        return frozenset(self._members.get(room, ()))

    def add(self, account: str, room: str) -> None:
        """Let an account come back to `room`."""
        self._rooms[account] = (*(one for one in self.rooms(account) if one != room), room)
        if is_hidden(room):
            self._members.setdefault(room, set()).add(account)

    def remove(self, account: str, room: str) -> None:
        """Let an account not come back to `room` any more."""
        self._rooms[account] = tuple(one for one in self.rooms(account) if one != room)
        if not self._rooms[account]:
            del self._rooms[account]
        if members := self._members.get(room):
            members.discard(account)

    def end(self, room: str) -> None:
        """Forget a room that nobody can come to any more."""
        self._members.pop(room, None)
        facts = self._facts.pop(room, _NOTHING)
        for account in (facts.maker, facts.title):
            if rooms := self._passing.get(account):
                rooms.discard(room)
                if not rooms:
                    del self._passing[account]

    def abandoned(self) -> list[str]:
        """Return the private rooms that nobody may be in."""
        return [room for room in self._facts if room.startswith(PRIVATE) and not self._members.get(room)]


def is_lasting(room: str) -> bool:
    """Return whether what is said in `room` outlasts the connections of guests."""
    return not room.startswith(GUESTS)


def other_of(facts: RoomFacts, account: str) -> str:
    """Return with whom `account` talks in a conversation, whose facts name both."""
    return facts.title if facts.maker == account else facts.maker
