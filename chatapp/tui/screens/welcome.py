"""What a person sees first, and once: who to be, where, in which language and colours."""

import contextlib
import getpass
from typing import NamedTuple
from urllib.parse import urlsplit

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingsMap
from textual.containers import Horizontal, Vertical
from textual.driver import Driver
from textual.events import Key
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from chatapp.preferences.file import PreferencesFile
from chatapp.preferences.table import DEFAULTS, THEME_NAMES, Preferences, Unfit
from chatapp.protocol import limits
from chatapp.protocol.errors import RuleError
from chatapp.protocol.names import check_nick
from chatapp.protocol.safe import one_line
from chatapp.texts import LANGUAGES, language_in_use, tr, use_language
from chatapp.texts.errors import explain_error
from chatapp.tui.faults import telling_faults
from chatapp.tui.keys import act_at_once, pass_on
from chatapp.tui.line_input import LineInput
from chatapp.tui.sequences import learn_sequences
from chatapp.tui.terminal_notes import RESET
from chatapp.tui.themes import COLOURLESS, THEMES, ansi_color
from chatapp.way_out import WayOut

_LANGUAGE_NAMES = {"en": "English", "es": "español"}
_LONGEST_HOST = 253


class Answers(NamedTuple):
    """Who the person wants to be, and where; no host is this machine."""

    nick: str
    host: str | None
    port: int


MOVES = (
    Binding("up", "app.focus_previous", "the one before", show=False, id="welcome.previous"),
    Binding("down", "app.focus_next", "the next one", show=False, id="welcome.next"),
    Binding("enter", "app.go_in", "go in", show=False, id="welcome.enter"),
)
"""Done by what has the focus as the keys come: what is typed right behind them is for what has it then."""


class Field(LineInput):
    """A line to be filled in."""

    async def _on_key(self, event: Key) -> None:
        if pass_on(self, event):
            return
        if await act_at_once(self, event.key, BindingsMap(MOVES)):
            event.prevent_default()
            event.stop()
        else:
            await super()._on_key(event)


class Chooser(Static, can_focus=True):
    """One of some words, which Left and Right change, as does a click."""

    BINDINGS = [
        Binding("left", "step(-1)", "the value before", show=False, id="welcome.less"),
        Binding("right,space", "step(1)", "the next value", show=False, id="welcome.more"),
    ]

    class Changed(Message):
        """Another word was chosen."""

    def __init__(self, words: list[str], value: str, id: str) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__(markup=False, id=id)
        self._words = words
        self.value = value

    def render(self) -> str:
        return f"‹ {_LANGUAGE_NAMES.get(self.value, self.value)} ›"

    async def _on_key(self, event: Key) -> None:
        if pass_on(self, event):
            return
        if await act_at_once(self, event.key, BindingsMap(MOVES)) or await act_at_once(self, event.key):
            event.prevent_default()
            event.stop()

    def action_step(self, steps: int) -> None:
        self.value = self._words[(self._words.index(self.value) + steps) % len(self._words)]
        self.refresh()
        self.post_message(self.Changed())

    def on_click(self) -> None:
        self.action_step(1)


class Welcome(App[Answers]):
    """Ends with the answers, or with None; the nick, and what was chosen beside it, is kept in `file`.

    `host` and `port` stand there to begin with.
    """

    CSS_PATH = "welcome.tcss"
    ENABLE_COMMAND_PALETTE = False
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (14, "-tall")]
    BINDINGS = [
        Binding("ctrl+q,escape", "quit", "leave", show=False, priority=True, id="welcome.leave"),
        *MOVES,
    ]

    def __init__(self, file: PreferencesFile, host: str | None, port: int) -> None:
        super().__init__(ansi_color=ansi_color())
        learn_sequences()
        self._file = file
        self._language_before = language_in_use()
        self._where = address(host, port)
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = COLOURLESS if self.no_color else DEFAULTS.theme

    def get_driver_class(self) -> type[Driver]:
        return telling_faults(super().get_driver_class())

    def compose(self) -> ComposeResult:
        language = Chooser(list(LANGUAGES), language_in_use(), id="language")
        theme = Chooser(list(THEME_NAMES), DEFAULTS.theme, id="theme")
        with Vertical(id="box"):
            yield Static(id="heading", classes="heading", markup=False)
            yield _row("who", Field(own_name(), id="nick", max_length=limits.NICK_CHARACTERS, compact=True))
            yield _row("where", Field(self._where, id="address", max_length=_LONGEST_HOST, compact=True))
            yield _row("which", language)
            yield _row("colours", theme)
            yield Static(id="problem", markup=False)
            yield Static(id="keys", markup=False)

    def on_mount(self) -> None:
        self._show_texts()
        self.query_one("#nick").focus()

    def on_chooser_changed(self) -> None:
        use_language(self._value("language"))
        if not self.no_color:
            self.theme = self._value("theme")
        self._show_texts()

    def on_input_submitted(self) -> None:
        self.action_go_in()

    def action_go_in(self) -> None:
        """End with the answers, if they will do; if not, say why."""
        try:
            nick = check_nick(self.query_one("#nick", Input).value.strip())
            host, port = parse_address(self.query_one("#address", Input).value)
        except RuleError as error:
            self._complain(explain_error(error))
        except ValueError:
            self._complain(tr("Where is a name or an address, as in chat.example or 192.0.2.7:9000."))
        else:
            self._keep(nick)
            self.exit(Answers(nick, host, port))

    def _keep(self, nick: str) -> None:
        """Keep what was chosen, but what is as it was; if that can't be, all is asked again the next time."""
        chosen: dict[str, str] = {"nick": nick, "theme": self._value("theme")}
        if (language := self._value("language")) != self._language_before:
            chosen["language"] = language
        preferences = Preferences()
        with contextlib.suppress(OSError, Unfit):
            for name, text in chosen.items():
                preferences = preferences.having(name, text)
                self._file.save(name, preferences)

    def _value(self, id_: str) -> str:
        return self.query_one(f"#{id_}", Chooser).value

    def _complain(self, text: str) -> None:
        self.query_one("#problem", Static).update(one_line(text))

    def _show_texts(self) -> None:
        texts = {
            "heading": tr("Welcome to chatapp"),
            "who": tr("Nick"),
            "where": tr("Where"),
            "which": tr("Language"),
            "colours": tr("Colours"),
            "keys": tr("Enter joins · ↑↓←→ choose · Esc leaves"),
        }
        for id_, text in texts.items():
            self.query_one(f"#{id_}", Static).update(text)
        self.query_one("#address", Input).placeholder = tr("this machine")


async def ask(file: PreferencesFile, host: str | None, port: int) -> tuple[Answers | None, int]:
    """Let a `Welcome` ask in this loop; return its answers, and, if there are none, with which code to end."""
    welcome = Welcome(file, host, port)
    with WayOut(lambda code: welcome.exit(return_code=code), RESET):
        return await welcome.run_async(), welcome.return_code or 0


def own_name() -> str:
    """Return what the system calls the person, "" if that can't be a nick."""
    try:
        return check_nick(getpass.getuser())
    except (OSError, KeyError, RuleError):
        return ""


def address(host: str | None, port: int) -> str:
    """Return `host` and `port` as they are typed, without a port that goes without saying; "" for this machine."""
    named = f"[{host}]" if host and ":" in host else host or ""
    return f"{named}:{port}" if port != limits.PORT else host or ""


def parse_address(text: str) -> tuple[str | None, int]:
    """Return the host and port of ``host``, ``host:port`` or ``[::1]:port`` (RFC 3986, authority); no host is None.

    Raises ValueError.
    """
    text = text.strip()
    if text.count(":") > 1 and not text.startswith("["):
        text = f"[{text}]"
    parts = urlsplit(f"//{text}")
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc or " " in text or parts.port == 0:
        raise ValueError(text)
    return parts.hostname, parts.port or limits.PORT


def _row(label: str, widget: Widget) -> Horizontal:
    return Horizontal(Static(id=label, classes="label", markup=False), widget)
