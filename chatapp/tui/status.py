"""The bottom line: where one is, how the connection stands, and who one is."""

from rich.text import Text
from textual.widgets import Static

from chatapp.client.client import Client
from chatapp.client.state import Link
from chatapp.protocol.safe import one_line
from chatapp.texts import tr, tr_plural
from chatapp.tui.colours import THEME

_DOTS = {
    Link.ONLINE: THEME.success,
    Link.CONNECTING: THEME.warning,
    Link.OFFLINE: THEME.error,
    Link.NICK_WANTED: THEME.warning,
}
_WORDS = {
    Link.ONLINE: "connected",
    Link.CONNECTING: "connecting…",
    Link.OFFLINE: "offline",
    Link.NICK_WANTED: "waiting for a nick",
}


class Status(Static):
    """Shows a client's state when told to."""

    def show(self, client: Client, retry_in: float, *, lists_rooms: bool = False) -> None:
        """Show how `client` stands; offline, it tries again in `retry_in` seconds.

        Where nothing `lists_rooms`, what is unread in others is counted here.
        """
        state = client.state
        words = tr(_WORDS[state.link])
        if state.link is Link.OFFLINE:
            words += ", " + tr("next try in {seconds:.0f} s (any key: now)", seconds=retry_in)
        room = one_line(state.room)
        if not lists_rooms and (unread := state.unread_elsewhere):
            room += f" +{unread}"
        parts = [f"{client.host}:{client.port}", room, one_line(state.nick)]
        if state.hosting:
            parts.append(tr("hosting"))
        if state.pending and state.link is not Link.ONLINE:
            parts.insert(0, tr_plural("{count} message unsent", "{count} messages unsent", len(state.pending)))
        line = Text.assemble((" ● ", _DOTS[state.link] or ""), words, no_wrap=True, overflow="ellipsis")
        for part in filter(None, parts):
            line.append("  │  ", style="dim").append(part)
        self.update(line)
