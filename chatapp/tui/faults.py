"""Faults of the thread that reads keys, told like those of all other parts, and the end of the terminal."""

import errno
from collections.abc import Callable

from textual.driver import Driver


def telling_faults(driver: type[Driver]) -> type[Driver]:
    """Return `driver` with what goes wrong in its thread handed to the app, in the app's loop.

    Of a terminal that is no more (EOFError, or EIO) nothing is read any more: `WayOut` ends the app with it.
    """

    def run(self: Driver) -> None:
        read: Callable[[], None] = self.run_input_thread  # type: ignore[attr-defined]  # of those that read a terminal
        try:
            read()
        except EOFError:
            return
        except Exception as fault:
            if not (isinstance(fault, OSError) and fault.errno == errno.EIO):
                self._app.call_later(self._app._handle_exception, fault)

    return type(driver.__name__, (driver,), {"_run_input_thread": run})
