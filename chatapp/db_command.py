"""``chatapp db``: look after the log on disk of a server on this machine."""

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from chatapp.data import data_folder
from chatapp.exits import EXIT_FAILED
from chatapp.protocol.safe import one_line
from chatapp.server.deeds import told_deed
from chatapp.server.refusal import explain_store
from chatapp.server.server import log_file
from chatapp.server.storage.errors import StoreError
from chatapp.server.storage.records import AuditRow
from chatapp.texts import tr, tr_plural
from chatapp.texts.moderation import deed_lines


def run_db(options: argparse.Namespace) -> int:
    """Do what `options.action` names; return the exit code."""
    # Only these need SQLite before a server does.
    from chatapp.server.storage import recovery, upkeep

    file = log_file(data_folder(options.data), options.port)
    try:
        match options.action:
            case "check":
                return _report(file, upkeep.check(file))
            case "backup":
                upkeep.backup(file, options.file)
                return _say(tr("{target} is a copy of {file}.", target=options.file, file=file))
            case "audit":
                return _list(upkeep.audit(file, options.limit))
            case _:
                return _recover(options.file, recovery.recover(options.file, _beside(options.file)))
    except StoreError as error:
        return _complain(explain_store(error))
    except OSError as error:
        return _complain(f"{error.filename or error}: {os.strerror(error.errno or 0)}")


def _report(file: Path, findings: list[str]) -> int:
    if not findings:
        return _say(tr("{file} is sound.", file=file))
    for finding in findings:
        _complain(f"{file}: {finding}")
    return _complain(
        tr("Save what can be read of it: {command}", command=f"chatapp db recover {shlex.quote(str(file))}")
    )


def _list(rows: Sequence[AuditRow]) -> int:
    """Print deeds, with the keys of those who did them."""
    for line in deed_lines(map(told_deed, rows), with_keys=True):
        _say(one_line(line))
    return 0


def _recover(damaged: Path, count: int) -> int:
    target = _beside(damaged)
    saved = tr_plural("{count} message was saved.", "{count} messages were saved.", count)
    move = f"mv {shlex.quote(str(target))} {shlex.quote(str(damaged))}"
    _say(f"{saved} {tr('They are in {target}.', target=target)}")
    return _say(tr("Once the damaged file is put away, take it into use: {command}", command=move))


def _beside(damaged: Path) -> Path:
    return damaged.with_name(f"{damaged.name}.recovered")


def _say(text: str) -> int:
    print(one_line(text))
    return 0


def _complain(text: str) -> int:
    print(one_line(text), file=sys.stderr)
    return EXIT_FAILED
