"""A crowd: a hundred peers of all dialects join at once and talk at once, and all see the same."""

import asyncio
import contextlib

import pytest

from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Say
from chatapp.server.server import Server
from tests.server.talking import Peer, plain, rich_peer, unframed

JOINERS = {"p": plain, "r": rich_peer, "u": unframed}
NICKS = [f"{'u' if number % 10 == 0 else 'rp'[number % 2]}{number}" for number in range(100)]


async def _all_join(port: int, stack: contextlib.AsyncExitStack) -> dict[str, Peer]:
    """Let everyone join at once; the first letter of a nick is its dialect."""
    peers = await asyncio.gather(*(stack.enter_async_context(JOINERS[nick[0]](port, nick)) for nick in NICKS))
    return dict(zip(NICKS, peers, strict=True))


def _say(nick: str, peer: Peer, text: str) -> None:
    if nick[0] == "r":
        peer.send(Say(GENERAL, text, text.strip("<>")))
    else:
        peer.write(text if nick[0] == "u" else f"{text}\n")


@pytest.mark.parametrize("rounds", [1, 5])
async def test_a_hundred_peers_see_one_sequence(server: Server, rounds: int) -> None:
    """Each sees each other's lines, and its own, once, and all in one same order."""
    async with contextlib.AsyncExitStack() as stack:
        peers = await _all_join(server.port, stack)
        for number in range(rounds):
            for nick, peer in peers.items():
                _say(nick, peer, f"<{nick}_{number}>")
        first, *others = await asyncio.gather(*(peer.found(rb"<(\w+)>", 100 * rounds) for peer in peers.values()))
    assert sorted(first) == sorted(f"{nick}_{number}".encode() for nick in NICKS for number in range(rounds))
    assert all(sequence == first for sequence in others)
