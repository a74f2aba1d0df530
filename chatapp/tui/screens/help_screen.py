"""The keys and commands, read from the tables that define them."""

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from chatapp.client.wording import command_lines
from chatapp.protocol.commands import COMMANDS
from chatapp.texts import tr
from chatapp.tui.keys import key_name, keys_of


class HelpScreen(ModalScreen[None]):
    """Lists `bindings`, the commands, and what keys do with a message that is `chosen` and in `editing` a line."""

    CSS_PATH = "help_screen.tcss"
    BINDINGS = [Binding("escape,f1,q,enter", "dismiss", "close", show=False, id="help.close")]

    def __init__(self, bindings: Sequence[Binding], chosen: Sequence[Binding], editing: Sequence[Binding]) -> None:
        super().__init__()
        self._bindings_shown = bindings
        self._chosen = chosen
        self._editing = editing

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as box:
            box.border_subtitle = tr("Esc closes")
            yield Static(tr("Keys"), classes="heading", markup=False)
            yield Static(self._keys(self._bindings_shown), markup=False)
            yield Static(tr("Commands"), classes="heading", markup=False)
            yield Static(_table(command_lines(COMMANDS.values())), markup=False)
            yield Static(tr("// starts a message with a slash."), markup=False)
            yield Static(tr("With a message chosen"), classes="heading", markup=False)
            yield Static(self._keys(self._chosen), markup=False)
            yield Static(tr("While you write"), classes="heading", markup=False)
            yield Static(self._keys(self._editing), markup=False)

    def on_mount(self) -> None:
        self.query_one("#help").focus()

    def _keys(self, bindings: Iterable[Binding]) -> Table:
        return _table((key_name(keys_of(binding, self.app)[0]), tr(binding.description)) for binding in bindings)


def _table(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for left, right in rows:
        table.add_row(Text(left, style="bold"), Text(right))
    return table
