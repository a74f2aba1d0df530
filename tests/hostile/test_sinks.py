"""Each way by which text leaves the program, given strings that mean harm: no control gets out, no line is forged."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from typing import Any, get_args, get_origin

import msgspec
import pytest

from chatapp.client import wording
from chatapp.client.state import ChatState
from chatapp.logs import OneLine
from chatapp.protocol.events import Became, Challenged, Counted, DeviceList, Event, Freed, Pong, Present, Reacted, Typed
from chatapp.protocol.opening import Dialect
from chatapp.protocol.safe import one_line, printable
from chatapp.server.dialects import encode
from chatapp.texts.errors import explain
from chatapp.tui.listing import listing
from chatapp.tui.terminal_notes import notification, title
from chatapp.tui.timeline.details import Details, Reaction
from chatapp.tui.timeline.entries import Entry, Kind
from chatapp.tui.window_title import title_of
from tests.dangers import dangers_in
from tests.hostile.attacks import attack

DEFAULT_STRINGS = 200
CAMPAIGN_STRINGS = 1_000_000
CAMPAIGN_SECONDS = 60 * 60

_NOTE = re.compile(r"(?:\x1b\][0-9]+;([^\x00-\x1f\x7f-\x9f]*)(?:\x07|\x1b\\))+")
_SILENT = (Became, Challenged, Counted, DeviceList, Freed, Pong, Present, Reacted, Typed)
"""What plain peers are not told."""

_LOG = OneLine()


def events_of(text: str) -> Iterator[Event]:
    """Yield an event of each type that plain peers are told of, with `text` wherever a string may be."""
    for struct in Event.__args__:
        if struct not in _SILENT:
            yield _made(struct, text)


def _made(struct: Any, text: str) -> Any:
    return struct(**{field.name: _value(field.type, text) for field in msgspec.structs.fields(struct)})


def _value(kind: Any, text: str) -> Any:
    known: dict[Any, Any] = {
        str: text,
        int: 7,
        float: 1e9,
        bool: False,
        list[str]: [text, text],
        dict[str, str]: {text: "away"},
        dict[str, list[str]]: {text: [text]},
    }
    if get_origin(kind) is list and kind not in known:
        return [_made(item, text) for item in get_args(kind)]
    return known[kind] if kind in known else getattr(kind, "__args__", (None,))[0] if kind != int | None else 7


def lines_of(text: str) -> Iterator[str]:
    """Yield what is shown of `text` by every way that gives one line."""
    yield one_line(text)
    yield from (encode(Dialect.PLAIN, event).decode().removesuffix("\n") for event in events_of(text))
    yield _LOG.format(logging.LogRecord("chatapp", logging.INFO, "", 0, "%s joined", (text,), None))
    yield wording.where_one_is("#:1", text, text)
    yield wording.told_of("all", text)
    yield wording.beginning(text)
    yield from _shown_of_rooms(text)
    for note in (title(text), *(notification(way, text, text) for way in ("osc9", "osc777", "osc99"))):
        found = _NOTE.fullmatch(note)
        assert found is not None, note
        yield found[1]


def _shown_of_rooms(text: str) -> Iterator[str]:
    state = ChatState("ana")
    state.rooms["#:1"] = state.rooms.pop(state.room)
    state.room, state.here.title = "#:1", text
    yield title_of(state)
    yield from (listed.title for listed in listing(state))


def texts_of(text: str) -> Iterator[str]:
    """Yield what is shown of `text` where lines may break."""
    yield printable(text)
    entry = Entry(Kind.TEXT, text, 0.0, text, details=Details(reactions=(Reaction(text, (text,)),)))
    yield entry.text
    yield entry.shown
    yield entry.nick
    yield from entry.links
    yield from (printable(explain(code, text, 7, text)) for code in ("unheard-of", "nick-taken", "bad-usage"))


def check(text: str) -> None:
    """Raises AssertionError if anything but text is shown of `text` anywhere."""
    for line in lines_of(text):
        assert not dangers_in(line), line
    for shown in texts_of(text):
        assert dangers_in(shown) <= {"\n"}, shown


def test_every_type_of_event_is_tried() -> None:
    """None that plain peers are told of is left out, and strings are in all of them but the welcome."""
    shown = [encode(Dialect.PLAIN, event).decode() for event in events_of("x\x1by")]
    assert len(shown) == len(Event.__args__) - len(_SILENT)
    assert sum("x␛y" in line for line in shown) >= len(shown) - 1


def test_nothing_gets_out_of_any_sink() -> None:
    """Some of the strings, by every way: to terminals, notifications, titles, logs and plain peers."""
    for number in range(DEFAULT_STRINGS):
        check(attack(number))


@pytest.mark.campaign
def test_a_million_strings(tell: Callable[[str], None]) -> None:
    """The same with so many: ``python -m pytest -n 0 -m campaign tests/hostile/test_sinks.py``, in an hour."""
    began, number = time.monotonic(), 0
    ways = len([*lines_of(""), *texts_of("")])
    while number < CAMPAIGN_STRINGS and time.monotonic() - began < CAMPAIGN_SECONDS:
        check(attack(number))
        number += 1
    tell(f"{number:,} strings by {ways} ways in {time.monotonic() - began:.0f} s: nothing but text got out")
