"""Files and folders that nobody else may read, and that are on the disk when they are said to be."""

import os
from contextlib import closing
from pathlib import Path

import apsw

from chatapp.server.storage.connection import connect_writer


def make_folder(folder: Path) -> None:
    """Make `folder`, if it isn't there, with the mode 0700, and those above it. Raises OSError."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)


def make_private(file: Path) -> None:
    """Make an empty `file` of the mode 0600. Raises FileExistsError if there is one, or another OSError."""
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def sync_folder(folder: Path) -> None:
    """Return when the names in `folder` are on the disk."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def copy_database(source: apsw.Connection, target: Path) -> None:
    """Copy all of `source`, as it is at one moment, into the new file `target`; what fails leaves none.

    Raises FileExistsError if there is one, apsw.Error or another OSError.
    """
    make_private(target)
    try:
        copy = connect_writer(target)
        with closing(copy), copy.backup("main", source, "main") as backup:
            backup.step()
        sync_folder(target.parent)
    except BaseException:
        remove_database(target)
        raise


def remove_database(file: Path) -> None:
    """Remove `file`, and what SQLite keeps beside it."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
