"""Peers that hold keys: who they are is proved, and they may come back for what they missed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from hashlib import sha256

from chatapp.client.identity import Identity
from chatapp.protocol.events import Challenged, Error, Said, Welcomed
from chatapp.protocol.identity import proof
from chatapp.protocol.requests import Hello, Prove, Say
from tests.server.talking import Peer

GENERAL = "#general"

_LINE_BYTES = 4 * 1024 * 1024
"""A page of history is one line."""


def signed(challenged: Challenged, identity: Identity, nick: str) -> Prove:
    """Return the right answer to a challenge."""
    return Prove(identity.sign(proof(challenged.log, challenged.nonce, identity.key, nick)))


async def try_to_enter(peer: Peer, nick: str, identity: Identity, log: str = "", seen: int = 0) -> Welcomed | Error:
    """Name a key, prove it, and return what the server makes of it."""
    peer.send(Hello(nick, key=identity.key, log=log, seen=seen))
    peer.send(signed(await peer.next(Challenged), identity, nick))
    event = await peer.event()
    assert isinstance(event, Welcomed | Error)
    return event


@contextlib.asynccontextmanager
async def greeted(port: int) -> AsyncIterator[Peer]:
    """Give a peer that has read NICK."""
    peer = Peer(*await asyncio.open_connection("127.0.0.1", port, limit=_LINE_BYTES))
    try:
        await read_prompt(peer)
        yield peer
    finally:
        peer.abort()


@contextlib.asynccontextmanager
async def guest(port: int, nick: str) -> AsyncIterator[Peer]:
    """Give a peer without a key that was welcomed."""
    async with resumed(port, nick, "", 0) as (peer, _):
        yield peer


async def log_name(port: int) -> str:
    """Return the name of the server's log, as some passer-by is told it."""
    async with resumed(port, "passer-by", "", 0) as (_, welcomed):
        return welcomed.log


async def read_prompt(peer: Peer) -> None:
    assert await peer.read_line() == "NICK"


@contextlib.asynccontextmanager
async def entered(port: int, nick: str, identity: Identity) -> AsyncIterator[Peer]:
    """Give a peer that was welcomed as the owner of `nick`."""
    async with greeted(port) as peer:
        assert isinstance(await try_to_enter(peer, nick, identity), Welcomed)
        yield peer


@contextlib.asynccontextmanager
async def resumed(port: int, nick: str, log: str, seen: int) -> AsyncIterator[tuple[Peer, Welcomed]]:
    """Give a guest that has come back, and its welcome."""
    async with greeted(port) as peer:
        peer.send(Hello(nick, log=log, seen=seen))
        welcomed = await peer.event()
        assert isinstance(welcomed, Welcomed)
        yield peer, welcomed


def say(text: str) -> Say:
    """Return a message whose id follows from its text."""
    return Say(GENERAL, text, sha256(text.encode()).hexdigest())


async def post(peer: Peer, *texts: str) -> list[Said]:
    """Say each, and return them all as they were said; so they are in the log."""
    said = list[Said]()
    for first in range(0, len(texts), 50):
        requests = {request.id: request for request in map(say, texts[first : first + 50])}
        peer.send(*requests.values())
        while requests:
            if requests.pop((event := await peer.next(Said)).id, None):
                said.append(event)
    return said
