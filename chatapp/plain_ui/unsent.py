"""What was typed here and is on its way: nothing is said of it while all goes well."""

import asyncio
from collections.abc import Callable

from chatapp.client.state import ChatState, Link
from chatapp.client.wording import beginning
from chatapp.protocol.requests import Say
from chatapp.texts import tr

_PATIENCE_SECONDS = 2.0
"""What is confirmed within so long is as good as said at once."""


class Unsent:
    """Own messages that are neither confirmed nor refused, by their ids; `say` tells the person of what takes long."""

    def __init__(self, state: ChatState, say: Callable[[str], None]) -> None:
        self._state = state
        self._say = say
        self._says: dict[str, Say] = {}
        self._late = set[str]()
        """The ids of those that the person was told of."""

    def __bool__(self) -> bool:
        return bool(self._says)

    def add(self, say: Say) -> None:
        """Let `say` wait; if there is no connection, that is told at once."""
        self._says[say.id] = say
        if self._state.link is Link.ONLINE:
            asyncio.get_running_loop().call_later(_PATIENCE_SECONDS, self._tell, say)
        else:
            self._tell(say)

    def take(self, message_id: str) -> Say | None:
        """Return the message of that id, which waits no more; None if it wasn't typed here."""
        self._late.discard(message_id)
        return self._says.pop(message_id, None)

    def find(self, message_id: str) -> Say | None:
        return self._says.get(message_id)

    def confirm(self, message_id: str) -> bool:
        """Let a message wait no more; return whether it was typed here. Who was told that it waits is told its end."""
        if (say := self._says.pop(message_id, None)) is None:
            return False
        if message_id in self._late:
            self._late.remove(message_id)
            self._say(tr("Sent now: “{quote}”", quote=beginning(say.text)))
        return True

    def _tell(self, say: Say) -> None:
        if say.id in self._says and say.id not in self._late:
            self._late.add(say.id)
            self._say(tr("Not sent yet, it waits: “{quote}”", quote=beginning(say.text)))
