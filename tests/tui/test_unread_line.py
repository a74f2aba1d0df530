"""A line stands before what is unread, until one looks elsewhere."""

from pathlib import Path

import pytest
from textual.events import AppBlur, AppFocus

from chatapp.client.client import Client
from chatapp.client.keepsakes import Keepsakes
from chatapp.server.server import Server
from chatapp.texts import use_language
from tests.tui.screens import Window, hears, person, say_all, window, window_of


def ana_with_key(folder: Path, port: int) -> Client:
    """Return a client of somebody whose reading the server keeps."""
    return Client("127.0.0.1", port, "ana", keepsakes=Keepsakes(folder, "127.0.0.1", port))


def first_unread(ana: Window) -> str | None:
    """Return what the message says before which the line stands."""
    layout = ana.timeline._layout
    entry = None if layout.line is None else layout.entry(layout.line)
    return None if entry is None else entry.text


def top_rows(ana: Window) -> list[str]:
    """Return the upper rows of the timeline, without the scroll bar."""
    return [row[:55] for row in ana.rows()[:10]]


async def say_in_ops(luis: Client, *texts: str) -> None:
    """Let luis, who is in #ops, say `texts`."""
    for text in texts:
        luis.type_line(text)
    while luis.state.pending:
        await hears(luis, "Said")


async def look_at(ana: Window, room: str) -> None:
    ana.client.type_line(f"/join {room}")
    await ana.until(lambda: ana.client.state.room == room)


@pytest.mark.parametrize(("language", "word"), [("en", "new"), ("es", "nuevo")])
async def test_a_room_that_one_comes_to(server: Server, language: str, word: str) -> None:
    """The line stands before the first that others said meanwhile, and is gone when one has been elsewhere."""
    use_language(language)
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await look_at(ana, "#ops")
        luis.type_line("/join #ops")
        await hears(luis, "Looked")
        await say_in_ops(luis, "seen")
        await ana.shows("seen")
        await ana.until(lambda: ana.client.state.here.read == ana.client.state.here.last_seq)
        await ana.press("alt+up")
        await say_in_ops(luis, "first", "second")
        await ana.until(lambda: ana.client.state.rooms["#ops"].unread == 2)
        await ana.press("alt+down")
        await ana.shows(f"─── {word} ───")
        rows = [row[:79] for row in ana.rows()]
        line = next(index for index, row in enumerate(rows) if f" {word} " in row)
        assert "first" in rows[line + 1]
        assert "luis  first" in rows[line + 1]  # who says it is named again
        await say_in_ops(luis, "third")
        await ana.shows("third")
        assert first_unread(ana) == "first"
        await ana.press("alt+up", "alt+down")
        await ana.shows("third", without=f"─ {word} ─")


async def test_nothing_unread_has_no_line(server: Server) -> None:
    """Neither what one says oneself, nor what comes before one's eyes, nor who comes and goes."""
    async with window(server.port) as ana:
        await say_all(server.port, "luis", ["hola"])
        await ana.type("own")
        await ana.shows("own")
        await ana.until(lambda: ana.client.state.here.read == ana.client.state.here.last_seq)
        ana.app.post_message(AppBlur())
        ana.client.type_line("from elsewhere")
        await ana.shows("from elsewhere")
        ana.app.post_message(AppFocus())
        await ana.pilot.pause()
        assert first_unread(ana) is None


async def test_a_window_that_one_comes_back_to(server: Server) -> None:
    """While nobody looks the line stands before the first that comes, and stays there until one looks away again."""
    async with window(server.port) as ana:
        ana.app.post_message(AppBlur())
        await say_all(server.port, "luis", ["first", "second"])
        await ana.shows("second", "─ new ─")
        assert first_unread(ana) == "first"
        ana.app.post_message(AppFocus())
        await ana.until(lambda: ana.client.state.here.read == ana.client.state.here.last_seq)
        await say_all(server.port, "mei", ["third"])
        await ana.shows("third")
        assert first_unread(ana) == "first"
        await ana.until(lambda: ana.client.state.here.read == ana.client.state.here.last_seq)
        ana.app.post_message(AppBlur())
        await say_all(server.port, "mei", ["fourth"])
        await ana.shows("fourth")
        assert first_unread(ana) == "fourth"


async def test_who_comes_back_sees_where_they_were(server: Server, tmp_path: Path) -> None:
    """The line stands where one had read to, though that is pages ago; alt+u leads there at once."""
    async with window_of(ana_with_key(tmp_path, server.port), (80, 16)) as ana:
        await ana.shows("● ana")
        await say_all(server.port, "luis", ["seen"])
        await ana.until(lambda: ana.client.state.here.read == ana.client.state.here.last_seq > 0)
        await ana.press("ctrl+q")
        await ana.ends()
    await say_all(server.port, "luis", [f"missed {number}" for number in range(120)])
    async with window_of(ana_with_key(tmp_path, server.port), (80, 16)) as ana:
        await ana.shows("missed 119")
        await ana.until(lambda: (first_unread(ana) or "").startswith("missed"))
        assert first_unread(ana) != "missed 0"
        await ana.press("alt+u")
        await ana.shows("seen", "─ new ─", "missed 0")
        await ana.press("escape")
        await ana.shows("missed 119")


async def test_the_line_moves_nothing_that_one_reads(server: Server) -> None:
    """Above the view it comes and goes unseen."""
    async with window(server.port, size=(80, 16)) as ana:
        await say_all(server.port, "luis", [f"number {number}" for number in range(60)])
        await ana.shows("number 59")
        await ana.press("pageup")
        await ana.until(lambda: not ana.timeline.is_at_end)
        before = top_rows(ana)
        for after in (3, 50, 3):
            ana.timeline.show_unread(after)
            assert first_unread(ana) is not None
            ana.timeline.end_unread()
            await ana.pilot.pause()
            assert top_rows(ana) == before
        ana.timeline.show_unread(3)
        await ana.pilot.pause()
        assert top_rows(ana) == before
