"""The rooms that one is in, in the order in which they are listed."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatapp.client.state import ChatState
from chatapp.protocol import limits
from chatapp.protocol.names import CONVERSATION
from chatapp.protocol.safe import one_line


@dataclass(frozen=True, slots=True)
class Listed:
    """One room, as it is listed; what is muted counts nothing."""

    room: str
    title: str
    unread: int
    mentions: int
    is_muted: bool

    @property
    def is_conversation(self) -> bool:
        return self.room.startswith(CONVERSATION)


def listing(state: ChatState) -> list[Listed]:
    """Return the rooms first and then the conversations, each in the order in which one came there."""
    return sorted((_listed(state, room) for room in state.rooms), key=lambda listed: listed.is_conversation)


def count_text(count: int) -> str:
    """Return `count` as it is shown; above what is counted nobody knows how many there are."""
    return f"{count}+" if count >= limits.COUNTED else str(count)


def elsewhere(state: ChatState) -> str:
    """Return what is unread in other rooms than the one in view, in a few characters, "" for nothing."""
    others = [listed for listed in listing(state) if listed.room != state.room]
    unread, mentions = _sum([each.unread for each in others]), _sum([each.mentions for each in others])
    return " ".join(filter(None, (unread and f"+{unread}", mentions and f"@{mentions}")))


def _sum(counts: Sequence[int]) -> str:
    return count_text(sum(counts)) if any(counts) else ""


def _listed(state: ChatState, name: str) -> Listed:
    room = state.rooms[name]
    is_muted = room.level == "none"
    unread, mentions = (0, 0) if is_muted else (room.unread, room.mentions)
    return Listed(name, one_line(state.title_of(name)), unread, mentions, is_muted)
