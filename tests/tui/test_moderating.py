"""Moderating in the full screen: what is typed, what those in the room see, and what is said to whom it concerns."""

from chatapp.client.client import Client
from chatapp.protocol import rich
from chatapp.protocol.errors import Code
from chatapp.protocol.events import AuditPage, DeedInfo, Error, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.server.server import Server
from tests.client.watching import saying, serving
from tests.tui.screens import window, window_of

WIDE = (150, 28)


async def test_the_maker_of_a_room_moderates_it(server: Server) -> None:
    """In #general nobody does but operators, which is said."""
    async with window(server.port, size=WIDE) as ana:
        await ana.type("/slow 10")
        await ana.shows("That is only for who made this room, or for an")
        await ana.type("/private plan")
        await ana.shows("You are in #plan now.")
        await ana.type("/slow 10")
        await ana.shows("ana lets everyone say one message in 10 s")
        await ana.type("/unban luis")
        await ana.shows("There is nothing of the kind against luis here.")


async def test_what_was_done_is_shown_and_moves_no_cursor(server: Server) -> None:
    """Who did what to whom, for how long, and why; all of it to operators who ask."""
    async with window(server.port, size=WIDE) as ana:
        page = AuditPage([DeedInfo(60, "eva", "ban", GENERAL, "luis", 7260, "sp\x1b[2Jam")])
        ana.app.chat.show(Said(1, GENERAL, "eva", "luis (2 h): sp\x1b[2Jam", 0.0, "1", "banned"), page)
        await ana.shows(
            "eva banned luis (2 h): sp␛[2Jam", "1970-01-01 00:01 eva banned luis · in all of the chat · 2 h"
        )


async def test_who_is_banned_reads_why_and_until_when() -> None:
    """Where else there would be the chat; a key tries again all the same."""
    welcome = Welcomed("ana", GENERAL, ["ana"], "log", 0, 1)
    banned = Error(Code.BANNED, "", detail="spam", retry_after=3600)
    lines = rich.encode(welcome), rich.encode(banned)
    async with serving(saying(*lines)) as port, window_of(Client("127.0.0.1", port, "ana")) as ana:
        await ana.shows("You are banned from this chat. The reason: spam.", "again in 1 h.", "doesn't let you in")
        await ana.shows("offline, next try in 3")
