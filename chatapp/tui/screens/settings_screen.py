"""Shows all settings, and changes them: what is behind shows at once how that looks."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Input, OptionList, Static

from chatapp.preferences.kinds import Number, as_text
from chatapp.preferences.table import PREFERENCES, Preference, Unfit
from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.tui.line_input import LineInput
from chatapp.tui.live_preferences import LivePreferences, unkept

_NAME_CELLS = 13


class SettingsList(OptionList, can_focus=False):
    """The settings; the keys go to the screen."""


class SettingsScreen(ModalScreen[None]):
    """Changes the settings by keys: Up and Down choose one, Left and Right its value; what has no list is typed."""

    CSS_PATH = "settings_screen.tcss"
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (14, "-tall")]
    BINDINGS = [
        Binding("escape", "back", "close", show=False, id="settings.close"),
        Binding("up", "move('cursor_up')", "the one before", show=False, id="settings.previous"),
        Binding("down", "move('cursor_down')", "the next one", show=False, id="settings.next"),
        Binding("left", "step(-1)", "the value before", show=False, id="settings.less"),
        Binding("right,enter,space", "step(1)", "the next value", show=False, id="settings.more"),
    ]

    def __init__(self, preferences: LivePreferences) -> None:
        super().__init__()
        self._preferences = preferences

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(tr("Settings"), classes="heading", markup=False)
            yield SettingsList(id="settings", markup=False, compact=True)
            yield Static(id="about", markup=False)
            yield LineInput(id="typed", compact=True)
            yield Static(tr("↑↓ choose · ←→ change · Esc closes"), id="keys", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).display = False
        self._fill()

    def on_option_list_option_highlighted(self) -> None:
        self._say(tr(self._chosen.help))

    def on_option_list_option_selected(self) -> None:
        self.action_step(1)

    async def action_move(self, how: str) -> None:
        if not self.query_one(Input).display:
            await self.query_one(SettingsList).run_action(how)

    def action_step(self, steps: int) -> None:
        """Take the value that many steps further on, or have one typed where there is no list of them."""
        kind, value = self._chosen.kind, self._preferences.current.value(self._chosen.name)
        if isinstance(kind, Number):
            self._set(str(min(max(int(value) + steps, kind.low), kind.high)))
        elif len(kind.words) > 1:
            self._set(kind.words[(kind.words.index(as_text(value)) + steps) % len(kind.words)])
        else:
            self._ask(as_text(value))

    def action_back(self) -> None:
        """Close what is typed in, or the screen."""
        if self.query_one(Input).display:
            self._end_asking()
        else:
            self.dismiss()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if self._set(event.value.strip()):
            self._end_asking()

    @property
    def _chosen(self) -> Preference:
        return list(PREFERENCES.values())[self.query_one(SettingsList).highlighted or 0]

    def _set(self, text: str) -> bool:
        """Have `text` for the setting that is chosen; return whether that can be, and if not say why."""
        try:
            self._preferences.set(self._chosen.name, text)
        except Unfit as error:
            self._say(str(error))
            return False
        except OSError as error:
            self._say(unkept(error))
            return False
        self._fill()
        return True

    def _ask(self, value: str) -> None:
        typed = self.query_one(Input)
        typed.placeholder, typed.value = self._chosen.kind.expected, value
        typed.display = True
        typed.focus()

    def _end_asking(self) -> None:
        self.query_one(Input).display = False
        self.set_focus(None)

    def _fill(self) -> None:
        settings = self.query_one(SettingsList)
        highlighted = settings.highlighted or 0
        settings.set_options(map(self._row, PREFERENCES.values()))
        settings.highlighted = highlighted

    def _row(self, row: Preference) -> Content:
        value = as_text(self._preferences.current.value(row.name))
        return Content.assemble(row.name.ljust(_NAME_CELLS), (one_line(value) or "–", Style(bold=True)))

    def _say(self, text: str) -> None:
        self.query_one("#about", Static).update(one_line(text))
