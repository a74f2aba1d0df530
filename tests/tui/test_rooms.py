"""Rooms on the screen: going from one to another, what is unread, and that each keeps its own."""

from pathlib import Path

import pytest
from textual.strip import Strip

from chatapp.client.client import Client
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from chatapp.texts import use_language
from chatapp.tui.rooms import Rooms
from chatapp.tui.screens.search_screen import SearchScreen
from chatapp.tui.timeline.timeline import Timeline
from tests.ports import free_port
from tests.tui.screens import Window, hears, person, window

ROOMY = (120, 28)


async def join(ana: Window, room: str) -> None:
    await ana.type(f"/join {room}")
    await ana.until(lambda: ana.client.state.room == room)
    await ana.shows(f"You are in {room} now.")


async def say(client: Client, room: str, *texts: str) -> None:
    """Let `client`, who joins `room` first, say all of `texts` there, and wait until they are said."""
    client.type_line(f"/join {room}")
    await hears(client, "Looked")
    for text in texts:
        client.type_line(text)
    while client.state.pending:
        await hears(client, "Said")


def said(ana: Window) -> list[str]:
    """Return what was said in the room in view."""
    return [entry.text for entry in ana.timeline.entries if entry.seq]


def listed(ana: Window) -> list[list[str]]:
    """Return the words of each row of the list of rooms, from its heading on."""
    rows = [row[:22].split() for row in ana.rows()]
    return rows[: rows.index([])]


async def test_one_joins_talks_and_goes_back(server: Server) -> None:
    """What is said in a room stands there alone; alt+up and alt+down go round."""
    async with window(server.port) as ana:
        await ana.type("in general")
        await ana.shows("ana  in general")
        await join(ana, "#ops")
        assert "in general" not in ana.text()
        await ana.type("in ops")
        await ana.shows("ana  in ops")
        assert said(ana) == ["in ops"]
        for key, here, elsewhere in (
            ("alt+up", "general", "ops"),
            ("alt+down", "ops", "general"),
            ("alt+down", "general", "ops"),
        ):
            await ana.press(key)
            screen = await ana.shows(f"ana  in {here}", without=f"in {elsewhere}")
            assert f"#{here}" in screen.splitlines()[-1]


async def test_keys_at_once_go_where_they_were_typed(server: Server) -> None:
    """Enter, the key to another room and the next line, all at once: each line is in its room."""
    async with window(server.port) as ana:
        await join(ana, "#ops")
        await ana.press_at_once("o", "enter", "alt+up", "g", "enter")
        await ana.shows("ana  g", without="ana  o")
        await ana.press("alt+down")
        await ana.shows("ana  o", without="ana  g")


async def test_what_is_typed_between_two_rooms_is_for_the_one_between(server: Server) -> None:
    """However close together the keys come: each letter waits in the room that one was in as it was typed."""
    async with window(server.port) as ana:
        await join(ana, "#one")
        await join(ana, "#two")
        await ana.press_at_once("2", "alt+up", "1", "alt+up", "g", "alt+up", "alt+1", "h", "alt+2")
        for room, text in (("#one", "1"), ("#two", "2"), ("#general", "gh")):
            await ana.until(lambda room=room: ana.client.state.room == room)  # type: ignore[misc]
            assert ana.composer.text == text
            await ana.press("alt+down")


async def test_rooms_are_listed_where_there_is_a_place(server: Server) -> None:
    """With one room there is no list; with more, on a wide screen, the one in view is marked, others count unread."""
    async with window(server.port, size=ROOMY) as ana, person(server.port, "luis") as luis:
        await ana.shows("luis joined", without="Rooms")
        await join(ana, "#ops")
        await ana.until(lambda: listed(ana) == [["Rooms", "·", "2"], ["#general"], ["●", "#ops"]])
        for text in ("one", "two"):
            luis.type_line(text)
        await ana.until(lambda: listed(ana) == [["Rooms", "·", "2"], ["#general", "2"], ["●", "#ops"]])
        await ana.press("alt+up")
        await ana.until(lambda: listed(ana) == [["Rooms", "·", "2"], ["●", "#general"], ["#ops"]])
        await ana.shows("luis  one", "two")


async def test_on_a_narrow_screen_the_status_counts(server: Server) -> None:
    """Without the list the status tells what is unread elsewhere; with it, not."""
    async with window(server.port, size=(80, 24)) as ana, person(server.port, "luis") as luis:
        await join(ana, "#ops")
        luis.type_line("hola")
        await ana.shows("#ops +1", without="Rooms")
        await ana.resize(*ROOMY)
        await ana.shows("Rooms", without="+1")
        await ana.resize(80, 24)
        await ana.shows("#ops +1", without="Rooms")
        await ana.press("alt+up")
        await ana.shows("luis  hola", without="+1")


async def test_a_click_goes_there(server: Server) -> None:
    """A room in the list is looked at by the mouse too; the heading and the empty rows below are no rooms."""
    async with window(server.port, size=ROOMY) as ana:
        await join(ana, "#ops")
        for row in (0, 9):
            await ana.pilot.click(Rooms, offset=(5, row))
            assert ana.client.state.room == "#ops"
        await ana.pilot.click(Rooms, offset=(5, 1))
        await ana.shows("● #general", without="You are in #ops")
        assert ana.composer.has_focus


async def test_leaving_a_room_forgets_it(server: Server) -> None:
    """/leave goes back to general; who comes again begins anew, with what was said meanwhile."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await join(ana, "#ops")
        await say(luis, "#ops", "before")
        await ana.shows("luis  before")
        await ana.type("/leave")
        await ana.shows("You are in #general as ana", without="before")
        assert len(ana.app.chat.query(Timeline)) == 1
        await say(luis, "#ops", "meanwhile")
        await join(ana, "#ops")
        await ana.shows("before", "meanwhile", "nothing older")
        assert said(ana) == ["before", "meanwhile"]


async def test_general_is_not_left(server: Server) -> None:
    """The refusal says what to do instead."""
    async with window(server.port) as ana:
        await ana.type("/leave")
        await ana.shows("Everyone is in #general. To leave the chat: /quit")


async def test_joining_again_only_goes_there(server: Server) -> None:
    """/join for a room that one is in shows it, and says nothing more in it."""
    async with window(server.port) as ana:
        await join(ana, "#ops")
        await ana.press("alt+up")
        await ana.shows("You are in #general as ana")
        await ana.type("/join #OPS")
        await ana.shows("You are in #ops now.", without="#general as")
        assert sum("You are in #ops" in entry.text for entry in ana.timeline.entries) == 1


@pytest.mark.parametrize(
    ("language", "start", "rooms"),
    [("en", "There are these rooms:", "Rooms"), ("es", "Hay estas salas:", "Salas")],
)
async def test_the_rooms_and_their_people(server: Server, language: str, start: str, rooms: str) -> None:
    """/rooms lists each on a line of its own with how many are in it, in both languages."""
    use_language(language)
    async with window(server.port, size=ROOMY) as ana, person(server.port, "luis"):
        await ana.type("/join #ops")
        await ana.shows(f" {rooms} ")
        await ana.type("/rooms")
        await ana.until(lambda: ana.timeline.entries[-1].text.startswith(start))
        first, *others = ana.timeline.entries[-1].text.split("\n")
        assert first == start
        assert sorted(others) == ["#general (2)", "#ops (1)"]


async def test_each_room_has_its_people(server: Server) -> None:
    """The sidebar shows who is in the room in view, and comings and goings stand where they happen."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await ana.shows("People · 2")
        await join(ana, "#ops")
        await ana.shows("People · 1")
        await say(luis, "#ops", "hola")
        await ana.shows("People · 2", "luis joined")
        luis.type_line("/leave")
        await ana.shows("People · 1", "luis left")
        await ana.press("alt+up")
        await ana.shows("People · 2", without="luis left")


async def test_a_rename_is_told_in_every_room_they_share(server: Server) -> None:
    """Both in general and in the room."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await join(ana, "#ops")
        await say(luis, "#ops", "hola")
        luis.type_line("/nick leo")
        await ana.shows("luis is now leo")
        await ana.press("alt+up")
        await ana.shows("luis is now leo", "You are in #general")


async def test_each_room_keeps_its_place(server: Server) -> None:
    """Scrolled up in one room, one finds the same rows after having been in another, and what is new is counted."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await say(luis, "#ops", *(f"number {number}" for number in range(90)))
        await join(ana, "#ops")
        await ana.shows("number 89")
        await ana.press("pageup", "pageup")
        await ana.shows("number 40", without="number 89")
        before = [row[:70] for row in ana.rows()[:18]]
        await ana.press("alt+up")
        await ana.shows("You are in #general")
        luis.type_line("newest")
        await ana.shows("#ops             1")
        await ana.press("alt+down")
        await ana.shows("↓ 1 new line", without="newest")
        assert [row[:70] for row in ana.rows()[:18]] == before
        await ana.press("alt+up")
        await ana.shows("You are in #general", without="↓")
        await ana.press("alt+down", "ctrl+end")
        await ana.shows("newest", without="↓")


async def test_a_room_resized_while_out_of_view_fits(server: Server) -> None:
    """What was wrapped for another width is wrapped anew, and the newest is in view."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await join(ana, "#ops")
        await say(luis, "#ops", *("word " * 30 + f"end{number}" for number in range(20)))
        await ana.shows("end19")
        await ana.press("alt+up")
        await ana.shows("You are in #general")
        await ana.resize(50, 20)
        luis.type_line("newest")
        await ana.shows("+1")
        await ana.press("alt+down")
        await ana.shows("newest", "end19")


async def test_history_is_the_rooms_own(server: Server) -> None:
    """/history and the way up load what is older in the room in view, up to its first message."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        lines = [f"number {number}" for number in range(250)]
        await say(luis, "#ops", *lines)
        await join(ana, "#ops")
        await ana.shows("number 249")
        await ana.type("/history")
        await ana.until(lambda: len(said(ana)) == 200)
        await ana.press("ctrl+home")
        await ana.until(lambda: said(ana) == lines)
        await ana.press("ctrl+home")
        await ana.shows("nothing older", "number 0")
        await ana.press("alt+up")
        await ana.shows("You are in #general")
        assert said(ana) == []


async def test_what_is_found_opens_in_its_room(server: Server) -> None:
    """The search asks in the room in view, and shows what is found there even if another came into view meanwhile."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await say(luis, "#ops", "tangerine", *(f"number {number}" for number in range(150)))
        await ana.type("a tangerine in general")
        await join(ana, "#ops")
        await ana.shows("number 149")
        await ana.press("ctrl+f")
        await ana.until(lambda: isinstance(ana.app.screen, SearchScreen))
        await ana.paste("tangerine")
        await ana.shows("1 message", "luis tangerine")
        ana.client.look_at("#general")
        await ana.press("enter")
        await ana.shows("luis  tangerine", "number 3", without="1 message")
        assert ana.client.state.room == "#ops"


async def test_what_waits_is_shown_in_its_room(tmp_path: Path) -> None:
    """Typed with no connection, a line waits below the timeline of its room; a reconnect brings the rooms back."""
    port = free_port()
    server = Server(Settings(port=port, data=tmp_path))
    await server.start()
    async with window(port) as ana:
        await join(ana, "#ops")
        await ana.type("before")
        await ana.shows("ana  before")
        await server.stop()
        await ana.shows("offline")
        await ana.type("waits in ops")
        await ana.shows("⧗ waits in ops")
        await ana.press("alt+up")
        await ana.shows("1 message unsent", without="⧗")
        server = Server(Settings(port=port, data=tmp_path))
        await server.start()
        await ana.press("left")
        await ana.shows("connected", without="unsent")
        await ana.press("alt+down")
        await ana.shows("before", "waits in ops", "People · 1", without="⧗")
        assert said(ana) == ["before", "waits in ops"]
    await server.stop()


async def test_a_hundred_rooms_stay_in_reach(server: Server) -> None:
    """In a list longer than the screen the room in view is in view there too."""
    async with window(server.port, size=(120, 12)) as ana:
        for number in range(30):
            ana.client.type_line(f"/join #room{number}")
        await ana.until(lambda: len(ana.client.state.rooms) == 31)
        await ana.shows("● #room29")
        await ana.press("alt+down")
        await ana.shows("● #general")


async def test_a_long_name_is_cut(server: Server) -> None:
    """A name wider than the list ends in an ellipsis, and the count stays in view."""
    async with window(server.port, size=ROOMY) as ana, person(server.port, "luis") as luis:
        await join(ana, "#日本語日本語日本語日本語日本語")
        await say(luis, "#日本語日本語日本語日本語日本語", "hola")
        await ana.shows("luis  hola")
        await ana.press("alt+up")
        luis.type_line("hola otra vez")
        await ana.shows("日… 1 ")


async def test_only_rows_that_changed_are_drawn_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message where one looks draws none of the list, and one in another room that room's row alone."""
    drawn: list[int] = []
    render_line = Rooms.render_line

    def spy(rooms: Rooms, y: int) -> Strip:
        drawn.append(y)
        return render_line(rooms, y)

    async with window(server.port, size=ROOMY) as ana, person(server.port, "luis") as luis:
        for room in ("#dev", "#ops"):
            await join(ana, room)
        await say(luis, "#ops", "in view")
        await ana.shows("luis  in view")
        monkeypatch.setattr(Rooms, "render_line", spy)
        luis.type_line("here")
        await ana.until(lambda: "here" in said(ana))
        await ana.pilot.pause()
        assert drawn == []
        await say(luis, "#dev", "elsewhere")
        await ana.until(lambda: bool(drawn))
        await ana.pilot.pause()
        assert set(drawn) == {2}
