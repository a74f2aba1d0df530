"""The one screen: timeline, composer, people, status."""

import time
from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.events import Click
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, Disconnected, NickWanted, Queued, Reason
from chatapp.client.ids import message_id
from chatapp.client.state import Link
from chatapp.protocol.commands import Place, parse
from chatapp.protocol.errors import ProtocolError
from chatapp.protocol.events import Error, Found, HistoryPage, Joined, Left, Members, Present, Renamed, Welcomed
from chatapp.protocol.requests import Help, History, Intent, Quit, Search
from chatapp.protocol.safe import one_line
from chatapp.texts import tr_plural
from chatapp.texts.errors import explain, explain_error
from chatapp.tui import wording
from chatapp.tui.composer import Composer
from chatapp.tui.entries import Entry, Kind
from chatapp.tui.help_screen import HelpScreen
from chatapp.tui.nick_screen import NickScreen
from chatapp.tui.past import Past
from chatapp.tui.pending import Pending
from chatapp.tui.search_screen import SearchScreen
from chatapp.tui.sidebar import Sidebar
from chatapp.tui.status import Status
from chatapp.tui.timeline import Timeline

_OF_MEMBERS = (Welcomed, Joined, Left, Renamed, Members, Present, Disconnected)
"""The events after which others may be here."""


class ChatScreen(Screen[None]):
    """Shows a client's events, and hands it what is typed. `clock` gives the time in seconds since 1970."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (10, "-tall")]
    BINDINGS = [
        Binding("f1", "help", "this help", show=False, priority=True),
        Binding("pageup", "page_up", "scroll back", show=False, priority=True),
        Binding("pagedown", "page_down", "scroll forward", show=False, priority=True),
        Binding("ctrl+f", "search", "search what was said", show=False, priority=True),
        Binding("ctrl+home", "top", "go to the first message", show=False, priority=True),
        Binding("ctrl+end,escape", "end", "go to the newest message", show=False),
    ]

    def __init__(self, client: Client, clock: Callable[[], float]) -> None:
        super().__init__()
        self._client = client
        self._clock = clock
        self._retry_at = 0.0
        self._countdown: Timer
        self._log = ""
        """Which log the timeline shows, "" before the first welcome."""
        self._past: Past
        self._told_reason: Reason | None = None
        """Why there is no connection, as far as the timeline has said it."""

    def compose(self) -> ComposeResult:
        with Horizontal(id="middle"):
            yield Timeline(id="timeline")
            yield Sidebar(id="sidebar")
        yield Static(id="unseen", markup=False)
        yield Pending(id="pending")
        yield Composer(lambda: map(one_line, self._client.state.members.values()), id="composer")
        yield Status(id="status", markup=False)

    def on_mount(self) -> None:
        self._countdown = self.set_interval(1.0, self._show_status, pause=True)
        self._past = Past(self._client, self.query_one(Timeline), lambda text: self.note(text, Kind.ERROR))
        self.query_one(Composer).focus()
        self._show_status()

    def show(self, event: ClientEvent) -> None:
        """Show one event of the client's."""
        match event:
            case NickWanted():
                self._ask_nick(event)
            case Welcomed():
                self._welcome(event)
            case HistoryPage():
                self._past.take(event)
            case Found() if (search := self._search) is not None:
                search.show(event)
            case Queued(say):
                self.query_one(Pending).add(say)
            case Error():
                self._show_error(event)
            case Disconnected():
                self._past.stop_waiting()
        self._show_state(event)

    def _show_state(self, event: ClientEvent) -> None:
        """Show what `event` changed, beside what it asked for."""
        if not self._was_told(event) and (entry := wording.entry_for(event, self._client, self._clock())) is not None:
            self.query_one(Timeline).add(entry)
        self._follow_link(event)
        state = self._client.state
        if isinstance(event, _OF_MEMBERS):
            self.query_one(Sidebar).show(state.members.values(), state.nick, state.people)
        self.query_one(Pending).show(state.pending, is_online=state.link is Link.ONLINE)
        self._show_status()

    def note(self, text: str, kind: Kind = Kind.NOTICE) -> None:
        """Let the timeline say something that no event said."""
        self.query_one(Timeline).add(Entry(kind, text, self._clock()))

    def on_composer_sent(self, message: Composer.Sent) -> None:
        self.query_one(Timeline).go_to_end()
        try:
            self._do(parse(message.text, Place(self._client.state.room, message_id)))
        except ProtocolError as error:
            self.note(explain_error(error), Kind.ERROR)
            self.query_one(Composer).give_back(message.text)

    def _do(self, intent: Intent) -> None:
        """Do what was typed. Raises what `Client.send` raises."""
        match intent:
            case Quit():
                self.app.call_later(self.app.run_action, "leave")
            case Help():
                self.action_help()
            case History():
                self._past.ask()
                self.action_top()
            case Search():
                self.action_search(intent.query)
            case _:
                self._client.send(intent)

    def on_composer_typed(self) -> None:
        if self._client.state.link is Link.OFFLINE:
            self._client.retry_now()

    def on_timeline_unseen(self, message: Timeline.Unseen) -> None:
        line = self.query_one("#unseen", Static)
        line.update(tr_plural("↓ {count} new line", "↓ {count} new lines", message.count))
        line.display = message.count > 0

    def on_timeline_top(self) -> None:
        self._past.ask_if_any()

    def on_click(self, event: Click) -> None:
        self.query_one(Composer).focus()
        if event.widget is not None and event.widget.id == "unseen":
            self.action_end()

    def action_help(self) -> None:
        shown = [*Composer.KEYS, *self.BINDINGS, *self.app.BINDINGS]
        self.app.push_screen(HelpScreen(binding for binding in shown if isinstance(binding, Binding)))

    def action_search(self, query: str = "") -> None:
        self.app.push_screen(SearchScreen(self._send_search, query), self._jump)

    def action_page_up(self) -> None:
        self.query_one(Timeline).page_up()

    def action_page_down(self) -> None:
        self.query_one(Timeline).scroll_page_down(animate=False)

    def action_top(self) -> None:
        self.query_one(Timeline).go_to_top()

    def action_end(self) -> None:
        self.query_one(Timeline).go_to_end()

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
            self.query_one(Timeline).clear()
            self._past.forget()
            self.note(wording.new_start(event))

    @property
    def _search(self) -> SearchScreen | None:
        """The search that is open, None if none is."""
        return next((screen for screen in self.app.screen_stack if isinstance(screen, SearchScreen)), None)

    def _send_search(self, query: str) -> None:
        self._client.send(Search(self._client.state.room, query))

    def _jump(self, seq: int | None) -> None:
        if seq is not None:
            self._past.seek(seq)

    def _show_error(self, event: Error) -> None:
        """Say what was refused: a query where it was asked, all else in the timeline."""
        if not event.id:  # it may be a page that was refused
            self._past.stop_waiting()
        text = wording.refusal(event, self.query_one(Pending).find(event.id))
        if event.code in SearchScreen.REFUSALS and (search := self._search) is not None:
            search.refuse(text)
        else:
            self.note(text, Kind.ERROR)

    def _ask_nick(self, event: NickWanted) -> None:
        error = event.error
        reason = explain(error.code, error.detail, error.limit, error.text) if error else ""
        self.app.push_screen(NickScreen(reason), self._take_nick)

    def _take_nick(self, nick: str | None) -> None:
        if nick is not None:
            self._client.choose_nick(nick)

    def _follow_link(self, event: ClientEvent) -> None:
        if isinstance(event, Disconnected):
            self._retry_at = time.monotonic() + event.retry_in
            self._countdown.resume()
        elif self._client.state.link is not Link.OFFLINE:
            self._countdown.pause()

    def _show_status(self) -> None:
        self.query_one(Status).show(self._client, max(self._retry_at - time.monotonic(), 0))
