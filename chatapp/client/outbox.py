"""What was said and not yet confirmed, on disk, so that it outlives the program and the machine's power."""

import contextlib
import os
import zlib
from contextlib import AbstractContextManager
from io import FileIO
from pathlib import Path
from typing import Final

import msgspec

from chatapp.client.identity import canonical_host
from chatapp.data import locked, make_folder, safe_name, sync_folder, write_private
from chatapp.protocol.errors import OutboxFull, OutboxUnwritable
from chatapp.protocol.requests import Say

MOST_WAITING: Final = 1000
"""So many messages may wait."""

_MOST_DEAD_LINES = 500
"""The file is rewritten when it has so many lines more than messages wait."""


class _Removed(msgspec.Struct, frozen=True, tag_field="type", tag="removed"):
    """The mark that the message `id` waits no more."""

    id: str


_Record = Say | _Removed

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[_Record] = msgspec.json.Decoder(_Record)


def outbox_path(data: Path, host: str, port: int, key: str) -> Path:
    """Return where messages to a server wait, by the author's public key, which stays when the nick changes."""
    return data / "outbox" / f"{safe_name(canonical_host(host), str(port), key)}.jsonl"


class OutboxFile:
    """The messages that wait, oldest first, in `path`: a line for each, and a mark for each that waits no more.

    Every client of one person on a machine uses one file, a lock keeping their lines whole, since a message that two
    of them send is posted once, by its id: so nobody has to find out whose a message was, and whether they still run.
    Each line starts with its CRC-32: one that was torn or has changed is passed over, and never sent as it was not
    said. The mode is 0600.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: FileIO | None = None
        self._waiting: dict[str, Say] = {}
        self._lines = 0

    def load(self) -> list[Say]:
        """Return what waits, oldest first, and take what waits no more off the disk. Raises OSError."""
        with self._locked():
            self._catch_up()
            if self._lines > len(self._waiting):
                self._rewrite()
            return list(self._waiting.values())

    def add(self, say: Say) -> None:
        """Let `say` wait; it is on the disk on return. One that waits already is not added again.

        Raises OutboxFull beyond 1,000 messages, OutboxUnwritable for a disk that fails.
        """
        try:
            with self._locked():
                self._catch_up()
                self._add(say)
        except OSError as error:
            raise OutboxUnwritable(os.strerror(error.errno or 0)) from error

    def remove(self, message_id: str) -> None:
        """Let the message wait no more; without one by this id, do nothing.

        A disk that fails is no matter: the message is then sent again, and not posted again.
        """
        with contextlib.suppress(OSError), self._locked():
            self._catch_up()
            if message_id in self._waiting:
                self._append(_Removed(message_id))
            if self._lines > len(self._waiting) + _MOST_DEAD_LINES:
                self._rewrite()

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _locked(self) -> AbstractContextManager[None]:
        make_folder(self._path.parent)
        return locked(self._path.with_suffix(".lock"))

    def _add(self, say: Say) -> None:
        if say.id in self._waiting:
            return
        if len(self._waiting) >= MOST_WAITING:
            raise OutboxFull(limit=MOST_WAITING)
        self._append(say, durable=True)

    def _append(self, record: _Record, durable: bool = False) -> None:
        """Write the record whole, or not at all, to a file that was caught up with, and fold it in."""
        file = self._opened()
        size = file.seek(0, os.SEEK_END)
        try:
            _write_all(file, _line(record))
            if durable:
                os.fsync(file.fileno())
        except OSError:
            file.truncate(size)
            file.seek(size)
            raise
        self._take(record)

    def _catch_up(self) -> None:
        """Fold in what was written since, by whomever."""
        file = self._opened()
        for line in filter(None, file.readall().split(b"\n")):
            self._take(_record(line))

    def _take(self, record: _Record | None) -> None:
        self._lines += 1
        match record:
            case Say():
                self._waiting[record.id] = record
            case _Removed():
                self._waiting.pop(record.id, None)

    def _opened(self) -> FileIO:
        """Return the file, from where it was read up to; if another one has taken its place, that, from the start."""
        if self._file is None or not _is_at(self._file, self._path):
            self.close()
            self._waiting, self._lines = {}, 0
            self._file = FileIO(str(self._path), "a+", opener=_open_private)
            self._file.seek(0)
            sync_folder(self._path.parent)
        return self._file

    def _rewrite(self) -> None:
        write_private(self._path, b"".join(map(_line, self._waiting.values())))
        self._catch_up()


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _is_at(file: FileIO, path: Path) -> bool:
    """Return whether `path` is `file` still. While that is open, no other file can have its number."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _line(record: _Record) -> bytes:
    """Return the record's line. It starts a new one first: the last write may have been torn."""
    data = _encoder.encode(record)
    return b"\n%08x %b\n" % (zlib.crc32(data), data)


def _record(line: bytes) -> _Record | None:
    """Return what `line` holds, or None for one that is damaged, or of another version."""
    checksum, _, data = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(data):
        return None
    with contextlib.suppress(msgspec.DecodeError):
        return _decoder.decode(data)
    return None


def _write_all(file: FileIO, data: bytes) -> None:
    while data:
        data = data[file.write(data) :]
