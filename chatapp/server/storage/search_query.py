"""What a person types to search, read: words, "phrases", prefix*, from:ana, in:#room, before: and after: dates."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chatapp.protocol.names import name_key
from chatapp.protocol.queries import is_too_short
from chatapp.server.storage.errors import BadQuery

MOST_TERMS = 64
"""What one query may consist of."""


@dataclass(frozen=True)
class SearchQuery:
    """What a message must have: all of `terms`, as FTS5 spells them, and what else isn't None.

    `nick` and `room` are as `name_key` returns them; times are in seconds since 1970: `after` <= at < `before`.
    """

    terms: tuple[str, ...] = ()
    nick: str | None = None
    room: str | None = None
    after: float | None = None
    before: float | None = None


def parse(query: str) -> SearchQuery:
    """Read `query`, any text whatever. Dates are as in 2026-01-31, days begin at midnight UTC.

    Of a filter given twice the last counts; a quote with no end ends with the query.
    Raises BadQuery if it asks for nothing, for more than 64 things, with a filter that makes no sense, or for all that
    begins with one letter, as `is_too_short` says.
    """
    read = SearchQuery()
    for number, (key, phrase, word) in enumerate(_split(query)):
        if number == MOST_TERMS:
            raise BadQuery(word or phrase)
        read = _FILTERS[key](read, phrase or word) if key else _add_term(read, phrase, word)
    if read == SearchQuery():
        raise BadQuery("")
    return read


def _split(query: str) -> Iterator[tuple[str, str, str]]:
    """Yield key, phrase and word of each part; two of them, or all but one, are empty."""
    for key, phrase, word in _PART.findall(_NEVER_TEXT.sub(" ", query)):
        if key or phrase.strip() or word:
            yield key.lower().rstrip(":"), phrase, word


def _add_term(read: SearchQuery, phrase: str, word: str) -> SearchQuery:
    star = "*" if word.endswith("*") and word.strip("*") else ""
    if star and is_too_short(word):
        raise BadQuery(word)
    spelt = (phrase or word.rstrip("*") or word).replace('"', '""')
    return replace(read, terms=(*read.terms, f'"{spelt}"{star}'))


def _from(read: SearchQuery, value: str) -> SearchQuery:
    return replace(read, nick=name_key(_given("from", value)))


def _in(read: SearchQuery, value: str) -> SearchQuery:
    return replace(read, room=name_key("#" + _given("in", value).removeprefix("#")))


def _before(read: SearchQuery, value: str) -> SearchQuery:
    return replace(read, before=_midnight("before", value))


def _after(read: SearchQuery, value: str) -> SearchQuery:
    return replace(read, after=_midnight("after", value))


def _midnight(key: str, value: str) -> float:
    """Return when the day that `value` names begins."""
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise BadQuery(f"{key}:{value}") from None


def _given(key: str, value: str) -> str:
    if not value:
        raise BadQuery(f"{key}:")
    return value


_FILTERS: dict[str, Callable[[SearchQuery, str], SearchQuery]] = {
    "from": _from,
    "in": _in,
    "before": _before,
    "after": _after,
}

_PART = re.compile(rf"""(?i:({"|".join(_FILTERS)}):)?(?:"([^"]*)"?|([^\s"]+))?""")
_NEVER_TEXT = re.compile("[\x00\ud800-\udfff]")
