"""The timelines of all rooms, of which one is in view."""

import math
from collections.abc import Callable, Iterator
from functools import partial

import msgspec
from textual.containers import Container

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, Disconnected, Lost, Restarted
from chatapp.protocol.events import (
    Counted,
    Deleted,
    Edited,
    Entered,
    HistoryPage,
    Joined,
    Left,
    Members,
    Reacted,
    Renamed,
    Welcomed,
)
from chatapp.protocol.names import CONVERSATION, GENERAL, name_key
from chatapp.texts import language_in_use
from chatapp.tui.timeline.choosing import Act, ChoosingTimeline
from chatapp.tui.timeline.comings import Comings
from chatapp.tui.timeline.entries import Entry
from chatapp.tui.timeline.messages import Change, changed
from chatapp.tui.timeline.past import Past
from chatapp.tui.timeline.shape import AS_USUAL, Shape


class View(msgspec.Struct, frozen=True):
    """One room's timeline, what fills it with what is older, and who came and left last."""

    timeline: ChoosingTimeline
    past: Past
    comings: Comings


class Timelines(Container):
    """A timeline for each room in which there was something to show; the others keep their place and what was read.

    `complain` is told, for a person, why something older of a room can't be shown; `act` and `leave` are for
    ChoosingTimeline.
    """

    def __init__(
        self,
        client: Client,
        complain: Callable[[str, str], None],
        act: Act,
        leave: Callable[[], None],
        id: str | None = None,  # noqa: A002 (Textual's name for it)
    ) -> None:
        super().__init__(id=id)
        self._client = client
        self._act = act
        self._leave = leave
        self._complain = complain
        self._views: dict[str, View] = {}
        self._shown = ""
        self._laid_out = AS_USUAL, language_in_use()
        self._is_count_due = False
        """Whether the server is still to say what is unread in view, of what was said without a connection."""
        self._read_before = 0
        """The newest message that was read in view before the connection was lost, which it may not know."""
        self._entered = {GENERAL}
        """The rooms of which was told that one is in them."""

    @property
    def room(self) -> str:
        """The room in view."""
        return self._shown

    @property
    def current(self) -> ChoosingTimeline:
        return self._views[self._shown].timeline

    @property
    def past(self) -> Past:
        """The past of the room in view."""
        return self._views[self._shown].past

    def show(self, room: str) -> None:
        """Let `room` be in view."""
        before, self._shown = self._shown, room
        if before in self._views:
            self._views[before].timeline.display = False
            self._views[before].timeline.end_choosing()
            self._views[before].timeline.end_selection()
            self._views[before].timeline.end_unread()
        self._of(room).timeline.display = True
        self.show_unread()

    def show_unread(self) -> None:
        """Let a line stand before what is unread in view, and, while nobody looks, before what will be.

        It stays, read or not, until one looks elsewhere.
        """
        if (known := self._client.state.rooms.get(self._shown)) is not None:
            upto = known.last_seq if self.app.app_focus else math.inf
            self.current.show_unread(max(known.read, known.read_here), upto)

    def reshape(self, shape: Shape) -> None:
        """Lay out all rooms in `shape`, each in as many cells as it has; in each the view stays where it is.

        If that changes nothing, and the language neither, which has longer words or shorter ones, they are only drawn.
        """
        before, self._laid_out = self._laid_out, (shape, language_in_use())
        for view in self._views.values():
            if self._laid_out != before:
                view.timeline.reshape(shape)
            else:
                view.timeline.notify_style_update()

    def add(self, room: str, entry: Entry) -> None:
        view = self._of(room)
        view.comings.end()
        view.timeline.add(entry)

    def tell(self, event: ClientEvent, entry: Entry) -> None:
        """Add `entry`, which tells of `event`, where that happened; what happened in no room, where it is seen."""
        for room in self._rooms_of(event):
            self.add(room, entry)

    def tell_coming(self, event: Joined | Left) -> None:
        """Tell of who came or left, in one line with those just before."""
        for room in self._rooms_of(event):
            view = self._of(room)
            entry, goes_on = view.comings.follow(event)
            if goes_on:
                view.timeline.change_last(entry)
            else:
                view.timeline.add(entry)

    def follow(self, event: ClientEvent) -> None:
        """Draw the consequences of `event`, which was told."""
        self._follow_count(event)
        match event:
            case Edited() | Deleted() | Reacted() | Renamed():
                self._change(event)
            case HistoryPage() if event.room in self._client.state.rooms:
                self._of(event.room).past.take(event)
            case Disconnected():
                self.stop_waiting()
            case Restarted(room):
                self.clear(room)
            case Lost(room):
                self._drop(room)
            case Left() if self._client.state.is_own(event.nick) and event.room != GENERAL:
                self._drop(event.room)
            case Entered():
                self._entered.add(event.room)

    def _follow_count(self, event: ClientEvent) -> None:
        """Let a line stand before what others said in the room in view while there was no connection."""
        match event:
            case Disconnected() if self._shown in self._client.state.rooms:
                self._read_before = self._client.state.rooms[self._shown].read_here
            case Welcomed():
                self._is_count_due = True
            case Counted(room=self._shown) if self._is_count_due:
                self._is_count_due = False
                if event.unread:
                    self.current.show_unread(max(event.read, self._read_before), event.seq)

    def _change(self, event: Change) -> None:
        """Let messages that are there read otherwise; of any others nothing is to be known."""
        change = partial(changed, event=event, own_nick=self._client.state.nick)
        if not isinstance(event, Renamed):
            if (known := self._views.get(event.room)) is not None:
                known.timeline.change(event.of, change)
            return
        for view in self._views.values():
            for seq in view.timeline.reacted_to:
                view.timeline.change(seq, change)

    def clear(self, room: str = "") -> None:
        """Begin anew in `room`, or everywhere."""
        self._read_before = 0
        for view in self._named(room):
            view.timeline.clear()
            view.comings.end()
            view.past.forget()

    def stop_waiting(self) -> None:
        """Let go of what was asked for: no answer comes any more."""
        for view in self._views.values():
            view.past.stop_waiting()

    def _drop(self, room: str) -> None:
        """Forget `room`; if it was in view, another has to be shown."""
        self._entered.discard(room)
        if (view := self._views.pop(room, None)) is not None:
            view.timeline.remove()
        if room == self._shown:
            self._shown = ""

    def _rooms_of(self, event: ClientEvent) -> list[str]:
        rooms = self._client.state.rooms
        match event:
            case Entered() if event.room in self._entered:
                return []
            case Joined() | Left() if event.room.startswith(CONVERSATION):
                return []
            case Renamed():
                return [name for name, room in rooms.items() if name_key(event.to) in room.members]
            case Entered() | Joined() | Left() | Members():
                return [event.room] if event.room in rooms else []
            case _:
                return [self._shown]

    def _named(self, room: str) -> Iterator[View]:
        return (view for name, view in self._views.items() if room in ("", name))

    def _of(self, room: str) -> View:
        """Return the view of `room`, made when it is first needed."""
        if room not in self._views:
            timeline = ChoosingTimeline(self._act, self._leave, self._laid_out[0])
            timeline.display = room == self._shown
            past = Past(self._client, room, timeline, lambda text: self._complain(room, text))
            self._views[room] = View(timeline, past, Comings())
            self.mount(timeline)
        return self._views[room]
