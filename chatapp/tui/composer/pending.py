"""What was sent and not yet confirmed, below the timeline."""

from collections.abc import Container
from itertools import islice

from textual.widgets import Static

from chatapp.protocol.names import is_to_nick
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
        self._says: dict[str, Say] = {}
        """By id, the oldest first."""
        self._late: set[str] = set()
        """The ids of those that wait for long."""
        self._is_online = False
        self._room = ""

    def add(self, say: Say) -> None:
        """Let `say` wait."""
        self._says[say.id] = say
        self.set_timer(_PATIENCE_SECONDS, lambda: self._run_late(say.id))

    def find(self, message_id: str) -> Say | None:
        """Return the message of that id; None if none waits."""
        return self._says.get(message_id)

    def show(self, waiting: Container[str], room: str, *, is_online: bool) -> None:
        """Keep those whose ids are in `waiting`, and show those of `room` that wait for long, offline all of them."""
        self._is_online, self._room = is_online, room
        self._says = {message_id: say for message_id, say in self._says.items() if message_id in waiting}
        self._late.intersection_update(self._says)
        self._draw()

    def _run_late(self, message_id: str) -> None:
        if message_id in self._says:
            self._late.add(message_id)
            self._draw()

    def _draw(self) -> None:
        here = (say for say in self._says.values() if say.room == self._room or is_to_nick(say.room))
        shown = [say for say in here if say.id in self._late or not self._is_online]
        self.display = bool(shown)
        if shown:
            self.update("\n".join(_rows(shown)))


def _rows(says: list[Say]) -> list[str]:
    rows = [f"⧗ {one_line(say.text)}" for say in islice(says, _MOST_SHOWN)]
    if more := len(says) - len(rows):
        rows.append(tr("… and {count} more", count=more))
    return rows
