"""Who is mentioned in a text: ``@ana``, or ``@here`` for everyone in the room."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import takewhile

from chatapp.protocol import limits
from chatapp.protocol.names import may_be_in_name, name_key

HERE = "here"
"""What everyone in the room is called; ``@all`` and ``@todos`` are the same."""

_EVERYONE = frozenset([HERE, "all", "todos"])
_MENTION = rf"""(?<![^\s(\[{{¡¿"'«“*_])@(\S{{1,{2 * limits.NICK_CHARACTERS}}})"""
_ENDS = ".-_"
"""A nick may end in these, and so may what stands around it."""

_MOST = 64


def mentioned(text: str) -> frozenset[str]:
    """Return the `name_key` of each nick that `text` mentions, as a whole word; of the first 64 mentions."""
    if "@" not in text:
        return frozenset()
    names = {name_key(name) for word in re.findall(_MENTION, text)[:_MOST] for name in _names(word)}
    return frozenset(HERE if name in _EVERYONE else name for name in names)


def is_mentioned(nick: str, text: str) -> bool:
    """Return whether `text` mentions whoever is called `nick`, or everyone."""
    found = mentioned(text)
    return bool(found) and (HERE in found or name_key(nick) in found)


def _names(word: str) -> Iterator[str]:
    """Yield what `word` may name: with what stands behind a name that could be part of it, and without."""
    name = "".join(takewhile(may_be_in_name, unicodedata.normalize("NFC", word)))
    while name:
        yield name
        name = name[:-1] if name[-1] in _ENDS else ""
