"""Asking who one wants to be."""

import pytest

from chatapp.client.client import Client
from chatapp.server.server import Server
from tests.tui.screens import person, window_of


def nameless(port: int) -> Client:
    return Client("127.0.0.1", port)


async def test_without_a_nick_it_asks(server: Server) -> None:
    """With no nick a prompt comes first, and its answer is who one is."""
    async with window_of(nameless(server.port)) as someone:
        await someone.shows("Who do you want to be?", "waiting for a nick")
        await someone.type("eva")
        await someone.shows("People · 1", "● eva", "as eva", without="Who do you want")


async def test_a_taken_nick_asks_again(server: Server) -> None:
    """The prompt says why, and the next answer is taken."""
    async with person(server.port, "ana"), window_of(Client("127.0.0.1", server.port, "ANA")) as other:
        await other.shows("Who do you want to be?", "The nick ANA is taken")
        await other.type("bea")
        await other.shows("People · 2", "● bea")


@pytest.mark.parametrize(("nick", "says"), [("a b", "A nick has 1 to 32"), ("admin", "reserved"), ("", "A nick has")])
async def test_a_nick_against_the_rules_is_said_in_place(server: Server, nick: str, says: str) -> None:
    """A malformed or reserved nick is refused before anything is sent, and the prompt stays."""
    async with window_of(nameless(server.port)) as someone:
        await someone.shows("Who do you want to be?")
        await someone.type(nick)
        await someone.shows("Who do you want to be?", says)


async def test_the_prompt_fits_a_small_terminal(server: Server) -> None:
    """At 20x5 a refusal is said, and the next nick can be typed and seen."""
    async with person(server.port, "ana"), window_of(Client("127.0.0.1", server.port, "ana"), (20, 5)) as other:
        await other.shows("The nick ana is", "Who do")
        await other.press("b", "e", "a")
        await other.shows("bea")
        await other.press("enter")
        await other.shows("bea joined")


@pytest.mark.parametrize("key", ["escape", "ctrl+q"])
async def test_the_prompt_can_be_left(server: Server, key: str) -> None:
    """Esc and ctrl+q leave the chat from the prompt."""
    async with window_of(nameless(server.port)) as someone:
        await someone.shows("Who do you want to be?")
        await someone.press(key)
        assert await someone.ends() == 0
