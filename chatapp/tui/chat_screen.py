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
from chatapp.client.events import ClientEvent, Disconnected, NickWanted, Reason
from chatapp.client.state import Link
from chatapp.protocol.errors import ProtocolError
from chatapp.protocol.events import Welcomed
from chatapp.protocol.requests import Help, Quit
from chatapp.protocol.safe import one_line
from chatapp.texts import tr_plural
from chatapp.texts.errors import explain, explain_error
from chatapp.tui import wording
from chatapp.tui.composer import Composer
from chatapp.tui.entries import Entry, Kind
from chatapp.tui.help_screen import HelpScreen
from chatapp.tui.nick_screen import NickScreen
from chatapp.tui.sidebar import Sidebar
from chatapp.tui.status import Status
from chatapp.tui.timeline import Timeline


class ChatScreen(Screen[None]):
    """Shows a client's events, and hands it what is typed. `clock` gives the time in seconds since 1970."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (10, "-tall")]
    BINDINGS = [
        Binding("f1", "help", "this help", show=False, priority=True),
        Binding("pageup", "page_up", "scroll back", show=False, priority=True),
        Binding("pagedown", "page_down", "scroll forward", show=False, priority=True),
        Binding("ctrl+home", "top", "go to the first message", show=False, priority=True),
        Binding("ctrl+end,escape", "end", "go to the newest message", show=False),
    ]

    def __init__(self, client: Client, clock: Callable[[], float]) -> None:
        super().__init__()
        self._client = client
        self._clock = clock
        self._retry_at = 0.0
        self._countdown: Timer
        self._was_welcomed = False
        self._told_reason: Reason | None = None
        """Why there is no connection, as far as the timeline has said it."""

    def compose(self) -> ComposeResult:
        with Horizontal(id="middle"):
            yield Timeline(id="timeline")
            yield Sidebar(id="sidebar")
        yield Static(id="unseen", markup=False)
        yield Composer(lambda: map(one_line, self._client.state.members.values()), id="composer")
        yield Status(id="status", markup=False)

    def on_mount(self) -> None:
        self._countdown = self.set_interval(1.0, self._show_status, pause=True)
        self.query_one(Composer).focus()
        self._show_status()

    def show(self, event: ClientEvent) -> None:
        """Show one event of the client's."""
        if isinstance(event, NickWanted):
            self._ask_nick(event)
        if isinstance(event, Welcomed):
            self._welcome()
        if not self._was_told(event) and (entry := wording.entry_for(event, self._client, self._clock())) is not None:
            self.query_one(Timeline).add(entry)
        self._follow_link(event)
        self.query_one(Sidebar).show(self._client.state.members.values(), self._client.state.nick)
        self._show_status()

    def note(self, text: str, kind: Kind = Kind.NOTICE) -> None:
        """Let the timeline say something that no event said."""
        self.query_one(Timeline).add(Entry(kind, text, self._clock()))

    def on_composer_sent(self, message: Composer.Sent) -> None:
        try:
            intent = self._client.type_line(message.text)
        except ProtocolError as error:
            self.note(explain_error(error), Kind.ERROR)
            return
        self.query_one(Composer).accept(message.text)
        self.query_one(Timeline).go_to_end()
        if isinstance(intent, Quit):
            self.app.call_later(self.app.run_action, "leave")
        elif isinstance(intent, Help):
            self.action_help()

    def on_composer_typed(self) -> None:
        if self._client.state.link is Link.OFFLINE:
            self._client.retry_now()

    def on_timeline_unseen(self, message: Timeline.Unseen) -> None:
        line = self.query_one("#unseen", Static)
        line.update(tr_plural("↓ {count} new line", "↓ {count} new lines", message.count))
        line.display = message.count > 0

    def on_click(self, event: Click) -> None:
        self.query_one(Composer).focus()
        if event.widget is not None and event.widget.id == "unseen":
            self.action_end()

    def action_help(self) -> None:
        shown = [*Composer.KEYS, *self.BINDINGS, *self.app.BINDINGS]
        self.app.push_screen(HelpScreen(binding for binding in shown if isinstance(binding, Binding)))

    def action_page_up(self) -> None:
        self.query_one(Timeline).scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        self.query_one(Timeline).scroll_page_down(animate=False)

    def action_top(self) -> None:
        self.query_one(Timeline).scroll_home(animate=False)

    def action_end(self) -> None:
        self.query_one(Timeline).go_to_end()

    def _was_told(self, event: ClientEvent) -> bool:
        """Return whether `event` is one more failed try, for the same reason as the one before."""
        if not isinstance(event, Disconnected):
            return False
        told, self._told_reason = self._told_reason, event.reason
        return told is event.reason

    def _welcome(self) -> None:
        self._told_reason = None
        if not self._was_welcomed:
            self._was_welcomed = True
            self.note(wording.welcome(self._client))

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
