"""The Spanish texts: none is missing, none is left over, and each fills in the same values as the English one."""

import re
from string import Formatter

import pytest

from chatapp.preferences.table import PREFERENCES
from chatapp.protocol.commands import COMMANDS
from chatapp.protocol.errors import Code
from chatapp.texts import use_language
from chatapp.texts.errors import explain
from chatapp.texts.es import SPANISH
from chatapp.texts.es.command_line import COMMAND_LINE
from chatapp.texts.es.commands import COMMANDS as COMMAND_HELP
from chatapp.texts.es.entering import ENTERING
from chatapp.texts.es.errors import ERRORS
from chatapp.texts.es.plain_ui import PLAIN_UI
from chatapp.texts.es.preferences import PREFERENCES as PREFERENCES_TEXTS
from chatapp.texts.es.screen import SCREEN
from chatapp.texts.es.security import SECURITY
from chatapp.texts.es.server import SERVER
from tests.texts.sources import literals, translated

_PERCENT = re.compile(r"%(?:\(\w+\))?[rsd]")


def placeholders(text: str) -> list[str]:
    """Return what is filled into `text`, by `str.format` or, in argparse's texts, by ``%``."""
    names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    return sorted(names + _PERCENT.findall(text))


def test_every_text_in_the_source_has_a_translation() -> None:
    """What stands in a call of tr or tr_plural is in the Spanish catalogue."""
    assert {text: place for text, place in translated().items() if text not in SPANISH} == {}


def test_the_source_is_searched() -> None:
    """The search finds a text of the server, of the command line and of several words: else it would prove nothing."""
    assert {"{nick} is now {to}.", "show the version", "Nothing was found."} <= translated().keys()


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_the_help_of_every_command_has_a_translation(command: object) -> None:
    """The table of commands holds texts for people, too."""
    assert getattr(command, "help", "") in SPANISH


@pytest.mark.parametrize("name", PREFERENCES)
def test_the_help_of_every_setting_has_a_translation(name: str) -> None:
    """So does that of settings."""
    assert PREFERENCES[name].help in SPANISH


@pytest.mark.parametrize("code", Code)
def test_every_error_is_explained_in_spanish(code: Code) -> None:
    """Each code says something else in Spanish than in English, and holds the same data."""
    use_language("en")
    english = explain(code, "<detail>", 77)
    use_language("es")
    spanish = explain(code, "<detail>", 77)
    assert spanish != english
    assert [spanish.count(value) for value in ("<detail>", "77")] == [
        english.count(value) for value in ("<detail>", "77")
    ]


@pytest.mark.parametrize(("english", "spanish"), SPANISH.items())
def test_a_translation_fills_in_the_same_values(english: str, spanish: str) -> None:
    """No value is lost, and none is asked for that isn't given."""
    assert placeholders(spanish) == placeholders(english)
    assert spanish.strip()


def test_no_translation_is_left_over() -> None:
    """Every text that is translated stands in the source, of chatapp or of argparse, word for word."""
    assert SPANISH.keys() - literals() == set()


def test_no_text_is_translated_twice() -> None:
    """What two parts share is in one of their catalogues, so that no one hides another."""
    parts = (ERRORS, SERVER, SECURITY, SCREEN, PLAIN_UI, PREFERENCES_TEXTS, COMMAND_HELP, COMMAND_LINE, ENTERING)
    assert len(SPANISH) == sum(map(len, parts))
