"""What happened in a room beside talk, said to a person."""

from chatapp.protocol.names import CONVERSATION, PRIVATE
from chatapp.texts import tr
from chatapp.texts.moderation import slowed

_HAPPENED = {
    "topic": "{nick} set the topic: {text}",
    "invited": "{nick} brought {text} in",
    "removed": "{nick} took {text} out",
    "kicked": "{nick} kicked {text}",
    "banned": "{nick} banned {text}",
    "unbanned": "{nick} lifted the ban of {text}",
    "muted": "{nick} muted {text}",
    "unmuted": "{nick} lets {text} speak again",
}

HAPPENINGS = frozenset([*_HAPPENED, "slowed"])
"""The kinds of messages that are no talk."""


def happened(kind: str, nick: str, text: str) -> str:
    """Return what a message of one of these kinds tells."""
    if kind == "slowed":
        return slowed(nick, text)
    return tr(_HAPPENED[kind], nick=nick, text=text)


def called(room: str, title: str) -> str:
    """Return what people call a room: its name, or, if it is a private one or a conversation, its `title`."""
    if room.startswith(CONVERSATION):
        return f"@{title}"
    return f"#{title}" if room.startswith(PRIVATE) else room
