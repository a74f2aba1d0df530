"""``python bare.py``: the least that a chat in Textual could be, a log of 200 lines above an input."""

from textual.app import App, ComposeResult
from textual.widgets import Input, Log

from tests.bench.screen.talk import PAST, lines


class BareApp(App[None]):
    """It connects to nothing."""

    CSS = "Log { height: 1fr; }"
    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        yield Log()
        yield Input()

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self.query_one(Input).focus()
        self.query_one(Log).write_lines(lines(PAST))


if __name__ == "__main__":
    BareApp().run()
