"""Text from peers, made safe to show: what leaves here moves no cursor, hides nothing and turns nothing around."""

import re

_SPACE_FOR_TAB = "    "
_REPLACEMENT = "\ufffd"

CONTROLS = "\x00-\x08\x0b-\x1f\x7f"
"""C0 controls (ECMA-48) but tab and line feed, and DEL."""

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
"""Bidirectional controls (UAX #9) and what is drawn as nothing (Default_Ignorable_Code_Point, UAX #44), or joins
hieroglyphs.

The joiners U+200C and U+200D and the variation selectors stay where scripts and emoji need them."""

_C1 = "\x80-\x9f"
_LINE_BREAKS = "\u2028\u2029"
_SURROGATES = "\ud800-\udfff"

_UNSAFE = re.compile(f"[\t{CONTROLS}{_C1}{INVISIBLE}{_LINE_BREAKS}{_SURROGATES}]")

SKIN_TONES = "\U0001f3fb-\U0001f3ff"
_PICTURE = "[\u00a9\u00ae\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001f3fa\U0001f400-\U0001faff]"
_TONED = f"{_PICTURE}\ufe0f?[{SKIN_TONES}]?"
EMOJI = f"{_TONED}(?:\u200d{_TONED}){{0,3}}"
"""An emoji, of which at most four are drawn as one (emoji ZWJ sequence, UTS #51): there is none of more."""

_VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2"
_LETTER = f"(?![{_VIRAMAS}])[\u0900-\u0dff\u1000-\u109f\u1780-\u17ff]"
CONJUNCT = f"{_LETTER}(?:[{_VIRAMAS}]\u200d{_LETTER}){{1,2}}"
"""Two or three letters of an Indic script that are written as one (UAX #31, rule A2)."""

_JOINED_SCRIPTS = (
    "\u0600-\u109f\u1780-\u18af\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f"
)
_MAY_HIDE = re.compile("[\u200c\ufe00-\ufe0e]")
_HIDING = (
    rf"(?<![{_JOINED_SCRIPTS}])\u200c|\u200c(?![{_JOINED_SCRIPTS}])"
    r"|(?:(?<=[\s\u200c\u200d\ufe00-\ufe0f])|\A)[\ufe00-\ufe0e]"
)
"""U+200C that parts no two letters of a script that joins them (UAX #31, rules A1 and B), and a selector of nothing."""

_KEYCAP = "[0-9#*]\ufe0f"
_CHANGES = re.compile(f"[\u200d\ufe0f{SKIN_TONES}]")
_STRAY = f"{EMOJI}|{CONJUNCT}|{_KEYCAP}|[\u200d\ufe0f]|[{SKIN_TONES}]"
"""Compiled when it is first needed, as the one above: that takes long, and few texts have any of it."""


def printable(text: str) -> str:
    """Return `text` with everything that is not text drawn as a visible mark; line feeds stay.

    A C0 control becomes its picture (ESC becomes ␛), a tab spaces, all else U+FFFD. A joiner or an emoji's selector
    goes where it changes nothing: a word would be another than it looks, or, as some take what follows for nothing
    wide, text would be hidden.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = _UNSAFE.sub(_visible, text)
    if _MAY_HIDE.search(shown):
        shown = re.sub(_HIDING, "", shown)
    return re.sub(_STRAY, _unjoined, shown) if _CHANGES.search(shown) else shown


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


def _unjoined(match: re.Match[str]) -> str:
    """Return what is joined as it is, no joiner, and a visible mark for a skin tone of nothing."""
    found = match.group()
    if len(found) > 1 or not _CHANGES.match(found):
        return found
    return "" if found in "\u200d\ufe0f" else _REPLACEMENT
