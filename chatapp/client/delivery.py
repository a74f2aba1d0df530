"""How messages leave: all at once, or, while the server has no room for them, one as a test for the others."""

import asyncio
from collections.abc import Callable

from chatapp.client.connection import Connection
from chatapp.client.state import ChatState
from chatapp.protocol.errors import Code, ProtocolError
from chatapp.protocol.events import Error, Event
from chatapp.protocol.requests import Say
from chatapp.texts.errors import explain_error

_RETRY_SECONDS = 0.25
"""So what was refused is said well within a second after there is room."""


class Delivery:
    """Sends over one connection what waits in `state`; what can't be sent is told to `refuse`.

    While a message is refused for want of room, what is typed waits behind it, and so is said in its order.
    """

    def __init__(self, connection: Connection, state: ChatState, refuse: Callable[[Error], None]) -> None:
        self._connection = connection
        self._state = state
        self._refuse = refuse
        self._refused = ""
        """The id of the message that is sent again and again, "" for none."""
        self._timer: asyncio.TimerHandle | None = None

    def send(self, say: Say) -> None:
        """Send `say`, unless it has to wait behind another. Raises what `Connection.send` raises."""
        if not self._refused:
            self._connection.send(say)

    def send_all(self) -> None:
        """Send all that waits, the oldest first."""
        for say in tuple(self._state.pending.values()):
            try:
                self._connection.send(say)
            except ProtocolError as error:
                self._refuse(Error.of(error, explain_error(error), say.id))

    def follow(self, event: Event) -> None:
        """Draw the consequences of `event`, which the state has been told."""
        if self._is_for_want_of_room(event):
            self.stop()
            self._timer = asyncio.get_running_loop().call_later(_RETRY_SECONDS, self._try_again)
        elif self._refused and self._refused not in self._state.pending:
            self.stop()
            self._refused = ""
            self.send_all()

    def stop(self) -> None:
        """Send nothing more."""
        if self._timer is not None:
            self._timer.cancel()

    def _is_for_want_of_room(self, event: Event) -> bool:
        """Return whether `event` refuses the message that is tried, or the first of those that are yet to be."""
        if not isinstance(event, Error) or event.code != Code.STORAGE_FULL or event.id not in self._state.pending:
            return False
        self._refused = self._refused or event.id
        return self._refused == event.id

    def _try_again(self) -> None:
        self._connection.send(self._state.pending[self._refused])
