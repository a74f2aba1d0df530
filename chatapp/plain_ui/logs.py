"""What was said in the rooms that one is in, as far as it was heard here, and how it reads by now."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from chatapp.protocol.events import Counted, Deleted, Edited, HistoryPage, Reacted, Said
from chatapp.protocol.names import name_key
from chatapp.protocol.requests import TALK

_MOST_MESSAGES = 1000
"""So many of a room are kept."""


class RoomLog:
    """The messages of one room by their `seq`, the oldest first."""

    def __init__(self, title: str = "") -> None:
        self.title = title
        """What people call it."""
        self.has_page = False
        """Whether the last page before one came was heard, or none is to be awaited."""
        self.has_more = False
        """Whether there are older ones than are kept."""
        self.unread = 0
        """How many were unread when one came, and aren't told yet."""
        self._read: int | None = None
        """Up to which `seq` the person had read when one came; None while that is not known."""
        self._messages: dict[int, Said] = {}
        self._untold = set[int]()

    @property
    def oldest(self) -> int | None:
        """The `seq` of the oldest that is kept."""
        return next(iter(self._messages), None)

    @property
    def is_told(self) -> bool:
        """Whether nothing is left that the person was not told of."""
        return not self.unread and not self._untold

    def count(self, event: Counted) -> None:
        """Know what was unread when one came: the first count says that."""
        if self._read is None:
            self._read, self.unread = event.read, event.unread

    def hear(self, said: Said) -> None:
        self._messages[said.seq] = said
        if len(self._messages) > _MOST_MESSAGES:
            del self._messages[oldest := next(iter(self._messages))]
            self._untold.discard(oldest)
            self.has_more = True

    def leave_untold(self, said: Said) -> None:
        """Keep for later that of `said`, which was heard, the person is still to be told."""
        self._untold.add(said.seq)

    def take(self, page: HistoryPage, own_nick: str) -> None:
        """Add what is older than what is kept; the first page also brings what was unread of others."""
        news = [said for said in page.messages if said.seq not in self._messages]
        if self.oldest is None or not page.messages or page.messages[0].seq <= self.oldest:
            self.has_more = page.has_more
        if not self.has_page and self._read is not None:
            self._untold.update(said.seq for said in _of_others(news, own_nick) if said.seq > self._read)
        self._messages = dict(sorted([*((said.seq, said) for said in news), *self._messages.items()]))
        self.has_page = True

    def take_untold(self) -> list[Said]:
        """Return those of which the person was not told yet, as far as they are kept, and count them as told."""
        untold = [self._messages[seq] for seq in sorted(self._untold)]
        self._untold.clear()
        self.unread = 0
        return untold

    def before(self, seq: int, limit: int) -> list[Said]:
        """Return up to `limit` messages before `seq`, or, if that is 0, the newest."""
        return [said for said in self._messages.values() if not seq or said.seq < seq][-limit:]

    def find(self, seq: int) -> Said | None:
        return self._messages.get(seq)

    def newest(self, is_wanted: Callable[[Said], bool] = lambda _: True) -> Said | None:
        """Return the newest message of somebody's that is still there and is wanted."""
        talk = (said for said in reversed(self._messages.values()) if said.kind in TALK and not said.is_deleted)
        return next(filter(is_wanted, talk), None)

    def change(self, event: Edited | Deleted | Reacted) -> Said | None:
        """Let a message read otherwise; return how it read before, None if it isn't kept."""
        if (said := self._messages.get(event.of)) is not None:
            self._messages[event.of] = _changed(said, event)
        return said


def _of_others(messages: Iterable[Said], own_nick: str) -> Iterable[Said]:
    return (said for said in messages if name_key(said.nick) != name_key(own_nick))


def _changed(said: Said, event: Edited | Deleted | Reacted) -> Said:
    match event:
        case Edited():
            return replace(said, text=event.text, is_edited=True)
        case Deleted():
            return replace(said, text="", is_deleted=True, reactions={})
        case Reacted():
            others = [nick for nick in said.reactions.get(event.emoji, []) if name_key(nick) != name_key(event.nick)]
            nicks = [*others, event.nick] if event.on else others
            return replace(said, reactions={**said.reactions, event.emoji: nicks})
