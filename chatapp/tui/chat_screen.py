"""The one screen: timeline, composer, people, status."""

from collections.abc import Callable
from functools import partial

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.events import Click
from textual.screen import Screen
from textual.widgets import Static

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, Disconnected, NickWanted, Queued, Reason
from chatapp.client.ids import message_id
from chatapp.client.state import Link
from chatapp.protocol.commands import Place, parse
from chatapp.protocol.errors import ProtocolError
from chatapp.protocol.events import Counted, Error, Found, Said, Welcomed
from chatapp.protocol.requests import Help, History, Intent, Join, Mentions, Quit, Search, SetLevel
from chatapp.protocol.safe import one_line
from chatapp.texts import tr, tr_plural
from chatapp.texts.errors import explain, explain_error
from chatapp.tui import wording
from chatapp.tui.composer import Composer
from chatapp.tui.entries import Entry, Kind
from chatapp.tui.found_screen import FoundScreen
from chatapp.tui.help_screen import HelpScreen
from chatapp.tui.listing import listing, may_change, order
from chatapp.tui.mentions_screen import MentionsScreen
from chatapp.tui.nick_screen import NickScreen
from chatapp.tui.pending import Pending
from chatapp.tui.rooms import Rooms
from chatapp.tui.rows import has_quote
from chatapp.tui.search_screen import SearchScreen
from chatapp.tui.sidebar import Sidebar
from chatapp.tui.status import Status
from chatapp.tui.targets import Target, newest_own, with_target
from chatapp.tui.timeline import Timeline
from chatapp.tui.timelines import Timelines
from chatapp.tui.typing_hints import TypingHints

_ROOMY_COLUMNS = 100
"""From this width on there is a place for the rooms."""


class ChatScreen(Screen[None]):
    """Shows a client's events, and hands it what is typed. `clock` gives the time in seconds since 1970.

    That the person is writing is told to others only if `tells_typing`.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (10, "-tall")]
    BINDINGS = [
        Binding("f1", "help", "this help", show=False, priority=True),
        Binding("pageup", "page_up", "scroll back", show=False, priority=True),
        Binding("pagedown", "page_down", "scroll forward", show=False, priority=True),
        Binding("ctrl+f", "search", "search what was said", show=False, priority=True),
        Binding("ctrl+home", "top", "go to the first message", show=False, priority=True),
        Binding("ctrl+end,escape", "end", "go to the newest message", show=False),
        Binding("alt+j", "answered", "go to what an answer answers", show=False, priority=True),
    ]

    def __init__(self, client: Client, clock: Callable[[], float], *, tells_typing: bool) -> None:
        super().__init__()
        self._client = client
        self._clock = clock
        self._tells_typing = tells_typing
        self._is_reading_due = False
        self._levels: set[SetLevel] = set()
        """What was asked for and not yet answered."""
        self._log = ""
        """Which log the timelines show, "" before the first welcome."""
        self._told_reason: Reason | None = None
        """Why there is no connection, as far as the timeline has said it."""

    def compose(self) -> ComposeResult:
        with Horizontal(id="middle"):
            yield Rooms(id="rooms")
            yield Timelines(self._client, self._complain, id="timelines")
            yield Sidebar(id="sidebar")
        yield Static(id="unseen", markup=False)
        yield Pending(id="pending")
        yield Composer(lambda: map(one_line, self._client.state.members.values()), self._newest_own, id="composer")
        yield Status(self._client, id="status")

    def on_mount(self) -> None:
        self.watch(self.app, "app_focus", self._read_soon, init=False)
        composer = self.query_one(Composer)
        self._hints = TypingHints(self._client, composer, is_told=self._tells_typing)
        self._timelines.show(self._client.state.room)
        composer.focus()
        self._show_status()

    def on_resize(self) -> None:
        self._show_rooms()
        self._show_status()

    def show(self, event: ClientEvent) -> None:
        """Show one event of the client's."""
        match event:
            case NickWanted():
                self._ask_nick(event)
            case Welcomed():
                self._welcome(event)
            case Found() if (asked := self._asked) is not None:
                asked.show(event)
            case Queued(say):
                self.query_one(Pending).add(say)
            case Error():
                self._show_error(event)
            case Counted():
                self._show_level(event)
        self._show_state(event)

    def _show_state(self, event: ClientEvent) -> None:
        """Show what `event` changed, beside what it asked for."""
        if not self._was_told(event) and (entry := wording.entry_for(event, self._client, self._clock())) is not None:
            self._timelines.tell(event, entry)
        self._timelines.follow(event)
        self.query_one(Status).follow(event)
        self._follow_room()
        state = self._client.state
        self.query_one(Sidebar).follow(event, state)
        self._hints.follow(event)
        self.query_one(Pending).show(state.pending, state.room, is_online=state.link is Link.ONLINE)
        if may_change(event, state):
            self._show_rooms()
        self._show_status()
        self._read_soon()

    def note(self, text: str, kind: Kind = Kind.NOTICE, room: str = "") -> None:
        """Let the timeline of `room`, or the one in view, say something that no event said."""
        self._timelines.add(room or self._timelines.room, Entry(kind, text, self._clock()))

    def on_composer_sent(self, message: Composer.Sent) -> None:
        self._timelines.current.go_to_end()
        self._hints.end()
        try:
            parsed = parse(message.text, Place(self._timelines.room, message_id))
            if (intent := with_target(parsed, self._timelines.current, message.shown)) is None:
                self._refuse(message, tr("Nobody else has said anything here that could be answered."))
            else:
                self._do(intent)
        except ProtocolError as error:
            self._refuse(message, explain_error(error))

    def _refuse(self, message: Composer.Sent, reason: str) -> None:
        self.note(reason, Kind.ERROR)
        self.query_one(Composer).give_back(message)

    def _do(self, intent: Intent) -> None:
        """Do what was typed. Raises what `Client.send` raises."""
        match intent:
            case Quit():
                self.app.call_later(self.app.run_action, "leave")
            case Help():
                self.action_help()
            case History():
                self._timelines.past.ask()
                self.action_top()
            case Search():
                self.action_search(intent.query)
            case Mentions():
                self._client.send(Mentions())
                self.app.push_screen(MentionsScreen(self._client.state.nick, self._title_of), self._jump)
            case Join(room=room) if room == self._client.state.room:
                self.note(wording.topic_of(self._client.state.here.topic))
            case _:
                self._client.send(intent)
                if isinstance(intent, SetLevel):
                    self._levels.add(intent)

    def on_composer_switched(self, message: Composer.Switched) -> None:
        rooms = order(self._client.state)
        self._look_at(rooms[(rooms.index(self._client.state.room) + message.steps) % len(rooms)])

    def on_rooms_chosen(self, message: Rooms.Chosen) -> None:
        self._look_at(message.room)

    def on_text_area_changed(self) -> None:
        self._hints.write()

    def on_composer_typed(self) -> None:
        if self._client.state.link is Link.OFFLINE:
            self._client.retry_now()

    def on_timeline_unseen(self) -> None:
        count = self._timelines.current.unseen
        line = self.query_one("#unseen", Static)
        line.update(tr_plural("↓ {count} new line", "↓ {count} new lines", count))
        line.display = count > 0
        self._read_soon()

    def on_timeline_top(self) -> None:
        self._timelines.past.ask_if_any()

    def on_timeline_asked(self, message: Timeline.Asked) -> None:
        self._timelines.past.seek(message.seq)

    def on_screen_resume(self) -> None:
        self._read_soon()

    def on_click(self, event: Click) -> None:
        self.query_one(Composer).focus()
        if event.widget is not None and event.widget.id == "unseen":
            self.action_end()

    def action_help(self) -> None:
        shown = [*Composer.KEYS, *self.BINDINGS, *self.app.BINDINGS]
        self.app.push_screen(HelpScreen(binding for binding in shown if isinstance(binding, Binding)))

    def action_search(self, query: str = "") -> None:
        room = self._client.state.room
        self.app.push_screen(SearchScreen(partial(self._send_search, room), query), self._jump)

    def action_page_up(self) -> None:
        self._timelines.current.page_up()

    def action_page_down(self) -> None:
        self._timelines.current.scroll_page_down(animate=False)

    def action_top(self) -> None:
        self._timelines.current.go_to_top()

    def action_end(self) -> None:
        self._timelines.current.go_to_end()

    def action_answered(self) -> None:
        """Go to what the lowest answer in view answers, if there is one."""
        if (entry := self._timelines.current.newest_in_view(has_quote)) is not None:
            self._timelines.past.seek(entry.details.reply)

    @property
    def _timelines(self) -> Timelines:
        return self.query_one(Timelines)

    def _was_told(self, event: ClientEvent) -> bool:
        """Return whether `event` is one more failed try, for the same reason as the one before."""
        if not isinstance(event, Disconnected):
            return False
        told, self._told_reason = self._told_reason, event.reason
        return told is event.reason

    def _welcome(self, event: Welcomed) -> None:
        """Say so the first time; later, begin anew if what is shown does not lead up to what comes.

        A server with no name keeps no log that could be another.
        """
        self._told_reason = None
        before, self._log = self._log, event.log
        if not before:
            self.note(wording.welcome(self._client))
        elif event.has_gap or (event.log != before and event.server):
            self._timelines.clear()
            self.note(wording.new_start(event))

    @property
    def _asked(self) -> FoundScreen | None:
        """The screen that waits for what is found, None if none does."""
        return next((screen for screen in self.app.screen_stack if isinstance(screen, FoundScreen)), None)

    def _send_search(self, room: str, query: str) -> None:
        self._client.send(Search(room, query))

    def _jump(self, said: Said | None) -> None:
        """Show the message that was chosen, if one is in its room still."""
        if said is not None and said.room in self._client.state.rooms:
            self._look_at(said.room)
            self._timelines.past.seek(said.seq)

    def _show_error(self, event: Error) -> None:
        """Say what was refused: a query where it was asked, all else in the timeline."""
        if not event.id:  # it may be a page that was refused
            self._timelines.stop_waiting()
        say = self.query_one(Pending).find(event.id)
        text = wording.refusal(event, say)
        if event.code in FoundScreen.REFUSALS and (asked := self._asked) is not None:
            asked.refuse(text)
        else:
            self.note(text, Kind.ERROR, say.room if say is not None and say.room in self._client.state.rooms else "")

    def _show_level(self, event: Counted) -> None:
        """Say what of a room the person is told of, if they asked for that here."""
        if (asked := SetLevel(event.room, event.level)) in self._levels:
            self._levels.remove(asked)
            self.note(wording.told_of(event.level, self._title_of(event.room)), room=event.room)

    def _ask_nick(self, event: NickWanted) -> None:
        error = event.error
        reason = explain(error.code, error.detail, error.limit, error.text) if error else ""
        self.app.push_screen(NickScreen(reason), self._take_nick)

    def _take_nick(self, nick: str | None) -> None:
        if nick is not None:
            self._client.choose_nick(nick)

    def _show_status(self) -> None:
        self.query_one(Status).show(lists_rooms=self.query_one(Rooms).display)

    def _newest_own(self) -> Target | None:
        return newest_own(self._timelines.current, self._timelines.room)

    def _title_of(self, room: str) -> str:
        return self._client.state.title_of(room)

    def _read_soon(self) -> None:
        """Once it is painted, let what is in view be read: a burst is read at once."""
        if not self._is_reading_due:
            self._is_reading_due = True
            self.call_after_refresh(self._read)

    def _read(self) -> None:
        """Let all in the room in view be read, if its newest line is seen."""
        self._is_reading_due = False
        if self.app.app_focus and self.is_active and self._timelines.current.is_at_end:
            self._client.mark_read(self._timelines.room)

    def _complain(self, room: str, text: str) -> None:
        self.note(text, Kind.ERROR, room)

    def _look_at(self, room: str) -> None:
        """Look at `room` at once; the event that says so follows."""
        self._client.look_at(room)
        self._follow_room()

    def _follow_room(self) -> None:
        """Let the room that the client looks at be in view."""
        if self._timelines.room != self._client.state.room:
            self._timelines.show(self._client.state.room)
            self._hints.show()
            self.on_timeline_unseen()

    def _show_rooms(self) -> None:
        """List the rooms where there is a place for that, and more than one."""
        state, listed = self._client.state, self.query_one(Rooms)
        listed.display = len(state.rooms) > 1 and self.size.width >= _ROOMY_COLUMNS
        if listed.display:
            listed.show(listing(state), state.room)
