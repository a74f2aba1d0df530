"""The bytes of a log's files, once nothing is left to be done for what was deleted."""

import asyncio
from pathlib import Path

from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore


async def settled(store: SqliteStore) -> None:
    """Return when what was deleted is gone for good."""
    assert store._tidying is not None
    async with asyncio.timeout(20):
        await store._tidying


def bytes_in(folder: Path) -> bytes:
    """Return all that is in the log in `folder` and its write-ahead log."""
    return b"".join(file.read_bytes() for file in folder.glob(f"{FILE_NAME}*"))
