"""That somebody is writing: shown where nothing moves for it, and told to others by those who want that."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from chatapp import join_command
from chatapp.arguments import parser_for
from chatapp.client.client import Client
from chatapp.protocol import limits
from chatapp.protocol.events import Said, Typed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Request, Typing
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from chatapp.texts import use_language
from tests.tui.screens import Window, hears, person, window, window_of

IS_TYPING = "is typing…"


@contextlib.asynccontextmanager
async def telling(port: int) -> AsyncIterator[Window]:
    """Run an app for ana, who lets others see that she is writing."""
    async with window_of(Client("127.0.0.1", port, "ana"), given={"typing": "on"}) as ana:
        await ana.shows("● ana")
        yield ana


def sent(ana: Window, monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    requests: list[Request] = []
    monkeypatch.setattr(ana.client._connection, "send", requests.append)
    return requests


@pytest.mark.parametrize(
    ("language", "one", "two", "more"),
    [
        ("en", "luis is typing…", "luis and mei are typing…", "several people are typing…"),
        ("es", "luis está escribiendo…", "luis y mei están escribiendo…", "varias personas están escribiendo…"),
    ],
)
async def test_who_is_writing_is_named(server: Server, language: str, one: str, two: str, more: str) -> None:
    """Up to two of them; what they say ends it at once, and nothing else on the screen moves."""
    use_language(language)
    async with window(server.port) as ana:
        rows = ana.rows()
        border = next(index for index, row in enumerate(rows) if row.startswith("╭"))
        for nick, says in (("luis", one), ("mei", two), ("eva", more)):
            ana.client._emit(Typed(GENERAL, nick))
            await ana.shows(f"╭─ {says} ─")
        assert [row for index, row in enumerate(ana.rows()) if index != border] == rows[:border] + rows[border + 1 :]
        for seq, (nick, says) in enumerate((("eva", two), ("mei", one)), 1):
            ana.client._emit(Said(seq, GENERAL, nick, "hola", 0.0, str(seq)))
            await ana.shows(f"╭─ {says} ─")
        ana.client._emit(Said(3, GENERAL, "luis", "hola", 0.0, "3"))
        await ana.shows("luis  hola", "╭────", without=one)


async def test_it_ends_by_itself(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each after its time."""
    monkeypatch.setattr(limits, "TYPING_SECONDS", 0.2)
    async with window(server.port) as ana:
        ana.client._emit(Typed(GENERAL, "luis"))
        await ana.shows(IS_TYPING)
        await ana.shows("╭────", without=IS_TYPING)


async def test_it_is_of_the_room_in_view(server: Server) -> None:
    """Elsewhere somebody may write: it is shown when one goes there."""
    async with window(server.port) as ana:
        await ana.type("/join #ops")
        await ana.shows("You are in #ops now.")
        ana.client._emit(Typed(GENERAL, "luis"))
        await ana.pilot.pause()
        assert IS_TYPING not in ana.text()
        await ana.press("alt+up")
        await ana.shows("luis is typing…")
        await ana.press("alt+down")
        await ana.shows("You are in #ops now.", without=IS_TYPING)


async def test_a_hostile_nick_is_harmless(server: Server) -> None:
    """It is data: no markup, no control character, no crash."""
    async with window(server.port) as ana:
        ana.client._emit(Typed(GENERAL, "[/]\x1b[2J\n"))
        assert "\x1b" not in await ana.shows("[/]␛[2J")
        ana.client._emit(Typed(GENERAL, "x" * 300))
        await ana.shows("[/]␛[2J")


async def test_unasked_nobody_is_told(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written is one's own until it is sent."""
    async with window(server.port) as ana:
        requests = sent(ana, monkeypatch)
        await ana.press("h", "o")
        assert not any(isinstance(request, Typing) for request in requests)


async def test_whoever_wants_it_is_seen_writing(server: Server) -> None:
    """By others in the room, on the screen that they have in front of them."""
    async with telling(server.port) as ana, window(server.port, "luis") as luis:
        await ana.press("h", "o")
        await luis.shows("ana is typing…")
        await ana.press("enter")
        await luis.shows("ana  ho", without=IS_TYPING)


async def test_once_in_a_while_and_of_no_command(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each message is told of as it is begun; a command is nobody's business, nor is a text that isn't there."""
    async with telling(server.port) as ana, person(server.port, "luis") as luis:
        await hears(luis, "Joined")
        requests = sent(ana, monkeypatch)
        await ana.press("slash", "w", "h", "o", "ctrl+u")
        await ana.until(lambda: ana.composer.text == "")
        await ana.pilot.pause()
        assert Typing(GENERAL) not in requests
        for count in (1, 2):
            await ana.press("h", "o", "l", "a")
            await ana.pilot.pause()
            assert requests.count(Typing(GENERAL)) == count
            await ana.press("enter")
            await ana.pilot.pause()


async def test_offline_one_writes_all_the_same() -> None:
    """Nobody is told, and nothing is said of that."""
    server = Server(Settings(port=0))
    await server.start()
    async with telling(server.port) as ana:
        await server.stop()
        await ana.shows("offline")
        await ana.press("h", "o")
        await ana.pilot.pause()
        assert ana.composer.text == "ho"
        assert "There is no connection" not in ana.text()


@pytest.mark.parametrize(("options", "is_told"), [([], False), (["--show-typing"], True)])
async def test_the_command_line_says_whether(
    monkeypatch: pytest.MonkeyPatch, options: list[str], is_told: bool
) -> None:
    """`chatapp join` tells nobody; with --show-typing it does."""
    asked: list[bool] = []

    async def run_chat(_: Client, _preferences: Path, given: Mapping[str, str]) -> tuple[int, str]:
        asked.append("typing" in given)
        return 0, ""

    monkeypatch.setattr("chatapp.tui.app.run_chat", run_chat)
    arguments = ["join", "--host", "127.0.0.1", "--nick", "ana", *options]
    await join_command._chat(parser_for(arguments).parse_args(arguments))
    assert asked == [is_told]
