"""Who is here, and how: in which order they are listed, how that is marked, and when it is drawn anew."""

import pytest

from chatapp.client.client import Client
from chatapp.client.state import ChatState
from chatapp.protocol.events import Became, Entered, Event, Joined, Left, Renamed, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.server.server import Server
from chatapp.tui.people import people
from chatapp.tui.sidebar import Sidebar
from tests.tui.screens import Window, person, window, window_of

WELCOMED = Welcomed(
    "mei", GENERAL, ["mei", "luis", "Ana", "eva"], "log", 0, 1, presence={"Ana": "away", "mei": "idle", "eva": "new"}
)
WITH_LUIS = Entered("@:1", ["mei", "luis"], 0, title="luis", presence={"luis": "away"})


def folded(*events: Event, room: str = GENERAL) -> ChatState:
    state = ChatState()
    for event in (WELCOMED, *events):
        state.apply(event)
    state.room = room
    return state


def listed(ana: Window) -> list[list[str]]:
    """Return the words of each row of the sidebar, as far as there are any."""
    return [words for row in ana.rows()[:20] if (words := row[-22:].split())]


def test_who_is_active_stands_first() -> None:
    """Then who is idle, then who is away, each in alphabetical order; what isn't known is no absence."""
    assert [(each.nick, each.state) for each in people(folded())] == [
        ("eva", "active"),
        ("luis", "active"),
        ("mei", "idle"),
        ("Ana", "away"),
    ]
    state = folded(Became("luis", "away"), Became("MEI", "active"), Renamed("eva", "zoe", 0.0), Became("ANA", "idle"))
    assert [each.nick for each in people(state)] == ["mei", "zoe", "Ana", "luis"]
    assert [each.nick for each in people(state) if each.is_own] == ["mei"]


def test_a_conversation_has_two() -> None:
    """The other one is listed also while they aren't there; without a connection nobody knows."""
    state = folded(WITH_LUIS, room="@:1")
    assert [(each.nick, each.state) for each in people(state)] == [("mei", "active"), ("luis", "away")]
    state = folded(WITH_LUIS, Left("@:1", "luis", 0.0), room="@:1")
    assert [(each.nick, each.state) for each in people(state)] == [("mei", "active"), ("luis", "gone")]
    state.here.set_members([])
    assert people(state) == []


async def test_each_state_has_a_mark(server: Server) -> None:
    """Which needs no colour; who isn't active is dim, too."""
    async with window(server.port) as ana, person(server.port, "luis"), person(server.port, "mei"):
        await ana.shows("People · 3")
        for event in (Became("luis", "idle"), Became("ana", "away")):
            ana.client._emit(event)
        await ana.until(lambda: listed(ana)[:4] == [["People", "·", "3"], ["mei"], ["◐", "luis"], ["○", "ana"]])
        await ana.shows("│  ana (away)")
        sidebar = ana.app.chat.query_one(Sidebar)
        styles = {segment.text.strip(): segment.style for y in range(4) for segment in sidebar.render_line(y)}
        assert [(style := styles[nick]) and bool(style.dim) for nick in ("mei", "luis", "ana")] == [False, True, True]
        ana.client._emit(Became("ana", "active"))
        await ana.until(lambda: listed(ana)[:4] == [["People", "·", "3"], ["●", "ana"], ["mei"], ["◐", "luis"]])


async def test_what_others_do_is_seen(server: Server) -> None:
    """Away and back, by typed lines; it is said nowhere else."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await ana.shows("luis joined")
        before = list(ana.timeline.entries)
        luis.type_line("/away lunch")
        await ana.shows("○ luis")
        await ana.type("/whois luis")
        await ana.shows("luis · away: lunch")
        luis.type_line("/back")
        await ana.shows("People · 2", without="○ luis")
        assert list(ana.timeline.entries)[: len(before)] == before
        assert len(ana.timeline.entries) == len(before) + 1


async def test_it_is_drawn_anew_only_when_it_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for what is said, nor for somebody elsewhere, nor for what is so already."""
    async with window_of(Client("127.0.0.1", 1, "mei")) as mei:
        sidebar, drawn = mei.app.chat.query_one(Sidebar), list[str]()
        monkeypatch.setattr(sidebar, "refresh", lambda *_, **__: drawn.append(""))
        state = folded()
        sidebar.follow(WELCOMED, state)
        assert drawn
        drawn.clear()
        for event in (
            Said(1, GENERAL, "luis", "hola", 0.0, "1"),
            Became("nobody", "away"),
            Became("Ana", "away"),
            Joined(GENERAL, "luis", 0.0),
        ):
            state.apply(event)
            sidebar.follow(event, state)
        assert drawn == []
        state.apply(Became("Ana", "active"))
        sidebar.follow(Became("Ana", "active"), state)
        assert drawn


async def test_a_hostile_nick_is_harmless(server: Server) -> None:
    """It is shown as it is, in any state."""
    async with window(server.port) as ana:
        ana.client._emit(Joined(GENERAL, "[red]\x1b[2J", 0.0))
        ana.client._emit(Became("[red]\x1b[2J", "away"))
        assert "\x1b" not in await ana.shows("○ [red]␛[2J")
