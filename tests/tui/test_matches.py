"""Which words of a text a search marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from chatapp.tui.timeline.matches import excerpt, marks, with_prefix


def marked(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in marks(text, query)]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("adios", ["Adiós", "adios"]),
        ("ADIÓS", ["Adiós", "adios"]),
        ("amig*", ["amigo", "amigas"]),
        ('"hasta luego"', ["hasta", "luego"]),
        ("adio", []),
        ("from:adios", []),
        ("from:ana luego", ["luego"]),
        ("before:2026-01-31 in:general after:2025-01-01", []),
        ('from:"hasta luego"', []),
        ("hasta-luego", ["hasta", "luego"]),
        ("", []),
        ('* "', []),
    ],
)
def test_what_is_asked_for_is_marked(query: str, words: list[str]) -> None:
    """Words, beginnings and phrases, whatever their case and accents; filters mark nothing."""
    assert marked("Adiós, adios amigo: hasta luego, amigas", query) == words


def test_decomposed_letters_are_words() -> None:
    """An accent that is a character of its own belongs to its word."""
    assert marked("adio\u0301s", "adiós") == ["adio\u0301s"]


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("hol", "hol*"),
        ("h", "h"),
        ("dos h", "dos h"),
        ("ñ", "ñ"),
        ("ж", "ж*"),
        ("buenos hol", "buenos hol*"),
        ("hola*", "hola*"),
        ('"buenos di', '"buenos di'),
        ('"buenos dias"', '"buenos dias"'),
        ("from:an", "from:an"),
        ("from:ana hol", "from:ana hol*"),
        ("hola,", "hola,"),
        ("", ""),
    ],
)
def test_the_word_being_typed_is_a_beginning(typed: str, query: str) -> None:
    """A last word finds those that begin with it; phrases, filters and finished prefixes stay as they are."""
    assert with_prefix(typed) == query


def test_an_excerpt_has_the_match_in_view() -> None:
    """Of a long text of many lines the part around the first match is shown, in one line."""
    row = excerpt("uno dos\n" * 50 + "tres cuatro", "tres", 30).plain
    assert row.startswith("…")
    assert "tres cuatro" in row
    assert "\n" not in row


def test_a_short_text_is_its_own_excerpt() -> None:
    """What fits is shown whole."""
    assert excerpt("hola mundo", "mundo", 30).plain == "hola mundo"


@given(st.text(), st.text(), st.integers(1, 80))
def test_any_text_and_query_fit(text: str, query: str, width: int) -> None:
    """An excerpt is one harmless line of at most `width` cells, whatever is searched for in whatever."""
    row = excerpt(text, query, width).plain
    assert cell_len(row) <= width
    assert row.isprintable() or "\u00a0" in row or not {"\n", "\x1b"} & set(row)
