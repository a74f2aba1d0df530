"""The rules for nicks, rooms, ids and texts; each check returns the value to use, or raises what is wrong."""

import re
import unicodedata
from functools import lru_cache

from chatapp.protocol import limits
from chatapp.protocol.errors import (
    BadCharacter,
    BadId,
    BadLabel,
    BadNick,
    BadRoom,
    EmptyText,
    NickReserved,
    ReasonTooLong,
    TextTooLong,
    TopicTooLong,
)
from chatapp.protocol.safe import INVISIBLE

GENERAL = "#general"
"""The room that is always there."""

PRIVATE = "#:"
"""So begin the names of private rooms, which have a title for people, and"""

CONVERSATION = "@:"
"""so those of conversations of two: no room that can be joined by name begins so."""

RESERVED = frozenset(
    ["nick", "salir", "server", "servidor", "system", "sistema", "chatapp", "admin", "here", "all", "todos"]
)
"""Nicks that would be read as the server's, or as everyone's."""

_INVISIBLE = f"[{INVISIBLE}\ufe00-\ufe0f]"
_NEVER_TEXT = "[\x00\r\ud800-\udfff]"
"""Compiled when they are first needed: that takes long, and few names and texts are looked at so closely."""

_CATEGORIES = ("L", "M", "N")
_PUNCTUATION = frozenset("_-.")


def check_nick(nick: str) -> str:
    """Return `nick` in Unicode's form NFC.

    1 to 32 letters, marks, digits, ``_``, ``-`` and ``.``, of which the first is a letter, a digit or ``_``.
    Raises BadNick, or NickReserved for a name that would be read as the server's.
    """
    name = unicodedata.normalize("NFC", nick)
    if not _is_name(name, limits.NICK_CHARACTERS):
        raise BadNick(limit=limits.NICK_CHARACTERS)
    if name_key(name) in RESERVED:
        raise NickReserved(name)
    return name


def check_room(room: str) -> str:
    """Return `room` as rooms are written, in small letters (`name_key`): ``#`` and then a name by the rules of nicks.

    64 characters in all. Raises BadRoom.
    """
    name = name_key(room) if len(room) <= limits.ROOM_CHARACTERS else ""
    if not (name.startswith("#") and _is_name(name[1:], limits.ROOM_CHARACTERS - 1)):
        raise BadRoom(limit=limits.ROOM_CHARACTERS)
    return name


def check_title(title: str) -> str:
    """Return `title`, what a private room is called: as a public one, but without its ``#``. Raises BadRoom."""
    return check_room(f"#{title.removeprefix('#')}")[1:]


def check_label(label: str) -> str:
    """Return `label`, what a device is called: 1 to 32 printable ones, not only spaces. Raises BadLabel."""
    if not (label.strip() and len(label) <= limits.LABEL_CHARACTERS and label.isprintable()):
        raise BadLabel(limit=limits.LABEL_CHARACTERS)
    return label


def check_id(message_id: str) -> str:
    """Return `message_id`: 1 to 64 printable ASCII characters, none a space. Raises BadId."""
    if not (0 < len(message_id) <= limits.ID_CHARACTERS and message_id.isascii() and message_id.isprintable()):
        raise BadId(limit=limits.ID_CHARACTERS)
    if " " in message_id:
        raise BadId(limit=limits.ID_CHARACTERS)
    return message_id


def is_hidden(room: str) -> bool:
    """Return whether `room` is a private one or a conversation, which is nothing to those who are not in it."""
    return room.startswith((PRIVATE, CONVERSATION))


def is_to_nick(room: str) -> bool:
    """Return whether `room` stands for the conversation with a person, as ``@nick``, and is no room's own name."""
    return room.startswith("@") and not room.startswith(CONVERSATION)


def check_topic(topic: str) -> str:
    """Return `topic`: what `check_text` lets pass, in one line of at most 250 characters. Raises TopicTooLong too."""
    check_text(topic)
    if len(topic) > limits.TOPIC_CHARACTERS or "\n" in topic:
        raise TopicTooLong(limit=limits.TOPIC_CHARACTERS)
    return topic


def check_reason(reason: str) -> str:
    """Return `reason`, which may be none: else as a topic. Raises ReasonTooLong too."""
    if not reason:
        return ""
    check_text(reason)
    if len(reason) > limits.REASON_CHARACTERS or "\n" in reason:
        raise ReasonTooLong(limit=limits.REASON_CHARACTERS)
    return reason


def check_text(text: str) -> str:
    """Return `text`: at most 4 KiB as UTF-8, with something to see in it.

    Raises EmptyText, TextTooLong, or BadCharacter for NUL, CR and surrogates, which are never text.
    """
    if not text.isprintable() and (found := re.search(_NEVER_TEXT, text)):
        raise BadCharacter(f"U+{ord(found.group()):04X}")
    if not text.strip():
        raise EmptyText
    if len(text) > limits.TEXT_BYTES or (not text.isascii() and len(text.encode()) > limits.TEXT_BYTES):
        raise TextTooLong(limit=limits.TEXT_BYTES)
    return text


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Return what two names are compared by: NFKC, case folded (UAX #15, UAX #31)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _is_name(name: str, most: int) -> bool:
    if not 0 < len(name) <= most or (not name.isascii() and re.search(_INVISIBLE, name)):
        return False
    return _may_start(name[0]) and all(map(may_be_in_name, name))


def _may_start(character: str) -> bool:
    return character == "_" or unicodedata.category(character)[0] in ("L", "N")


def may_be_in_name(character: str) -> bool:
    """Return whether a nick may have `character`, if not as its first."""
    return character in _PUNCTUATION or unicodedata.category(character)[0] in _CATEGORIES
