"""Work that is asked for often and done now and then."""

import time
from collections.abc import Callable

from textual.message_pump import MessagePump


class Pace:
    """Does `work` in the next turn of `pump`, or, if that was so just now, once `seconds` have passed since then.

    However often it was asked for meanwhile, it is done once.
    """

    def __init__(self, pump: MessagePump, seconds: float, work: Callable[[], None]) -> None:
        self._pump = pump
        self._seconds = seconds
        self._work = work
        self._is_due = False
        self._done_at = float("-inf")

    def ask(self) -> None:
        """Have `work` done soon."""
        if self._is_due:
            return
        self._is_due = True
        wait = self._done_at + self._seconds - time.monotonic()
        if wait > 0:
            self._pump.set_timer(wait, self._do)
        else:
            self._pump.call_next(self._do)

    def _do(self) -> None:
        self._is_due = False
        self._done_at = time.monotonic()
        self._work()
