"""Strings that break screens, each the same in every run: made from its number."""

import random
import unicodedata

from rich.cells import get_character_cell_size
from wcwidth import wcwidth

_EMOJI = "👩‍💻 👨‍👩‍👧‍👦 🧑🏻‍❤️‍💋‍🧑🏿 👍🏽 ❤️ ☺︎ 1️⃣ 🏴‍☠️ 🏳️‍🌈 👁️‍🗨️ 🇪🇸 🇯🇵🇫 ⌚ ⚡︎ 😅 🫱🏻‍🫲🏿 🏴󠁧󠁢󠁥󠁮󠁧󠁿 #️ 🧑‍🧑‍🧑‍🧑‍🧑‍🧑"
_MARKUP = (
    "** * _ ` ``` ]( :// [label](https://example.org/x) https://例え.jp/パス?q=[1] **👩**‍💻 `日本` [bold] [/] "
    "[@click=app.quit] [link=file:///] {0} %s :heart: @ana \\* [red $var ](javascript:1)"
)
_SCRIPTS = "日本語 한국어 ﾊﾝｶｸ Ｆｕｌｌ क्षि क्‍ष ශ්‍රී ไทย ｶﾞ 𝓱𝓮 각 ㍿ ﷽ 𠜎 … │─╭ � ﬁ ß İ"

EMOJI = (*_EMOJI.split(), "👩\u200d" * 50, "🏻" * 9, "\u200d" * 9, "\ufe0f" * 9)
MARKUP = (*_MARKUP.split(), "\n```py\n", "\n```\n", "\n> ", "\n> > ")
CONTROLS = (
    *("\x1b[2J", "\x1b[31m", "\x1b]2;title\x07", "\x1b]8;;x\x1b\\", "\x9b2J", "\x9d0;x\x9c", "\x90q\x9c", "\x1b7"),
    *("\x1b8", "\x1b[?1049l", "\x1bc", *"\x08\x7f\x00\r\t\x0b\x0e\x0f\x05\x85\u2028"),
)
BIDI = ("\u202eevil\u202c", "\u2066x\u2069", *"\u200f\u061c\ufeff\u200b\u2060\u00ad", "שלום", "مرحبا")
SCRIPTS = (
    *(*_SCRIPTS.split(), "e\u0301\u0323", "a" + "\u0334" * 40, "\u0301", "لا\u200cب", "a\u200db\u200dc"),
    "क्\u200d" * 30,
)
_GROUPS: tuple[tuple[str, ...], ...] = (
    EMOJI,
    MARKUP,
    CONTROLS,
    BIDI,
    SCRIPTS,
    ("palabra", "word", " ", "  ", "\n", "\n\n", "-", "x" * 30),
)
_MOST_BYTES = 4096
"""What one message may have."""


def agreed(character: str) -> bool:
    """Return whether Rich and wcwidth have `character` as wide, or it is newer than one of their tables of Unicode.

    Of the latter only those beyond the BMP, which the app expects to be measured differently.
    """
    return ord(character) > 0xFFFF or bool(get_character_cell_size(character) == wcwidth(character))


def hostile(number: int) -> tuple[str, random.Random]:
    """Return the string of that number, and a source of randomness to go on with."""
    source = random.Random(number)
    text = "".join(_piece(source) for _ in range(source.choice((1, 3, 10, 40))))
    if source.random() < 0.02:
        text += source.choice((*SCRIPTS, *EMOJI, "x")) * _MOST_BYTES
    return text.encode("utf-8", "replace")[:_MOST_BYTES].decode("utf-8", "ignore"), source


def _piece(source: random.Random) -> str:
    if source.random() < 0.8:
        return source.choice(source.choice(_GROUPS))
    character = chr(source.randrange(0x20, source.choice((0x250, 0x3000, 0x10000, 0x20000))))
    is_known = unicodedata.category(character) not in ("Cn", "Co", "Cs")
    return character if is_known and (agreed(character) or not character.isprintable()) else "?"
