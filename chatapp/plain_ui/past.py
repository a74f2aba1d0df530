"""What was said before: listed when it is asked for, and what was unread when one comes to its room."""

from collections.abc import Callable

from chatapp.client.client import Client
from chatapp.plain_ui.logs import RoomLog
from chatapp.plain_ui.wording import Wording
from chatapp.protocol.commands import HISTORY_LINES
from chatapp.protocol.errors import ProtocolError
from chatapp.protocol.events import Found, HistoryPage, Said
from chatapp.protocol.requests import History
from chatapp.protocol.safe import one_line
from chatapp.texts import tr, tr_plural


class Past:
    """Lists by `say` what `logs` have of the client's rooms, and asks for what they lack."""

    def __init__(self, client: Client, logs: dict[str, RoomLog], wording: Wording, say: Callable[[str], None]) -> None:
        self._client = client
        self._logs = logs
        self._wording = wording
        self._say = say
        self._awaited = ""
        """The room that is listed once more of it is there, "" for none."""
        self._listed: dict[str, int] = {}
        """Of each room that is being listed, the `seq` of the oldest message that was."""

    @property
    def is_awaited(self) -> bool:
        return bool(self._awaited)

    def show(self, room: str) -> None:
        """List the newest messages of `room`; asked again and again, those before them. Raises what `send` does."""
        log = self._logs[room]
        found = log.before(self._listed.get(room, 0), HISTORY_LINES)
        if len(found) == HISTORY_LINES or (log.has_page and not log.has_more):
            self._show(room, found)
            return
        try:
            self._client.send(History(room, before=log.oldest))
        except ProtocolError:
            if not found:
                raise
            self._show(room, found)
        else:
            self._awaited = room

    def begin_anew(self) -> None:
        """Let the newest messages be listed next."""
        self._listed.clear()

    def stop_waiting(self) -> None:
        """No answer comes any more."""
        self._awaited = ""

    def take(self, page: HistoryPage) -> None:
        """Take what came, and list it if that was wanted."""
        if (log := self._logs.get(page.room)) is None:
            return
        log.take(page, self._client.state.nick)
        if self._awaited == page.room:
            self._awaited = ""
            self.show(page.room)
        elif self._client.state.room == page.room:
            self.catch_up(page.room)

    def catch_up(self, room: str) -> None:
        """Tell what is untold of `room`, which one looks at, once its last page is there."""
        log = self._logs[room]
        if not log.has_page:
            return
        if not log.is_told:
            count, untold = log.unread, log.take_untold()
            self._say(_unread(max(count, len(untold)), self._client.state.title_of(room)))
            self._tell(untold[-HISTORY_LINES:], log)
        self._client.mark_read(room)

    def tell_found(self, found: Found) -> None:
        """Tell what a search found, or where one was mentioned, the newest last."""
        if not found.messages:
            self._say(tr("Nothing was found."))
            return
        self._say(_how_many(found))
        for said in reversed(found.messages):
            self._say(self._wording.message(said, self._logs.get(said.room) or RoomLog()))

    def _show(self, room: str, found: list[Said]) -> None:
        log = self._logs[room]
        if not found:
            self._say(tr("There are no older messages."))
            return
        self._tell(found, log)
        self._listed[room] = found[0].seq
        if log.has_more or found[0].seq != log.oldest:
            self._say(tr("There are older ones: /history again."))
        log.take_untold()
        self._client.mark_read(room)

    def _tell(self, messages: list[Said], log: RoomLog) -> None:
        for said in messages:
            self._say(self._wording.message(said, log))


def _how_many(found: Found) -> str:
    count = len(found.messages)
    if not found.has_more:
        return tr_plural("{count} message", "{count} messages", count)
    if not found.room:
        return tr("The newest {count} of more.", count=count)
    return tr("The newest {count} of more; further words narrow it down.", count=count)


def _unread(count: int, title: str) -> str:
    if count <= HISTORY_LINES:
        return tr_plural("{count} unread message:", "{count} unread messages:", count)
    return tr(
        "{count} unread messages in {room}; the newest are here, and /history lists more:",
        count=count,
        room=one_line(title),
    )
