"""Faults of the thread that reads keys, told like those of all other parts, and the end of the terminal."""

import errno
import os
import signal
from collections.abc import Callable

from textual.driver import Driver


def telling_faults(driver: type[Driver]) -> type[Driver]:
    """Return `driver` with what goes wrong in its thread handed to the app, in the app's loop.

    That the terminal is no more (EOFError, or EIO) is told as the system tells it to who has that for a controlling
    terminal: by SIGHUP. The loop may be waiting for ever to write there.
    """

    def run(self: Driver) -> None:
        read: Callable[[], None] = self.run_input_thread  # type: ignore[attr-defined]  # of those that read a terminal
        try:
            read()
        except Exception as fault:
            if isinstance(fault, EOFError) or (isinstance(fault, OSError) and fault.errno == errno.EIO):
                os.kill(os.getpid(), signal.SIGHUP)
            else:
                self._app.call_later(self._app._handle_exception, fault)

    return type(driver.__name__, (driver,), {"_run_input_thread": run})
