"""Logs: a record is one line, whatever a peer put in it, and of a fault it says where the report is."""

import contextlib
import logging
from pathlib import Path
from typing import TextIO

from chatapp import crash
from chatapp.protocol.safe import one_line

_FORMAT = "%(asctime)s %(levelname)s %(message)s"


class OneLine(logging.Formatter):
    """Writes no control character, and no traceback: with those a peer could forge lines, or move a cursor."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of `record`, which is left as it was."""
        line = logging.makeLogRecord({**record.__dict__, "msg": one_line(_said(record)), "args": None})
        line.message, line.asctime = line.getMessage(), self.formatTime(line)
        return self.formatMessage(line)


class PrivateFile(logging.Handler):
    """Appends each line to `file`, which is bounded (`crash.append_private`), or nowhere where that can't be done."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError):
            crash.append_private(self._file, f"{self.format(record)}\n")


def log_to_stream(stream: TextIO, level: str) -> None:
    """Write what is logged, from `level` on, to `stream`."""
    _log_to(logging.StreamHandler(stream), level)


def log_to_file() -> None:
    """Write warnings and what is worse to ``chatapp.log`` in the user's folder of logs: the screen is not theirs."""
    _log_to(PrivateFile(crash.log_folder() / "chatapp.log"), "warning")


def _log_to(handler: logging.Handler, level: str) -> None:
    handler.setFormatter(OneLine())
    logging.raiseExceptions = False  # a log that can't be written is no reason to show a traceback
    logging.basicConfig(level=level.upper(), handlers=[handler])


def _said(record: logging.LogRecord) -> str:
    """Return the message of `record`; of an exception that comes with it, in its place, the line about its report."""
    error = record.exc_info[1] if record.exc_info else None
    return record.getMessage() if error is None else crash.report(error)
