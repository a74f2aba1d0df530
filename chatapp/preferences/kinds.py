"""The kinds of values that a preference may have; each reads a value from text, or raises ValueError."""

from datetime import time

import msgspec

from chatapp.protocol.errors import RuleError
from chatapp.protocol.names import check_nick
from chatapp.texts import tr

ON, OFF = "on", "off"

Value = str | int | bool
"""What a preference may be, in the file too."""


def as_text(value: object) -> str:
    """Return `value` as a person types it. Raises ValueError for what no preference can be."""
    match value:
        case bool():
            return ON if value else OFF
        case str() | int():
            return str(value)
        case _:
            raise ValueError(value)


class Choice(msgspec.Struct, frozen=True):
    """One of some words."""

    words: tuple[str, ...]

    @property
    def expected(self) -> str:
        return " | ".join(self.words)

    def read(self, text: str) -> str:
        return self.words[self.words.index(text.lower())]


class Switch(msgspec.Struct, frozen=True):
    """On or off."""

    words = (ON, OFF)
    expected = f"{ON} | {OFF}"

    def read(self, text: str) -> bool:
        return (True, False)[self.words.index(text.lower())]


class Number(msgspec.Struct, frozen=True):
    """A whole number from `low` to `high`."""

    low: int
    high: int
    words: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        return tr("a whole number from {low} to {high}", low=self.low, high=self.high)

    def read(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(self.high))):
            raise ValueError(text)
        if not self.low <= (number := int(text)) <= self.high:
            raise ValueError(text)
        return number


class Hours(msgspec.Struct, frozen=True):
    """A part of the day, as in ``22:00-07:30`` in local time, or ``off``."""

    words = (OFF,)

    @property
    def expected(self) -> str:
        return tr("hours, as in 22:00-07:30, or off")

    def read(self, text: str) -> str:
        return OFF if text.lower() == OFF else "-".join(f"{each:%H:%M}" for each in hours(text))


class Nick(msgspec.Struct, frozen=True):
    """A nick by the rules of `check_nick`, or nothing."""

    words: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        return tr("a nick, like ana")

    def read(self, text: str) -> str:
        try:
            return check_nick(text) if text else ""
        except RuleError as error:
            raise ValueError(text) from error


Kind = Choice | Switch | Number | Hours | Nick


def hours(text: str) -> tuple[time, time]:
    """Return from when and until when ``22:00-07:30`` is. Raises ValueError."""
    start, end = (time.fromisoformat(part.strip().rjust(5, "0")) for part in text.split("-"))
    return start, end


def is_within(hours_text: str, now: time) -> bool:
    """Return whether `now` is in those hours, which may go over midnight; it is never in ``off``."""
    if hours_text == OFF:
        return False
    start, end = hours(hours_text)
    return start <= now < end if start <= end else now >= start or now < end
