"""The file of preferences: what it may hold, what is said of what is wrong in it, and that nothing in it is lost."""

import os
from pathlib import Path

import pytest

from chatapp.preferences.file import PreferencesFile
from chatapp.preferences.table import DEFAULTS, Unfit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def written(path: Path, text: str | bytes) -> PreferencesFile:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return PreferencesFile(path)


def test_no_file_is_needed(path: Path) -> None:
    """Then all is as it is at first, and nothing is made."""
    assert PreferencesFile(path).load() == (DEFAULTS, [])
    assert not path.parent.exists()


def test_it_holds_every_kind_of_value(path: Path) -> None:
    """Words, switches, numbers, hours; keys by the ids of bindings, in quotes or as tables."""
    values = 'theme = "nord"\nbell = false\nnick_column = 8\nquiet = "22:00-07:00"\n'
    text = values + '[keys]\n"chat.find" = "f5"\nchat.go = "f6"\n'
    preferences, problems = written(path, text).load()
    assert (preferences.theme, preferences.bell, preferences.nick_column) == ("nord", False, 8)
    assert preferences.keys == {"chat.find": "f5", "chat.go": "f6"}
    assert problems == []


def test_what_is_wrong_is_said_with_its_line(path: Path) -> None:
    """Line and key are named, and all that is right stands."""
    preferences, problems = written(path, '# mine\ntheme = "nrod"\n\ncolour = 3\ntime = "12h"\nbell = 1.5\n').load()
    assert preferences.time == "12h"
    assert [problem.removeprefix(str(path)) for problem in problems] == [
        ", line 2: theme can't be nrod; expected: nord.",
        ", line 4: There is no setting colour; there are: "
        "nick, language, theme, time, density, nick_column, rooms, people, bell, notify, quiet, title, typing.",
        ", line 6: bell can't be 1.5; expected: on | off.",
    ]


def test_a_key_is_checked(path: Path) -> None:
    """By whoever knows the bindings."""

    def refuse(binding: str, keys: str) -> str:
        raise Unfit(f"no {binding} for {keys}")

    written(path, 'theme = "nord"\n[keys]\n"chat.find" = "f5"\n"chat.go" = 5\n')
    preferences, problems = PreferencesFile(path, refuse).load()
    assert (preferences.theme, preferences.keys) == ("nord", {})
    assert problems == [
        f"{path}, line 3: no chat.find for f5",
        f"{path}, line 4: chat.go can't be 5; expected: a key.",
    ]


def test_keys_are_as_they_are_read(path: Path) -> None:
    """The screen has its own names for them."""
    written(path, '[keys]\n"chat.go" = "F6"\n')
    assert PreferencesFile(path, lambda _, keys: keys.lower()).load()[0].keys == {"chat.go": "f6"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('theme = "nord"\nbell = \n', "line 2: this is not TOML"),
        (b"theme = '\xff'\n", "this is not TOML"),
        (f"nick_column = {'1' * 5_000}\n", "this is not TOML"),
        (f"nick = {'[' * 5_000}", "this is not TOML"),
        (f"nick{'.a' * 5_000} = 1", "this is not TOML"),
        ("x" * 70_000, "can't be read: File too large."),
    ],
)
def test_a_file_that_can_not_be_read(path: Path, text: str | bytes, problem: str) -> None:
    """What was there before stays in use, and the file as it is: no change is written to it."""
    file = written(path, text)
    before = DEFAULTS.having("theme", "dracula")
    preferences, problems = file.load(before)
    assert preferences == before
    assert len(problems) == 1
    assert problem in problems[0]
    with pytest.raises((Unfit, OSError)):
        file.save("bell", before)
    assert path.read_bytes() == (text if isinstance(text, bytes) else text.encode())


def test_a_change_leaves_all_else(path: Path) -> None:
    """Comments, the order and what is not known stay; a new setting stands before the table of keys."""
    file = written(path, '# mine\ntheme = "nord" # cold\nother = 1\n\n[keys]\n"chat.find" = "f5"\n')
    changed = file.load()[0].having("theme", "dracula").having("bell", "off")
    file.save("theme", changed)
    file.save("bell", changed)
    text = path.read_text()
    assert text.startswith('# mine\ntheme = "dracula" # cold\nother = 1\n')
    again, problems = file.load()
    assert (again.theme, again.bell, again.keys) == ("dracula", False, {"chat.find": "f5"})
    assert len(problems) == 1


def test_it_is_private_and_made_with_its_folder(path: Path) -> None:
    """Mode 0600, in a folder of the mode 0700."""
    PreferencesFile(path).save("theme", DEFAULTS)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.read_text() == 'theme = "chatapp-dark"\n'


def test_a_link_stays_a_link(tmp_path: Path, path: Path) -> None:
    """As those have it who keep such files in a folder of their own."""
    real = tmp_path / "dotfiles.toml"
    real.write_text("")
    path.parent.mkdir()
    path.symlink_to(real)
    PreferencesFile(path).save("theme", DEFAULTS)
    assert path.is_symlink()
    assert "theme" in real.read_text()


def test_it_tells_that_it_was_changed(path: Path) -> None:
    """By others, not by itself; also that it is gone."""
    file = written(path, "")
    file.load()
    assert not file.has_changed()
    file.save("theme", DEFAULTS)
    assert not file.has_changed()
    path.write_text('theme = "nord"\n')
    os.utime(path, ns=(1, 1))
    assert file.has_changed()
    file.load()
    path.unlink()
    assert file.has_changed()
