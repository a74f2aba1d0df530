"""A program in a terminal of its own (a pty), with every byte that it writes there."""

import asyncio
import contextlib
import fcntl
import os
import pty
import signal
import struct
import sys
import termios
from collections.abc import AsyncIterator, Callable, Mapping

WAIT_SECONDS = 20.0


class Terminal:
    """The side of a pty that a terminal has; `written` is what came from the program since it was last taken."""

    def __init__(self, descriptor: int, process: asyncio.subprocess.Process, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self._descriptor = descriptor
        self._came = asyncio.Event()
        self._has_ended = False
        self.process = process
        self.written = bytearray()
        os.set_blocking(descriptor, False)
        asyncio.get_running_loop().add_reader(descriptor, self._read)

    @property
    def is_gone(self) -> bool:
        return self._descriptor < 0

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, 65536)
        except BlockingIOError:
            return
        except OSError:  # nobody has the other side any more
            data = b""
        if not data:
            self._has_ended = True
            asyncio.get_running_loop().remove_reader(self._descriptor)
        self.written += data
        self._came.set()

    def type(self, keys: str) -> None:
        os.write(self._descriptor, keys.encode())

    def hang_up(self) -> None:
        """Be no more."""
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = -1

    async def until(self, holds: Callable[[bytes], bool]) -> None:
        """Wait until it `holds` of what was written and not yet taken.

        Raises TimeoutError that shows the end of it, and EOFError, too, once the program writes no more.
        """
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while not holds(bytes(self.written)):
                    if self._has_ended:
                        raise EOFError(f"it ended: {self._last()}")
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            raise TimeoutError(f"the last that was written: {self._last()}") from None

    def _last(self) -> str:
        return repr(bytes(self.written[-1000:]))

    async def shows(self, text: str) -> None:
        await self.until(lambda written: text.encode() in written)

    async def ends(self) -> int:
        """Wait for the program's end; return its exit code."""
        async with asyncio.timeout(WAIT_SECONDS):
            return await self.process.wait()


@contextlib.asynccontextmanager
async def terminal(
    *arguments: str, code: str = "", columns: int = 200, rows: int = 50, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Terminal]:
    """Run ``chatapp`` with `arguments`, or the Python `code` in its place, in a terminal of that size."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TMUX", "STY", "KITTY", "COLUMNS", "LINES"))
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *(("-c", code) if code else ("-m", "chatapp")), *arguments),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**plain, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(environment or {})},
    )
    os.close(theirs)
    opened = Terminal(ours, process, columns, rows)
    try:
        yield opened
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            await process.wait()
        if not opened.is_gone:
            opened.hang_up()
