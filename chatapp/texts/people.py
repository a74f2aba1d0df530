"""Who is in a room, and who somebody is, said to a person."""

from collections.abc import Mapping, Sequence

from chatapp.protocol.events import Described
from chatapp.texts import tr, tr_plural

_STATES = {"active": "active", "idle": "idle", "away": "away", "gone": "not here"}


def here_are(nicks: Sequence[str], count: int, presence: Mapping[str, str]) -> str:
    """Return who is there: `nicks`, and of a crowd of `count` (0 for none) how many more; and who is not active."""
    here = tr("Here are: {nicks}", nicks=", ".join(_with_state(nick, presence.get(nick, "")) for nick in nicks))
    others = count - len(nicks)
    return here if others <= 0 else f"{here} {tr_plural('and {count} other', 'and {count} others', others)}"


def describe(event: Described) -> str:
    """Return who somebody is, in one line."""
    state = tr(_STATES.get(event.state, event.state))
    key = tr("key {key}", key=event.key) if event.key else tr("a guest")
    rooms = ", ".join(room for room in event.rooms if room.startswith("#") and not room.startswith("#:"))
    return " · ".join(filter(None, (event.nick, f"{state}: {event.text}" if event.text else state, key, rooms)))


def _with_state(nick: str, state: str) -> str:
    return f"{nick} ({tr(_STATES.get(state, state))})" if state else nick
