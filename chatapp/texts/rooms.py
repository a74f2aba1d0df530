"""What happened in a room beside talk, said to a person."""

from chatapp.protocol.names import CONVERSATION, PRIVATE
from chatapp.texts import tr

_HAPPENED = {
    "topic": "{nick} set the topic: {text}",
    "invited": "{nick} brought {text} in",
    "removed": "{nick} took {text} out",
}

HAPPENINGS = frozenset(_HAPPENED)
"""The kinds of messages that are no talk."""


def happened(kind: str, nick: str, text: str) -> str:
    """Return what a message of one of these kinds tells."""
    return tr(_HAPPENED[kind], nick=nick, text=text)


def called(room: str, title: str) -> str:
    """Return what people call a room: its name, or, if it is a private one or a conversation, its `title`."""
    if room.startswith(CONVERSATION):
        return f"@{title}"
    return f"#{title}" if room.startswith(PRIVATE) else room
