"""The bottom line: where one is, how the connection stands, and who one is."""

import math
import time
from collections.abc import Iterator

from rich.style import Style
from rich.text import Text
from textual.timer import Timer
from textual.widgets import Static

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, Disconnected
from chatapp.client.state import Link
from chatapp.protocol.safe import one_line
from chatapp.texts import tr, tr_plural
from chatapp.tui.colours import palette
from chatapp.tui.listing import elsewhere

_WORDS = {
    Link.ONLINE: "connected",
    Link.CONNECTING: "connecting…",
    Link.OFFLINE: "offline",
    Link.NICK_WANTED: "waiting for a nick",
    Link.SECRET_WANTED: "waiting to be let in",
}


class Status(Static):
    """Shows the state of `client` when told to, and when that tries to connect again."""

    def __init__(self, client: Client, id: str | None = None) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__(id=id, markup=False)
        self._client = client
        self._retry_at = 0.0
        self._lists_rooms = False
        self._line = Text()
        self._countdown: Timer

    def on_mount(self) -> None:
        self._countdown = self.set_interval(1.0, self._draw, pause=True)

    def follow(self, event: ClientEvent) -> None:
        """Count the seconds while there is no connection."""
        if isinstance(event, Disconnected):
            self._retry_at = time.monotonic() + event.retry_in
            self._countdown.resume()
        elif self._client.state.link is not Link.OFFLINE:
            self._countdown.pause()

    def show(self, *, lists_rooms: bool) -> None:
        """Show how the client stands. Where nothing `lists_rooms`, what is unread in others is counted here."""
        self._lists_rooms = lists_rooms
        self._draw()

    def _draw(self) -> None:
        state = self._client.state
        line = Text.assemble((" ● ", _dot(state.link)), self._words(), no_wrap=True, overflow="ellipsis")
        for part in filter(None, self._parts()):
            line.append("  │  ", style="dim").append(part)
        if state.here.topic:  # last, since it may be cut
            line.append("  │  ", style="dim").append(one_line(state.here.topic), style="dim italic")
        if line != self._line:
            self._line = line
            self.update(line)

    def _words(self) -> str:
        words = tr(_WORDS[self._client.state.link])
        if self._client.state.link is not Link.OFFLINE:
            return words
        seconds = max(self._retry_at - time.monotonic(), 0)
        if seconds == math.inf:
            return words
        return f"{words}, {tr('next try in {seconds:.0f} s (any key: now)', seconds=seconds)}"

    def _parts(self) -> Iterator[str]:
        client, state = self._client, self._client.state
        if state.pending and state.link is not Link.ONLINE:
            yield tr_plural("{count} message unsent", "{count} messages unsent", len(state.pending))
        unread = "" if self._lists_rooms else elsewhere(state)
        yield f"{one_line(state.title_of(state.room))} {unread}".rstrip()
        yield one_line(state.nick) + (f" ({tr('away')})" if state.is_away else "")
        yield f"{client.host}:{client.port}" + (f" ({tr('hosting')})" if state.hosting else "")


def _dot(link: Link) -> Style:
    colours = palette()
    colour = {Link.ONLINE: colours.success, Link.OFFLINE: colours.error}.get(link, colours.warning)
    return Style(color=colour.rich_color)
