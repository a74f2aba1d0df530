"""The command that measures works, and keeps what it finds; how fast anything is, is not tested."""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.bench import load, returning, saving, switching
from tests.bench.bench import Bench, Report
from tests.bench.load import Scenario
from tests.bench.plot import Plot, round_up, svg
from tests.bench.screen import measure as screen
from tests.bench.subjects import PLAIN, RICH, Subject, running
from tests.bench.tables import FACTS, Table, short

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the bench reads /proc")


def bench(*arguments: str, path: str | None = None) -> str:
    """Run the command with small numbers; return what it prints."""
    finished = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", "--alone", "--rounds", "1", "--messages", "500", *arguments],
        cwd=ROOT,
        env={**os.environ, "PATH": os.environ["PATH"] if path is None else path},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return finished.stdout


@pytest.mark.skipif(shutil.which("cc") is None, reason="the load generator is built with a C compiler")
def test_the_command_prints_tables() -> None:
    """Members in C talk to the server in both dialects, and to the server in C."""
    printed = bench("throughput", "join-storm", "start-up")
    assert printed.startswith("Machine: ")
    assert "|  | chatapp | chatapp, rich members | C server | C server, disk first |" in printed
    assert "50 rich peers join at once" in printed
    assert "never until all have the list right" not in printed
    assert "lost" not in printed
    assert "chatapp serve, until it listens" in printed


@pytest.mark.skipif(shutil.which("cc") is None, reason="the load generator is built with a C compiler")
@pytest.mark.parametrize(("subject", "rooms", "size"), [(PLAIN, 1, 20), (RICH, 1, 20), (PLAIN, 2, 10), (RICH, 8, 10)])
def test_members_talk_in_rooms(tmp_path: Path, subject: Subject, rooms: int, size: int) -> None:
    """Each message is heard by those who are in its room, once, and by nobody else."""
    programs = load.build(tmp_path)
    assert programs is not None
    with running(subject, tmp_path) as server:
        scenario = Scenario(20, rooms, rate=200, rooms=rooms, room_size=size)
        talked = load.talk(programs.load, server, scenario, 0.5)
    assert talked.is_whole, talked
    assert talked.deliveries_s == pytest.approx(size * talked.messages_s, rel=0.2)


def test_without_a_compiler_the_rest_is_measured(tmp_path: Path) -> None:
    """What needs the load generator is left out, and that is said."""
    printed = bench("throughput", "log", path=str(tmp_path))
    assert "There is no C compiler" in printed
    assert "throughput: left out." in printed
    assert "| last page | p50 " in printed


def test_one_comes_back_to_all_rooms(tmp_path: Path) -> None:
    """The server has kept the rooms of a key, and says so for each."""
    [(what, _, beside)] = returning.rows(Bench(tmp_path, None, rounds=1, is_quick=True))
    assert what.startswith(f"come back to {returning.OWN} of ")
    assert f"with {returning.OWN} of {returning.OWN}" in beside


def test_one_goes_through_all_rooms(tmp_path: Path) -> None:
    """The screen of one who is in as many rooms as there may be shows the next at each key."""
    [(what, _, beside)] = switching.rows(Bench(tmp_path, None, rounds=1, is_quick=True))
    assert what.startswith(f"go to the next of {returning.OWN} rooms of ")
    assert f"that with {switching.FEW} " in beside


def test_screens_are_measured(tmp_path: Path) -> None:
    """Windows are opened, typed into, flooded and resized; this chat's loses nothing, and moves nothing in view."""
    [table] = screen.measure(Bench(tmp_path, None, rounds=1, is_quick=True, is_alone=True, messages=500)).tables
    assert [len(row) for row in table.rows] == [len(table.columns)] * len(table.rows)
    assert table.notes == ["Not measured: WeeChat, irssi."]


def test_what_was_found_is_kept_between_two_comments() -> None:
    """The rest of the README stays, and facts of several measures are one table."""
    reports = [Report([Table(title, FACTS, [(title, "1 ms", "twice as long")])]) for title in ("log", "start-up")]
    begin, end = saving.SERVERS
    text = f"before\n\n{begin}\nold\n{end}\n\nafter\n"
    kept = saving.with_tables(text, saving.SERVERS, reports, ["Medians of 3."])
    assert kept.startswith(f"before\n\n{begin}\n")
    assert kept.endswith(f"{end}\n\nafter\n")
    assert "| log | 1 ms | twice as long |\n| start-up | 1 ms | twice as long |\n" in kept
    assert "old" not in kept
    assert saving.with_tables(kept, saving.SERVERS, reports, ["Medians of 3."]) == kept


def test_the_readme_has_a_place_for_it() -> None:
    """Both comments are there."""
    text = saving.README.read_text("utf-8")
    assert [text.count(comment) for comment in (*saving.SERVERS, *saving.OF_SCREEN)] == [1] * 4


def test_a_plot_is_well_formed() -> None:
    """Each line is drawn, and what it is called is safe in XML."""
    plot = Plot("Members", "members", "ms & more", {"<plain>": [(1, 2), (2, 4)], "rich": [(1, 3), (2, 5)]})
    drawn = ET.fromstring(svg([plot, plot, plot]))
    lines = [element for element in drawn.iter() if element.tag.endswith("polyline")]
    assert len(lines) == 6
    assert "<plain>" in {element.text for element in drawn.iter()}


@pytest.mark.parametrize(("value", "written"), [(1234567.8, "1,234,568"), (0.12345, "0.123"), (99.96, "100"), (0, "0")])
def test_figures_are_short(value: float, written: str) -> None:
    """Three digits are enough to compare."""
    assert short(value) == written


@pytest.mark.parametrize(("value", "rounded"), [(3, 4), (6, 6), (70, 80), (0.3, 0.4), (900, 1000)])
def test_axes_end_at_round_figures(value: float, rounded: float) -> None:
    """The end of an axis is no lower than what is drawn."""
    assert round_up(value) == pytest.approx(rounded)
