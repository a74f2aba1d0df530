"""Which message a typed line is about, as far as the timeline has to say that."""

import msgspec
from msgspec.structs import replace

from chatapp.protocol.commands import NEWEST_OF_ANOTHER
from chatapp.protocol.requests import Delete, Edit, Intent, React, Say
from chatapp.tui.timeline.entries import Entry
from chatapp.tui.timeline.timeline import Timeline

EDIT, REPLY, REACT, DELETE = "/edit ", "/reply ", "/react :", "/delete"
"""How the lines begin that do something with a message."""


class Target(msgspec.Struct, frozen=True):
    """A message, as it was shown when it was chosen for a line that begins with `command`."""

    room: str
    seq: int
    nick: str
    text: str
    command: str

    @property
    def line(self) -> str:
        """What is to stand in the composer."""
        return self.command + (self.text if self.command == EDIT else "")


def target_of(entry: Entry, room: str, command: str) -> Target:
    """Return the message of `room` that `entry` shows."""
    return Target(room, entry.seq, entry.nick, entry.text, command)


def newest_own(timeline: Timeline, room: str) -> Target | None:
    """Return the newest own message of `room`, which `timeline` shows; None if none is there."""
    entry = timeline.newest(lambda entry: entry.is_own and entry.is_talk)
    return None if entry is None else target_of(entry, room, EDIT)


def with_target(intent: Intent, timeline: Timeline, shown: Target | None) -> Intent | None:
    """Return `intent` with the message it is about: the one that was `shown`, or the newest of another to answer.

    None if there is none to answer.
    """
    match intent:
        case Edit(seq=0) | React(seq=0) | Delete(seq=0, nick="") if shown is not None:
            return replace(intent, room=shown.room, seq=shown.seq)
        case Say(reply=reply) if reply == NEWEST_OF_ANOTHER and shown is not None:
            return replace(intent, room=shown.room, reply=shown.seq)
        case Say(reply=reply) if reply == NEWEST_OF_ANOTHER:
            entry = timeline.newest(lambda entry: not entry.is_own and entry.is_talk)
            return None if entry is None else replace(intent, reply=entry.seq)
        case _:
            return intent
