"""What no text from a peer may bring along, told by the Unicode Character Database and not by the code under test."""

import unicodedata
from itertools import chain

_MEANT = frozenset("\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Format characters (Cf) that scripts or emoji need, and signs that are drawn around digits."""

_NEVER = ("Cc", "Cf", "Cs", "Zl", "Zp")

DANGERS = frozenset(
    character
    for character in map(chr, chain(range(0x20000), range(0xE0000, 0xE1000)))
    if unicodedata.category(character) in _NEVER and character not in _MEANT
)
"""Controls, bidirectional ones and the line feed too, what breaks a line, and what is drawn as nothing."""


def dangers_in(text: str) -> frozenset[str]:
    """Return what `text` has of them."""
    return DANGERS.intersection(text)
