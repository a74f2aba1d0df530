"""When nobody has touched a key or the mouse for long."""

import time
from collections.abc import Callable

IDLE_SECONDS = 600.0


class Idleness:
    """Calls `tell` with True once nothing was touched for `seconds`, and with False at the next touch.

    It waits by `call_later`, as an asyncio loop has it; a touch costs a look at the clock.
    """

    def __init__(
        self, call_later: Callable[[float, Callable[[], None]], object], seconds: float, tell: Callable[[bool], None]
    ) -> None:
        self._call_later = call_later
        self._seconds = seconds
        self._tell = tell
        self._touched_at = 0.0
        self._is_idle = False

    def start(self) -> None:
        self._touched_at = time.monotonic()
        self._wait(self._seconds)

    def touch(self) -> None:
        self._touched_at = time.monotonic()
        if self._is_idle:
            self._is_idle = False
            self._tell(False)
            self._wait(self._seconds)

    def _wait(self, seconds: float) -> None:
        self._call_later(seconds, self._look)

    def _look(self) -> None:
        left = self._touched_at + self._seconds - time.monotonic()
        if left > 0:
            self._wait(left)
        else:
            self._is_idle = True
            self._tell(True)
