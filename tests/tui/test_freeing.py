"""What is left in memory of screens that were closed."""

import gc

from textual._styles_cache import StylesCache

from chatapp.server.server import Server
from chatapp.tui.chat_screen import ChatScreen
from tests.tui.screens import Window, window


async def drawn(ana: Window) -> int:
    """Open a screen and close it; return for how many widgets lines are kept then."""
    await ana.press("f1")
    await ana.until(lambda: not isinstance(ana.app.screen, ChatScreen))
    await ana.press("escape")
    await ana.until(lambda: isinstance(ana.app.screen, ChatScreen))
    gc.collect()
    return sum(isinstance(one, StylesCache) for one in gc.get_objects())


async def test_what_was_drawn_of_a_closed_screen_is_let_go(server: Server) -> None:
    """However often one opens a screen, no more is kept than after the first time."""
    async with window(server.port) as ana:
        first = await drawn(ana)
        for _ in range(3):
            last = await drawn(ana)
        assert last <= first
