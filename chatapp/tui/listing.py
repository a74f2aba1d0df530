"""The rooms that one is in, in the order in which they are listed."""

from collections.abc import Container, Sequence

import msgspec

from chatapp.client.events import ClientEvent, Looked, Lost, Read, Restarted
from chatapp.client.state import ChatState
from chatapp.protocol import limits
from chatapp.protocol.events import Counted, Entered, Left, Renamed, Said, Welcomed
from chatapp.protocol.names import CONVERSATION
from chatapp.protocol.requests import Level
from chatapp.protocol.safe import one_line

_OF_ROOMS = (Welcomed, Entered, Left, Renamed, Counted, Read, Looked, Lost, Restarted)


class Listed(msgspec.Struct, frozen=True):
    """One room, as it is listed; what is muted counts nothing."""

    room: str
    title: str
    unread: int
    mentions: int
    level: Level
    has_draft: bool = False
    """Whether one is writing something there."""

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


def order(state: ChatState) -> list[str]:
    """Return the rooms first and then the conversations, each in the order in which one came there."""
    return sorted(state.rooms, key=lambda room: room.startswith(CONVERSATION))


def listing(state: ChatState, drafts: Container[str] = ()) -> list[Listed]:
    """Return what is listed of each room, in their `order`; in those of `drafts` one is writing something."""
    return [_listed(state, room, room in drafts) for room in order(state)]


def next_news(state: ChatState) -> str:
    """Return the next room after the one in view with something unread: a mention, or else anything; "" if none is."""
    listed = listing(state)
    here = next(index for index, each in enumerate(listed) if each.room == state.room)
    around = [*listed[here + 1 :], *listed[:here]]
    found = [each.room for each in around if each.mentions] or [each.room for each in around if each.news]
    return found[0] if found else ""


def may_change(event: ClientEvent, state: ChatState) -> bool:
    """Return whether `event`, which `state` was told, may have changed the listing."""
    return event.room != state.room if isinstance(event, Said) else isinstance(event, _OF_ROOMS)


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


def _listed(state: ChatState, name: str, has_draft: bool) -> Listed:
    room = state.rooms[name]
    unread, mentions = (0, 0) if room.level == "none" else (room.unread, room.mentions)
    return Listed(name, one_line(state.title_of(name)), unread, mentions, room.level, has_draft)
