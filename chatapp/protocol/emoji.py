"""Emoji by name: those that Rich knows."""

import re
from functools import cache

from chatapp.protocol import limits
from chatapp.protocol.errors import BadEmoji

_NAME = r"[\w+’'-]{1,64}"
_NAMED = rf":({_NAME}):"
_NAMED_OR_NOT_TEXT = rf"""(?mx)
      (?<!`)(?P<ticks>`+)(?!`)[\s\S]*?(?<!`)(?P=ticks)(?!`)  # code, or a fence
    | ^[ ]*```[\s\S]*  # a fence to the end
    | https?://\S+
    | (?<![\w:])(?P<names>(?:{_NAMED})+)(?![\w:])"""
"""Compiled when they are first needed: a chat can start without."""


def check_emoji(name: str) -> str:
    """Return `name`, with colons or without, as reactions carry it: in small letters. Raises BadEmoji."""
    plain = name.strip(":").lower()
    if emoji_for(plain) == plain:
        raise BadEmoji(name[: limits.ID_CHARACTERS])
    return plain


def emoji_for(name: str) -> str:
    """Return the emoji of that name, or the name itself if there is none."""
    from rich.emoji import Emoji  # its table takes some milliseconds, which only those who use it spend

    shown: str = Emoji.replace(f":{name}:") if re.fullmatch(_NAME, name) else name
    return name if shown == f":{name}:" else shown


@cache
def emoji_names() -> tuple[str, ...]:
    """Return the names of all emoji, in alphabetical order."""
    from rich._emoji_codes import EMOJI  # as above

    return tuple(sorted(name for name in EMOJI if re.fullmatch(_NAME, name)))


def with_emoji(text: str) -> str:
    """Return `text` with each ``:name:`` of an emoji replaced by it, but in code, in fences and in addresses.

    Names that touch a word or another colon, as in ``10:100:20``, are no names. The text may get longer.
    """
    return re.sub(_NAMED_OR_NOT_TEXT, _as_emoji, text) if re.search(_NAMED, text) else text


def _as_emoji(match: re.Match[str]) -> str:
    return re.sub(_NAMED, _emoji_or_name, match[0]) if match["names"] else match[0]


def _emoji_or_name(match: re.Match[str]) -> str:
    shown = emoji_for(match[1].lower())
    return match[0] if shown == match[1].lower() else shown
