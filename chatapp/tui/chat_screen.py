"""The screen that is always there: rooms, timelines, people, composer, status; others open in front of it."""

import asyncio
from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import OptionList

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, NickWanted, Queued, SecretWanted
from chatapp.client.state import Link
from chatapp.client.wording import refusal
from chatapp.preferences.table import DEFAULTS, Preferences
from chatapp.protocol.events import Error, Found, Pong, Said
from chatapp.texts import tr
from chatapp.tui.asking import Asking
from chatapp.tui.composer.choices import words_in
from chatapp.tui.composer.composer import Composer
from chatapp.tui.composer.drafts import Drafts
from chatapp.tui.composer.pending import Pending
from chatapp.tui.composer.typing_hints import TypingHints
from chatapp.tui.doing import Doing
from chatapp.tui.listing import listing, may_change, next_news, order
from chatapp.tui.live_preferences import LivePreferences
from chatapp.tui.notices import Notices
from chatapp.tui.pacing import Pace
from chatapp.tui.read_marks import ReadMarks
from chatapp.tui.rooms import Rooms
from chatapp.tui.sidebar import Sidebar
from chatapp.tui.status import Status
from chatapp.tui.targets import Target, newest_own, target_of
from chatapp.tui.telling import Telling
from chatapp.tui.timeline.entries import Entry, Kind
from chatapp.tui.timeline.rows import has_quote
from chatapp.tui.timeline.selecting_screen import SelectingScreen
from chatapp.tui.timeline.shape import shape_of
from chatapp.tui.timeline.timeline import Timeline
from chatapp.tui.timeline.timelines import Timelines
from chatapp.tui.unseen import Unseen
from chatapp.tui.window_title import WindowTitle

_ROOMY_COLUMNS = 100
"""From this width on there is a place for the rooms."""


_CHANGES_SECONDS = 0.05
"""What the events of a flood change around the timeline is shown no more often."""


class ChatScreen(SelectingScreen):
    """Shows a client's events, and hands it what is typed, as the `preferences` say.

    `write_terminal` takes what goes to the terminal beside the screen; `clock` gives the time in seconds since 1970.
    """

    AUTO_FOCUS = "#composer"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (10, "-low"), (20, "-tall")]
    BINDINGS = [
        Binding("f1", "help", "this help", show=False, priority=True, id="chat.help"),
        Binding("f2", "fold('rooms')", "fold the rooms away, or show them", priority=True, id="chat.fold-rooms"),
        Binding("f3", "fold('sidebar')", "fold the people away, or show them", priority=True, id="chat.fold-people"),
        Binding("pageup", "page_up", "scroll back", show=False, priority=True, id="chat.page-up"),
        Binding("pagedown", "page_down", "scroll forward", show=False, priority=True, id="chat.page-down"),
        Binding("ctrl+f", "search", "search what was said", show=False, priority=True, id="chat.search"),
        Binding("alt+k", "go", "go to a room or a person by name", show=False, priority=True, id="chat.go"),
        Binding("ctrl+p", "palette", "find a command or a key by its name", priority=True, id="chat.palette"),
        Binding("ctrl+home", "top", "go to the first message", show=False, priority=True, id="chat.first"),
        Binding("ctrl+end,escape", "end", "go to the newest message", show=False, id="chat.newest"),
        Binding("alt+u", "unread", "go to the first unread message", show=False, priority=True, id="chat.unread"),
        Binding("alt+j", "answered", "go to what an answer answers", show=False, priority=True, id="chat.answered"),
    ]

    def __init__(
        self,
        client: Client,
        preferences: LivePreferences,
        write_terminal: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        super().__init__()
        self._client = client
        self._preferences = preferences
        self._write_terminal = write_terminal
        self._clock = clock
        self._preferred = DEFAULTS
        self.built = asyncio.Event()
        """Set when `show` may be called."""
        self._is_listing_due = False
        self._changes = Pace(self, _CHANGES_SECONDS, self._show_changes)

    def compose(self) -> ComposeResult:
        self._timelines = Timelines(self._client, self._complain, self._act, self._write, id="timelines")
        self._sidebar = Sidebar(id="sidebar")
        self._pending = Pending(id="pending")
        self._status = Status(self._client, id="status")
        with Horizontal(id="middle"):
            yield Rooms(id="rooms")
            yield self._timelines
            yield self._sidebar
        yield Unseen(id="unseen", markup=False)
        yield self._pending
        words = words_in(self._client.state, lambda: self._timelines.current.entries)
        yield Composer(words, self, id="composer")
        yield self._status

    def on_mount(self) -> None:
        self._telling = Telling(self._client, self._clock, self._timelines)
        self._notices = Notices(self.app, self._client.state, self._write_terminal, self._clock)
        self._marks = ReadMarks(self, self._client, self._timelines)
        self._title = WindowTitle(self._client.state, self._write_terminal)
        self.app.app_resume_signal.subscribe(self, lambda _: self._title.show_anew())
        self.watch(self.app, "app_focus", self._follow_focus, init=False)
        composer = self.query_one(Composer)
        self._asking = Asking(
            *(self, self._client, self._preferences, self._jump, self._look_at),
            complain=lambda text: self.note(text, Kind.ERROR),
        )
        self._doing = Doing(
            *(self._client, self._preferences, self._timelines, self._telling, self._asking),
            leave=lambda: self.app.call_later(self.app.run_action, "leave"),
        )
        self._drafts = Drafts(self._client, composer)
        self._hints = TypingHints(self._client, composer)
        self._timelines.show(self._client.state.room)
        composer.focus()
        self.prefer(self._preferences.current)
        self.built.set()

    def on_unmount(self) -> None:
        self._title.turn(on=False)
        self._drafts.close()

    def prefer(self, preferences: Preferences) -> None:
        """Look and behave as `preferences` say; what a key folded stays so, until they say otherwise than before."""
        before, self._preferred = self._preferred, preferences
        self._notices.preferences = preferences
        self._title.turn(on=preferences.title)
        self._hints.allow(is_told=preferences.typing)
        if preferences.rooms != before.rooms:
            self.query_one(Rooms).set_class(not preferences.rooms, "-folded")
        if preferences.people != before.people:
            self._sidebar.set_class(not preferences.people, "-folded")
        self.query_one(Composer).placeholder = tr("Write a message…")
        self._timelines.reshape(shape_of(preferences))
        self.query_one(Unseen).show(self._timelines.current.unseen)
        self._show_rooms()
        self._show_status()
        for widget in self.query("*"):
            widget.refresh()

    def on_resize(self) -> None:
        self._show_rooms()
        self._show_status()

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Let the keys go to `widget`; to nothing, as a click on nothing asks, only while the window isn't in front."""
        if widget is None and self.app.app_focus:
            widget = next(iter(self.query(Composer)), None)  # none is there at the end
        super().set_focus(widget, scroll_visible, from_app_focus)

    def show(self, *events: ClientEvent) -> None:
        """Show events of the client's, in their order; a sign of life by itself, as while nothing happens, is none."""
        if len(events) == 1 and isinstance(events[0], Pong):
            return
        for event in events:
            self._show_one(event)
        state = self._client.state
        # In the same painting: what is confirmed is at no time in both places.
        self._pending.show(state.pending, state.room, is_online=state.link is Link.ONLINE)
        self._changes.ask()

    def _show_one(self, event: ClientEvent) -> None:
        state = self._client.state
        if not isinstance(event, Said):  # by far the most are, and those are nothing to all this
            self._answer(event)
            self._status.follow(event)
            self._drafts.follow(event)
            self._sidebar.follow(event, state)
        self._telling.follow(event)
        self._follow_room()
        self._hints.follow(event)
        self._notices.follow(event)
        self._is_listing_due |= may_change(event, state)

    def _answer(self, event: ClientEvent) -> None:
        """Do what `event` asks for, beside being told."""
        match event:
            case NickWanted():
                self._asking.nick(event)
            case SecretWanted():
                self._asking.secret(event)
            case Found():
                self._asking.take(event)
            case Queued(say):
                self._pending.add(say)
            case Error():
                self._show_error(event)

    def _show_changes(self) -> None:
        """Show around the timeline what some events changed."""
        self._hints.show()
        if self._is_listing_due:
            self._is_listing_due = False
            self._show_rooms()
            self._title.show()
        self._show_status()
        self._marks.soon()

    def note(self, text: str, kind: Kind = Kind.NOTICE, room: str = "") -> None:
        """Let the timeline of `room`, or the one in view, say something that no event said."""
        self._telling.note(text, kind, room)

    def send_line(self, line: str, about: Target | None) -> bool:
        self._timelines.past.go_to_end()
        self._hints.end()
        return self._doing.do(line, about)

    def on_composer_sent(self) -> None:
        self._drafts.save()

    def on_writer_trouble(self, message: Composer.Trouble) -> None:
        self.note(message.reason, Kind.ERROR)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.query_one(Composer).take(event.option_index)

    def on_composer_completing(self, message: Composer.Completing) -> None:
        from chatapp.tui.composer.popup import Popup  # loaded and built when it is first opened

        if message.choices and not self.query(Popup):
            self.mount(Popup(id="popup"))  # which what is sent meanwhile doesn't wait for
        for popup in self.query(Popup):
            popup.show(message.choices, message.index, above=self.query_one(Composer))

    def go_round(self, steps: int) -> None:
        rooms = order(self._client.state)
        self._look_at(rooms[(rooms.index(self._client.state.room) + steps) % len(rooms)])

    def go_to(self, number: int) -> None:
        if number <= len(rooms := order(self._client.state)):
            self._look_at(rooms[number - 1])

    def go_to_news(self) -> None:
        if room := next_news(self._client.state):
            self._look_at(room)

    def on_rooms_chosen(self, message: Rooms.Chosen) -> None:
        self._look_at(message.room)

    def on_text_area_changed(self) -> None:
        self._hints.write()
        self._drafts.write()

    def on_composer_typed(self) -> None:
        if self._client.state.link is Link.OFFLINE:
            self._client.retry_now()

    def on_following_view_unseen(self) -> None:
        self.query_one(Unseen).show(self._timelines.current.unseen)
        self._marks.soon()

    def on_unseen_wanted(self) -> None:
        self.action_end()

    def on_following_view_top(self) -> None:
        self._timelines.past.ask_if_any()

    def on_following_view_bottom(self) -> None:
        self._timelines.past.ask_newer()

    def on_timeline_asked(self, message: Timeline.Asked) -> None:
        self._timelines.past.seek(message.seq)

    def on_screen_resume(self) -> None:
        self._marks.soon()

    def on_click(self) -> None:
        self.query_one(Composer).focus()

    def action_help(self) -> None:
        self._asking.help()

    def action_search(self) -> None:
        self._asking.search()

    def action_go(self) -> None:
        self._asking.switch()

    def action_palette(self) -> None:
        self._asking.palette(self.query_one(Composer), self._doing.do)

    def action_fold(self, id_: str) -> None:
        """Give the place of what is on one side to the messages, or take it back."""
        self.query_one(f"#{id_}").toggle_class("-folded")
        self._show_rooms()
        self._show_status()

    def action_page_up(self) -> None:
        self._timelines.current.page_up()

    def action_page_down(self) -> None:
        self._timelines.current.page_down()

    def action_top(self) -> None:
        self._timelines.past.go_to_first()

    def action_end(self) -> None:
        self._timelines.past.go_to_end()

    def action_unread(self) -> None:
        self._timelines.past.go_to_unread()

    def action_answered(self) -> None:
        """Go to what the lowest answer in view answers, if there is one."""
        if (entry := self._timelines.current.newest_in_view(has_quote)) is not None:
            self._timelines.past.seek(entry.details.reply)

    def _jump(self, said: Said | None) -> None:
        """Show the message that was chosen, if one is in its room still."""
        if said is not None and said.room in self._client.state.rooms:
            self._look_at(said.room)
            self._timelines.past.seek(said.seq)

    def _show_error(self, event: Error) -> None:
        """Say what was refused: a query where it was asked, all else in the timeline."""
        if not event.id:  # it may be a page that was refused
            self._timelines.stop_waiting()
        say = self._pending.find(event.id)
        text = refusal(event, say)
        if not self._asking.refuse(event, text):
            self._telling.refuse(text, say)

    def _show_status(self) -> None:
        self._status.show(lists_rooms=self.query_one(Rooms).display)

    def choose(self) -> None:
        if not self._timelines.current.begin():
            self.note(tr("There is no message here yet."))

    def _act(self, what: str, entry: Entry) -> None:
        """Do what is done at once, or let the composer stand with the line for it."""
        from chatapp.tui.acting import LINES, do_now  # loaded when something is first done

        self._write()
        if (answer := do_now(what, entry, self.app)) is not None:
            self.note(answer)
        else:
            self.query_one(Composer).begin(target_of(entry, self._timelines.room, LINES[what]))

    def _write(self) -> None:
        """Let the keys go to the composer."""
        self.set_focus(self.query_one(Composer))

    def newest_own(self) -> Target | None:
        return newest_own(self._timelines.current, self._timelines.room)

    def _follow_focus(self) -> None:
        self._notices.notice_focus()
        self._timelines.show_unread()
        self._marks.soon()

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
            if self._drafts.go_to(self._client.state.room):  # the event that says why may be yet to be told
                self.call_after_refresh(self.note, tr("What you were writing there is kept: Up brings it back."))
            self._write()
            self._hints.show()
            self.on_following_view_unseen()

    def _show_rooms(self) -> None:
        """List the rooms where there is a place for that, it isn't folded away, and there are more than one."""
        state, listed = self._client.state, self.query_one(Rooms)
        is_roomy = self.size.width >= _ROOMY_COLUMNS and not listed.has_class("-folded")
        listed.display = is_roomy and len(state.rooms) > 1
        if listed.display:
            listed.show(listing(state, self._drafts.rooms), state.room)
