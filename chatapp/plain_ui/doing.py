"""What a typed line does: the same as in the full screen, with the answer in lines."""

from collections.abc import Callable

from msgspec.structs import replace

from chatapp.client.client import Client
from chatapp.client.ids import message_id
from chatapp.client.wording import command_lines, topic_of
from chatapp.plain_ui.telling import Telling
from chatapp.protocol.commands import LINE_COMMANDS, NEWEST_OF_ANOTHER, Place, parse
from chatapp.protocol.errors import ProtocolError
from chatapp.protocol.lines import Piece
from chatapp.protocol.names import name_key
from chatapp.protocol.requests import Help, History, Intent, Join, Quit, React, Request, Say, Set, SetLevel, SetPresence
from chatapp.texts import tr
from chatapp.texts.errors import explain_error


class Doing:
    """Does for `client` what is typed, and says by `say` what that answers; what can't be done by `complain`."""

    def __init__(
        self, client: Client, telling: Telling, say: Callable[[str], None], complain: Callable[[str], None]
    ) -> None:
        self._client = client
        self._state = client.state
        self._telling = telling
        self._say = say
        self._complain = complain
        self._went_away = False
        """Whether the last that the person said of that is that they are away."""

    def do(self, line: Piece) -> Quit | Request | None:
        """Do what `line` asks for; return Quit if that is to leave, and what was sent to the server, if anything."""
        try:
            if isinstance(line, ProtocolError):
                raise line
            if not line.strip():
                return None
            return self._do(parse(line, Place(self._state.room, message_id)))
        except ProtocolError as error:
            self._complain(explain_error(error))
            return None

    def _do(self, intent: Intent) -> Quit | Request | None:
        """Raises what `Client.send` raises."""
        if not isinstance(intent, History):
            self._telling.past.begin_anew()
        match intent:
            case Quit():
                return intent
            case Help():
                self._say(_help())
            case Set():
                self._say(tr("Settings are the full screen's; here there are none."))
            case History(room=room):
                self._telling.past.show(room)
            case Join(room=name) if room := self._own_room(name):
                self._go(room)
            case _:
                return self._ask(intent)
        return None

    def _ask(self, request: Request) -> Request | None:
        """Send `request`, with the message it is about; return it, or None if there is none that it could be."""
        match request:
            case Say(reply=reply) if reply == NEWEST_OF_ANOTHER:
                if not (seq := self._newest(of_others=True)):
                    self._complain(tr("Nobody else has said anything here that could be answered."))
                    return None
                request = replace(request, reply=seq)
            case React(seq=0):
                request = replace(request, seq=self._newest(of_others=False))
            case SetPresence():
                self._tell_if_back_already(request)
        self._client.send(request)
        if isinstance(request, Say):
            self._telling.unsent.add(request)
        elif isinstance(request, SetLevel):
            self._telling.levels.add(request)
        return request

    def _go(self, room: str) -> None:
        """Look at `room`, which one is in, or, if one does already, say what it is about."""
        if room == self._state.room:
            self._say(topic_of(self._state.here.topic))
        else:
            self._client.look_at(room)

    def _own_room(self, name: str) -> str:
        """Return the room that one is in which people call `name`, "" for none."""
        if name in self._state.rooms:
            return name
        key = name_key(name)
        return next((room for room in self._state.rooms if name_key(self._state.title_of(room)) == key), "")

    def _newest(self, *, of_others: bool) -> int:
        """Return the `seq` of the newest message that was heard where one looks, 0 for none."""
        if (log := self._telling.logs.get(self._state.room)) is None:
            return 0
        found = log.newest(lambda said: not (of_others and self._state.is_own(said.nick)))
        return 0 if found is None else found.seq

    def _tell_if_back_already(self, request: SetPresence) -> None:
        if request.state == "active" and not (self._state.is_away or self._went_away):
            self._say(tr("You are not away."))
        self._went_away = request.state == "away"


def _help() -> str:
    """Return the commands, a line for each."""
    commands = [f"{usage}  {what}" for usage, what in command_lines(LINE_COMMANDS)]
    return "\n".join([*commands, tr("// starts a message with a slash.")])
