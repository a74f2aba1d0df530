"""What a nick looks like: its skeletons, by Unicode's table of characters that are taken for each other (UTS #39)."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

import msgspec

from chatapp.protocol.names import name_key

_ASCII = str.maketrans({"m": "rn", "0": "O", "1": "l", "I": "l"})
"""What the table has for the characters of a nick that are ASCII, so that those need no table."""

_DIRECTION = "\u200e"
"""Stands around what is written from right to left there, and is no part of it."""

_MOST_STEPS = 8
"""Twice what any mix of the table's characters was seen to need."""


class _Table(NamedTuple):
    characters: dict[int, str]
    """What each character is read as."""
    sequences: dict[str, str]
    """The same for characters that normalizing takes apart for good."""


@lru_cache(maxsize=4096)
def skeletons(nick: str) -> tuple[str, ...]:
    """Return the one or two strings that `nick` is recognized by: who shares one with it could be taken for it.

    The first is of the nick as written, the second of its `name_key`, if that is another: `I` looks like `l`, and is
    `i` as well, though `i` and `l` are as different as before. In each the confusables are mapped, then the case is
    folded, and what that made is mapped too.
    """
    return tuple(dict.fromkeys(map(_recognized, dict.fromkeys((nick, name_key(nick))))))


def confusable_pairs() -> list[tuple[str, str]]:
    """Return all of Unicode's pairs: a character, and what is read instead."""
    return [(source, target) for source, target in _prototypes().items()]


def _recognized(nick: str) -> str:
    if nick.isascii():  # the second time for what was an M
        return nick.translate(_ASCII).lower().translate(_ASCII)
    return _until_settled(lambda text: name_key(_skeleton(text)), nick)


def _skeleton(text: str) -> str:
    """Return the skeleton of UTS #39, mapped until nothing changes: the table names some composed characters, which
    the standard's one pass after decomposing never meets, and some targets that are sources too.
    """
    return _until_settled(_mapped, text)


def _until_settled(step: Callable[[str], str], text: str) -> str:
    """Repeat `step` as long as it changes something; for text that somebody contrived, not for ever."""
    for _ in range(_MOST_STEPS):
        before, text = text, step(text)
        if text == before:
            break
    return text


def _mapped(text: str) -> str:
    table = _table()
    text = unicodedata.normalize("NFD", text)
    for sequence, target in table.sequences.items():
        text = text.replace(sequence, target)
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, text).translate(table.characters)
    return unicodedata.normalize("NFD", text)


@cache
def _table() -> _Table:
    prototypes = _prototypes()
    apart = {source: unicodedata.normalize("NFC", source) for source in prototypes}
    sequences = {
        unicodedata.normalize("NFD", text): prototypes[source] for source, text in apart.items() if len(text) > 1
    }
    return _Table({ord(source): target for source, target in prototypes.items()}, sequences)


def _prototypes() -> dict[str, str]:
    """Return what each character is read as. The library has the pairs either way round; see `_is_source`."""
    # Only a server where somebody's nick is not all ASCII needs this, and what reads it.
    from importlib.resources import files

    data = files("homoglyphs_fork").joinpath("confusables.json").read_bytes()
    partners = defaultdict[str, set[str]](set)
    for text, others in msgspec.json.decode(data, type=dict[str, list[str]]).items():
        partners[_bare(text)].update(map(_bare, others))
    return {text: next(iter(others)) for text, others in partners.items() if _is_source(text, partners)}


def _bare(text: str) -> str:
    return text.replace(_DIRECTION, "")


def _is_source(text: str, partners: Mapping[str, set[str]]) -> bool:
    """Return whether `text` is the mapped end of its pair: that is one character, and has no other pair.

    Where that is true of both ends either will do, and it is the one with the greater number.
    """
    if len(text) > 1 or len(partners[text]) > 1:
        return False
    (other,) = partners[text]
    return len(other) > 1 or len(partners[other]) > 1 or text > other
