"""A chat hosted by the process that joins it, when nobody else on this machine hosts one."""

import asyncio
import errno
import logging
import threading
from concurrent.futures import Future

from chatapp import crash
from chatapp.server.settings import Settings

_log = logging.getLogger(__name__)

_STOP_SECONDS = 5.0


class LocalHost:
    """Hosts a chat in a thread with a loop of its own, so that a terminal that stops reading stops nobody else."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._thread: threading.Thread | None = None
        self._stop_soon = threading.Event()
        self.problem = ""
        """Why this process can't host the chat, for people; empty if it can, or has not tried."""

    async def host(self) -> bool:
        """Start to listen; return False if somebody else listens there, or has that chat's log open.

        Raises OSError, with the reason in `problem`, if this process can't host it for another reason.
        """
        # Here as below: who joins a chat that is hosted elsewhere needs nothing of this.
        from chatapp.server.storage.errors import StoreError, StoreInUse

        listening: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(listening,), name="host", daemon=True)
        self._thread.start()
        try:
            await asyncio.shield(asyncio.wrap_future(listening))
        except (OSError, StoreError) as error:
            self._thread = None
            if isinstance(error, StoreInUse) or getattr(error, "errno", None) == errno.EADDRINUSE:
                return False
            from chatapp.server.refusal import why_not

            self.problem = why_not(error, self._settings)
            raise OSError(self.problem) from error
        except RuntimeError as fault:
            self._thread = None
            self.problem = str(fault)
            raise OSError(self.problem) from fault
        return True

    async def stop(self) -> None:
        """Say goodbye to everyone and stop; without anything hosted, nothing."""
        if self._thread is not None:
            self._stop_soon.set()
            await asyncio.to_thread(self._thread.join, _STOP_SECONDS)
            self._thread = None

    def _run(self, listening: "Future[None]") -> None:
        try:
            asyncio.run(self._serve(listening))
        except Exception as fault:  # the screen is not this thread's to write on
            told = crash.report(fault)
            if not listening.done():
                listening.set_exception(RuntimeError(told))

    async def _serve(self, listening: "Future[None]") -> None:
        from chatapp.server.server import Server
        from chatapp.server.storage.errors import StoreError

        crash.report_unawaited(asyncio.get_running_loop(), _log.error)
        server = Server(self._settings)
        try:
            await server.start()
        except (OSError, StoreError) as error:
            listening.set_exception(error)
            return
        listening.set_result(None)
        try:
            await server.run_until(asyncio.to_thread(self._stop_soon.wait))
        finally:
            self._stop_soon.set()  # a thread that still waits for it would keep this one from ending
