"""The table of preferences: what each is called, what it may be, what it is at first, and what it is good for."""

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal, cast, get_args

import msgspec
from msgspec.structs import replace

from chatapp.preferences.kinds import OFF, Choice, Hours, Kind, Nick, Number, Switch, Value, as_text
from chatapp.texts import LANGUAGES, tr

AUTO = "auto"

THEME_NAMES = (
    "chatapp-dark",
    "chatapp-light",
    *("ansi-dark", "ansi-light", "atom-one-dark", "atom-one-light", "catppuccin-frappe", "catppuccin-latte"),
    *("catppuccin-macchiato", "catppuccin-mocha", "dracula", "flexoki", "gruvbox", "monokai", "nord", "rose-pine"),
    *("rose-pine-dawn", "rose-pine-moon", "solarized-dark", "solarized-light", "textual-dark", "textual-light"),
    "tokyo-night",
)

Clock = Literal["24h", "12h", "none"]
Density = Literal["compact", "spaced"]
Notifier = Literal["auto", "osc9", "osc99", "osc777", "desktop", "none"]


class Preferences(msgspec.Struct, frozen=True):
    """What a person prefers; each field has its row in PREFERENCES, but for `keys`: the keys by the ids of bindings."""

    nick: str = ""
    language: str = AUTO
    theme: str = "chatapp-dark"
    time: Clock = "24h"
    density: Density = "compact"
    nick_column: int = 12
    rooms: bool = True
    people: bool = True
    bell: bool = True
    notify: Notifier = "auto"
    quiet: str = OFF
    title: bool = True
    typing: bool = False
    keys: Mapping[str, str] = msgspec.field(default_factory=lambda: MappingProxyType({}))

    def value(self, name: str) -> Value:
        """Return what the preference called `name` is."""
        return cast(Value, getattr(self, name))

    def having(self, name: str, text: str) -> "Preferences":
        """Return these with what `text` says for `name`. Raises Unfit, which says what was expected."""
        return replace(self, **{name: read(name, text)})


class Preference(msgspec.Struct, frozen=True):
    """One row of the table. `help` is one line in English, the key of its translations."""

    name: str
    kind: Kind
    help: str

    @property
    def usage(self) -> str:
        return f"/set {self.name} {self.kind.expected}"


PREFERENCES = {
    row.name: row
    for row in (
        Preference("nick", Nick(), "who you are if `--nick` isn't given"),
        Preference("language", Choice((AUTO, *LANGUAGES)), "the language; auto is the system's"),
        Preference("theme", Choice(THEME_NAMES), "the colours; those of ansi- are the terminal's own 16"),
        Preference("time", Choice(get_args(Clock)), "how the time is written beside messages"),
        Preference("density", Choice(get_args(Density)), "spaced has an empty line between speakers"),
        Preference("nick_column", Number(0, 24), "how wide the column of nicks is; with 0 there is none"),
        Preference("rooms", Switch(), "whether rooms stand on the left, where they fit"),
        Preference("people", Switch(), "whether people stand on the right, where they fit"),
        Preference("bell", Switch(), "whether the bell rings when you are mentioned, or written to alone"),
        Preference(
            "notify",
            Choice(get_args(Notifier)),
            "how that is notified: by the terminal, by notify-send (desktop), or not",
        ),
        Preference("quiet", Hours(), "from when until when it neither rings nor notifies, as in 22:00-07:00"),
        Preference("title", Switch(), "whether the window's title counts what is unread"),
        Preference("typing", Switch(), "whether others see that you are writing"),
    )
}


DEFAULTS = Preferences()

NOTHING_GIVEN: Mapping[str, str] = MappingProxyType({})


class Unfit(ValueError):
    """A preference that there isn't, or a value that it can't have; the text says what was expected."""


def read(name: str, text: object) -> Value:
    """Return what `text` is for the preference called `name`. Raises Unfit."""
    if (row := PREFERENCES.get(name)) is None:
        raise Unfit(_unknown(name))
    try:
        return row.kind.read(as_text(text))
    except ValueError:
        raise Unfit(unfit(name, text, _expected(row, text))) from None


def unfit(name: str, text: object, expected: str) -> str:
    """Return that `name` can't be `text`, and what was `expected`."""
    return tr("{name} can't be {text}; expected: {expected}.", name=name, text=text, expected=expected)


def _unknown(name: str) -> str:
    if near := get_close_matches(name, PREFERENCES):
        return tr("There is no setting {name}. Did you mean {near}?", name=name, near=near[0])
    return tr("There is no setting {name}; there are: {all}.", name=name, all=", ".join(PREFERENCES))


def _expected(row: Preference, text: object) -> str:
    """Return what could have been meant by `text`; of many words only those that are like it, if any are."""
    near = get_close_matches(str(text), row.kind.words)
    return " | ".join(near) if near else row.kind.expected
