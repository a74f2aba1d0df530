"""Disks that can be filled, and freed again."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol


class Disk(Protocol):
    folder: Path

    def fill(self) -> None:
        """From now on there is room for next to nothing."""

    def free(self) -> None: ...


class LimitedFiles:
    """A folder in which, while it is full, nothing is written beyond the first 64 KiB of a file.

    The limit is this process's, and holds for all that it writes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, self._limits[1]))

    def free(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._limits)


class SmallDisk:
    """A disk of 16 MiB in memory, which takes root to mount; of which 64 KiB are free while it is full."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        with (self.folder / "ballast").open("wb", buffering=0) as ballast:
            free = os.statvfs(self.folder)
            ballast.write(bytes(max(0, free.f_bavail - 16) * free.f_bsize))

    def free(self) -> None:
        (self.folder / "ballast").unlink(missing_ok=True)


@contextmanager
def limited_files(folder: Path) -> Iterator[Disk]:
    disk = LimitedFiles(folder)
    try:
        yield disk
    finally:
        disk.free()


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)], check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


KINDS = [limited_files, small_disk] if os.geteuid() == 0 else [limited_files]
"""The disks that this user can have."""
