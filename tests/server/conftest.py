"""What the tests of the server share."""

from collections.abc import AsyncIterator

import pytest

from chatapp.server.server import Server
from tests.server.talking import running


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server that takes whatever comes, as fast as it comes; how much it takes by itself says test_limits.py."""
    async with running() as server:
        yield server
