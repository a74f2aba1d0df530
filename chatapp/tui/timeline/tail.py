"""The newest entries, kept aside while a timeline shows what is far from them."""

from collections.abc import Callable, Sequence

from chatapp.tui.timeline.entries import Entry, Kind
from chatapp.tui.timeline.layout import Layout
from chatapp.tui.timeline.shape import Shape

MOST_ASIDE = 1_000
"""So many entries are kept aside at most: of more, the oldest go."""


class Tail:
    """All messages after the `seq` `since`, and what else was told there, up to now."""

    def __init__(self, since: int) -> None:
        self.since = since
        self._layout = Layout(Shape(0))  # of no width: nothing is laid out

    @classmethod
    def of(cls, entries: Sequence[Entry], since: int) -> "Tail":
        """Return the newest of `entries`, which have all messages after `since`."""
        tail = cls(since)
        for entry in entries[-MOST_ASIDE:]:
            if entry.kind is not Kind.RULE:
                tail.add(entry)
        gone = (entry.seq for entry in reversed(entries[:-MOST_ASIDE]) if entry.seq)
        tail.since = max(tail.since, next(gone, 0))
        return tail

    @property
    def entries(self) -> Sequence[Entry]:
        return self._layout.entries

    def add(self, entry: Entry) -> None:
        self._layout.add(entry)
        if (count := len(self.entries)) > MOST_ASIDE:
            self.since = max(self.since, *(entry.seq for entry in self.entries[: count // 2]))
            self._layout.drop_first(count // 2)

    def change_last(self, entry: Entry) -> None:
        """Let `entry` stand for the newest one, or, if none is there, come first."""
        if not self.entries:
            self.add(entry)
        else:
            self._layout.replace(self._layout.ordinal_at(0) + len(self.entries) - 1, entry)

    def change(self, seq: int, changed: Callable[[Entry], Entry]) -> None:
        """Let what `changed` returns stand for the message `seq`, if that is there."""
        if (ordinal := self._layout.ordinal_of(seq)) is not None and (entry := self._layout.entry(ordinal)) is not None:
            self._layout.replace(ordinal, changed(entry))

    def after(self, seq: int) -> list[Entry]:
        """Return what stands behind the last message up to `seq`, but for the lines of days."""
        seen = (index for index, entry in enumerate(self.entries) if 0 < entry.seq <= seq)
        return [entry for entry in self.entries[max(seen, default=-1) + 1 :] if entry.kind is not Kind.RULE]
