"""Rings when somebody turns to the person, who doesn't look at the window."""

import time

from textual.app import App

from chatapp.client.events import ClientEvent
from chatapp.client.state import ChatState
from chatapp.protocol.events import Said
from chatapp.protocol.mentions import is_mentioned
from chatapp.protocol.names import CONVERSATION

_PAUSE_SECONDS = 1.0
"""So long after a ring there is none: a burst rings once."""


class Bell:
    """Rings the terminal's bell on mentions and in conversations, as `state` says that one wants to be told.

    Not every terminal tells whether its window has the focus: until it did, that counts as not looking.
    """

    def __init__(self, app: App[int], state: ChatState) -> None:
        self._app = app
        self._state = state
        self._is_focus_told = False
        self._rung_at = float("-inf")

    def notice_focus(self) -> None:
        """Know from here on that the terminal tells of it."""
        self._is_focus_told = True

    def follow(self, event: ClientEvent) -> None:
        """Ring if `event` is worth it, and nobody looks."""
        is_seen = self._is_focus_told and self._app.app_focus
        if isinstance(event, Said) and not is_seen and self._turns_to_one(event):
            now = time.monotonic()
            if now - self._rung_at >= _PAUSE_SECONDS:
                self._rung_at = now
                self._app.bell()

    def _turns_to_one(self, said: Said) -> bool:
        room = self._state.rooms.get(said.room)
        if room is None or room.level == "none" or said.kind not in ("text", "action") or self._state.is_own(said.nick):
            return False
        is_to_one = said.room.startswith(CONVERSATION) and room.level == "all"
        return is_to_one or is_mentioned(self._state.nick, said.text)
