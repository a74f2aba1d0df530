"""The line below the timeline that says how much came while one reads further up."""

from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from chatapp.texts import tr_plural


class Unseen(Static):
    """Says how many lines are below, and nothing of none; a click asks for them."""

    class Wanted(Message):
        """The newest line is to be shown."""

    def show(self, count: int) -> None:
        self.display = count > 0
        if count:
            self.update(tr_plural("↓ {count} new line", "↓ {count} new lines", count))

    def on_click(self, event: Click) -> None:
        event.stop()
        self.post_message(self.Wanted())
