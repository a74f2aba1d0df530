"""How much of a room is unread: what the server counted, and what was heard since."""

from collections import deque

import msgspec

from chatapp.protocol import limits


def _seqs() -> deque[int]:
    """Make a place for seqs; beyond so many nobody counts, so the oldest go."""
    return deque(maxlen=limits.COUNTED)


class Unread(msgspec.Struct):
    """Messages and mentions, each up to limits.COUNTED. All seqs ascend; a step costs the same however many wait."""

    counted_to: int = 0
    """What is not beyond it the server has counted."""
    _older: int = 0
    _older_mentions: int = 0
    _heard: deque[int] = msgspec.field(default_factory=_seqs)
    _heard_mentions: deque[int] = msgspec.field(default_factory=_seqs)

    @property
    def messages(self) -> int:
        return min(self._older + len(self._heard), limits.COUNTED)

    @property
    def mentions(self) -> int:
        return min(self._older_mentions + len(self._heard_mentions), limits.COUNTED)

    def hear(self, seq: int, *, is_mention: bool) -> None:
        """Follow the message `seq`, newer than all that were heard."""
        if seq > self.counted_to:
            self._heard.append(seq)
            if is_mention:
                self._heard_mentions.append(seq)

    def count(self, seq: int, messages: int, mentions: int) -> None:
        """Take what the server counted up to `seq`; what was heard after that stays."""
        self.counted_to, self._older, self._older_mentions = seq, messages, mentions
        for heard in (self._heard, self._heard_mentions):
            while heard and heard[0] <= seq:
                heard.popleft()

    def clear(self) -> None:
        """Have nothing unread."""
        self._older = self._older_mentions = 0
        self._heard.clear()
        self._heard_mentions.clear()
