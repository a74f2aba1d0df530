"""Text from peers, made safe to show: what leaves here moves no cursor, hides nothing and turns nothing around."""

import re

_SPACE_FOR_TAB = "    "
_REPLACEMENT = "\ufffd"

CONTROLS = "\x00-\x08\x0b-\x1f\x7f"
"""C0 controls (ECMA-48) but tab and line feed, and DEL."""

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Bidirectional controls (UAX #9) and what is drawn as nothing (Default_Ignorable_Code_Point, UAX #44).

The joiners U+200C and U+200D and the variation selectors stay: scripts and emoji need them."""

_C1 = "\x80-\x9f"
_LINE_BREAKS = "\u2028\u2029"
_SURROGATES = "\ud800-\udfff"

_UNSAFE = re.compile(f"[\t{CONTROLS}{_C1}{INVISIBLE}{_LINE_BREAKS}{_SURROGATES}]")


def printable(text: str) -> str:
    """Return `text` with everything that is not text drawn as a visible mark; line feeds stay.

    A C0 control becomes its picture (ESC becomes ␛), a tab spaces, all else U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(_visible, text)


def one_line(text: str) -> str:
    """Return `text` as `printable` does, with each line feed shown as ``↵``: one line for one message."""
    return printable(text).replace("\n", " ↵ ")


def _visible(match: re.Match[str]) -> str:
    character = match.group()
    if character == "\t":
        return _SPACE_FOR_TAB
    if character == "\x7f":
        return "\u2421"
    if character < " ":
        return chr(0x2400 + ord(character))
    return _REPLACEMENT
