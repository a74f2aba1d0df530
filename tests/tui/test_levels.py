"""What of a room one is told of: chosen by /notify, said once, and seen in the list and in the status."""

from pathlib import Path

import pytest

from chatapp.client.client import Client
from chatapp.client.keepsakes import Keepsakes
from chatapp.client.state import ChatState
from chatapp.protocol.events import Counted, Entered
from chatapp.server.server import Server
from chatapp.texts import use_language
from chatapp.tui.listing import elsewhere, listing
from chatapp.tui.rooms import Rooms
from tests.tui.screens import Window, hears, person, window, window_of

ROOMY = (120, 28)
SAYS = {
    "en": {
        "mentions": "You are told of mentions only in #ops.",
        "none": "You are told of nothing in #ops.",
        "all": "You are told of everything in #ops.",
    },
    "es": {
        "mentions": "En #ops se te avisa solo de las menciones.",
        "none": "En #ops no se te avisa de nada.",
        "all": "En #ops se te avisa de todo.",
    },
}


def ana_with_key(folder: Path, port: int) -> Client:
    """Return a client of somebody whose choices the server keeps."""
    return Client("127.0.0.1", port, "ana", keepsakes=Keepsakes(folder, "127.0.0.1", port))


def notices(ana: Window) -> list[str]:
    return [entry.text for entry in ana.timeline.entries if entry.text in SAYS["en"].values()]


@pytest.mark.parametrize("language", ["en", "es"])
async def test_the_answer_is_said(server: Server, tmp_path: Path, language: str) -> None:
    """Each choice, in both languages, also one that changes nothing."""
    use_language(language)
    async with window_of(ana_with_key(tmp_path, server.port), ROOMY) as ana:
        await ana.shows("● ana")
        await ana.type("/join #ops")
        await ana.until(lambda: ana.client.state.room == "#ops")
        for level, says in SAYS[language].items():
            await ana.type(f"/notify {level}")
            await ana.shows(says)
            assert ana.client.state.here.level == level
        await ana.type("/notify all")
        await ana.until(lambda: [entry.text for entry in ana.timeline.entries].count(SAYS[language]["all"]) == 2)


async def test_it_is_said_only_when_asked(server: Server, tmp_path: Path) -> None:
    """What the server counts as one reads says nothing of it."""
    async with window_of(ana_with_key(tmp_path, server.port), ROOMY) as ana, person(server.port, "luis") as luis:
        await ana.shows("People · 2")
        luis.type_line("hola")
        await ana.until(lambda: ana.client.state.here.read > 0)
        assert notices(ana) == []


async def test_its_effect_is_seen(server: Server, tmp_path: Path) -> None:
    """Of mentions only: what is said is counted dimly, a mention is bright; of nothing: no count at all."""
    async with window_of(ana_with_key(tmp_path, server.port), ROOMY) as ana, person(server.port, "luis") as luis:
        luis.type_line("/join #ops")
        await hears(luis, "Looked")
        await ana.type("/join #ops")
        await ana.shows("You are in #ops now.")
        await ana.type("/notify mentions")
        await ana.shows(SAYS["en"]["mentions"])
        await ana.press("alt+up")
        luis.type_line("hola")
        await ana.shows("#ops             1")
        assert bright(ana) == {"#ops": False, "1": False}
        luis.type_line("hola @ana")
        await ana.shows("#ops          @1 2")
        assert bright(ana) == {"#ops": True, "@1": True, "2": False}
        await ana.type("/join #ops")
        await ana.shows("hola @ana")
        await ana.type("/notify none")
        await ana.shows(SAYS["en"]["none"])
        await ana.press("alt+up")
        luis.type_line("@ana?")
        await ana.until(lambda: ana.client.state.rooms["#ops"].mentions == 1)
        await ana.pilot.pause()
        assert [row[:22].split() for row in ana.rows()[:3]] == [["Rooms", "·", "2"], ["●", "#general"], ["#ops"]]


def bright(ana: Window) -> dict[str, bool]:
    """Return of each word in the row of #ops whether it stands out."""
    strip = ana.app.chat.query_one(Rooms).render_line(2)
    return {
        segment.text.strip(): bool(segment.style and segment.style.bold) for segment in strip if segment.text.strip()
    }


def test_in_the_status_only_what_is_wanted_counts() -> None:
    """Where there is no list: of a room of which one wants mentions, only those."""
    state = ChatState(nick="ana")
    for room in ("#ops", "#dev", "#fun"):
        state.apply(Entered(room, ["ana"], 0))
    state.apply(Counted("#ops", 0, 0, 5, 1, "mentions"))
    state.apply(Counted("#dev", 0, 0, 3, 1, "none"))
    assert elsewhere(state) == "@1"
    state.apply(Counted("#fun", 0, 0, 2))
    assert elsewhere(state) == "+2 @1"
    assert [(each.level, each.news) for each in listing(state)] == [
        ("all", 0),
        ("mentions", 1),
        ("none", 0),
        ("all", 2),
    ]


async def test_a_wrong_level_is_explained(server: Server) -> None:
    """And nothing is asked for."""
    async with window(server.port, size=ROOMY) as ana:
        await ana.type("/notify some")
        await ana.shows("That command is written like this: /notify all|mentions|none")
