"""The first bytes of a peer: they tell its dialect, or that it is no peer of this server's."""

import asyncio
from collections.abc import Callable

from chatapp.protocol.errors import FramingError, ProtocolError
from chatapp.protocol.opening import Dialect, Opening
from chatapp.texts.errors import explain_error


class Handshake:
    """Calls `speak` once, with the dialect and all that came so far, or `dismiss` with what is wrong."""

    def __init__(
        self,
        unframed_after: float,
        speak: Callable[[Dialect, bytes], None],
        dismiss: Callable[[ProtocolError], None],
    ) -> None:
        self._opening = Opening()
        self._unframed_after = unframed_after
        self._speak = speak
        self._dismiss = dismiss
        self._silence: asyncio.TimerHandle | None = None
        self._is_over = False

    @property
    def has_begun(self) -> bool:
        """Whether the peer sent anything yet."""
        return bool(self._opening.received)

    def feed(self, data: bytes) -> None:
        """Take more bytes. If they don't tell yet, the silence after them may."""
        self._try(lambda: self._opening.feed(data))
        if not self._is_over:
            self._silence = asyncio.get_running_loop().call_later(
                self._unframed_after, self._try, self._opening.fall_silent
            )

    def end(self) -> None:
        """Wait for nothing more."""
        self._is_over = True
        self._stop_timer()

    def spell(self, error: ProtocolError) -> bytes:
        """Return the line that refuses the peer, as far as it is known what that can read."""
        return self._opening.spell(error, explain_error(error))

    def _try(self, step: Callable[[], Dialect | None]) -> None:
        self._stop_timer()
        try:
            dialect = step()
        except FramingError as error:
            self._is_over = True
            self._dismiss(error)
        else:
            if dialect is not None:
                self._is_over = True
                self._speak(dialect, self._opening.received)

    def _stop_timer(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None
