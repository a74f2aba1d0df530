"""What was sent and not yet confirmed, below the timeline."""

import time
from collections.abc import Container
from itertools import islice

from rich.text import Text
from textual.widgets import Static

from chatapp.protocol.requests import Say
from chatapp.protocol.safe import one_line
from chatapp.texts import tr

_PATIENCE_SECONDS = 0.5
"""What is confirmed within so long never shows."""

_MOST_SHOWN = 3


class Pending(Static):
    """The oldest messages that wait, a row each, and how many more; nothing while all goes well."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__(id=id, markup=False)
        self._says: dict[str, tuple[Say, float]] = {}
        """By id, with the moment at which each began to wait."""
        self._is_online = False

    def add(self, say: Say) -> None:
        """Let `say` wait."""
        self._says.setdefault(say.id, (say, time.monotonic()))
        self.set_timer(_PATIENCE_SECONDS, self._draw)

    def take(self, message_id: str) -> Say | None:
        """Return the message of that id, which waits no more; None if none does."""
        say, _ = self._says.pop(message_id, (None, 0.0))
        return say

    def show(self, waiting: Container[str], *, is_online: bool) -> None:
        """Keep those whose ids are in `waiting`, and show them if they wait for long or there is no connection."""
        self._is_online = is_online
        self._says = {key: value for key, value in self._says.items() if key in waiting}
        self._draw()

    def _draw(self) -> None:
        due = time.monotonic() - _PATIENCE_SECONDS
        late = [say for say, since in self._says.values() if since <= due or not self._is_online]
        self.display = bool(late)
        if late:
            self.update(Text("\n".join(_rows(late)), no_wrap=True, overflow="ellipsis"))


def _rows(says: list[Say]) -> list[str]:
    rows = [f"⧗ {one_line(say.text)}" for say in islice(says, _MOST_SHOWN)]
    if more := len(says) - len(rows):
        rows.append(tr("… and {count} more", count=more))
    return rows
