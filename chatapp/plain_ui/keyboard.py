"""Lines from a terminal, a pipe or a file, as they come, with the loop free meanwhile."""

import asyncio
import contextlib
import os
import termios
from collections.abc import AsyncIterator

from chatapp.protocol.lines import LineBuffer, Piece

_Attributes = list[int | list[bytes | int]]

_READ_BYTES = 64 * 1024


class Silence:
    """While it is on, the terminal `descriptor` shows nothing of what is typed (termios(3), ECHO)."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._before: _Attributes | None = None
        self.is_on = False

    def begin(self) -> None:
        self.is_on = True
        with contextlib.suppress(termios.error):  # what is no terminal shows nothing
            self._before = self._before or termios.tcgetattr(self._descriptor)
            silent = termios.tcgetattr(self._descriptor)
            silent[3] &= ~termios.ECHO
            termios.tcsetattr(self._descriptor, termios.TCSANOW, silent)

    def end(self) -> None:
        """Have the terminal as it was before."""
        self.is_on = False
        if self._before is not None:
            with contextlib.suppress(termios.error):  # it is gone
                termios.tcsetattr(self._descriptor, termios.TCSANOW, self._before)
            self._before = None


async def read_lines(descriptor: int) -> AsyncIterator[Piece]:
    """Yield each line without its ending, or what is wrong with it, until the end; a terminal that is gone is one.

    A terminal edits its line itself: what is shown meanwhile comes between, and what was typed stays.
    """
    lines = LineBuffer()
    while data := await _read(descriptor):
        for piece in lines.feed(data):
            yield piece
    for piece in lines.feed(b"\n"):
        if piece:
            yield piece


async def _read(descriptor: int) -> bytes:
    await _readable(descriptor)
    with contextlib.suppress(OSError):
        return os.read(descriptor, _READ_BYTES)
    return b""


async def _readable(descriptor: int) -> None:
    """Wait until a read returns at once, with no change of the descriptor, which others may share."""
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    try:
        loop.add_reader(descriptor, readable.set)
    except PermissionError:  # a file, which never keeps one waiting (epoll_ctl(2), EPERM)
        return
    try:
        await readable.wait()
    finally:
        loop.remove_reader(descriptor)
