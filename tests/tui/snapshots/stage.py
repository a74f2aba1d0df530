"""Where a scene is played: a window whose client hears what the scene has it hear, at a time that stands still."""

from datetime import UTC, datetime

from textual.events import Key

from chatapp.client.events import ClientEvent
from chatapp.protocol.requests import Request
from tests.tui.screens import Window
from tests.tui.snapshots.puppet import Puppet

NOW = datetime(2026, 3, 14, 10, 2, tzinfo=UTC).timestamp()

_CHARACTERS = {"slash": "/", "colon": ":"}


class Stage:
    """Leads a window, whose client is `client`, to what is to be seen."""

    def __init__(self) -> None:
        self.client = Puppet()
        self._now = NOW
        self.window: Window
        """Set once it is open."""

    def clock(self) -> float:
        """Return when the newest of what was heard happened."""
        return self._now

    async def hear(self, *events: ClientEvent) -> None:
        """Let the client hear `events`, and wait until the screen has taken them."""
        for event in events:
            self._now = max(self._now, getattr(event, "at", 0.0))
            self.client.hear(event)
            await self.client.all_told()
        await self.window.pilot.pause(0)

    async def press(self, *keys: str) -> None:
        """Press `keys`, close together."""
        for key in keys:
            self.window.app.post_message(Key(key, _CHARACTERS.get(key, key if len(key) == 1 else None)))
        await self.window.pilot.pause(0)

    async def paste(self, text: str) -> None:
        await self.window.paste(text)

    async def has_opened(self) -> None:
        """Wait until a screen in front of the chat is built, and has the keys."""
        app = self.window.app
        await self.window.until(lambda: app.screen is not app.chat and app.screen.is_mounted)

    async def is_asked(self, request: Request) -> None:
        """Wait until the screen has the client ask for that."""
        await self.window.until(lambda: request in self.client.asked)
