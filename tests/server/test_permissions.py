"""The table of who may ask for what, and a server that agrees in every cell."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import get_args

import pytest
from msgspec.structs import replace

from chatapp.client.identity import Identity
from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Challenged, Entered, Error, Event, Members, Pong, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import (
    Edit,
    Hello,
    Help,
    Invite,
    Join,
    Leave,
    MakePrivate,
    Ping,
    Quit,
    Rename,
    Request,
    Set,
    Who,
)
from chatapp.server import requests
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings
from tests.server.keyed import read_prompt, signed
from tests.server.permissions import (
    BEFORE,
    COLUMNS,
    INSIDE,
    NEEDS_VICTIM,
    OTHERS_MESSAGE,
    OWN_MESSAGE,
    ROWS,
    TABLES,
    VICTIM,
)
from tests.server.rooms import OPS
from tests.server.talking import Peer, connected, plain


def key_of(nick: str) -> Identity:
    return Identity.from_seed(nick.encode().ljust(32))


async def come(server: Server, nick: str) -> Peer:
    """Connect as `nick`: with a key, unless it is the guest's or begins so."""
    peer = Peer(*await asyncio.open_connection("127.0.0.1", server.port, limit=limits.OUTBOX_BYTES))
    is_guest = nick.startswith(COLUMNS["guest"])
    peer.send(Hello(nick, key="" if is_guest else key_of(nick).key))
    await read_prompt(peer)
    if not is_guest:
        peer.send(signed(await peer.next(Challenged), key_of(nick), nick))
    assert isinstance(await peer.event(), Welcomed)
    return peer


class Stage:
    """One connection for each column, in the rooms as the table says, and a victim."""

    def __init__(self, server: Server, peers: dict[str, Peer]) -> None:
        self._server = server
        self._peers = peers
        self._rooms = {"public": OPS}
        self._answers: list[Event] = []
        """What came with the last answer."""

    async def set(self) -> None:
        """Let the maker make both rooms, and all be in them who stand inside."""
        maker = self._peers["maker"]
        await self._do(maker, Join(OPS))
        await self._do(maker, MakePrivate("plan"))
        (entered,) = (event for event in self._answers if isinstance(event, Entered))
        self._rooms["private"] = entered.room
        for column in set(INSIDE) - {"maker"}:
            await self._bring_in(OPS, column)
            await self._bring_in(entered.room, column)

    async def _ask(self, peer: Peer, request: Request | Quit) -> Code | None:
        """Return how `request` is refused, be it at the gate or by the log; None if it isn't."""
        peer.send(request, Who(GENERAL))
        self._answers, left = [], 1 + (request == Who(GENERAL))
        while left:
            self._answers.append(event := await peer.event())
            left -= isinstance(event, Members) and event.room == GENERAL
        return next((Code(event.code) for event in self._answers if isinstance(event, Error)), None)

    async def _do(self, peer: Peer, request: Request | Quit) -> None:
        """Ask for what must not be refused."""
        assert await self._ask(peer, request) is None

    async def _bring_in(self, room: str, column: str) -> None:
        """Let whoever stands in `column` be in `room`."""
        if room == OPS:
            await self._do(self._peers[column], Join(room))
        elif room != GENERAL:
            helper = self._peers["maker" if column != "maker" else "operator"]
            await self._do(helper, Invite(room, COLUMNS.get(column, VICTIM)))

    async def cell(self, kind: str, row: str, column: str) -> Code | None:
        """Try it, and leave all as it was."""
        room, peer, request = self._rooms.get(kind, GENERAL), self._peers[column], ROWS[row]
        if row == "salir":
            return await self._quit(COLUMNS[column])
        seq = await self._prepare(row, room, peer)
        asked = request(room)
        refused = await self._ask(peer, replace(asked, seq=seq) if isinstance(asked, Edit) and seq else asked)
        if refused is None:
            await self._put_back(row, room, column)
        return refused

    async def _prepare(self, row: str, room: str, peer: Peer) -> int:
        """Let there be what the row is about; return the `seq` of somebody else's message, if it is that."""
        if row in BEFORE:
            await self._do(self._peers["operator"], BEFORE[row](room))
        if row in NEEDS_VICTIM:
            await self._bring_in(room, "victim")
        if row in OWN_MESSAGE:
            await self._ask(peer, ROWS["say"](room))  # who isn't in the room has none
        if row not in OTHERS_MESSAGE:
            return 0
        await self._do(self._peers["victim"], ROWS["say"](room))
        return max(event.seq for event in self._answers if isinstance(event, Said) and event.nick == VICTIM)

    async def _put_back(self, row: str, room: str, column: str) -> None:
        peer = self._peers[column]
        if row == "rename":
            await self._do(peer, Rename(COLUMNS[column]))
        elif row == "leave":
            await self._bring_in(room, column)
        elif row == "join" and room == OPS and column not in INSIDE:
            await self._do(peer, Leave(room))
        elif row == "invite":
            await self._do(self._peers["victim"], Leave(room))
        elif row == "kick" and room == GENERAL:
            assert b'"code":"kicked"' in await self._peers["victim"].rest()
            self._peers["victim"] = await come(self._server, VICTIM)

    async def _quit(self, nick: str) -> Code | None:
        """Let another connection of the same person go, or, of a guest, a second one."""
        peer = await come(self._server, nick if nick != COLUMNS["guest"] else f"{nick}2")
        peer.send(Quit())
        return Code.MALFORMED if b'"type":"error"' in await peer.rest() else None


@contextlib.asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    operators = tuple(key_of(COLUMNS[column]).key for column in ("operator", "outside"))
    server = Server(Settings(port=0, operators=operators, rates=Rates(per_second=None)))
    await server.start()
    try:
        peers = {column: await come(server, nick) for column, nick in COLUMNS.items()}
        stage = Stage(server, peers | {"victim": await come(server, VICTIM)})
        await stage.set()
        yield stage
    finally:
        await server.stop()


def test_every_request_is_in_the_table() -> None:
    """Each row asks for something, and all that can be asked for, of a server, is asked for by some row."""
    assert {row for table in TABLES.values() for row in table} == ROWS.keys()
    assert {type(request(OPS)) for request in ROWS.values()} == {*get_args(Request), Quit}
    assert {*requests.RULES, *requests._BEFORE_HELLO} == {*get_args(Request), Quit, Help, Set}
    assert all(table[row].keys() == {"nobody", *COLUMNS} for table in TABLES.values() for row in table)


@pytest.mark.parametrize("kind", TABLES)
async def test_the_server_agrees_in_every_cell(kind: str) -> None:
    """Whoever has a nick may ask for what the table says, and for nothing else."""
    async with staged() as stage:
        found = {row: {column: await stage.cell(kind, row, column) for column in COLUMNS} for row in TABLES[kind]}
    assert found == {row: {column: cells[column] for column in COLUMNS} for row, cells in TABLES[kind].items()}


async def test_without_a_nick_only_the_first_requests_pass(server: Server) -> None:
    """Be it of the room in which everyone is, or of another."""
    for kind, table in TABLES.items():
        for row in table:
            async with connected(server.port) as peer:
                peer.send(ROWS[row](OPS if kind == "public" else GENERAL), Ping())
                assert await peer.read_line() == "NICK"
                assert await answer_of(peer) == table[row]["nobody"], row


async def answer_of(peer: Peer) -> Code | None:
    """Return the code of the first answer, if it is a refusal."""
    try:
        event = await peer.event()
    except asyncio.IncompleteReadError:
        return None
    assert isinstance(event, Error | Pong | Welcomed)
    return Code(event.code) if isinstance(event, Error) else None


async def test_what_only_typed_lines_mean_is_for_everyone(server: Server) -> None:
    """The help, and what settings there are."""
    async with plain(server.port, "eva") as eva:
        eva.say("/help", "/set")
        assert (await eva.read_line()).startswith("-- /me")
        await eva.until("-- Settings are the full screen's; here there are none.")
