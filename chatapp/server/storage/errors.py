"""What can be wrong with a log on disk: one tree, whose leaves hold data and no sentence for people."""

from pathlib import Path


class StoreError(Exception):
    """Something about the log's file, or what was asked of it, that stands in the way."""


class StoreInUse(StoreError):
    """The process `pid` has `file` open; 0 if it didn't say who it is."""

    def __init__(self, file: Path, pid: int) -> None:
        super().__init__(f"{file}: in use by process {pid}")
        self.file = file
        self.pid = pid


class StoreDamaged(StoreError):
    """`file` can't be trusted, for a `reason` in SQLite's words; `recovery` is the command that saves what it can."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason

    @property
    def recovery(self) -> tuple[str, ...]:
        return "chatapp", "db", "recover", str(self.file)


class SchemaTooNew(StoreError):
    """`file` has the schema `version`, and this program knows those up to `known`."""

    def __init__(self, file: Path, version: int, known: int) -> None:
        super().__init__(f"{file}: schema {version}, known {known}")
        self.file = file
        self.version = version
        self.known = known


class StorageFull(StoreError):
    """Nothing can be written now: the disk is full, over its quota, read-only or failing, as `reason` says."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadQuery(StoreError):
    """A search that asks for nothing, or whose `term` makes no sense, as in ``before:soon``."""

    def __init__(self, term: str) -> None:
        super().__init__(term)
        self.term = term
