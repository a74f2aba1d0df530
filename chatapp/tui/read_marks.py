"""Tells the server what one has read: what stands at the end of the room in view, once it is painted."""

from textual.screen import Screen

from chatapp.client.client import Client
from chatapp.tui.timeline.timelines import Timelines


class ReadMarks:
    """Marks as read for `client` what `timelines` show on `screen`, while that and its window are in front."""

    def __init__(self, screen: Screen[None], client: Client, timelines: Timelines) -> None:
        self._screen = screen
        self._client = client
        self._timelines = timelines
        self._is_due = False

    def soon(self) -> None:
        """Once it is painted, let what is in view be read: a burst is read at once."""
        if not self._is_due:
            self._is_due = True
            self._screen.call_after_refresh(self._read)

    def _read(self) -> None:
        """Let all in the room in view be read, if its newest line is seen."""
        self._is_due = False
        if self._screen.app.app_focus and self._screen.is_active and self._timelines.current.is_at_end:
            self._client.mark_read(self._timelines.room)
