"""The people in the room in view, in the order in which they are listed."""

import msgspec

from chatapp.client.state import ChatState
from chatapp.protocol.names import CONVERSATION, name_key

_ORDER = {"active": 0, "idle": 1, "away": 2, "gone": 3}


class Person(msgspec.Struct, frozen=True):
    """One of them; `state` is "active", "idle", "away", or "gone" for the other one in a conversation."""

    nick: str
    state: str
    is_own: bool


def people(state: ChatState) -> list[Person]:
    """Return who is active first, then who is idle, then who is away, each in alphabetical order."""
    here = state.here
    listed = [(_known(here.presence.get(key, "active")), key, nick) for key, nick in here.members.items()]
    if listed and state.room.startswith(CONVERSATION) and name_key(here.title) not in here.members:
        listed.append(("gone", name_key(here.title), here.title))
    listed.sort(key=lambda each: (_ORDER[each[0]], each[1]))
    own = name_key(state.nick)
    return [Person(nick, presence, key == own) for presence, key, nick in listed]


def _known(presence: str) -> str:
    return presence if presence in _ORDER else "active"
