"""Who comes and who leaves, one after another, is told in one line."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.protocol.events import Joined, Left
from chatapp.server.server import Server
from chatapp.texts import use_language
from chatapp.tui.timeline.comings import Comings
from chatapp.tui.timeline.entries import Kind
from tests.tui.screens import Window, person, say_all, window

NOON = time.mktime((2026, 3, 1, 12, 0, 0, 0, 0, -1))


def told(*steps: str, at: float = NOON) -> tuple[Kind, str]:
    """Return the line after ``+nick`` and ``-nick`` in their order."""
    comings = Comings()
    for step in steps:
        entry, _ = comings.follow(event(step, at))
    return entry.kind, entry.text


def event(step: str, at: float = NOON) -> Joined | Left:
    return (Joined if step[0] == "+" else Left)("#general", step[1:], at)


@pytest.mark.parametrize(
    ("steps", "kind", "text"),
    [
        (["+ana"], Kind.JOINED, "ana joined"),
        (["-ana"], Kind.LEFT, "ana left"),
        (["+ana", "+luis", "-eva"], Kind.JOINED, "ana, luis joined · ← eva left"),
        (["-eva", "+eva"], Kind.JOINED, "eva joined"),
        (["+eva", "+ana", "-EVA"], Kind.JOINED, "ana joined · ← EVA left"),
        ([f"+p{number}" for number in range(17)], Kind.JOINED, "p0, p1, p2, p3, p4 and 12 more joined"),
        ([f"-p{number}" for number in range(6)], Kind.LEFT, "p0, p1, p2, p3, p4 and 1 more left"),
    ],
)
def test_one_line(steps: list[str], kind: Kind, text: str) -> None:
    """Each person stands in it once, by what they did last; of many, some are named."""
    assert told(*steps) == (kind, text)


def test_in_spanish() -> None:
    """Every one of its forms."""
    use_language("es")
    crowd = [f"{sign}{sign}{number}" for sign in "+-" for number in range(7)]
    assert told("+ana", "-luis")[1] == "ana ha entrado · ← luis ha salido"
    assert told("+ana", "+eva", "-luis", "-mei")[1] == "ana, eva han entrado · ← luis, mei han salido"
    text = told(*crowd)[1]
    assert "+4 y 2 más han entrado" in text
    assert "-4 y 2 más han salido" in text


def test_another_day_has_a_line_of_its_own() -> None:
    """As has what comes after anything else."""
    comings = Comings()
    assert comings.follow(event("+ana"))[1] is False
    assert comings.follow(event("+eva", NOON + 60))[1] is True
    entry, goes_on = comings.follow(event("+luis", NOON + 86_400))
    assert (entry.text, goes_on) == ("luis joined", False)
    comings.end()
    assert comings.follow(event("-eva", NOON + 86_400))[1] is False


@given(st.lists(st.tuples(st.sampled_from("+-"), st.sampled_from("abc\u202e\x1b")).map("".join), min_size=1))
def test_any_nicks(steps: list[str]) -> None:
    """Nobody is told of twice, and no control character is in the line."""
    kind, text = told(*steps)
    names = [name for part in text.split(" · ") for name in part.removeprefix("← ").rpartition(" ")[0].split(", ")]
    assert len(names) == len(set(names)) == len({step[1] for step in steps})
    assert text.isprintable()
    assert kind in (Kind.JOINED, Kind.LEFT)


async def test_the_line_changes_as_more_come(server: Server) -> None:
    """It is one row, and where one reads nothing moves; after a message there is another."""
    async with window(server.port) as ana:
        async with person(server.port, "luis"), person(server.port, "eva"):
            await ana.shows("→  ana, luis, eva joined")
        await ana.until(lambda: comings(ana) in (["ana joined · ← luis, eva left"], ["ana joined · ← eva, luis left"]))
        await say_all(server.port, "mei", ["hola"])
        await ana.shows("mei joined", "hola", "mei left")
        assert len(comings(ana)) == 2
        assert comings(ana)[1] == "mei left"


async def test_below_what_one_reads_it_counts_once(server: Server) -> None:
    """Scrolled up, a crowd that comes and goes is one new line."""
    async with window(server.port) as ana:
        await say_all(server.port, "luis", [f"number {number}" for number in range(60)])
        await ana.until(lambda: "luis left" in ana.text())
        await ana.type("own")
        await ana.shows("own")
        await ana.press("pageup")
        for nick in ("mei", "eva", "zoe"):
            async with person(server.port, nick):
                pass
        await ana.until(lambda: comings(ana)[-1] == "mei, eva, zoe left")
        await ana.shows("↓ 1 new line")


def comings(ana: Window) -> list[str]:
    return [entry.text for entry in ana.timeline.entries if entry.kind in (Kind.JOINED, Kind.LEFT)]
