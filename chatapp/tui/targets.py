"""Which message a typed line is about, as far as the timeline has to say that."""

from dataclasses import dataclass

from msgspec.structs import replace

from chatapp.protocol.commands import NEWEST_OF_ANOTHER
from chatapp.protocol.requests import Edit, Intent, Say
from chatapp.tui.entries import Entry, Kind
from chatapp.tui.timeline import Timeline


@dataclass(frozen=True)
class Target:
    """An own message, as it was shown to be edited."""

    room: str
    seq: int
    text: str


def newest_own(timeline: Timeline, room: str) -> Target | None:
    """Return the newest own message of `room`, which `timeline` shows; None if none is there."""
    entry = timeline.newest(lambda entry: entry.is_own and _is_talk(entry))
    return None if entry is None else Target(room, entry.seq, entry.text)


def with_target(intent: Intent, timeline: Timeline, shown: Target | None) -> Intent | None:
    """Return `intent` with the message it is about: what `shown` was to edit, the newest of another to answer.

    None if there is none to answer.
    """
    match intent:
        case Edit(seq=0) if shown is not None:
            return Edit(shown.room, intent.text, shown.seq)
        case Say(reply=reply) if reply == NEWEST_OF_ANOTHER:
            entry = timeline.newest(lambda entry: not entry.is_own and _is_talk(entry))
            return None if entry is None else replace(intent, reply=entry.seq)
        case _:
            return intent


def _is_talk(entry: Entry) -> bool:
    return entry.seq != 0 and entry.kind in (Kind.TEXT, Kind.ACTION) and not entry.details.is_deleted
