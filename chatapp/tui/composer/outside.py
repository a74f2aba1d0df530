"""An editor of one's own, on the whole terminal, for a text; the app goes on behind it, and stays connected."""

import asyncio
import contextlib
import os
import shlex
import signal
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from textual.app import App
from textual.driver import Driver

from chatapp.data import create_private
from chatapp.texts import tr


class EditorError(Exception):
    """The text could not be edited; the message says why, to a person."""


def editor_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command that $VISUAL or $EDITOR names, in words. Raises EditorError if neither does."""
    named = environment.get("VISUAL", "").strip() or environment.get("EDITOR", "").strip()
    if not named:
        raise EditorError(tr("Set $VISUAL or $EDITOR to write in an editor of your own."))
    try:
        return shlex.split(named)
    except ValueError:
        raise EditorError(tr("The editor {command} can't be started.", command=named)) from None


async def edit(text: str, command: list[str], app: App[int]) -> str:
    """Return what `text` is when the editor has ended; its file is the user's alone, and is gone then.

    Raises EditorError if the editor isn't there, ends with an error, or leaves no file: then all is as it was.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="chatapp-") as folder:
            file = Path(folder) / "message.txt"
            create_private(file, text.encode(errors="replace"))
            code = await _run([*command, str(file)], app)
            if code != 0:
                raise EditorError(tr("The editor ended with code {code}; what you write is as it was.", code=code))
            return file.read_text("utf-8", errors="replace").removesuffix("\n")
    except OSError as error:
        reason = error.strerror
        raise EditorError(tr("The editor's file is not to be had: {reason}.", reason=reason)) from None


async def _run(command: list[str], app: App[int]) -> int:
    """Let `command` have the terminal until it ends; return its exit code."""
    assert app._driver is not None
    with app.batch_update(), app.suspend(), _silence(app._driver), _deaf_to_keys():
        try:
            process = await asyncio.create_subprocess_exec(*command)
        except OSError:
            process = None
        if process is not None:
            return await _end_of(process)
    raise EditorError(tr("The editor {command} can't be started.", command=command[0]))


async def _end_of(process: asyncio.subprocess.Process) -> int:
    try:
        return await process.wait()
    finally:
        if process.returncode is None:  # the app is being left
            process.terminate()


@contextlib.contextmanager
def _silence(driver: Driver) -> Iterator[None]:
    """Let nothing be written to the terminal, as by the bell: it would wait, and soon block all else."""
    driver.write = lambda data: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        del driver.write


@contextlib.contextmanager
def _deaf_to_keys() -> Iterator[None]:
    """Let ctrl+c and ctrl+\\ be for the editor alone, as system(3) does; it does not inherit these handlers."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGQUIT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
