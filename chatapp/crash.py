"""What is left of a fault in the program: a report in a file, and one line for the person."""

import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_log_path

from chatapp.texts import tr

if TYPE_CHECKING:
    import asyncio

_MOST_BYTES = 1024 * 1024
"""A file of more is put aside, in place of the one that was before."""


def report(error: BaseException, folder: Path | None = None) -> str:
    """Append `error` with its traceback, without any values, to a private file; return the line that says so."""
    file = (folder or log_folder()) / "crash.log"
    try:
        append_private(file, f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')}\n{''.join(_frames(error))}\n")
    except OSError:
        return tr("chatapp failed ({error}), and its report could not be written.", error=type(error).__name__)
    return tr("chatapp failed ({error}). The report is in {file}", error=type(error).__name__, file=file)


def report_unawaited(loop: "asyncio.AbstractEventLoop", tell: Callable[[str], None]) -> None:
    """From here on report each fault in a callback, or a task that nobody waits for, and `tell` the line about it.

    asyncio itself would write its traceback, with what the callback was given.
    """
    loop.set_exception_handler(lambda _, context: tell(_line_about(context)))


def log_folder() -> Path:
    """Return where logs are kept (the XDG Base Directory's state home, on Linux)."""
    return user_log_path("chatapp", appauthor=False)


def append_private(file: Path, text: str) -> None:
    """Add `text` at the end of `file`, which only this person may read; it never has more than some MiB.

    Raises OSError.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(file, "a", encoding="utf-8", errors="replace", opener=_open_private) as log:
        log.write(text)
        is_long = log.tell() > _MOST_BYTES
    if is_long:
        file.replace(file.with_name(f"{file.name}.old"))


def _line_about(context: dict[str, Any]) -> str:
    """Return what to say of what asyncio gives a handler; that the system can't take a connection is no fault."""
    error = context.get("exception") or RuntimeError()
    if isinstance(error, OSError):
        return tr("The system can't do that now: {reason}", reason=os.strerror(error.errno or 0))
    return report(error)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _frames(error: BaseException) -> list[str]:
    """Return where `error` came from. Its message may hold what somebody said, so its type must do."""
    return [*traceback.format_tb(error.__traceback__), type(error).__qualname__]
