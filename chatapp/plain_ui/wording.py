"""What is printed of each message and of what becomes of it: one line each, which makes sense when it is heard.

No marks, columns or brackets lead it, which a screen reader would spell out: it begins with the room, if one is in
several, and says who speaks; what else there is to know of a message stands before its text, in words. When it was
said comes last, and only if that is not now: who hears the lines as they come need not hear the time with each.
"""

import time
from collections.abc import Callable
from itertools import chain

from chatapp.client.state import ChatState
from chatapp.client.wording import beginning
from chatapp.plain_ui.logs import RoomLog
from chatapp.protocol.events import Became, Deleted, Edited, Reacted, Said
from chatapp.protocol.mentions import is_mentioned
from chatapp.protocol.names import CONVERSATION, name_key
from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.texts.rooms import HAPPENINGS, happened

_NOW_SECONDS = 300.0
"""What is younger was said now."""


class Wording:
    """Says what happens to whoever has `state`; `clock` gives the time in seconds since 1970."""

    def __init__(self, state: ChatState, clock: Callable[[], float]) -> None:
        self._state = state
        self._clock = clock

    def message(self, said: Said, log: RoomLog) -> str:
        """Return the line for a message, as it reads now."""
        if said.is_deleted:
            line = f"{one_line(said.nick)}: {tr('message deleted')}"
        elif said.kind in HAPPENINGS:
            line = one_line(happened(said.kind, said.nick, said.text))
        else:
            line = self._talk(said, log)
        return f"{self.in_room(said.room, line)}{self._moment(said.at)}"

    def in_room(self, room: str, line: str) -> str:
        """Return `line` with the room in front, if one is in several; what is said to one alone says that itself."""
        is_clear = len(self._state.rooms) == 1 or room.startswith(CONVERSATION)
        return line if is_clear else f"{one_line(self._state.title_of(room))} {line}"

    def edited(self, event: Edited, log: RoomLog) -> str:
        mention = self._mention(event.nick, event.text)
        says = tr("{nick} now says: {text}", nick=one_line(event.nick), text=one_line(event.text))
        return self.in_room(event.room, f"{mention}{says}{self._change_of(log.find(event.of))}")

    def deleted(self, event: Deleted, before: Said | None) -> str:
        """Return that a message is gone, without its text: that is nobody's to hear any more."""
        if before is None or name_key(before.nick) == name_key(event.nick):
            line = tr("{nick} deleted a message.", nick=one_line(event.nick))
        else:
            line = tr("{nick} deleted a message of {other}.", nick=one_line(event.nick), other=one_line(before.nick))
        return self.in_room(event.room, line + self._change_of(before))

    def reacted(self, event: Reacted, log: RoomLog) -> str:
        nick, emoji = one_line(event.nick), _emoji(event.emoji)
        said = log.find(event.of)
        what = tr("an older message") if said is None else f"{one_line(said.nick)}: {beginning(said.text)}"
        if event.on:
            line = tr("{nick} reacts with {emoji} to {message}", nick=nick, emoji=emoji, message=what)
        else:
            line = tr("{nick} no longer reacts with {emoji} to {message}", nick=nick, emoji=emoji, message=what)
        return self.in_room(event.room, line)

    def _talk(self, said: Said, log: RoomLog) -> str:
        speaker = self._speaker(said, log)
        line = f"* {speaker} {one_line(said.text)}" if said.kind == "action" else f"{speaker}: {one_line(said.text)}"
        notes = chain([tr("(edited)")] if said.is_edited else [], _reactions(said))
        return " ".join([self._mention(said.nick, said.text) + line, *notes])

    def _speaker(self, said: Said, log: RoomLog) -> str:
        """Return who says something, and to whom: to one person alone, or in answer to another."""
        speaker = one_line(said.nick)
        if said.room.startswith(CONVERSATION):
            speaker = self._speaker_alone(speaker, log)
        return self._answering(speaker, log.find(said.reply)) if said.reply else speaker

    def _speaker_alone(self, nick: str, log: RoomLog) -> str:
        if self._state.is_own(nick):
            return tr("{nick}, to {other} alone", nick=nick, other=one_line(log.title.removeprefix("@")))
        return tr("{nick}, to you alone", nick=nick)

    def _answering(self, speaker: str, answered: Said | None) -> str:
        if answered is None:
            return tr("{nick}, in answer to an older message", nick=speaker)
        if self._state.is_own(answered.nick):
            return tr("{nick}, in answer to you", nick=speaker)
        return tr("{nick}, in answer to {other}", nick=speaker, other=one_line(answered.nick))

    def _mention(self, nick: str, text: str) -> str:
        """Return the mark by which one finds where one is mentioned, "" for none."""
        is_mention = not self._state.is_own(nick) and is_mentioned(self._state.nick, text)
        return f"{tr('Mention')}, " if is_mention else ""

    def _change_of(self, said: Said | None) -> str:
        """Return when the message was said that is changed, if that is not now."""
        return "" if said is None else self._moment(said.at)

    def _moment(self, at: float) -> str:
        """Return the local time of `at` in parentheses, with the date if that is another; "" for now."""
        now = self._clock()
        if abs(now - at) < _NOW_SECONDS:
            return ""
        try:
            moment, today = time.localtime(at), time.localtime(now)
        except (ValueError, OverflowError, OSError):  # a time that no calendar has
            return ""
        is_today = moment[:3] == today[:3]
        return time.strftime(" (%H:%M)" if is_today else " (%Y-%m-%d %H:%M)", moment)


def became(event: Became) -> str:
    """Return that somebody is away, and why, or back."""
    nick, text = one_line(event.nick), one_line(event.text)
    if event.state != "away":
        return tr("{nick} is back", nick=nick)
    return tr("{nick} is away: {text}", nick=nick, text=text) if text else tr("{nick} is away", nick=nick)


def _reactions(said: Said) -> list[str]:
    """Return who reacts with what, in words."""
    reactions = ((emoji, nicks) for emoji, nicks in said.reactions.items() if nicks)
    return [f"({_emoji(emoji)}: {one_line(', '.join(nicks))})" for emoji, nicks in reactions]


def _emoji(name: str) -> str:
    """Return what an emoji is called, as one says it."""
    return one_line(name.replace("_", " "))
