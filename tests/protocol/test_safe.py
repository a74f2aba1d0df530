"""Text made safe to show: nothing in it moves a cursor, hides or turns around, and ordinary text stays as it is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.protocol.safe import one_line, printable

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
JOINERS = "\u200c\u200d"
HOSTILE = BIDI + "\x00\x07\x08\t\n\x1b\r\x7f\x80\x85\x9b\u2028\u2029\ufeff\u200b\ud800\udfff\U000e0041\U000e007f"

texts = st.text(st.characters() | st.sampled_from(HOSTILE), max_size=60)
"""Any text, surrogates too, with much that is hostile."""


def is_harmless(character: str) -> bool:
    """Say whether a terminal only draws `character`: no control, format but joiners, line break or surrogate."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp", "Cs") or character in JOINERS


def may_stand(character: str) -> bool:
    """Allow also the format characters that are drawn: signs that span Arabic, Syriac, Kaithi or Egyptian text."""
    ranges = ((0x600, 0x605), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891), (0x8E2, 0x8E2), (0x110BD, 0x110CD))
    drawn = any(first <= ord(character) <= last for first, last in (*ranges, (0x13430, 0x1343F)))
    return drawn or is_harmless(character)


@given(texts)
def test_nothing_dangerous_leaves(text: str) -> None:
    """No C0 but line feeds, no C1, bidirectional control, tag, surrogate or line break comes out, whatever goes in."""
    assert all(character == "\n" or may_stand(character) for character in printable(text))


def test_no_character_at_all_is_dangerous_afterwards() -> None:
    """The claim holds for each of Unicode's characters."""
    shown = printable("".join(map(chr, range(0x110000)))).replace("\n", "")
    assert [hex(ord(character)) for character in shown if not may_stand(character)] == []


@given(texts)
def test_one_line_is_one_line(text: str) -> None:
    """Nothing that anybody takes for a line ending comes out of one_line."""
    assert len(f"{one_line(text)}.".splitlines()) == 1


@given(texts)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    """Both are idempotent: to make safe twice is to make safe once."""
    assert printable(printable(text)) == printable(text)
    assert one_line(one_line(text)) == one_line(text)


@given(texts)
def test_lines_stay_lines(text: str) -> None:
    """Line feeds stay where they are, and none is added."""
    assert printable(text).count("\n") == text.count("\n")
    assert printable(text).split("\n") == [printable(line) for line in text.split("\n")]


@pytest.mark.parametrize(
    "text",
    [
        "¡Hola! ¿Qué tal, señor Núñez? «Muy bien» — dijo…",
        "👩‍👩‍👧‍👦 👍🏽 ❤️ 🇪🇸 1️⃣",
        "你好,世界 こんにちは 안녕하세요",
        "مرحبا بالعالم می‌خواهم",
        "שלום נמשיך",
        "नमस्ते क्‍ष",
        "e\u0301 Z͑ͫ̓",
        "100 % {x} [bold] \\n $(id)",
        "",
    ],
)
def test_ordinary_text_is_unchanged(text: str) -> None:
    """Text of any script, with the joiners and selectors that it needs, is shown as it is."""
    assert printable(text) == text
    assert one_line(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x00\x07\x1f\x7f", "␀␇␟␡"),
        ("a\tb", "a    b"),
        ("a\r\nb", "a␍\nb"),
        ("\x9b2J", "\ufffd2J"),
        ("evil\u202egpj.exe", "evil\ufffdgpj.exe"),
        ("a\u2028b", "a\ufffdb"),
        ("\udcff", "\ufffd"),
        ("\U000e0068\U000e0069", "\ufffd\ufffd"),
    ],
)
def test_what_is_not_text_is_seen(text: str, shown: str) -> None:
    """A control is drawn as its picture, and what else is no text as U+FFFD: it is there to be seen."""
    assert printable(text) == shown


def test_a_line_feed_is_seen_in_one_line() -> None:
    """A message of two lines is told from two messages."""
    assert one_line("a\nb") == "a ↵ b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u200db", "ab"),
        ("\u200d\u200d👩", "👩"),
        ("👩\u200d" * 6, "👩\u200d👩\u200d👩\u200d👩👩\u200d👩"),
        ("क्\u200d" * 4 + "क", "क्\u200dक्\u200dक" + "्" + "क्\u200dक"),
        ("a\ufe0f*\u0301\ufe0f", "a*\u0301"),
        ("❤\ufe0f\ufe0f1\ufe0f", "❤\ufe0f1\ufe0f"),
        ("🏻a🏻", "\ufffda\ufffd"),
        ("👍🏻🏻", "👍🏻\ufffd"),
    ],
)
def test_what_joins_nothing_goes(text: str, shown: str) -> None:
    """A joiner between what isn't drawn as one, or beyond it, and a skin tone of nothing: they would hide text."""
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u200cna", "ana"),
        ("\u200cana\u200c", "ana"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200cष", "क्\u200cष"),
        ("a\ufe00\ufe01\ufe02b", "a\ufe00b"),
        ("\ufe0ea \ufe0eb", "a b"),
        ("☺\ufe0e", "☺\ufe0e"),
        ("葛\ufe00", "葛\ufe00"),
    ],
)
def test_what_hides_in_a_word_is_left_out(text: str, shown: str) -> None:
    """A joiner that parts nothing and a selector of nothing hide no message in a text, and no nick from who looks."""
    assert printable(text) == shown
