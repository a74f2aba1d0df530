"""The way out by a signal, which also opens when the terminal has stopped reading, and the loop with it."""

import asyncio
import contextlib
import os
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

    If the process is still there some seconds later, or at a second signal, it ends at once; the terminal is put back
    as far as it takes that, with `reset` written to it.
    """

    def __init__(self, leave: Callable[[int], None], reset: bytes = b"") -> None:
        self._leave = leave
        self._reset = reset
        self._loop = asyncio.get_running_loop()
        self._is_leaving = False
        self._before = {number: signal.getsignal(number) for number in _SIGNALS}
        self._modes = termios.tcgetattr(sys.stdin) if sys.stdin.isatty() else None

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        """Run in the main thread, wherever it is, even where it waits for the terminal."""
        code = 128 + number
        if self._is_leaving:
            self._end(code)
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
