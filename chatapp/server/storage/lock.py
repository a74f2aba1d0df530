"""The lock that keeps a second server away from a log."""

import fcntl
import os
from pathlib import Path

from chatapp.server.storage.errors import StoreInUse


class Lock:
    """Held from the moment it is made until `release`, or the end of the process, however that comes.

    The file `{file}.lock` names the process that holds it, and stays. Raises StoreInUse if another one does.
    """

    def __init__(self, file: Path) -> None:
        self._fd = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreInUse(file, self._read_holder()) from None
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, b"%d\n" % os.getpid(), 0)

    def release(self) -> None:
        os.close(self._fd)

    def _read_holder(self) -> int:
        holder = os.pread(self._fd, 32, 0)
        os.close(self._fd)
        return int(holder) if holder.strip().isdigit() else 0
