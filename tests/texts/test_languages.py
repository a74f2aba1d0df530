"""The language of a process: which one the locale asks for, and what is said in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.texts import LANGUAGES, locale_language, tr, tr_plural, use_language

LANGUAGE_OF = {
    "es_ES.UTF-8": "es",
    "es": "es",
    "ES_mx": "es",
    "es_419@latin": "es",
    "en_GB.UTF-8": "en",
    "de_DE": "en",
    "C": "en",
}

locales = st.sampled_from(sorted(LANGUAGE_OF))


@pytest.mark.parametrize(("locale", "language"), LANGUAGE_OF.items())
def test_the_locale_chooses_the_language(locale: str, language: str) -> None:
    """Spanish of any country is Spanish; all else is English."""
    assert locale_language({"LANG": locale}) == language


@given(st.fixed_dictionaries({}, optional={name: locales | st.just("") for name in ("LC_ALL", "LC_MESSAGES", "LANG")}))
def test_the_variables_count_in_the_order_of_posix(environment: dict[str, str]) -> None:
    """LC_ALL comes before LC_MESSAGES, that before LANG; an empty one is as one that isn't set (POSIX, 8.2)."""
    in_order = [environment.get(name) or "" for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    first = next(filter(None, in_order), "C")
    assert locale_language(environment) == LANGUAGE_OF[first]


def test_other_variables_say_nothing() -> None:
    """What isn't about messages doesn't choose their language."""
    assert locale_language({"LC_TIME": "es_ES", "PATH": "es", "HOME": "es"}) == "en"
    assert locale_language({}) == "en"


def test_what_is_used_is_spoken() -> None:
    """A text is said in the language that was chosen last; English is what stands in the code."""
    use_language("es")
    assert tr("Nothing was found.") == "No se ha encontrado nada."
    use_language("en")
    assert tr("Nothing was found.") == "Nothing was found."


def test_there_is_no_other_language() -> None:
    """A language that isn't there is refused, and the one in use stays."""
    assert LANGUAGES == ("en", "es")
    use_language("es")
    with pytest.raises(KeyError):
        use_language("de")
    assert tr("Nothing was found.") == "No se ha encontrado nada."


@pytest.mark.parametrize("language", LANGUAGES)
@given(value=st.text() | st.sampled_from(["{to}", "{nick}", "{0}", "%s", "{", "[b]", "{nick.__class__}"]))
def test_values_are_data(language: str, value: str) -> None:
    """A value goes in as it is, whatever braces it has in it."""
    use_language(language)
    assert tr("{nick} left.", nick=value) == tr("{nick} left.", nick="NICK").replace("NICK", value)


def test_a_text_without_values_is_not_filled_in() -> None:
    """Where no values are given, braces stand for themselves."""
    assert tr("{nick} left.") == "{nick} left."


def test_a_text_without_translation_is_said_in_english() -> None:
    """Nothing fails for want of a translation."""
    use_language("es")
    assert tr("{what} in no catalogue", what="A text") == "A text in no catalogue"


@pytest.mark.parametrize(("count", "text"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines")])
def test_one_is_told_from_many(count: int, text: str) -> None:
    """Only a count of one is singular, and the number stands in the text."""
    assert tr_plural("{count} line", "{count} lines", count) == text
