"""The app: one screen, one client, and every way out leaves the terminal as it was."""

import asyncio
import gc
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.driver import Driver
from textual.worker import WorkerFailed

from chatapp import crash
from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, Disconnected
from chatapp.client.idleness import IDLE_SECONDS, Idleness
from chatapp.client.wording import explain_lost, what_leaving_means
from chatapp.exits import EXIT_FAULT, EXIT_UNAVAILABLE
from chatapp.preferences.file import PreferencesFile
from chatapp.preferences.table import AUTO, NOTHING_GIVEN, Preferences
from chatapp.protocol.names import GENERAL
from chatapp.texts import language_in_use, tr, use_language
from chatapp.tui.chat_screen import ChatScreen
from chatapp.tui.colours import use_theme
from chatapp.tui.faults import telling_faults
from chatapp.tui.freeing import free_what_was_drawn
from chatapp.tui.live_preferences import LivePreferences
from chatapp.tui.rebinding import read_keys
from chatapp.tui.sequences import learn_sequences
from chatapp.tui.steady import steadied
from chatapp.tui.terminal_notes import RESET, RESTORE_TITLE
from chatapp.tui.themes import COLOURLESS, THEMES, ansi_color
from chatapp.tui.timeline.entries import Kind
from chatapp.way_out import WayOut

_WARNING_SECONDS = 10.0
"""Leaving again within so long after the warning is meant."""

_FILE_SECONDS = 10.0
"""So often the file of preferences is looked at, beside each time that the window comes to the front."""

_SETTLED_SECONDS = 1.0
"""That long after its start an app has made most of what stays."""

_EVENTS_A_TURN = 50
"""After so many events the keys and the screen have their turn, however many more wait."""


class ChatApp(App[int]):
    """The full screen for `client`, which it starts and leaves; `clock` gives the time in seconds since 1970.

    It looks and behaves as the file of `preferences` says, but for what is `given` for this time, by the names there;
    where that leaves the language open, it is the one in use.
    Who touches nothing for `idle_seconds` is idle.
    """

    CSS_PATH = "chat_screen.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [Binding("ctrl+q", "leave", "leave the chat", show=False, priority=True, id="app.leave")]

    def __init__(
        self,
        client: Client,
        preferences: Path,
        given: Mapping[str, str] = NOTHING_GIVEN,
        clock: Callable[[], float] = time.time,
        *,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        super().__init__(ansi_color=ansi_color())
        learn_sequences()
        free_what_was_drawn()
        self._idleness = Idleness(self.set_timer, idle_seconds, client.set_idle)
        self._preferences = LivePreferences(
            PreferencesFile(preferences, read_keys), given, self._prefer, self._complain
        )
        self._begin_in(self._wearable(self._preferences.current.theme))
        self._language = language_in_use()
        self._clock = clock
        self.farewell = ""
        """What is to be said once the terminal is back."""
        self._client = client
        self._was_warned = False

    def get_driver_class(self) -> type[Driver]:
        return telling_faults(steadied(super().get_driver_class()))

    def get_default_screen(self) -> ChatScreen:
        return ChatScreen(self._client, self._preferences, self._write_terminal, self._clock)

    def on_mount(self) -> None:
        self._prefer(self._preferences.current)
        self._preferences.show_problems()
        self.set_interval(_FILE_SECONDS, self._preferences.follow_file)
        self.run_worker(self._follow())

    def on_app_focus(self) -> None:
        self._preferences.follow_file()

    def copy_to_clipboard(self, text: str) -> None:
        """Have `text` in the clipboard of the terminal (OSC 52), and of the system."""
        from chatapp.tui import clipboard  # loaded when something is first copied

        super().copy_to_clipboard(text)
        if program := clipboard.program_for(os.environ):
            self.run_worker(clipboard.copy(text, program))

    def _write_terminal(self, sequence: str) -> None:
        """Send `sequence`, which draws nothing, to the terminal."""
        if sequence and self._driver is not None:
            self._driver.write(sequence)

    def _prefer(self, preferences: Preferences) -> None:
        """Look and behave as `preferences` say."""
        use_language(self._language if preferences.language == AUTO else preferences.language)
        self._wear(preferences.theme)
        self.set_keymap(dict(preferences.keys))
        if self.chat.is_mounted:
            self.chat.prefer(preferences)

    def _wear(self, theme: str) -> None:
        """Have the colours of the theme of that name."""
        if (name := self._wearable(theme)) != self.theme:
            use_theme(THEMES[name])
            self.theme = name

    def _begin_in(self, theme: str) -> None:
        """Have that theme from the start: a change of it would have all styles read a second time."""
        for known in THEMES.values():
            self.register_theme(known)
        use_theme(THEMES[theme])
        self.set_reactive(ChatApp.theme, theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def _wearable(self, theme: str) -> str:
        """Return the name of what stands for that theme here: something without colours, where NO_COLOR is set."""
        return COLOURLESS if self.no_color else theme

    def tell_fault(self, line: str) -> None:
        """Show the line about a fault in something that nobody waits for."""
        if self.is_running and self.screen_stack:
            self._complain(line)

    def _complain(self, text: str) -> None:
        self.call_after_refresh(self.chat.note, text, Kind.ERROR)

    def on_ready(self) -> None:
        """The screen has been painted once."""
        self.set_timer(_SETTLED_SECONDS, _settle_garbage)
        self._idleness.start()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent | events.Paste):
            self._idleness.touch()
        await super().on_event(event)

    @property
    def chat(self) -> ChatScreen:
        """The screen that is always there, whatever stands before it."""
        screen = self.screen_stack[0]
        assert isinstance(screen, ChatScreen)
        return screen

    async def action_leave(self) -> None:
        """Leave; whoever hosts the chat for others is first told what that means."""
        others = self._client.state.rooms[GENERAL].people - 1
        if self._client.state.hosting and others > 0 and not self._was_warned:
            self._was_warned = True
            self.set_timer(_WARNING_SECONDS, self._forget_warning)
            self.chat.note(what_leaving_means(others), Kind.ERROR)
        else:
            await self.leave(0)

    def _forget_warning(self) -> None:
        self._was_warned = False

    def action_help_quit(self) -> None:
        """Answer ctrl+c when there is nothing to copy."""
        self.chat.note(tr("ctrl+c copies what is selected; ctrl+q leaves."))

    async def leave(self, code: int) -> None:
        """Say goodbye to the server, and end with `code`; a signal may ask for it before all is there."""
        await self._client.leave()
        self.exit(code, return_code=code)

    async def _follow(self) -> None:
        """Show what happens; as soon as the screen is built, so that what is known then is in the first painting."""
        await self.chat.built.wait()
        async with self._client as client:
            async for some in client.batches(_EVENTS_A_TURN):
                if not self.is_running:  # the screen is being taken apart
                    return
                if not client.state.was_welcomed and (lost := _lost(some)):
                    self.farewell = explain_lost(lost, client.host, client.port)
                    self.exit(EXIT_UNAVAILABLE, return_code=EXIT_UNAVAILABLE)
                    return
                self.chat.show(*some)
                await asyncio.sleep(0)

    def _fatal_error(self) -> None:
        """End after a fault, with one line in place of Textual's traceback, which would show what was said."""
        fault: BaseException = self._exception or RuntimeError()
        self.farewell = crash.report(fault.error if isinstance(fault, WorkerFailed) else fault)
        self._return_code = EXIT_FAULT
        self._close_messages_no_wait()

    def panic(self, *_renderables: object) -> None:
        """End as after any other fault: what Textual would print may be a traceback with what was said."""
        self._fatal_error()


async def run_chat(client: Client, preferences: Path, given: Mapping[str, str]) -> tuple[int, str]:
    """Run a `ChatApp` in this loop until it ends; return the exit code, and what to say once the terminal is back."""
    app = ChatApp(client, preferences, given)
    leaving: set[asyncio.Task[None]] = set()
    crash.report_unawaited(asyncio.get_running_loop(), app.tell_fault)
    with WayOut(lambda code: leaving.add(asyncio.create_task(app.leave(code))), RESET + RESTORE_TITLE.encode()):
        await app.run_async()
    return app.return_code or 0, app.farewell


def _lost(some: Iterable[ClientEvent]) -> Disconnected | None:
    """Return what says that there is no connection, if anything does."""
    return next((event for event in some if isinstance(event, Disconnected)), None)


def _settle_garbage() -> None:
    """Keep what start-up made out of every later collection: full passes would cost a tenth of a second each."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
