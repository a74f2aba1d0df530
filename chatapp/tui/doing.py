"""Does what was typed: sends it, or shows what it asks for."""

from collections.abc import Callable

from chatapp.client.client import Client
from chatapp.client.ids import message_id
from chatapp.client.wording import topic_of
from chatapp.protocol.commands import Place, parse
from chatapp.protocol.errors import ProtocolError
from chatapp.protocol.requests import Help, History, Intent, Join, Mentions, Quit, Search, Set, SetLevel
from chatapp.texts import tr
from chatapp.texts.errors import explain_error
from chatapp.tui.asking import Asking
from chatapp.tui.live_preferences import LivePreferences
from chatapp.tui.targets import Target, with_target
from chatapp.tui.telling import Telling
from chatapp.tui.timeline.entries import Kind
from chatapp.tui.timeline.timelines import Timelines


class Doing:
    """Does lines in the room in view, and tells there what is to be told; `leave` leaves the chat."""

    def __init__(
        self,
        client: Client,
        preferences: LivePreferences,
        timelines: Timelines,
        telling: Telling,
        asking: Asking,
        leave: Callable[[], object],
    ) -> None:
        self._client = client
        self._preferences = preferences
        self._timelines = timelines
        self._telling = telling
        self._asking = asking
        self._leave = leave

    def do(self, line: str, about: Target | None = None) -> bool:
        """Do what `line`, which may be `about` a message, asks for; return False, and say why, if it can't be."""
        try:
            parsed = parse(line, Place(self._timelines.room, message_id))
            if (intent := with_target(parsed, self._timelines.current, about)) is None:
                return self._refuse(tr("Nobody else has said anything here that could be answered."))
            self._do(intent)
        except ProtocolError as error:
            return self._refuse(explain_error(error))
        return True

    def _refuse(self, reason: str) -> bool:
        self._telling.note(reason, Kind.ERROR)
        return False

    def _do(self, intent: Intent) -> None:
        """Raises what `Client.send` raises."""
        match intent:
            case Quit():
                self._leave()
            case Set(name="") | Help() | History() | Search() | Mentions():
                self._open(intent)
            case Set():
                self._telling.note(*self._preferences.answer(intent.name, intent.value))
            case Join(room=room) if room == self._client.state.room:
                self._telling.note(topic_of(self._client.state.here.topic))
            case _:
                self._client.send(intent)
                if isinstance(intent, SetLevel):
                    self._telling.ask_level(intent)

    def _open(self, asked: Set | Help | History | Search | Mentions) -> None:
        """Show what was asked for."""
        match asked:
            case Set():
                self._asking.settings()
            case Help():
                self._asking.help()
            case History():
                self._timelines.past.ask()
                self._timelines.current.go_to_top()
            case Search():
                self._asking.search(asked.query)
            case Mentions():
                self._asking.mentions()
