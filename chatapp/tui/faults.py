"""Faults of the thread that reads keys: told like those of all other parts, in place of Textual's own traceback."""

from collections.abc import Callable

from textual.driver import Driver


def telling_faults(driver: type[Driver]) -> type[Driver]:
    """Return `driver` with what goes wrong in its thread handed to the app, in the app's loop."""

    def run(self: Driver) -> None:
        read: Callable[[], None] = self.run_input_thread  # type: ignore[attr-defined]  # of those that read a terminal
        try:
            read()
        except Exception as fault:
            self._app.call_later(self._app._handle_exception, fault)

    return type(driver.__name__, (driver,), {"_run_input_thread": run})
