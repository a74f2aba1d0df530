"""Where the words of a search stand in a text: the server finds the messages, this marks them."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from textual.content import Content
from textual.style import Style

from chatapp.protocol.queries import is_too_short
from chatapp.protocol.safe import one_line

_PART = re.compile(r'(?i:(from|in|before|after):)?(?:"([^"]*)"?|([^\s"]+))')
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_UNFINISHED = re.compile(r"(?:^|\s)([^\s:\"*]+)$")

_MARK = Style(bold=True, underline=True)


def with_prefix(query: str) -> str:
    """Return `query` so that a last word still being typed, of two letters or more, finds all that begin with it."""
    is_in_phrase = query.count('"') % 2 == 1
    last = _UNFINISHED.search(query)
    if is_in_phrase or last is None or not _WORD.search(query[-1:]) or is_too_short(last[1]):
        return query
    return f"{query}*"


def marks(text: str, query: str) -> list[tuple[int, int]]:
    """Return the start and end of each word of `text` that `query` asks for; case and accents don't matter."""
    words, beginnings = _wanted(query)
    return [
        found.span()
        for found in _WORD.finditer(text)
        if (word := _folded(found.group())) in words or word.startswith(beginnings)
    ]


def excerpt(text: str, query: str, width: int) -> Content:
    """Return `text` in one line of at most `width` cells with its matches marked, the first of them in view."""
    line = one_line(text)
    spans = marks(line, query)
    content = Content(line)
    for start, end in spans:
        content = content.stylize(_MARK, start, end)
    start, end = spans[0] if spans else (0, 0)
    cut = start - width // 4
    if cut > 0 and Content(line[:end]).cell_length >= width:
        content = Content("…") + content[cut:]
    return content.truncate(width, ellipsis=True)


@lru_cache(maxsize=8)
def _wanted(query: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the words that `query` asks for, and the beginnings of words."""
    words, beginnings = set[str](), list[str]()
    for part, is_beginning in _parts(query):
        found = [_folded(word) for word in _WORD.findall(part)]
        if is_beginning and found:
            beginnings.append(found.pop())
        words.update(found)
    return frozenset(words), tuple(beginnings)


def _parts(query: str) -> Iterator[tuple[str, bool]]:
    """Yield each phrase or word, and whether it is a beginning; filters are left out."""
    for key, phrase, word in _PART.findall(query):
        if not key:
            yield phrase or word, word.endswith("*")


def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
