"""Asks what to do with many lines that were pasted."""

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from chatapp.texts import tr, tr_plural
from chatapp.tui.composer.measure import too_long

KEEP, SEND, DROP = "keep", "send", "drop"


class PasteScreen(ModalScreen[str]):
    """Ends with KEEP, SEND or DROP for a paste of so many `lines`; what is `excess` bytes too long can't be sent.

    No letter answers it: who pastes and types on means none of these.
    """

    CSS_PATH = "picker.tcss"
    BINDINGS = [Binding("escape", f"dismiss('{DROP}')", "drop it", show=False, id="paste.drop")]

    def __init__(self, lines: int, excess: int) -> None:
        super().__init__(classes="picker")
        self._lines = lines
        self._excess = excess

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(tr_plural("{count} line was pasted.", "{count} lines were pasted.", self._lines), markup=False)
            if self._excess > 0:
                yield Static(too_long(self._excess), classes="error", markup=False)
            yield OptionList(*self._answers(), markup=False, compact=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """End with what was chosen, once: a double click chooses it twice."""
        if self.is_current:
            self.dismiss(event.option_id)

    def _answers(self) -> Iterator[Option]:
        yield Option(tr("Keep them here, to edit them"), id=KEEP)
        if self._excess <= 0:
            yield Option(tr("Send them as one message"), id=SEND)
        yield Option(tr("Drop them"), id=DROP)
