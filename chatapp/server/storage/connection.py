"""Connections to a log's file, each of which checks every page that it reads against the page's checksum."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from chatapp.server.storage.checksums import CHECKSUM_BYTES, PAGE_BYTES, load_checksums
from chatapp.server.storage.errors import StorageFull, StoreDamaged

CACHE_KIB = 16 * 1024
"""The page cache of one connection: what it needs of memory, however long the history."""

BUSY_MS = 5_000
"""How long to wait for another process that holds the file, as a backup's end or a tool of SQLite's may."""

_SETTINGS = f"""
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
PRAGMA cache_size = -{CACHE_KIB};
PRAGMA journal_size_limit = {64 * 1024 * 1024};
PRAGMA temp_store = MEMORY;
"""


def connect_writer(file: Path) -> apsw.Connection:
    """Open the existing `file` to read and write. Raises apsw.Error."""
    return _connect(file, apsw.SQLITE_OPEN_READWRITE)


def connect_reader(file: Path) -> apsw.Connection:
    """Open the existing `file` to read only. Raises apsw.Error."""
    return _connect(file, apsw.SQLITE_OPEN_READONLY)


def connect_new(file: Path) -> apsw.Connection:
    """Open the empty `file`, and make it one with checksums and a write-ahead log. Raises apsw.Error."""
    db = _connect(file, apsw.SQLITE_OPEN_READWRITE)
    db.reserve_bytes("main", CHECKSUM_BYTES)
    db.execute(f"PRAGMA page_size = {PAGE_BYTES}; PRAGMA journal_mode = WAL")
    return db


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Raise StoreDamaged for what SQLite can't read in `file`."""
    try:
        yield
    except apsw.Error as error:
        raise StoreDamaged(file, reason_of(error)) from error


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """Raise StorageFull for what can't be written now, and StoreDamaged for what can't be read in `file`."""
    try:
        yield
    except apsw.Error as error:
        if isinstance(error, _UNWRITABLE) and not _is_checksum_wrong(error):
            raise StorageFull(str(error)) from error
        raise StoreDamaged(file, reason_of(error)) from error


@contextmanager
def transaction(db: apsw.Connection) -> Iterator[None]:
    """Commit what is done inside, all of it; or, if anything fails, nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def reason_of(error: apsw.Error) -> str:
    """Return what is wrong with a file that can't be read."""
    return "the checksum of a page is wrong" if _is_checksum_wrong(error) else str(error)


def _is_checksum_wrong(error: apsw.Error) -> bool:
    return getattr(error, "extendedresult", 0) == apsw.SQLITE_IOERR_DATA


_UNWRITABLE = (apsw.FullError, apsw.IOError, apsw.ReadOnlyError, apsw.CantOpenError, apsw.BusyError)


def _connect(file: Path, flags: int) -> apsw.Connection:
    load_checksums()
    db = apsw.Connection(str(file), flags=flags, vfs="cksmvfs")
    db.set_busy_timeout(BUSY_MS)
    db.execute(_SETTINGS)
    return db
