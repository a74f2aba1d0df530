"""A store on a file of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from chatapp.server.storage.sqlite_store import SqliteStore
from tests.server.storage.logs import opened


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with opened(tmp_path) as opened_store:
        yield opened_store
