"""The list of rooms and conversations, what counts as unread there, and when it is read."""

import pytest
from textual.events import AppBlur, AppFocus

from chatapp.client.state import ChatState
from chatapp.protocol.events import Counted, Entered, Said
from chatapp.protocol.requests import Level
from chatapp.server.server import Server
from chatapp.texts import use_language
from chatapp.tui.listing import count_text, elsewhere, listing
from chatapp.tui.rooms import Rooms
from tests.tui.screens import Window, person, window

ROOMY = (120, 28)


def entered(room: str, title: str = "", topic: str = "") -> Entered:
    return Entered(room, ["ana", "luis"], 0, title=title, topic=topic)


def counted(room: str, unread: int, mentions: int = 0, level: Level = "all") -> Counted:
    return Counted(room, 0, 0, unread, mentions, level)


FED = (entered("@:1", "luis"), entered("#:2", "plan"), entered("#ops", topic="what runs"), entered("@:3", "mei"))


def feed(ana: Window) -> None:
    """Let `ana` be in two rooms and two conversations more."""
    for event in FED:
        ana.client._emit(event)


def listed(ana: Window) -> list[list[str]]:
    """Return the words of each row of the list, from its heading to the last that isn't empty."""
    return [words for row in ana.rows()[:16] if (words := row[:22].split())]


def test_rooms_come_before_conversations() -> None:
    """Each in the order in which one came there."""
    state = ChatState(nick="ana")
    for event in FED:
        state.apply(event)
    assert [each.title for each in listing(state)] == ["#general", "#plan", "#ops", "@luis", "@mei"]


def test_what_is_elsewhere() -> None:
    """All that is unread but in the room in view, and not what is muted."""
    state = ChatState(nick="ana")
    for event in (
        *FED,
        counted("#general", 7, 7),
        counted("#ops", 5, 2),
        counted("@:1", 1),
        counted("@:3", 9, 9, "none"),
    ):
        state.apply(event)
    assert elsewhere(state) == "+6 @2"
    assert elsewhere(ChatState()) == ""


def test_more_than_is_counted() -> None:
    """At the limit nobody knows how many there are."""
    assert [count_text(count) for count in (999, 1000)] == ["999", "1000+"]


@pytest.mark.parametrize(
    ("language", "rooms", "conversations"), [("en", "Rooms", "Conversations"), ("es", "Salas", "Conversaciones")]
)
async def test_there_are_two_sections(server: Server, language: str, rooms: str, conversations: str) -> None:
    """Under their headings, by the names that people use, with counts: of mentions, and of what is unread."""
    use_language(language)
    async with window(server.port, size=ROOMY) as ana:
        feed(ana)
        for event in (counted("#ops", 12, 2), counted("@:1", 3, 3), counted("#:2", 5, 1, "none")):
            ana.client._emit(event)
        expected = [[rooms, "·", "3"], ["●", "#general"], ["#plan"], ["#ops", "@2", "12"]]
        expected += [[conversations, "·", "2"], ["@luis", "@3", "3"], ["@mei"]]
        await ana.until(lambda: listed(ana) == expected)


async def test_a_mention_stands_out_and_what_is_muted_does_not(server: Server) -> None:
    """The count of mentions has a background of its own; a muted room is dim."""
    async with window(server.port, size=ROOMY) as ana:
        feed(ana)
        ana.client._emit(counted("#ops", 12, 2))
        ana.client._emit(counted("#:2", 5, 1, "none"))
        await ana.shows("@2 12")
        rooms = ana.app.chat.query_one(Rooms)
        styles = {segment.text.strip(): segment.style for y in range(4) for segment in rooms.render_line(y)}
        mention, plain, muted = styles["@2"], styles["#general"], styles["#plan"]
        assert mention is not None
        assert plain is not None
        assert muted is not None
        assert mention.bgcolor != plain.bgcolor
        assert (muted.dim, bool(plain.dim)) == (True, False)


async def test_the_keys_go_round_as_it_is_listed(server: Server) -> None:
    """alt+down goes through the rooms, then the conversations, then to the first; the status names each."""
    async with window(server.port, size=ROOMY) as ana:
        feed(ana)
        await ana.shows("Conversations")
        for title in ("#plan", "#ops", "@luis", "@mei", "#general"):
            await ana.press("alt+down")
            await ana.until(lambda title=title: f"│  {title}  │" in ana.rows()[-1])  # type: ignore[misc]
        await ana.press("alt+up")
        await ana.shows("│  @mei  │")


async def test_headings_are_no_rooms(server: Server) -> None:
    """A click goes where a room or a conversation stands, and nowhere else."""
    async with window(server.port, size=ROOMY) as ana:
        feed(ana)
        await ana.shows("Conversations")
        for row, room in ((0, "#general"), (3, "#ops"), (4, "#ops"), (5, "#ops"), (6, "@:1"), (9, "@:1")):
            await ana.pilot.click(Rooms, offset=(5, row))
            await ana.pilot.pause()
            assert ana.client.state.room == room


async def test_a_hostile_title_is_harmless(server: Server) -> None:
    """Titles and topics are data, in the list, the status and the timeline."""
    async with window(server.port, size=ROOMY) as ana:
        ana.client._emit(entered("#:1", "[red]\x1b[2J", topic="[/]\x1b]0;t\x07\nx"))
        ana.client.look_at("#:1")
        screen = await ana.shows("● #[red]␛[2J", "│  #[red]␛[2J", "Topic: [/]␛]0;t␇ ↵ x")
        assert not {"\x1b", "\x07"} & set(screen)


def watched(ana: Window, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list that each room goes to that is read from here on."""
    read: list[str] = []
    monkeypatch.setattr(ana.client, "mark_read", read.append)
    return read


async def test_what_is_in_view_is_read(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it comes in the room in view, and when one goes to another."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await ana.shows("luis joined")
        feed(ana)
        read = watched(ana, monkeypatch)
        luis.type_line("hola")
        await ana.until(lambda: "#general" in read)
        ana.client._emit(Said(90, "#ops", "luis", "hola", 0.0, "1"))
        await ana.shows("#ops             1")
        assert "#ops" not in read
        ana.client.look_at("#ops")
        await ana.until(lambda: "#ops" in read)


async def test_what_is_below_the_view_is_not_read(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scrolled up nothing is read; at the end, all is."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        for number in range(60):
            luis.type_line(f"number {number}.")
        await ana.shows("number 59.")
        await ana.press("pageup")
        await ana.pilot.pause()
        read = watched(ana, monkeypatch)
        luis.type_line("newest")
        await ana.shows("↓ 1 new line")
        await ana.pilot.pause()
        assert read == []
        await ana.press("ctrl+end")
        await ana.until(lambda: bool(read))


async def test_who_looks_elsewhere_reads_nothing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the terminal has no focus, or something stands before the timeline; back there, all is read."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await ana.shows("luis joined")
        for away, back in ((AppBlur(), AppFocus()), ("f1", "escape")):
            await act(ana, away)
            read = watched(ana, monkeypatch)
            luis.type_line("hola")
            await ana.until(lambda: ana.timeline.entries[-1].text == "hola")
            await ana.pilot.pause()
            assert read == []
            await act(ana, back)
            await ana.until(lambda read=read: bool(read))  # type: ignore[misc]
            luis.type_line("adiós")
            await ana.shows("adiós")


async def act(ana: Window, what: str | AppBlur | AppFocus) -> None:
    if isinstance(what, str):
        await ana.press(what)
    else:
        ana.app.post_message(what)
    await ana.pilot.pause()


async def test_a_burst_is_read_at_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred messages at once are not a hundred times read."""
    async with window(server.port) as ana:
        await ana.shows("ana joined")
        read = watched(ana, monkeypatch)
        for seq in range(1, 101):
            ana.app.chat.show(Said(seq, "#general", "luis", f"number {seq}", 0.0, str(seq)))
        await ana.until(lambda: bool(read))
        assert len(read) < 10


async def test_the_room_in_view_is_in_the_list(server: Server) -> None:
    """Where there are more rooms than rows nothing moves as long as it is there; when it isn't, it is in the middle."""
    names = ["#general", *(f"#room{number}" for number in range(20))]
    async with window(server.port, size=(120, 14)) as ana:
        for name in names[1:]:
            ana.client._emit(Entered(name, ["ana"], 0))
        await ana.shows("Rooms · 21")
        tops = list[int]()
        for name in [*names[1:], names[0]]:
            await ana.press("alt+down")
            await ana.until(lambda name=name: ["●", name] in listed(ana))  # type: ignore[misc]
            tops.append(ana.app.chat.query_one(Rooms).scroll_offset.y)
        assert tops == [0] * 8 + [5] * 5 + [10] * 5 + [12] * 2 + [0]


async def test_both_sides_fold_away(server: Server) -> None:
    """A key gives their place to the messages, and takes it back; with no list of rooms, the status counts for it."""
    async with window(server.port, size=ROOMY) as ana:
        feed(ana)
        await ana.shows("Rooms", "People")
        ana.client._emit(counted("#ops", 3))
        await ana.press("f2", "f3")
        await ana.shows("+3", without="People")
        assert "Rooms" not in ana.text()
        await ana.press("f2")
        await ana.shows("Rooms", without="People")
        await ana.press("f3")
        await ana.shows("Rooms", "People")


async def test_a_room_is_gone_to_by_its_place(server: Server) -> None:
    """alt+1 is the first of the list, and so on; letters that follow closely are written there."""
    async with window(server.port) as ana:
        for room in ("#ops", "#tests"):
            await ana.type(f"/join {room}")
            await ana.shows(f"You are in {room} now.")
        await ana.press_at_once("alt+1", "h", "i")
        await ana.until(lambda: (ana.client.state.room, ana.composer.text) == ("#general", "hi"))
        await ana.press_at_once("alt+2", "x")
        await ana.until(lambda: (ana.client.state.room, ana.composer.text) == ("#ops", "x"))
        await ana.press("alt+9", "y")
        await ana.until(lambda: (ana.client.state.room, ana.composer.text) == ("#ops", "xy"))
