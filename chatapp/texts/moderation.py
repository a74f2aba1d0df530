"""What those did who moderate, said to a person."""

from collections.abc import Iterable
from datetime import UTC, datetime

from chatapp.protocol.events import DeedInfo
from chatapp.protocol.moderating import spoken
from chatapp.protocol.names import GENERAL
from chatapp.texts import tr

_DEEDS = {
    "kick": "{nick} kicked {whom}",
    "ban": "{nick} banned {whom}",
    "unban": "{nick} lifted the ban of {whom}",
    "mute": "{nick} muted {whom}",
    "unmute": "{nick} lets {whom} speak again",
    "free": "{nick} freed the nick {whom}",
}


def deed_lines(deeds: Iterable[DeedInfo], *, with_keys: bool = False) -> list[str]:
    """Return a line for each deed, with its date and time (UTC), the oldest first; or one that says there is none."""
    lines = [f"{_moment(deed.at)} {_deed(deed, deed.key if with_keys else '')}" for deed in deeds]
    return lines[::-1] or [tr("Nobody has moderated yet.")]


def slowed(nick: str, seconds: str) -> str:
    """Return that a room is slow from then on, or no longer."""
    if seconds == "0":
        return tr("{nick} lets everyone speak as they like", nick=nick)
    return tr("{nick} lets everyone say one message in {seconds} s", nick=nick, seconds=seconds)


def _deed(deed: DeedInfo, key: str) -> str:
    known = deed.what in _DEEDS
    what = tr(_DEEDS[deed.what], nick=deed.nick, whom=deed.whom) if known else slowed(deed.nick, str(deed.seconds))
    where = tr("in all of the chat") if deed.room == GENERAL and deed.what != "slow" else deed.room
    time = spoken(deed.until - deed.at) if deed.until else ""
    return " · ".join(filter(None, (what, where, time, deed.reason, key)))


def _moment(at: float) -> str:
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):  # a time that no calendar has
        return "--:--"
