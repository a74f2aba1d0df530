"""The line that one types in, in front of the chat."""

import pytest
from textual.widgets import Input

from chatapp.server.server import Server
from tests.tui.screens import window


@pytest.mark.parametrize("key", ["ctrl+f", "alt+k", "ctrl+r", "ctrl+p"])
async def test_its_cursor_does_not_blink(server: Server, key: str) -> None:
    """While one looks at it nothing is drawn."""
    async with window(server.port) as ana:
        await ana.press(key)
        await ana.until(lambda: isinstance(ana.app.focused, Input))
        assert isinstance(ana.app.focused, Input)
        assert not ana.app.focused.cursor_blink
