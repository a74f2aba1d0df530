"""The folder for what is to last, and files in it that nobody else may read."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from platformdirs import user_data_path

_NAME_CHARACTERS = 200
"""File systems take names of 255 bytes; this leaves room for a suffix."""


def default_folder() -> Path:
    """Return where data is kept if nothing else is said (the XDG Base Directory's data home, on Linux)."""
    return user_data_path("chatapp", appauthor=False)


def data_folder(given: Path | None) -> Path:
    """Return the folder `given`, or the user's own one, and make it if it isn't there. Raises OSError."""
    return make_folder(given or default_folder())


def make_folder(folder: Path) -> Path:
    """Make `folder` and those above it, as far as they aren't there, with the mode 0700. Raises OSError."""
    for part in (*reversed(folder.parents), folder):
        part.mkdir(mode=0o700, exist_ok=True)
    return folder


def safe_name(*parts: str) -> str:
    """Return a file name for `parts`, at most 200 ASCII characters that mean nothing to a shell or a file system.

    Each part is percent-encoded (RFC 3986) and they are joined by ``+``, so other parts give another name; a
    name too long is cut, and ends in its SHA-256 instead.
    """
    name = "+".join(quote(part, safe="") for part in parts)
    if len(name) <= _NAME_CHARACTERS:
        return name
    from hashlib import sha256  # few names are so long, and its import takes long

    return f"{name[: _NAME_CHARACTERS // 2]}+{sha256(name.encode()).hexdigest()}"


def write_private(file: Path, data: bytes) -> None:
    """Let `file`, of the mode 0600, hold `data`: all of it or, if this fails, what it held before. Raises OSError.

    It is on the disk, under its name, on return.
    """
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=".new-")
    try:
        _write_all(descriptor, data)
        os.replace(temporary, file)
    except BaseException:
        os.unlink(temporary)
        raise
    sync_folder(file.parent)


def create_private(file: Path, data: bytes) -> None:
    """As `write_private`, for a `file` that isn't there yet. Raises FileExistsError, or another OSError."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        _write_all(descriptor, data)
    except BaseException:
        file.unlink()
        raise
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Return when the names in `folder` are on the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked(lock: Path) -> Iterator[None]:
    """Keep every other thread and process that asks for the file `lock` waiting; it is made, and stays.

    The system lets go of it when the process ends, however that comes (flock). Raises OSError.
    """
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    with open(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)
