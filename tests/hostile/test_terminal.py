"""In a real terminal: nothing that a peer says gets out as anything but text, and nothing happens because of it."""

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte
import pytest

from chatapp.protocol.events import (
    Described,
    Edited,
    Event,
    HistoryPage,
    Joined,
    Left,
    Members,
    Renamed,
    Said,
    Welcomed,
)
from chatapp.protocol.requests import History
from tests.dangers import dangers_in
from tests.hostile.attacks import TAG, attack
from tests.hostile.grammar import Intruder, Reader
from tests.hostile.scenes import SCENES, flood
from tests.hostile.server import lying
from tests.hostile.stage import Stage, stage
from tests.hostile.storm import Storm
from tests.hostile.terminal import terminal

DEFAULT_GUSTS = 15
CAMPAIGN_STRINGS = 1_000_000
CAMPAIGN_TURNS = 1_000
CAMPAIGN_SECONDS = 90 * 60
_FLOODS_BETWEEN = 60
"""So many frames full of messages, and then each of the other places again."""


@pytest.mark.parametrize("written", [attack(number) for number in range(1, 40)])
def test_an_attack_is_seen(written: str) -> None:
    """What is written as it came is found to be nobody's but a peer's: the other tests can fail."""
    reader = Reader()
    if dangers_in(written):
        with pytest.raises(Intruder):
            list(reader.feed(written.encode() + b"\x1b", is_all=True))


async def test_every_place_shows_it_as_text(tmp_path: Path) -> None:
    """In each place the terminal is sent text and what the app itself means, and the app goes on as it did.

    What pyte, which is strict, makes of the messages among it has no control in it either. Events in any order and with
    any values, between keys, change nothing: only the app's own gets out, and it leaves when it is told to.
    """
    screen = pyte.Screen(140, 40)
    async with stage(tmp_path, columns=140, rows=40) as opened:
        opened.watch = pyte.ByteStream(screen).feed
        await SCENES[0](opened)
        opened.look()
        opened.watch = len
        assert not dangers_in("".join(screen.display))
        for scene in SCENES[1:]:
            await scene(opened)
            opened.look()
        await opened.is_itself()
        opened.look()
        assert len(opened.seen) >= 20
        await blow(opened, random.Random(1), DEFAULT_GUSTS)
    assert opened.seen["storm"] > 0


async def test_line_by_line_too(tmp_path: Path) -> None:
    """With --plain-ui what is printed is text and ends of lines, and nothing else."""
    seen = await plain_ui(tmp_path, 1, 20)
    assert seen.total() > 100


async def plain_ui(data: Path, first: int, messages: int) -> Counter[str]:
    """Tell a window line by line of so many messages; return how many strings were printed, by their places."""
    strings, seen = iter(range(first, first + 100 * messages)), Counter[str]()
    arguments = ("--nick", "ana", "--plain-ui", "--data", str(data), "--lang", "en")
    async with (
        lying(Welcomed("ana", "#general", ["ana", "luis"], "log", 0, 1, "liar")) as (liar, port),
        terminal("join", "--host", "127.0.0.1", "--port", str(port), *arguments) as screen,
    ):
        await liar.asked(History)
        liar.tell(HistoryPage("#general", [], before=1))
        await screen.shows("Here are")
        for seq in range(1, 10 * messages, 10):
            places: dict[str, str] = {}
            liar.tell(
                *_told_line_by_line(seq, strings, places), Said(seq + 4, "#general", "luis", f"end{seq}", 2.0, "e")
            )
            await screen.shows(f"luis: end{seq}")
            text, screen.written = bytes(screen.written).decode(), bytearray()
            assert dangers_in(text) <= {"\r", "\n"}
            assert re.search("\r(?!\n)", text) is None
            seen += Counter(places[tag] for tag in set(TAG.findall(text)) if tag in places)
        screen.type("/quit\r")
        assert await screen.ends() == 0
    return seen


def _told_line_by_line(seq: int, strings: Iterator[int], places: dict[str, str]) -> Iterator[Event]:
    """Yield what is told of one message, with strings in it, whose `places` are noted."""

    def string(place: str) -> str:
        number = next(strings)
        places[f"{number:x}"] = place
        return attack(number)

    nick, to = string("nick"), string("renamed")
    yield Joined("#general", nick, 1.0)
    yield Said(seq, "#general", nick, " ".join(string("text") for _ in range(6)), 1.0, "1")
    yield Said(seq + 1, "#general", nick, string("action"), 1.0, "2", "action")
    yield Said(seq + 2, "#general", nick, string("reply"), 1.0, "3", reply=seq)
    yield Edited(seq + 3, "#general", seq, string("edited"), nick, 1.0)
    yield Described(nick, "away", string("whois"), string("whois"), [string("whois")])
    yield Members("#general", ["ana", string("who"), string("who")])
    yield Renamed(nick, to, 1.0)
    yield Left("#general", to, 1.0)


FAULT = """
import sys
from textual._xterm_parser import XTermParser
feed = XTermParser.feed
def fail(parser, data):
    if "x" in data:
        raise ValueError("what was typed: " + data)
    return feed(parser, data)
XTermParser.feed = fail
from chatapp.cli import main
sys.exit(main(sys.argv[1:]))
"""


async def test_a_fault_of_the_thread_that_reads_keys_leaves_one_line(tmp_path: Path) -> None:
    """There Textual would print a traceback of its own: the code is 70, and the report has no values."""
    logs = tmp_path / "state" / "chatapp" / "log"
    async with lying(Welcomed("ana", "#general", ["ana"], "log", 0, 1)) as (_, port):
        arguments = ("join", "--host", "127.0.0.1", "--port", str(port), "--nick", "ana", "--lang", "en")
        async with terminal(*arguments, code=FAULT) as screen:
            await screen.shows("People")
            screen.type("secret x")
            assert await screen.ends() == 70
            await screen.shows("chatapp failed (ValueError). The report is in")
            assert b"Traceback" not in screen.written
            assert b"secret x" not in screen.written
    report = (logs / "crash.log").read_text()
    assert "in fail" in report
    assert "secret" not in report


@pytest.mark.campaign
async def test_a_million_strings(tmp_path: Path, tell: Callable[[str], None]) -> None:
    """Until so many were seen, or the time is up: ``python -m pytest -n 0 -m campaign tests/hostile``."""
    end = time.monotonic() + CAMPAIGN_SECONDS
    seen: Counter[str] = Counter()
    turn = 0
    while seen.total() < CAMPAIGN_STRINGS and time.monotonic() < end:
        turn += 1
        async with stage(tmp_path / str(turn), turn * 10_000_000, 400, 100) as opened:
            await _perform(opened, CAMPAIGN_STRINGS - seen.total(), end)
            seen += opened.seen
            tell(f"{seen.total():,} strings seen, none but as text: {dict(seen.most_common())}")
    seen = await plain_ui(tmp_path / "plain", 1, 5_000)
    tell(f"line by line {seen.total():,}: {dict(seen)}")


async def stormy(data: Path, source: random.Random, gusts: int) -> int:
    """Tell a window of so many handfuls of events; return how many of their strings were shown."""
    async with stage(data, columns=120, rows=40) as opened:
        await blow(opened, source, gusts)
    return opened.seen["storm"]


async def blow(opened: Stage, source: random.Random, gusts: int) -> None:
    storm = Storm(opened, source)
    for _ in range(gusts):
        await storm.blow()
    opened.screen.type("\x1b[27u" * 3)


@pytest.mark.campaign
async def test_storm_after_storm(tmp_path: Path, tell: Callable[[str], None]) -> None:
    """Events of any kind, other ones each time, for a tenth of a campaign's time."""
    end, storms, shown = time.monotonic() + CAMPAIGN_SECONDS / 10, 0, 0
    while time.monotonic() < end:
        storms += 1
        shown += await stormy(tmp_path / str(storms), random.Random(storms), 200)
    tell(f"{storms} storms of 200 handfuls of events, {shown:,} strings shown")


@pytest.mark.campaign
async def test_every_place_again_and_again(tmp_path: Path, tell: Callable[[str], None]) -> None:
    """All places but the timeline's, of which the campaign above has most, for so many turns or half its time."""
    end, turns = time.monotonic() + CAMPAIGN_SECONDS / 2, 0
    async with stage(tmp_path, columns=400, rows=100) as opened:
        while turns < CAMPAIGN_TURNS and time.monotonic() < end:
            turns += 1
            for scene in SCENES:
                await scene(opened)
                opened.look()
            await opened.is_itself()
        tell(f"{opened.seen.total():,} strings in {turns} turns: {dict(opened.seen.most_common())}")


async def _perform(opened: Stage, strings: int, end: float) -> None:
    """Fill every place, and the timeline again and again, for one window's share of so many strings."""
    for scene in SCENES:
        await scene(opened)
        opened.look()
    for _ in range(_FLOODS_BETWEEN):
        await flood(opened)
        opened.look()
        if opened.seen.total() >= strings or time.monotonic() > end:
            break
    await opened.is_itself()
