"""Asks who one wants to be."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from chatapp.protocol import limits
from chatapp.protocol.errors import RuleError
from chatapp.protocol.names import check_nick
from chatapp.protocol.safe import printable
from chatapp.texts import tr
from chatapp.texts.errors import explain_error


class NickScreen(ModalScreen[str]):
    """Ends with a nick that keeps the rules; `reason` says why the last one was refused."""

    BINDINGS = [Binding("escape", "app.leave", "leave", show=False)]

    def __init__(self, reason: str) -> None:
        super().__init__()
        self._reason = reason

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(id="reason", markup=False)
            yield Static(tr("Who do you want to be?"), id="question", markup=False)
            yield Input(placeholder=tr("a nick, like ana"), max_length=limits.NICK_CHARACTERS, compact=True)

    def on_mount(self) -> None:
        self._say(self._reason)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(check_nick(event.value.strip()))
        except RuleError as error:
            self._say(explain_error(error))

    def _say(self, reason: str) -> None:
        line = self.query_one("#reason", Static)
        line.update(printable(reason))
        line.display = bool(reason)
