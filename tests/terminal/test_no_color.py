"""Where NO_COLOR is set, nothing has a colour (no-color.org); what colours tell, bold and the like tell as well."""

import re

import pytest

from tests.terminal.conftest import OpenTerminal
from tests.terminal.test_chat import join, say

_COLOUR = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")


@pytest.mark.parametrize(("value", "has_colours"), [("1", False), ("", True)])
async def test_nothing_has_a_colour(open_terminal: OpenTerminal, port: int, value: str, has_colours: bool) -> None:
    """Set to nothing it counts as not set."""
    ana = await open_terminal(NO_COLOR=value)
    await join(ana, port, "ana")
    await say(ana, "hola **a todos**")
    await ana.shows("ana  hola a todos")
    drawn = await ana.tmux("capture-pane", "-p", "-e")
    assert bool(_COLOUR.search(drawn)) is has_colours
    assert "\x1b[1m" in drawn
