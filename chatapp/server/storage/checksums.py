"""The checksums of a log's pages, as SQLite's extension `cksumvfs` writes them, read without SQLite's help."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from struct import unpack_from

import apsw
import apsw.sqlite_extra

PAGE_BYTES = 4096

CHECKSUM_BYTES = 8
"""The checksum stands at the end of each page, and the file's header says how long it is."""

_WAL_HEADER_BYTES = 32
_FRAME_HEADER_BYTES = 24


def has_checksums(file: Path) -> bool:
    """Return whether the header of `file` is SQLite's, and says that each page has a checksum. Raises OSError."""
    with file.open("rb") as opened:
        header = opened.read(100)
    return header[:16] == b"SQLite format 3\0" and header[20:21] == bytes([CHECKSUM_BYTES])


def is_page_sound(page: bytes) -> bool:
    """Return whether `page`, of 4,096 bytes, is what was written."""
    return bool(_checker().execute("SELECT verify_checksum(?)", (page,)).get)


def damaged_pages(file: Path) -> Iterator[int]:
    """Yield the number of each page of `file` that isn't sound: 0.2 s for a million messages in the disk's cache.

    Those that the write-ahead log has as well are left out: a crash may have cut short how they were written, and it
    is from that log that they are read. Opens the file itself, so that what is damaged stays as it is. Raises OSError.
    """
    renewed = _pages_in_log(file.with_name(file.name + "-wal"))
    number = 0
    with file.open("rb") as opened:
        while page := opened.read(PAGE_BYTES):
            number += 1
            if number not in renewed and not is_page_sound(page):
                yield number


def load_checksums() -> None:
    """Give all of this process's connections the checksums, once."""
    _checker()


@cache
def _checker() -> apsw.Connection:
    loader = apsw.Connection(":memory:")
    apsw.sqlite_extra.load(loader, "cksumvfs")
    loader.close()
    return apsw.Connection(":memory:")


def _pages_in_log(log: Path) -> set[int]:
    """Return the numbers of all pages in the write-ahead log, also of those frames that are no longer valid."""
    numbers: set[int] = set()
    if log.exists():
        with log.open("rb") as opened:
            opened.seek(_WAL_HEADER_BYTES)
            while len(header := opened.read(_FRAME_HEADER_BYTES)) == _FRAME_HEADER_BYTES:
                numbers.add(unpack_from(">I", header)[0])
                opened.seek(PAGE_BYTES, 1)
    return numbers
