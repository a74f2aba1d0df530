"""Asking for what opens the door of a chat that isn't open to all."""

from collections.abc import AsyncIterator

import pytest

from chatapp.client.client import Client
from chatapp.server.password import Password
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.tui.screens import window_of

SECRET = "abracadabra"


@pytest.fixture
async def guarded() -> AsyncIterator[Server]:
    """A server with a password."""
    server = Server(Settings(port=0, password=Password.of(SECRET, cost=2)))
    await server.start()
    yield server
    await server.stop()


async def test_the_password_is_asked_for_and_not_shown(guarded: Server) -> None:
    """A prompt says what is wanted; a wrong one is refused there, and the right one leads in. Neither is ever seen."""
    async with window_of(Client("127.0.0.1", guarded.port, "ana")) as ana:
        await ana.shows("This chat has a password", "waiting to be let in", without="wrong")
        await ana.press(*"wrong")
        await ana.shows("•••••", without="wrong")
        await ana.press("enter")
        await ana.shows("That is not the password", without="•")
        await ana.type(SECRET)
        await ana.shows("People · 1", "as ana", without=SECRET)


@pytest.mark.parametrize("size", [(20, 5), (80, 24)])
async def test_the_prompt_can_be_left_at_any_size(guarded: Server, size: tuple[int, int]) -> None:
    """Esc leaves the chat from there, in a small terminal too."""
    async with window_of(Client("127.0.0.1", guarded.port, "ana"), size) as ana:
        await ana.shows("This chat has")
        await ana.press("escape")
        assert await ana.ends() == 0
