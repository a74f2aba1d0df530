"""Searches backwards through what one sent, as a shell's ctrl+r does."""

from collections.abc import Sequence

from textual.binding import Binding

from chatapp.protocol import limits
from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.tui.screens.picker import Pick, Picker, marked


class RecallScreen(Picker):
    """Ends with the one of `lines`, the newest first, that was picked; those that hold what is typed are listed."""

    BINDINGS = [Binding("ctrl+r", "move('cursor_down')", "an older one", show=False, id="recall.older")]

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(tr("some letters of what you sent"), limits.QUERY_CHARACTERS)
        self._lines = lines

    def fitting(self, query: str) -> list[Pick]:
        return [pick for line in self._lines if (pick := _pick(line, query.lower())) is not None]


def _pick(line: str, query: str) -> Pick | None:
    """Return `line` with `query`, which is in lower case, marked in it; None if it isn't there."""
    shown = one_line(line)
    start = shown.lower().find(query)
    return None if start < 0 else Pick(line, marked(shown, range(start, start + len(query))))
