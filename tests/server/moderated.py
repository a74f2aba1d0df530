"""A server that ana looks after, whose clock tests set, and peers that come to it from addresses of their own."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

from chatapp.client.identity import Identity
from chatapp.protocol import limits
from chatapp.protocol.events import Challenged, Error, Event, Joined, Said, Welcomed
from chatapp.protocol.requests import Hello, Request
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings
from tests.server.keyed import read_prompt, signed
from tests.server.rooms import OPS, join
from tests.server.talking import Peer

KEYS = {nick: Identity.from_seed(nick.encode().ljust(32)) for nick in ("ana", "luis", "eva", "leo", "zoe")}
HERE, ELSEWHERE = "127.0.0.2", "127.0.0.3"


class Clock:
    """The time since 1970, which passes only when a test lets it."""

    def __init__(self) -> None:
        self.now = float(int(time.time()))  # as exact in the log, which counts microseconds

    def __call__(self) -> float:
        return self.now


@contextlib.asynccontextmanager
async def serving(
    clock: Clock | None = None, data: Path | None = None, operators: tuple[str, ...] = (KEYS["ana"].key,)
) -> AsyncIterator[Server]:
    """Run a server that ana looks after, unless `operators` says who else."""
    settings = Settings(port=0, data=data, operators=operators, clock=clock or time.time, rates=Rates(per_second=None))
    server = Server(settings)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def arrive(server: Server, nick: str, key: Identity | None = None, *, address: str = HERE) -> Peer:
    """Connect from `address`, say hello, and prove the key if there is one; what comes next is the answer."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", server.port, local_addr=(address, 0), limit=limits.OUTBOX_BYTES
    )
    peer = Peer(reader, writer)
    peer.send(Hello(nick, key=key.key if key else ""))
    await read_prompt(peer)
    if key is not None:
        peer.send(signed(await peer.next(Challenged), key, nick))
    return peer


@contextlib.asynccontextmanager
async def come(server: Server, nick: str, *, is_guest: bool = False, address: str = HERE) -> AsyncIterator[Peer]:
    """Give a peer that was welcomed, and was told of its own arrival: as the owner of its nick, if it is no guest."""
    peer = await arrive(server, nick, None if is_guest else KEYS[nick], address=address)
    try:
        assert isinstance(await peer.event(), Welcomed)
        while (await peer.next(Joined)).nick != nick:
            pass
        yield peer
    finally:
        peer.abort()


async def refused(server: Server, nick: str, key: Identity | None = None, *, address: str = HERE) -> Error:
    """Return why somebody isn't let in, after which the connection is closed."""
    peer = await arrive(server, nick, key, address=address)
    error = await peer.event()
    assert isinstance(error, Error)
    assert await peer.rest() == b""
    return error


async def ask(peer: Peer, request: Request, answer: type[Event] = Error) -> Event:
    """Return the next event of the type `answer` after `request`."""
    peer.send(request)
    return await peer.next(answer)


async def code(peer: Peer, request: Request) -> str:
    """Return the code by which `request` is refused."""
    error = await ask(peer, request)
    assert isinstance(error, Error)
    return error.code


async def happening(peer: Peer, kind: str) -> Said:
    """Return the next message of that kind."""
    while (said := await peer.next(Said)).kind != kind:
        pass
    return said


@contextlib.asynccontextmanager
async def a_room_of_luis(server: Server) -> AsyncIterator[tuple[Peer, Peer]]:
    """Give luis, who made a room, and eva, who is in it."""
    async with come(server, "luis") as luis, come(server, "eva") as eva:
        await join(luis, OPS)
        await join(eva, OPS)
        yield luis, eva
