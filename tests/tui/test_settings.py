"""Settings: by /set, on their screen, and from their file as it changes; each shows at once."""

import pytest
from textual.events import AppBlur, AppFocus
from textual.widgets import Input

from chatapp.preferences.file import preferences_path
from chatapp.server.server import Server
from chatapp.tui import app as app_module
from chatapp.tui.rooms import Rooms
from chatapp.tui.screens.settings_screen import SettingsScreen
from chatapp.tui.sidebar import Sidebar
from tests.tui.screens import window

SIZE = (240, 30)


def kept() -> str:
    """Return what the file of settings holds, "" if there is none."""
    path = preferences_path(None)
    return path.read_text() if path.exists() else ""


def write(text: str) -> None:
    """Let the file of settings hold `text`."""
    path = preferences_path(None)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def forbid() -> None:
    """Let there be a folder where the file of settings should be."""
    preferences_path(None).mkdir(parents=True)


async def test_a_setting_is_changed_and_kept(server: Server) -> None:
    """It shows at once, is told, and stands in the file."""
    async with window(server.port, size=SIZE) as ana:
        await ana.type("/set theme nord")
        await ana.shows("theme: nord")
        assert ana.app.theme == "nord"
        assert kept() == 'theme = "nord"\n'


async def test_a_setting_is_told(server: Server) -> None:
    """With what it is good for."""
    async with window(server.port, size=SIZE) as ana:
        await ana.type("/set density")
        await ana.shows("density: compact (spaced has an empty line between speakers)")


async def test_what_can_not_be_is_said(server: Server) -> None:
    """In one line each, and nothing changes."""
    async with window(server.port, size=SIZE) as ana:
        await ana.type("/set theme nrod")
        await ana.shows("theme can't be nrod; expected: nord.")
        await ana.type("/set thme nord")
        await ana.shows("There is no setting thme. Did you mean theme?")
        assert ana.app.theme == "chatapp-dark"
        assert kept() == ""


async def test_what_can_not_be_kept_is_not_changed(server: Server) -> None:
    """Where the disk says no, the person is told why."""
    async with window(server.port, size=SIZE) as ana:
        forbid()
        await ana.type("/set people off")
        await ana.shows("The settings can't be kept: Is a directory.")
        assert ana.app.chat.query_one(Sidebar).display


async def test_the_language_changes_at_once(server: Server) -> None:
    """What is asked, headed and told from here on is in it."""
    async with window(server.port, size=SIZE) as ana:
        await ana.type("/set language es")
        await ana.shows("Escribe un mensaje…", "Personas · 1", "conectado", "(el idioma; auto es el del sistema)")


async def test_so_does_what_is_said_of_the_lines_below(server: Server) -> None:
    """How many came while one reads further up is said in the new language at once."""
    async with window(server.port) as ana:
        for number in range(50):
            ana.app.chat.note(f"line {number}")
        await ana.shows("line 49")
        await ana.press("pageup")
        ana.app.chat.note("one more")
        await ana.shows("1 new line")
        write('language = "es"\n')
        ana.app._preferences.follow_file()
        await ana.shows("1 línea nueva")


async def test_the_sides_are_folded(server: Server) -> None:
    """By /set for good, beside the keys that do it for now."""
    async with window(server.port, size=SIZE) as ana:
        await ana.type("/join #ops")
        await ana.until(lambda: ana.app.chat.query_one(Rooms).display)
        await ana.type("/set rooms off")
        await ana.until(lambda: not ana.app.chat.query_one(Rooms).display)
        await ana.type("/set people off")
        await ana.until(lambda: not ana.app.chat.query_one(Sidebar).display)
        await ana.press("f3")
        assert ana.app.chat.query_one(Sidebar).display


async def test_what_a_key_folded_stays_folded(server: Server) -> None:
    """Another setting that changes brings nothing back."""
    async with window(server.port, size=SIZE) as ana:
        await ana.press("f3")
        await ana.type("/set theme nord")
        await ana.until(lambda: ana.app.theme == "nord")
        assert not ana.app.chat.query_one(Sidebar).display


async def test_the_screen_of_settings_changes_them(server: Server) -> None:
    """Up and Down choose one, Left and Right its value, which shows at once behind; Escape closes."""
    async with window(server.port, size=SIZE) as ana:
        await ana.type("/set")
        await ana.shows("Settings", "who you are if `--nick` isn't given")
        await ana.press("down", "down", "right")
        assert ana.app.theme == "chatapp-light"
        await ana.press("left")
        assert ana.app.theme == "chatapp-dark"
        await ana.press("down", "down", "down", "right")
        await ana.shows("nick_column  13", "how wide the column of nicks is")
        await ana.press("escape")
        await ana.until(lambda: not isinstance(ana.app.screen, SettingsScreen))
        assert kept() == 'theme = "chatapp-dark"\nnick_column = 13\n'


async def test_what_has_no_list_is_typed(server: Server) -> None:
    """What can't be is said there, and may be mended; Escape leaves it as it was."""
    async with window(server.port, size=SIZE) as ana:
        await ana.type("/set")
        await ana.shows("Settings")
        await ana.press(*["down"] * 10, "right")
        await ana.press(*["backspace"] * 3, *"22-7", "enter")
        await ana.shows("quiet can't be 22-7; expected: hours")
        ana.app.screen.query_one(Input).value = "22:00-7:00"
        await ana.press("enter")
        await ana.shows("quiet        22:00-07:00")
        await ana.press("up", *["right"] * 2)
        await ana.shows("notify       osc99")


async def test_a_change_of_the_file_shows(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is written by an editor; what is wrong in it is said with its line, and the rest is taken."""
    monkeypatch.setattr(app_module, "_FILE_SECONDS", 0.02)
    async with window(server.port, size=SIZE) as ana:
        write('theme = "nord"\ncolour = 1\n')
        await ana.until(lambda: ana.app.theme == "nord")
        await ana.shows("line 2: There is no setting colour")
        write("theme = \n")
        await ana.shows("line 1: this is not TOML")
        assert ana.app.theme == "nord"


async def test_a_change_of_the_file_shows_at_once_to_who_comes_back(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As from an editor in another window, where the terminal tells that this one is in front again."""
    monkeypatch.setattr(app_module, "_FILE_SECONDS", 3600.0)
    async with window(server.port, size=SIZE) as ana:
        ana.app.post_message(AppBlur())
        write('theme = "nord"\n')
        ana.app.post_message(AppFocus())
        await ana.until(lambda: ana.app.theme == "nord")
        await ana.press("h")
        assert ana.composer.text == "h"


async def test_what_another_window_changed_shows_too(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if a change here comes before the file is looked at again."""
    monkeypatch.setattr(app_module, "_FILE_SECONDS", 3600.0)
    async with window(server.port, size=SIZE) as ana:
        write('theme = "nord"\n')
        await ana.type("/set density spaced")
        await ana.shows("density: spaced")
        assert ana.app.theme == "nord"
        assert kept() == 'theme = "nord"\ndensity = "spaced"\n'


async def test_keys_are_put_elsewhere(server: Server) -> None:
    """By the names of what they do; a name or a key that isn't one is said, with its line."""
    write('[keys]\n"chat.search" = "f8,ctrl+g"\n"chat.serch" = "f9"\n"chat.help" = "f99"\n"chat.go" = "?"\n')
    async with window(server.port, size=SIZE) as ana:
        await ana.shows(
            "line 3: There is no key called chat.serch. Did you mean chat.search?",
            "line 4: chat.help can't be f99; expected: a key, as in ctrl+s or f5",
        )
        await ana.press("f8")
        await ana.shows("from:ana, before:")
        await ana.press("escape", "ctrl+g")
        await ana.shows("from:ana, before:")
        await ana.press("escape", "f1")
        await ana.shows("Keys")


async def test_time_nicks_and_density_show_at_once(server: Server) -> None:
    """All that was said is laid out anew."""
    async with window(server.port, size=SIZE) as ana:
        await ana.type("hola")
        await ana.type("/set time none")
        await ana.until(lambda: any(row.startswith(" " * 10 + "ana  hola") for row in ana.rows()))
        await ana.type("/set nick_column 0")
        await ana.until(lambda: any(row.startswith(" ana hola") for row in ana.rows()))
        count = len(ana.timeline.entries)
        await ana.type("/set density spaced")
        await ana.until(lambda: ana.timeline.virtual_size.height > count + 1)
