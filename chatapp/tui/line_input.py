"""An input of one line that takes nothing but text."""

from textual import events
from textual.reactive import reactive
from textual.widgets import Input

from chatapp.protocol.safe import printable
from chatapp.tui.keys import act_at_once


class LineInput(Input):
    """An Input whose pastes are made one safe line: their controls would reach the terminal from here.

    Its cursor doesn't blink: each time that would be drawn.
    """

    cursor_blink = reactive(False, init=False)

    async def _on_key(self, event: events.Key) -> None:
        event.prevent_default()
        if await act_at_once(self, event.key):
            event.stop()
        else:
            await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        super()._on_paste(events.Paste(printable(" ".join(event.text.splitlines()))))
        event.stop()
