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
from chatapp.tui.line_input import LineInput


class NickScreen(ModalScreen[str]):
    """Ends with a nick that keeps the rules; `reason` says why the last one was refused."""

    CSS_PATH = "nick_screen.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (10, "-tall")]
    BINDINGS = [Binding("escape", "app.leave", "leave", show=False, id="nick.leave")]

    def __init__(self, reason: str) -> None:
        super().__init__()
        self._reason = reason

    def compose(self) -> ComposeResult:
        reason = Static(id="reason", markup=False)
        _say(self._reason, reason)
        with Vertical(id="box"):
            yield reason
            yield Static(tr("Who do you want to be?"), id="question", markup=False)
            yield LineInput(placeholder=tr("a nick, like ana"), max_length=limits.NICK_CHARACTERS, compact=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """End with the nick, once: Enter may come twice."""
        if not self.is_current:
            return
        try:
            self.dismiss(check_nick(event.value.strip()))
        except RuleError as error:
            _say(explain_error(error), self.query_one("#reason", Static))


def _say(reason: str, line: Static) -> None:
    line.update(printable(reason))
    line.display = bool(reason)
