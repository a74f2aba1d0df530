"""The one gate: every request of somebody with a nick goes through it, and none names a room past it."""

from collections.abc import Callable
from typing import get_args

import pytest

from chatapp.client.identity import Identity
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Entered, Error, Pong
from chatapp.protocol.names import CONVERSATION, PRIVATE
from chatapp.protocol.requests import (
    Ban,
    Delete,
    Edit,
    Hello,
    Help,
    History,
    Invite,
    Join,
    Kick,
    Leave,
    MakePrivate,
    MarkRead,
    Mute,
    Ping,
    Prove,
    Quit,
    React,
    Remove,
    Request,
    Say,
    Search,
    Set,
    SetLevel,
    Slow,
    Typing,
    Unban,
    Unlock,
    Unmute,
    Who,
)
from chatapp.server import gate, requests
from chatapp.server.bus import Bus
from chatapp.server.server import Server
from tests.server.keyed import entered
from tests.server.rooms import OPS, close_off, join, tell
from tests.server.talking import Peer, rich_peer

ANA = Identity.from_seed(b"a" * 32)

IN_A_ROOM: dict[type[Request], Callable[[str], Request]] = {
    Say: lambda room: Say(room, "hola", "1"),
    Edit: lambda room: Edit(room, "hola", 1),
    Delete: lambda room: Delete(room, 1),
    React: lambda room: React(room, "heart", 1),
    MarkRead: lambda room: MarkRead(room, 1),
    SetLevel: lambda room: SetLevel(room, "none"),
    Leave: Leave,
    Invite: lambda room: Invite(room, "ana"),
    Remove: lambda room: Remove(room, "ana"),
    Kick: lambda room: Kick(room, "ana"),
    Ban: lambda room: Ban(room, "ana"),
    Unban: lambda room: Unban(room, "ana"),
    Mute: lambda room: Mute(room, "ana"),
    Unmute: lambda room: Unmute(room, "ana"),
    Slow: lambda room: Slow(room, 1),
    Who: Who,
    History: History,
    Search: lambda room: Search(room, "hola"),
    Typing: Typing,
}
"""Each request that is about a room, but `join`."""


def test_every_request_has_a_rule() -> None:
    """What can be asked for is either for before the hello, or has a rule; and nothing is both."""
    before = {Hello, Prove, Unlock, Ping, Quit}
    assert requests._BEFORE_HELLO.keys() == before
    assert requests.RULES.keys() == {*get_args(Request), Help, Set} - before


def test_what_names_a_room_is_checked_against_it() -> None:
    """Only `join` may name a room that one is not in; so each that names one is tried below."""
    named = {request for request in requests.RULES if "room" in request.__struct_fields__}
    assert named == {*IN_A_ROOM, Join}
    assert all(requests.RULES[request].check is not gate.anyone for request in IN_A_ROOM)


@pytest.mark.parametrize("request_", IN_A_ROOM.values(), ids=[kind.__name__ for kind in IN_A_ROOM])
async def test_no_handler_is_reached_from_outside(
    server: Server, monkeypatch: pytest.MonkeyPatch, request_: Callable[[str], Request]
) -> None:
    """Of a public room, a private one and a conversation: one answer, nothing on the bus, nothing read."""
    async with (
        entered(server.port, "ana", ANA) as ana,
        rich_peer(server.port, "leo") as leo,
        rich_peer(server.port, "eva") as eva,
    ):
        rooms = await rooms_of(ana)
        await close_off(ana, eva)

        def never(*_: object) -> None:
            raise AssertionError("it came through")

        for name in ("history", "search", "mentions", "rooms"):
            monkeypatch.setattr(server._reads, name, never)
        monkeypatch.setattr(Bus, "publish", never)
        for room in (*rooms, "#never", f"{PRIVATE}0", f"{CONVERSATION}0"):
            eva.send(request_(room))
            error = await eva.next(Error)
            assert (error.code, error.detail) == (Code.NOT_IN_ROOM, room)
        monkeypatch.undo()
        eva.send(Ping())
        assert isinstance(await eva.event(), Pong)
        await close_off(leo, eva, text="the end")


async def rooms_of(ana: Peer) -> list[str]:
    """Let ana have a room of each kind, in which something was said, and return them."""
    await join(ana, OPS)
    ana.send(MakePrivate("plan"), Join("@leo"))
    rooms = [OPS, *[(await ana.next(Entered)).room for _ in range(2)]]
    for room in rooms:
        await tell(ana, room, f"hola in {room}")
    return rooms
