"""Who is taken out of a room is told so, is where they were before, and loses nothing that they were writing."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from chatapp.client.client import Client
from chatapp.client.events import Looked
from chatapp.client.keepsakes import Keepsakes
from chatapp.protocol.events import Entered, Left, Welcomed
from chatapp.protocol.limits import PROTOCOL_VERSION
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Say
from chatapp.server.server import Server
from tests.tui.screens import Window, hears, window_of
from tests.tui.snapshots.puppet import Puppet

TAKEN_OUT = "luis took you out of #plan."
IS_KEPT = "What you were writing there is kept: Up brings it back."


def keyed(port: int, nick: str, folder: Path) -> Client:
    return Client("127.0.0.1", port, nick, keepsakes=Keepsakes(folder / nick, "127.0.0.1", port))


@contextlib.asynccontextmanager
async def in_plan(port: int, folder: Path) -> AsyncIterator[tuple[Window, Client]]:
    """Give a window of ana's, who looks at #ops, and luis; both are in luis's private room too."""
    async with keyed(port, "luis", folder) as luis, window_of(keyed(port, "ana", folder), (120, 28)) as ana:
        await hears(luis, "Welcomed")
        await ana.shows("● connected")
        await ana.type("/join #ops")
        await ana.shows("● #ops")
        luis.type_line("/private plan")
        await hears(luis, "Looked")
        luis.type_line("/invite ana")
        await ana.shows("#plan")
        yield ana, luis


async def test_one_is_where_one_was_before(server: Server, tmp_path: Path) -> None:
    """The room goes, a notice says who did it, and what stood in the composer goes nowhere but one step up."""
    async with in_plan(server.port, tmp_path) as (ana, luis):
        await ana.press("alt+down", *"half")
        await ana.shows("● #plan", "│ half")
        luis.type_line("/remove ana")
        await ana.shows("● #ops", "Write a message", without="#plan  ")
        await ana.until(lambda: [entry.text for entry in ana.timeline.entries][-2:] == [TAKEN_OUT, IS_KEPT])
        assert list(ana.client.state.rooms) == ["#general", "#ops"]
        await ana.press("up")
        assert ana.composer.text == "half"


async def test_it_is_told_where_one_looks(server: Server, tmp_path: Path) -> None:
    """Who looked elsewhere stays there, and goes on writing; nothing was being written in the room that is gone."""
    async with in_plan(server.port, tmp_path) as (ana, luis):
        await ana.press(*"half")
        luis.type_line("/remove ana")
        await ana.shows("● #ops", TAKEN_OUT, "│ half", without=IS_KEPT)


async def test_who_leaves_is_told_no_name(server: Server, tmp_path: Path) -> None:
    """By their own wish, here or on another device."""
    async with in_plan(server.port, tmp_path) as (ana, _), keyed(server.port, "ana", tmp_path) as other:
        await hears(other, "Welcomed")
        await ana.press("alt+down", *"/leave", "enter")
        await ana.shows("● #ops", "You are not in #plan any more.")
        other.look_at("#ops")
        other.type_line("/leave")
        await ana.shows("You are not in #ops any more.", "You are in #general as ana")


async def test_what_is_sent_in_that_instant_goes_nowhere_else() -> None:
    """The client knows already that one is out of the room, the screen shows it still: so that is where it was for."""
    puppet = Puppet()
    async with window_of(puppet) as ana:
        puppet.hear(Welcomed("ana", GENERAL, ["ana"], "log", 0, PROTOCOL_VERSION, "chatapp"))
        puppet.hear(Entered("#ops", ["ana"], 0), Looked("#ops"))
        await ana.shows("You are in #ops now.")
        await ana.press(*"mine")
        puppet.hear(Left("#ops", "ana", 0))
        ana.composer.action_send()
        assert [request.room for request in puppet.asked if isinstance(request, Say)] == ["#ops"]
        await ana.shows("You are not in #ops any more.")
