"""How messages leave: in their order, some at a time, or, while the server can't take them, one to try for all."""

import asyncio
import math
from collections import deque
from collections.abc import Callable

from chatapp.client.connection import Connection
from chatapp.client.state import ChatState
from chatapp.protocol import limits
from chatapp.protocol.errors import Code, ProtocolError
from chatapp.protocol.events import Error, Event, Said
from chatapp.protocol.requests import Say
from chatapp.texts.errors import explain_error

_RETRY_SECONDS = 0.25
"""Where a refusal names no time: so what was refused is said well within a second after there is room."""

_MOST_UNDER_WAY = 32
"""So many may be unconfirmed at once: of a thousand that wait few are sent in vain, and a slow network is used well."""


class Delivery:
    """Sends over one connection what waits in `state`; what can't be sent is told to `refuse`.

    While a message is refused for want of room, or for being too fast, what is typed waits behind it, and so is said
    in its order. After the latter what waits goes one by one, to the last of it: nothing is then sent in vain.
    """

    def __init__(self, connection: Connection, state: ChatState, refuse: Callable[[Error], None]) -> None:
        self._connection = connection
        self._state = state
        self._refuse = refuse
        self._under_way: set[str] = set()
        """The ids of those that were sent and not yet answered."""
        self._waiting: deque[str] = deque()
        """The ids of those that were not sent yet, the oldest first; what was confirmed meanwhile may be among them."""
        self._refused = ""
        """The id of the message that is sent again and again, "" for none."""
        self._is_slow = False
        """Whether they go one by one."""
        self._timer: asyncio.TimerHandle | None = None

    def send(self, say: Say) -> None:
        """Send `say`, unless it has to wait behind others. Raises what `Connection.send` raises."""
        if self._refused:
            return
        if self._waiting or not self._has_place:
            self._waiting.append(say.id)
        else:
            self._send(say)

    def send_all(self) -> None:
        """Send all that waits, the oldest first."""
        self._waiting = deque(message_id for message_id in self._state.pending if message_id not in self._under_way)
        self._send_on()

    def follow(self, event: Event) -> None:
        """Draw the consequences of `event`, which the state has been told."""
        if not isinstance(event, Said | Error) or not self._is_ours(event.id):
            return
        if event.id not in self._state.pending:
            self._go_on(event.id)
        elif isinstance(event, Error):
            self._put_off(event)

    def stop(self) -> None:
        """Send nothing more."""
        if self._timer is not None:
            self._timer.cancel()

    def _is_ours(self, message_id: str) -> bool:
        return message_id in self._under_way or (message_id == self._refused and message_id != "")

    @property
    def _has_place(self) -> bool:
        """Return whether one more may be under way; a server that confirms nothing by its id is not waited for."""
        most = 1 if self._is_slow else _MOST_UNDER_WAY
        return len(self._under_way) < (most if self._connection.answers_pings else math.inf)

    def _send(self, say: Say) -> None:
        self._connection.send(say)
        self._under_way.add(say.id)

    def _send_on(self) -> None:
        while self._waiting and self._has_place:
            if (say := self._state.pending.get(self._waiting.popleft())) is None:
                continue
            try:
                self._send(say)
            except ProtocolError as error:
                self._refuse(Error.of(error, explain_error(error), say.id))
        if not self._under_way:
            self._is_slow = False

    def _put_off(self, error: Error) -> None:
        """Try the first message that was refused again after some time; those behind it wait."""
        self._under_way.discard(error.id)
        self._is_slow |= error.code == Code.TOO_FAST
        if not self._refused:
            self._refused = error.id
            self._waiting.clear()
        if self._refused == error.id:
            self.stop()
            seconds = min(error.retry_after or _RETRY_SECONDS, limits.SLOW_SECONDS)
            self._timer = asyncio.get_running_loop().call_later(seconds, self._try_again)

    def _try_again(self) -> None:
        self._send(self._state.pending[self._refused])

    def _go_on(self, message_id: str) -> None:
        """Send more: the message waits no more."""
        self._under_way.discard(message_id)
        if message_id == self._refused:
            self.stop()
            self._refused = ""
            self.send_all()
        elif not self._refused:
            self._send_on()
