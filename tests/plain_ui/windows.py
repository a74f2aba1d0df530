"""`chatapp join --plain-ui` as a process of its own, on pipes or in a terminal that is a pty."""

import asyncio
import contextlib
import fcntl
import os
import pty
import sys
import termios
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

WAIT_SECONDS = 20.0


class Window:
    """One person's chat: lines go in and come out; a terminal shows what is typed among them."""

    def __init__(self, process: Process, reader: asyncio.StreamReader, keyboard: int) -> None:
        self.process = process
        self._reader = reader
        self._keyboard = keyboard

    def type(self, *lines: str) -> None:
        self.send("".join(f"{line}\n" for line in lines).encode())

    def send(self, data: bytes) -> None:
        """Write bytes as they are; in a terminal control characters are keys."""
        os.write(self._keyboard, data)

    def end_input(self) -> None:
        os.close(self._keyboard)

    async def line(self) -> str:
        async with asyncio.timeout(WAIT_SECONDS):
            data = await self._reader.readline()
        assert data.endswith(b"\n"), "the output has ended"
        return data.decode().removesuffix("\n").removesuffix("\r")

    async def shows(self, *texts: str) -> list[str]:
        """Read on until each of `texts` was a line, in that order; return all lines until then."""
        lines = list[str]()
        try:
            for text in texts:
                lines.append(await self.line())
                while lines[-1] != text:
                    lines.append(await self.line())
        except (TimeoutError, AssertionError):
            raise AssertionError(f"no line {text!r} after {lines}") from None
        return lines

    async def end(self) -> tuple[int, str, str]:
        """Wait for the end; return the exit code and the rest of what was printed, on stdout and stderr."""
        async with asyncio.timeout(WAIT_SECONDS):
            rest = (await self._reader.read()).decode()
            told = b"" if self.process.stderr is None else await self.process.stderr.read()
            code = await self.process.wait()
        return code, rest, told.decode()


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "chatapp", "join", "--plain-ui", "--lang", "en", *arguments]


@contextlib.asynccontextmanager
async def piped(*arguments: str, data: Path, errors: int = PIPE) -> AsyncIterator[Window]:
    """Run the command on pipes, with its keys under `data`; `errors` says where its stderr goes."""
    inner, keyboard = os.pipe()
    command = _command(*arguments, "--data", str(data))
    process = await asyncio.create_subprocess_exec(*command, stdin=inner, stdout=PIPE, stderr=errors)
    os.close(inner)
    assert process.stdout is not None
    async with _running(process):
        yield Window(process, process.stdout, keyboard)
    with contextlib.suppress(OSError):
        os.close(keyboard)


@contextlib.asynccontextmanager
async def in_terminal(*arguments: str, data: Path) -> AsyncIterator[Window]:
    """Run the command in a terminal that can do nothing but show lines, with its keys under `data`."""
    keyboard, inner = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *_command(*arguments, "--data", str(data)),
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env={**os.environ, "TERM": "dumb"},
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # keys are signals then
    )
    os.close(inner)
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    loop.add_reader(keyboard, _take, keyboard, reader)
    async with _running(process):
        yield Window(process, reader, keyboard)
    loop.remove_reader(keyboard)
    os.close(keyboard)


def _take(terminal: int, reader: asyncio.StreamReader) -> None:
    """Pass on what the terminal shows; at its end reading fails (EIO)."""
    try:
        reader.feed_data(os.read(terminal, 65536))
    except OSError:
        asyncio.get_running_loop().remove_reader(terminal)
        reader.feed_eof()


@contextlib.asynccontextmanager
async def _running(process: Process) -> AsyncIterator[None]:
    try:
        yield
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
