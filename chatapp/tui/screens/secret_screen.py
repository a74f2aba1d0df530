"""Asks for the password of a chat, or for an invitation, and shows nothing of it."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from chatapp.protocol import limits
from chatapp.protocol.safe import printable
from chatapp.texts import tr
from chatapp.tui.line_input import LineInput


class SecretScreen(ModalScreen[str]):
    """Ends with what was given; `reason` says what for, or why the last one was refused."""

    CSS_PATH = "secret_screen.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (10, "-tall")]
    BINDINGS = [Binding("escape", "app.leave", "leave", show=False, id="secret.leave")]

    def __init__(self, reason: str) -> None:
        super().__init__()
        self._reason = reason

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(printable(self._reason), id="question", markup=False)
            placeholder = tr("nothing of it is shown")
            yield LineInput(placeholder=placeholder, password=True, max_length=limits.SECRET_BYTES, compact=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """End with the secret, once: Enter may come twice."""
        if self.is_current and event.value:
            self.dismiss(event.value)
