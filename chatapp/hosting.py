"""A chat hosted by the process that joins it, when nobody else on this machine hosts one."""

import asyncio
import threading
from concurrent.futures import Future

from chatapp import crash
from chatapp.server.server import Server
from chatapp.server.settings import Settings

_STOP_SECONDS = 5.0


class LocalHost:
    """Hosts a chat in a thread with a loop of its own, so that a terminal that stops reading stops nobody else."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event

    async def host(self) -> bool:
        """Start to listen, and return whether that worked: if not, somebody else may have been quicker."""
        listening: Future[None] = Future()
        thread = threading.Thread(target=self._run, args=(listening,), name="host", daemon=True)
        thread.start()
        try:
            await asyncio.wrap_future(listening)
        except OSError:
            return False
        self._thread = thread
        return True

    async def stop(self) -> None:
        """Say goodbye to everyone and stop; without anything hosted, nothing."""
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            await asyncio.to_thread(self._thread.join, _STOP_SECONDS)
            self._thread = None

    def _run(self, listening: "Future[None]") -> None:
        try:
            asyncio.run(self._serve(listening))
        except Exception as fault:  # the screen is not this thread's to write on
            crash.report(fault)

    async def _serve(self, listening: "Future[None]") -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        server = Server(self._settings)
        try:
            await server.start()
        except OSError as error:
            listening.set_exception(error)
            return
        listening.set_result(None)
        await server.run_until(self._stopping)
