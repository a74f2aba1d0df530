"""The rooms that one is in, in the order in which they are listed."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatapp.client.state import ChatState
from chatapp.protocol import limits
from chatapp.protocol.names import CONVERSATION
from chatapp.protocol.requests import Level
from chatapp.protocol.safe import one_line


@dataclass(frozen=True, slots=True)
class Listed:
    """One room, as it is listed; what is muted counts nothing."""

    room: str
    title: str
    unread: int
    mentions: int
    level: Level

    @property
    def is_conversation(self) -> bool:
        return self.room.startswith(CONVERSATION)

    @property
    def is_muted(self) -> bool:
        return self.level == "none"

    @property
    def news(self) -> int:
        """How much is unread of what the person wants to be told of."""
        return self.unread if self.level == "all" else self.mentions


def listing(state: ChatState) -> list[Listed]:
    """Return the rooms first and then the conversations, each in the order in which one came there."""
    return sorted((_listed(state, room) for room in state.rooms), key=lambda listed: listed.is_conversation)


def count_text(count: int) -> str:
    """Return `count` as it is shown; above what is counted nobody knows how many there are."""
    return f"{count}+" if count >= limits.COUNTED else str(count)


def elsewhere(state: ChatState) -> str:
    """Return in a few characters what is unread in other rooms, of what the person is told of, "" for nothing."""
    others = [listed for listed in listing(state) if listed.room != state.room]
    unread = _sum([each.unread for each in others if each.level == "all"])
    mentions = _sum([each.mentions for each in others])
    return " ".join(filter(None, (unread and f"+{unread}", mentions and f"@{mentions}")))


def _sum(counts: Sequence[int]) -> str:
    return count_text(sum(counts)) if any(counts) else ""


def _listed(state: ChatState, name: str) -> Listed:
    room = state.rooms[name]
    unread, mentions = (0, 0) if room.level == "none" else (room.unread, room.mentions)
    return Listed(name, one_line(state.title_of(name)), unread, mentions, room.level)
