"""A real terminal for tests: a shell in tmux, watched through its control mode."""

import asyncio
import contextlib
import itertools
import os
import shlex
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

CHATAPP = f"{shlex.quote(sys.executable)} -m chatapp"
PROMPT = "ready$ "
SHELL = f"PS1='{PROMPT}' exec sh"
WAIT_SECONDS = 20.0

_numbers = itertools.count(1)
_FLAGS = "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_flag} #{keypad_cursor_flag} #{insert_flag}"


class Terminal:
    """One shell in a tmux server of its own."""

    def __init__(self, socket: str, control: asyncio.subprocess.Process) -> None:
        self._socket = socket
        self._control = control
        self._printed = asyncio.Event()
        self._watching = asyncio.create_task(self._watch())

    async def type(self, text: str) -> None:
        """Type `text` as it is."""
        await self.tmux("send-keys", "-l", text)

    async def press(self, *keys: str) -> None:
        """Press keys by tmux's names for them: Enter, C-q, PageUp."""
        await self.tmux("send-keys", *keys)

    async def run(self, command: str) -> None:
        """Type `command` into the shell."""
        await self.type(command)
        await self.press("Enter")

    async def resize(self, width: int, height: int) -> None:
        await self.tmux("resize-window", "-x", str(width), "-y", str(height))

    async def screen(self) -> str:
        return await self.tmux("capture-pane", "-p")

    async def flags(self) -> str:
        """Return the modes that a full-screen program sets: alternate screen, cursor, mouse, keypad."""
        return await self.tmux("display-message", "-p", _FLAGS)

    async def shows(self, *texts: str, without: str | None = None) -> str:
        """Wait until the screen shows all of `texts`, and not `without`; return it."""

        def holds(screen: str) -> bool:
            return all(text in screen for text in texts) and (without is None or without not in screen)

        return await self.wait_for(holds)

    async def has_printed(self) -> None:
        """Wait for the first output: before it there may be no server to ask."""
        async with asyncio.timeout(WAIT_SECONDS):
            await self._printed.wait()

    async def wait_for(self, holds: Callable[[str], bool]) -> str:
        """Look at the screen after each output, until it `holds`; return it. Raises TimeoutError, which shows it."""
        screen = ""
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while True:
                    self._printed.clear()
                    if holds(screen := await self.screen()):
                        return screen
                    await self._printed.wait()
        except TimeoutError:
            raise TimeoutError(f"the screen stayed at:\n{screen}") from None

    async def tmux(self, *arguments: str) -> str:
        """Run a tmux command on this terminal; return what it prints."""
        process = await asyncio.create_subprocess_exec(
            "tmux", "-L", self._socket, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
        return output.decode()

    async def pid_of(self, pattern: str) -> int:
        """Return the process of this terminal's shell whose command line matches `pattern`."""
        shell = (await self.tmux("display-message", "-p", "#{pane_pid}")).strip()
        process = await asyncio.create_subprocess_exec(
            "pgrep", "-P", shell, "-f", pattern, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        return int(output.split()[0])

    async def _watch(self) -> None:
        assert self._control.stdout is not None
        async for line in self._control.stdout:
            if line.startswith((b"%output", b"%layout-change", b"%exit")):
                self._printed.set()

    async def close(self) -> None:
        with contextlib.suppress(AssertionError):
            await self.tmux("kill-server")
        with contextlib.suppress(ProcessLookupError):
            self._control.kill()
        self._watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._watching
        await self._control.communicate()  # which closes its pipes as well, while there is a loop to do so


@contextlib.asynccontextmanager
async def terminal(
    folder: Path, width: int = 100, height: int = 30, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Terminal]:
    """Open a terminal whose shell works in the project, with its user's files under `folder`."""
    socket = f"chatapp-{os.getpid()}-{next(_numbers)}"
    control = await asyncio.create_subprocess_exec(
        *("tmux", "-L", socket, "-f", "/dev/null", "-C", "new-session", "-x", str(width), "-y", str(height), SHELL),
        env=_environment(folder) | dict(environment or {}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    opened = Terminal(socket, control)
    try:
        await opened.has_printed()
        await opened.shows(PROMPT.strip())
        yield opened
    finally:
        await opened.close()


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
