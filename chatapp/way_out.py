"""The way out by a signal, or when the terminal is gone; also where it has stopped reading, and the loop with it."""

import asyncio
import contextlib
import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable
from types import FrameType
from typing import Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_PATIENCE_SECONDS = 3.0


class WayOut:
    """While entered, the first signal calls `leave` with 128 + its number, in the loop that is running now.

    So does the end of the terminal, as SIGHUP: the system sends that only to the one whose controlling terminal it is.

    If the process is still there some seconds later, or at a second signal, it ends at once; the terminal is put back
    as far as it takes that, with `reset` written to it.
    """

    def __init__(self, leave: Callable[[int], None], reset: bytes = b"") -> None:
        self._leave = leave
        self._reset = reset
        self._loop = asyncio.get_running_loop()
        self._is_leaving = self._is_over = self._is_hung_up = False
        self._before = {number: signal.getsignal(number) for number in _SIGNALS}
        self._modes = termios.tcgetattr(sys.stdin) if sys.stdin.isatty() else None

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            signal.signal(number, self._on_signal)
        if self._modes is not None:
            threading.Thread(target=self._await_hangup, args=(sys.stdin.fileno(),), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        """Run in the main thread, wherever it is, even where it waits for the terminal."""
        code = 128 + number
        if not self._is_leaving:
            self._begin(code)
        elif not (self._is_hung_up and number == signal.SIGHUP):  # else it is told twice
            self._end(code)

    def _await_hangup(self, terminal: int) -> None:
        """Wait, in a thread, until nobody is at the other end of the terminal."""
        hangup = select.poll()
        hangup.register(terminal, 0)
        is_hung_up = any(event & select.POLLHUP for _, event in hangup.poll())
        if is_hung_up and not (self._is_over or self._is_leaving):
            self._is_hung_up = True
            self._begin(128 + signal.SIGHUP)

    def _begin(self, code: int) -> None:
        self._is_leaving = True
        self._loop.call_soon_threadsafe(self._leave, code)
        last_resort = threading.Timer(_PATIENCE_SECONDS, self._end, [code])
        last_resort.daemon = True
        last_resort.start()

    def _end(self, code: int) -> None:
        with contextlib.suppress(OSError, termios.error):
            if self._modes is not None:
                termios.tcsetattr(sys.stdin, termios.TCSANOW, self._modes)
            os.set_blocking(sys.stderr.fileno(), False)
            os.write(sys.stderr.fileno(), self._reset)
        os._exit(code)
