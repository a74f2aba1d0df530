"""The log of messages: what gives each its `seq`, and knows a message that is sent again."""

import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chatapp.protocol.errors import IdReused
from chatapp.protocol.events import Said
from chatapp.protocol.names import name_key
from chatapp.protocol.requests import Say


@dataclass(frozen=True)
class Post:
    """A message on its way into the log: who says what, and when (seconds since 1970)."""

    nick: str
    say: Say
    at: float

    @property
    def key(self) -> tuple[str, str]:
        """What is unique to the message: its author, and the id that the author chose."""
        return name_key(self.nick), self.say.id


@dataclass(frozen=True)
class Appended:
    """A post that is in the log as `said`: since now, or, if not `is_new`, since it was first sent."""

    said: Said
    is_new: bool


Outcome = Appended | IdReused


class Store(Protocol):
    """Where messages are kept, in the order of their `seq`."""

    @property
    def log(self) -> str:
        """The name of this log, which no other has."""
        ...

    @property
    def last_seq(self) -> int:
        """The `seq` of the newest message, 0 for none."""
        ...

    async def append(self, posts: Sequence[Post]) -> list[Outcome]:
        """Keep all of `posts`, in their order, and only then return: one outcome for each."""
        ...


class MemoryStore:
    """A store that lives as long as its server; it knows the last `remembered` messages again."""

    def __init__(self, remembered: int = 10_000) -> None:
        self._log = uuid.uuid4().hex
        self._last_seq = 0
        self._remembered = remembered
        self._said: OrderedDict[tuple[str, str], Said] = OrderedDict()

    @property
    def log(self) -> str:
        return self._log

    @property
    def last_seq(self) -> int:
        return self._last_seq

    async def append(self, posts: Sequence[Post]) -> list[Outcome]:
        return [self._append(post) for post in posts]

    def _append(self, post: Post) -> Outcome:
        if (first := self._said.get(post.key)) is not None:
            return Appended(first, is_new=False) if _is_same(first, post.say) else IdReused(post.say.id)
        self._last_seq += 1
        said = said_from(post, self._last_seq)
        self._said[post.key] = said
        if len(self._said) > self._remembered:
            self._said.popitem(last=False)
        return Appended(said, is_new=True)


def said_from(post: Post, seq: int) -> Said:
    say = post.say
    return Said(seq, say.room, post.nick, say.text, post.at, say.id, say.kind)


def _is_same(said: Said, say: Say) -> bool:
    return (said.room, said.text, said.kind) == (say.room, say.text, say.kind)
