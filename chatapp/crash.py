"""What is left of a fault in the program: a report in a file, and one line for the person."""

import os
import time
import traceback
from pathlib import Path

from platformdirs import user_log_path

from chatapp.texts import tr


def report(error: BaseException, folder: Path | None = None) -> str:
    """Append `error` with its traceback, without any values, to a private file; return the line that says so."""
    folder = folder or user_log_path("chatapp", appauthor=False)
    file = folder / "crash.log"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(file, "a", encoding="utf-8", opener=_open_private) as log:
            log.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')}\n{''.join(_frames(error))}\n")
    except OSError:
        return tr("chatapp failed ({error}), and its report could not be written.", error=type(error).__name__)
    return tr("chatapp failed ({error}). The report is in {file}", error=type(error).__name__, file=file)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _frames(error: BaseException) -> list[str]:
    """Return where `error` came from. Its message may hold what somebody said, so its type must do."""
    return [*traceback.format_tb(error.__traceback__), type(error).__qualname__]
