"""What is printed of what happens in the rooms, to two people who both chat line by line."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatapp.server.server import Server
from tests.plain_ui.windows import Window, piped

READY = "/help lists the commands, /quit leaves."


@pytest.fixture
async def ana(server: Server, tmp_path: Path) -> AsyncIterator[Window]:
    async with piped("--nick", "ana", "--port", str(server.port), data=tmp_path / "ana") as window:
        await window.shows(READY)
        yield window


@pytest.fixture
async def luis(server: Server, ana: Window, tmp_path: Path) -> AsyncIterator[Window]:
    async with piped("--nick", "luis", "--port", str(server.port), data=tmp_path / "luis") as window:
        await window.shows(READY)
        await ana.shows("luis joined")
        yield window


async def test_what_is_done_to_messages_is_told_in_words(ana: Window, luis: Window) -> None:
    """Mentions, answers, reactions, edits and deletions are one line each that says what happened to what."""
    ana.type("hola @luis")
    assert await luis.shows("Mention, ana: hola @luis")
    luis.type("/reply qué tal", "/react thumbs_up", "/react -thumbs_up", "/edit qué pasa", "/delete")
    lines = await ana.shows("luis deleted a message.")
    assert lines == [
        "ana: hola @luis",
        "luis, in answer to you: qué tal",
        "luis reacts with thumbs up to luis: qué tal",
        "luis no longer reacts with thumbs up to luis: qué tal",
        "luis now says: qué pasa",
        "luis deleted a message.",
    ]
    ana.type("/history")
    assert await ana.shows("luis: message deleted") == ["ana: hola @luis", "luis: message deleted"]


async def test_the_room_stands_in_front_when_one_is_in_several(ana: Window, luis: Window) -> None:
    """In one room lines begin with the speaker; in several with the room, wherever one looks."""
    ana.type("uno", "/join #ops")
    await ana.shows("ana: uno", "You are in #ops now.", "Here are: ana")
    luis.type("dos")
    await ana.shows("#general luis: dos")
    luis.type("/join #ops", "tres")
    await ana.shows("#ops luis joined", "#ops luis: tres")


async def test_a_conversation_says_whom_it_is_with(ana: Window, luis: Window) -> None:
    """What is said to one person alone says so, to both, and how to get there and back."""
    luis.type("/search nothing")
    await luis.shows("Nothing was found.")  # so what is read after the welcome was told
    ana.type("/msg luis psst")
    await ana.shows("Only you and luis read what is said here.", "ana, to luis alone: psst")
    await luis.shows("There is a conversation with ana now. To go there: /msg ana", "ana, to you alone: psst")
    luis.type("/msg ana", "qué", "/join #general")
    await luis.shows("Only you and ana read what is said here.", "luis, to ana alone: qué", "You are in #general now.")
    await ana.shows("luis, to you alone: qué")


async def test_a_private_room_is_gone_to_by_its_title(ana: Window, luis: Window) -> None:
    """Who is brought into a private room is told how to go there; /join with its title does that."""
    ana.type("/private plan", "/invite luis")
    await ana.shows("You are in #plan now.", "#plan luis joined")
    await luis.shows("You are in #plan too. To go there: /join #plan")
    luis.type("/join #plan", "aquí")
    await luis.shows("You are in #plan now.", "#plan luis: aquí")
    await ana.shows("#plan luis: aquí")


async def test_who_is_taken_out_is_where_they_were_before(ana: Window, luis: Window) -> None:
    """They are told that they are out, and where they are now."""
    luis.type("/join #ops")
    await luis.shows("You are in #ops now.")
    ana.type("/private plan", "/invite luis")
    await luis.shows("You are in #plan too. To go there: /join #plan")
    luis.type("/join #plan")
    await luis.shows("You are in #plan now.")
    ana.type("/remove luis")
    await luis.shows("ana took you out of #plan.", "You are in #ops now.")


async def test_what_was_unread_is_told_on_coming_back(
    server: Server, luis: Window, ana: Window, tmp_path: Path
) -> None:
    """Who comes back hears what was said meanwhile where they look, and how much is unread elsewhere."""
    ana.type("hola", "/join #ops", "/quit")
    assert (await ana.end())[0] == 0
    luis.type("uno", "dos", "/join #ops", "tres")
    await luis.shows("#ops luis: tres")
    async with piped("--nick", "ana", "--port", str(server.port), data=tmp_path / "ana") as again:
        lines = await again.shows("#general luis: dos")
        again.type("/join #ops")
        told = await again.shows("#ops luis: tres")
    assert lines[3:] == [
        "You are also in: #ops (1 unread). To go there: /join or /msg with the name.",
        "2 unread messages:",
        "#general luis: uno",
        "#general luis: dos",
    ]
    assert told == ["You are in #ops now.", "Here are: ana, luis", "1 unread message:", "#ops luis: tres"]


async def test_what_one_does_not_want_to_be_told_of_is_kept_for_later(ana: Window, luis: Window) -> None:
    """Of a room that is muted only mentions are printed elsewhere, as chosen; going there tells the rest."""
    ana.type("/join #ops", "/notify mentions", "/join #general")
    await ana.shows("You are told of mentions only in #ops.", "You are in #general now.")
    luis.type("/join #ops", "uno", "@ana dos", "/join #general", "tres")
    assert (await ana.shows("#general luis: tres"))[1:] == ["#ops Mention, luis: @ana dos", "#general luis: tres"]
    ana.type("/join #ops")
    assert (await ana.shows("#ops luis: uno"))[-2:] == ["1 unread message:", "#ops luis: uno"]


async def test_history_goes_further_back_each_time(ana: Window) -> None:
    """/history lists the last 20, again the 20 before, and says when there is nothing older; a line begins anew."""
    ana.type(*(str(number) for number in range(1, 131)), "/history")
    await ana.shows("ana: 130")
    lines = await ana.shows("There are older ones: /history again.")
    assert lines[:-1] == [f"ana: {number}" for number in range(111, 131)]
    ana.type(*["/history"] * 7)
    lines = await ana.shows("There are no older messages.")
    assert [line for line in lines if line.startswith("ana: ")][-10:] == [f"ana: {number}" for number in range(1, 11)]
    ana.type("otra", "/history")
    assert (await ana.shows("There are older ones: /history again."))[-2] == "ana: otra"


async def test_away_and_back_are_told(ana: Window, luis: Window) -> None:
    """Who is away is told with the reason, and who is back; who only was idle isn't."""
    luis.type("/away lunch", "/back")
    await ana.shows("luis is away: lunch", "luis is back")
