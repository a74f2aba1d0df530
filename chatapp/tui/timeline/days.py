"""Where one day ends and the next begins, in local time."""

from collections.abc import Iterable, Iterator
from datetime import date

from chatapp.texts import tr
from chatapp.tui.timeline.entries import Entry, Kind

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_of(at: float) -> date | None:
    """Return the local date of `at` (seconds since 1970), None for a time that no calendar has."""
    try:
        return date.fromtimestamp(at)
    except (ValueError, OverflowError, OSError):
        return None


def title(day: date) -> str:
    """Return `day` as the language in use writes it, in at most 15 characters."""
    return f"{tr(_WEEKDAYS[day.weekday()])} {day.day} {tr(_MONTHS[day.month - 1])} {day.year}"


def with_days(entries: Iterable[Entry], before: Entry | None) -> Iterator[Entry]:
    """Yield `entries`, which follow `before`, with a line for each new day in front of its first."""
    for entry in entries:
        if before is not None and (day := _new_day(entry, before)) is not None:
            yield Entry(Kind.RULE, title(day), entry.at)
        yield entry
        before = entry


def _new_day(entry: Entry, before: Entry) -> date | None:
    if entry.at // 60 == before.at // 60:
        return None
    day = day_of(entry.at)
    return None if day == day_of(before.at) else day
