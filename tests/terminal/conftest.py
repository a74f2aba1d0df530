"""Terminals for the tests, opened on demand and closed at the end."""

import contextlib
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Protocol

import pytest

from tests.ports import free_port
from tests.terminal.tmux import Terminal, terminal


class OpenTerminal(Protocol):
    """Opens one more terminal; keywords are variables of its environment."""

    def __call__(self, width: int = 100, height: int = 30, **environment: str) -> Awaitable[Terminal]: ...


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def open_terminal(tmp_path: Path) -> AsyncIterator[OpenTerminal]:
    async with contextlib.AsyncExitStack() as stack:

        async def opener(width: int = 100, height: int = 30, **environment: str) -> Terminal:
            return await stack.enter_async_context(terminal(tmp_path, width, height, environment))

        yield opener
