"""An input of one line that takes nothing but text."""

from textual import events
from textual.widgets import Input

from chatapp.protocol.safe import one_line


class LineInput(Input):
    """An Input whose pastes are made safe: their controls would reach the terminal from here."""

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        super()._on_paste(events.Paste(one_line(event.text.strip())))
        event.stop()
