"""Notices for who doesn't look at the window: a bell and a notification when somebody turns to the person."""

import asyncio
import contextlib
import os
import shutil
import time
from collections.abc import Callable
from datetime import datetime

from textual.app import App

from chatapp.client.events import ClientEvent
from chatapp.client.state import ChatState
from chatapp.preferences.kinds import is_within
from chatapp.preferences.table import DEFAULTS, Preferences
from chatapp.protocol.events import Said
from chatapp.protocol.mentions import is_mentioned
from chatapp.protocol.names import CONVERSATION
from chatapp.protocol.requests import TALK
from chatapp.protocol.safe import one_line
from chatapp.tui.terminal_notes import notification, way_of

DESKTOP_PROGRAM = "notify-send"

_PAUSE_SECONDS = 1.0
"""So long after a notice there is none: a burst is told of once."""


class Notices:
    """Tells of mentions and of what is said in conversations, as `state` says that one wants to be told.

    Not every terminal tells whether its window has the focus: until it did, that counts as not looking. `write` takes
    what goes to the terminal beside the screen; `clock` gives the time in seconds since 1970.
    """

    preferences: Preferences = DEFAULTS

    def __init__(
        self, app: App[int], state: ChatState, write: Callable[[str], None], clock: Callable[[], float]
    ) -> None:
        self._app = app
        self._state = state
        self._write = write
        self._clock = clock
        self._is_focus_told = False
        self._told_at = float("-inf")

    def notice_focus(self) -> None:
        """Know from here on that the terminal tells of it."""
        self._is_focus_told = True

    def follow(self, event: ClientEvent) -> None:
        """Tell of `event` if it is worth it, and nobody looks."""
        is_seen = self._is_focus_told and self._app.app_focus
        if isinstance(event, Said) and not is_seen and self._turns_to_one(event) and not self._is_quiet():
            now = time.monotonic()
            if now - self._told_at >= _PAUSE_SECONDS:
                self._told_at = now
                self._tell(event)

    def _tell(self, said: Said) -> None:
        if self.preferences.bell:
            self._app.bell()
        head = said.nick if said.room.startswith(CONVERSATION) else f"{said.nick} ({self._state.title_of(said.room)})"
        if self.preferences.notify == "desktop":
            self._app.run_worker(_tell_desktop(head, said.text))
        else:
            way = way_of(os.environ) if self.preferences.notify == "auto" else self.preferences.notify
            self._write(notification(way, head, said.text))

    def _is_quiet(self) -> bool:
        return is_within(self.preferences.quiet, datetime.fromtimestamp(self._clock()).time())

    def _turns_to_one(self, said: Said) -> bool:
        is_conversation, is_mention = said.room.startswith(CONVERSATION), is_mentioned(self._state.nick, said.text)
        if not (is_conversation or is_mention):  # as most of what is said
            return False
        room = self._state.rooms.get(said.room)
        if room is None or room.level == "none" or said.kind not in TALK or self._state.is_own(said.nick):
            return False
        return is_mention or room.level == "all"


async def _tell_desktop(head: str, body: str) -> None:
    """Have the desktop tell it, which may read a body as markup; without that program nothing is told."""
    if (program := shutil.which(DESKTOP_PROGRAM)) is None:
        return
    import html  # the table of its entities is large, and few need it

    texts = (one_line(head), html.escape(one_line(body)))
    nothing = asyncio.subprocess.DEVNULL
    with contextlib.suppress(OSError):
        process = await asyncio.create_subprocess_exec(
            program, "--app-name=chatapp", "--", *texts, stdin=nothing, stdout=nothing, stderr=nothing
        )
        await process.wait()
