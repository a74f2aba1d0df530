"""What the person is told of what the client hears, in the order in which it happens."""

from collections.abc import Callable, Mapping
from typing import Any

from chatapp.client.client import Client
from chatapp.client.departures import Departures
from chatapp.client.events import ClientEvent, Disconnected, Hosting, Looked, Lost, Met, Reason, Restarted
from chatapp.client.wording import (
    explain_lost,
    hosts_here,
    met_first,
    refusal,
    rooms_there_are,
    told_of,
    topic_of,
    where_one_is,
)
from chatapp.plain_ui.logs import RoomLog
from chatapp.plain_ui.past import Past
from chatapp.plain_ui.unsent import Unsent
from chatapp.plain_ui.wording import Wording, became
from chatapp.protocol.errors import Code
from chatapp.protocol.events import (
    AuditPage,
    Became,
    Counted,
    Deleted,
    Described,
    Edited,
    Entered,
    Error,
    Found,
    Freed,
    HistoryPage,
    Joined,
    Left,
    Members,
    Reacted,
    Renamed,
    RoomList,
    Said,
    Welcomed,
)
from chatapp.protocol.mentions import is_mentioned
from chatapp.protocol.names import CONVERSATION, GENERAL, name_key
from chatapp.protocol.requests import SetLevel
from chatapp.protocol.safe import one_line
from chatapp.texts import tr, tr_plural
from chatapp.texts.moderation import deed_lines
from chatapp.texts.people import describe, here_are

_PAGE_REFUSALS = frozenset([Code.BUSY, Code.LOG_UNREADABLE, Code.NOT_IN_ROOM])


class Telling:
    """Tells by `say` what `client` hears, and by `complain` what was refused.

    With `shows_typed` a terminal shows what is typed: when that is confirmed, nothing is to be said of it.
    """

    def __init__(
        self,
        client: Client,
        say: Callable[[str], None],
        complain: Callable[[str], None],
        clock: Callable[[], float],
        *,
        shows_typed: bool,
    ) -> None:
        self._client = client
        self._state = client.state
        self._say = say
        self._complain = complain
        self._shows_typed = shows_typed
        self._wording = Wording(client.state, clock)
        self.logs = {GENERAL: RoomLog(GENERAL)}
        """Of the rooms that one is in, as far as that was told."""
        self.past = Past(client, self.logs, self._wording, say)
        self.unsent = Unsent(client.state, say)
        self.levels = set[SetLevel]()
        """What was asked for and not yet answered."""
        self._log = ""
        """Which log is told of, "" before the first welcome."""
        self._others: list[str] | None = []
        """The other rooms that one comes back to, until they are told of."""
        self._told_reason: Reason | None = None
        self._departures = Departures(client.state)
        self._away = set[str]()
        """The `name_key` of those of whom was told that they are away."""
        self._tellers = self._table()

    def _table(self) -> dict[type, Callable[[Any], None]]:
        """Return what tells of each kind of event."""
        return {
            Disconnected: self._tell_disconnected,
            Hosting: lambda event: self._say(hosts_here(event)),
            Met: lambda event: self._say(met_first(event)),
            Welcomed: self._welcome,
            Entered: self._enter,
            Looked: lambda event: self._look(event.room),
            Restarted: self._restart,
            Said: self._tell_said,
            Edited: self._tell_edited,
            Deleted: self._tell_deleted,
            Reacted: self._tell_reacted,
            Joined: self._tell_joined,
            Left: self._tell_left,
            Renamed: self._tell_renamed,
            Became: self._tell_became,
            Counted: self._count,
            HistoryPage: self._take_page,
            Found: self.past.tell_found,
            RoomList: lambda event: self._say(rooms_there_are(event)),
            Members: lambda event: self._say(one_line(here_are(event.nicks, event.count, event.presence))),
            Described: lambda event: self._say(one_line(describe(event))),
            AuditPage: lambda event: self._say("\n".join(map(one_line, deed_lines(event.deeds)))),
            Freed: lambda event: self._say(one_line(tr("The nick {nick} is nobody's now.", nick=event.nick))),
            Error: self._refuse,
        }

    def follow(self, event: ClientEvent) -> None:
        """Tell of `event`; of some there is nothing to tell: who is writing, signs of life and the like."""
        parted = self._departures.follow(event)
        if parted and isinstance(event, Left | Lost):
            self._drop(event.room, parted)
        elif (tell := self._tellers.get(type(event))) is not None:
            tell(event)

    @property
    def has_begun(self) -> bool:
        """Whether it was told where one is."""
        return self._others is None

    @property
    def is_settled(self) -> bool:
        """Whether one is where one looks, and nothing is awaited that is told here."""
        log = self.logs.get(self._state.room)
        is_there = self.has_begun and log is not None and log.has_page
        return is_there and not (self.past.is_awaited or self.levels or self.unsent)

    def _tell_disconnected(self, event: Disconnected) -> None:
        """Say why, but not of each try that fails for the same reason."""
        self._tell_others()
        self.past.stop_waiting()
        self.levels.clear()
        told, self._told_reason = self._told_reason, event.reason
        if told is event.reason:
            return
        reason = explain_lost(event, self._client.host, self._client.port)
        waiting = len(self._state.pending)
        unsent = tr_plural("{count} message unsent", "{count} messages unsent", waiting) if waiting else ""
        self._say(" ".join(filter(None, (tr("No connection, trying again."), unsent and f"{unsent}.", reason))))

    def _welcome(self, event: Welcomed) -> None:
        """Say where one is the first time; later, what does not lead up to what comes is forgotten."""
        self._told_reason = None
        self._note_away(event.presence)
        before, self._log = self._log, event.log
        if not before:
            self._say(self._greeting(event))
        elif event.has_gap or (event.log != before and event.server):
            for room, log in self.logs.items():
                self.logs[room] = RoomLog(log.title)
            self._say(tr("Connected again."))
            self._say(_new_start(event))
        else:
            self._say(tr("Connected again."))
        if not event.server:  # one without a name keeps no past
            self._await_no_page(has_more=False)

    def _greeting(self, event: Welcomed) -> str:
        here = tr("You are in {room} as {nick}.", room=GENERAL, nick=one_line(event.nick))
        topic = topic_of(event.topic) if event.topic else ""
        people = one_line(here_are(event.members, event.count, event.presence))
        keys = tr("/help lists the commands, /quit leaves.")
        return "\n".join(filter(None, (here, topic, people, keys)))

    def _await_no_page(self, *, has_more: bool) -> None:
        """Wait for no past where one looks: there is none, or, if it `has_more`, it can't be had now."""
        if (log := self.logs.get(self._state.room)) is not None and not log.has_page:
            log.has_page, log.has_more = True, has_more
        self._tell_others()

    def _tell_others(self) -> None:
        """Tell, once they are all known, of the other rooms that one comes back to."""
        others, self._others = self._others, None
        if others:
            rooms = ", ".join(self._with_unread(room) for room in others if room in self.logs)
            self._say(tr("You are also in: {rooms}. To go there: /join or /msg with the name.", rooms=rooms))

    def _with_unread(self, room: str) -> str:
        title, unread = one_line(self._state.title_of(room)), self.logs[room].unread
        return tr("{room} ({count} unread)", room=title, count=unread) if unread else title

    def _enter(self, event: Entered) -> None:
        """Tell that one is in a room, unless that was told; where one looks says `_look`."""
        if event.room in self.logs:
            return
        self.logs[event.room] = RoomLog(self._state.title_of(event.room))
        self._note_away(event.presence)
        if self._others is not None:
            self._others.append(event.room)
        elif event.room == self._state.room:
            return
        elif event.room.startswith(CONVERSATION):
            nick = one_line(event.title)
            self._say(tr("There is a conversation with {nick} now. To go there: /msg {nick}", nick=nick))
        else:
            room = one_line(self._state.title_of(event.room))
            self._say(tr("You are in {room} too. To go there: /join {room}", room=room))

    def _look(self, room: str) -> None:
        if (known := self._state.rooms.get(room)) is None or room not in self.logs:
            return
        presence = {nick: known.presence.get(key, "") for key, nick in known.members.items()}
        people = one_line(here_are(list(presence), known.crowd, presence))
        where = where_one_is(room, known.title, known.topic)
        self._say(where if room.startswith(CONVERSATION) else f"{where}\n{people}")
        self.past.begin_anew()
        self.past.catch_up(room)

    def _restart(self, event: Restarted) -> None:
        self.logs[event.room] = RoomLog(self._state.title_of(event.room))

    def _drop(self, room: str, parted: str) -> None:
        """Tell that one is in `room` no more, as `parted` says, and where one is then."""
        self.logs.pop(room, None)
        self._say(parted)
        self._say(where_one_is(self._state.room, self._state.here.title, ""))

    def _tell_said(self, said: Said) -> None:
        if (log := self.logs.get(said.room)) is None:
            return
        log.hear(said)
        was_typed = self._state.is_own(said.nick) and self.unsent.confirm(said.id)
        if was_typed and self._shows_typed:
            self._tell_answered(said, log)
        elif was_typed or self._is_wanted(said):
            self._say(self._wording.message(said, log))
        else:
            log.leave_untold(said)
        if log.is_told:
            self._client.mark_read(said.room)

    def _tell_answered(self, said: Said, log: RoomLog) -> None:
        """Say whom an own message answers: the line that was typed doesn't tell that."""
        if said.reply and (answered := log.find(said.reply)) is not None:
            self._say(tr("You answered {nick}.", nick=one_line(answered.nick)))

    def _is_wanted(self, said: Said) -> bool:
        """Return whether the person wants to hear `said` now: where they look all, elsewhere as they chose."""
        level = self._state.rooms[said.room].level if said.room in self._state.rooms else "none"
        is_mention = level == "mentions" and is_mentioned(self._state.nick, said.text)
        return level == "all" or is_mention or said.room == self._state.room

    def _is_heard(self, room: str) -> bool:
        """Return whether the person wants to hear of all that happens in `room`."""
        known = self._state.rooms.get(room)
        return known is not None and (known.level == "all" or room == self._state.room)

    def _tell_edited(self, event: Edited) -> None:
        if (log := self.logs.get(event.room)) is None:
            return
        log.change(event)
        if self._is_heard(event.room):
            self._say(self._wording.edited(event, log))

    def _tell_deleted(self, event: Deleted) -> None:
        if (log := self.logs.get(event.room)) is None:
            return
        before = log.change(event)
        if self._is_heard(event.room):
            self._say(self._wording.deleted(event, before))

    def _tell_reacted(self, event: Reacted) -> None:
        if (log := self.logs.get(event.room)) is None:
            return
        log.change(event)
        if self._is_heard(event.room):
            self._say(self._wording.reacted(event, log))

    def _tell_joined(self, event: Joined) -> None:
        if self._tells_of(event):
            self._say(self._wording.in_room(event.room, tr("{nick} joined", nick=one_line(event.nick))))

    def _tell_left(self, event: Left) -> None:
        if self._tells_of(event):
            self._away.discard(name_key(event.nick))
            self._say(self._wording.in_room(event.room, tr("{nick} left", nick=one_line(event.nick))))

    def _tells_of(self, event: Joined | Left) -> bool:
        """Return whether the person is to hear that somebody comes or goes: not themselves, who may not be told
        yet that they are there, and nobody in a conversation.
        """
        is_conversation = event.room.startswith(CONVERSATION)
        is_own = not self._log or self._state.is_own(event.nick)
        return self._is_heard(event.room) and not is_conversation and not is_own

    def _tell_renamed(self, event: Renamed) -> None:
        for room in self.logs.keys() & self._state.rooms.keys():
            self.logs[room].title = self._state.title_of(room)
        self._say(tr("{nick} is now {to}", nick=one_line(event.nick), to=one_line(event.to)))

    def _tell_became(self, event: Became) -> None:
        """Say who is away, and who is back from there; who was only idle is passed over."""
        key = name_key(event.nick)
        if event.state == "away":
            self._away.add(key)
            self._say(became(event))
        elif key in self._away:
            self._away.remove(key)
            self._say(became(event))

    def _count(self, event: Counted) -> None:
        if (log := self.logs.get(event.room)) is not None:
            log.count(event)
        if (asked := SetLevel(event.room, event.level)) in self.levels:
            self.levels.remove(asked)
            self._say(told_of(event.level, self._state.title_of(event.room)))

    def _take_page(self, page: HistoryPage) -> None:
        self._tell_others()
        self.past.take(page)

    def _refuse(self, error: Error) -> None:
        """Say what was refused; a message that can't be taken yet goes on waiting.

        Who pipes lines in does not wait until there is room, which may be never.
        """
        say = self.unsent.find(error.id)
        if error.code == Code.TOO_FAST and say is not None:
            self._say(refusal(error, say))
            return
        self._complain(refusal(error, say))
        if error.code != Code.STORAGE_FULL or not self._shows_typed:
            self.unsent.take(error.id)
        if not error.id:
            self.levels.clear()
            self.past.stop_waiting()
        if error.code in _PAGE_REFUSALS:
            self._await_no_page(has_more=True)

    def _note_away(self, presence: Mapping[str, str]) -> None:
        self._away.update(name_key(nick) for nick, state in presence.items() if state == "away")


def _new_start(event: Welcomed) -> str:
    """Return why what comes doesn't follow what was heard before."""
    if event.has_gap:
        return tr("More was missed than fits: /history lists what was said last.")
    return tr("This is another chat than before.")
