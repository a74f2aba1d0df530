"""What the last run found is kept: its tables in the README between two comments, its plots as one picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.bench import Report
from tests.bench.plot import svg
from tests.bench.tables import joined

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PICTURE = ROOT / "screenshots" / "speed.svg"
SCREEN = "screen"
"""The measure of the screen, whose tables have a place of their own."""

SHOWN = "![What doubling costs: members, messages a second, history, rooms](screenshots/speed.svg)"


def comments(names: str) -> tuple[str, str]:
    """Return what stands before and behind the tables of what is measured by ``python -m tests.bench`` + `names`."""
    return f"<!-- made by python -m tests.bench {names}--save -->", f"<!-- end of {names or 'all '}-->"


SERVERS, OF_SCREEN = comments(""), comments(f"{SCREEN} ")


def save(found: Mapping[str, Report], about: Sequence[str]) -> None:
    """Keep the tables and plots of what was `found`, by its name. Raises ValueError if the README has no place."""
    text = README.read_text("utf-8")
    servers = [report for name, report in found.items() if name != SCREEN]
    for place, reports in ((SERVERS, servers), (OF_SCREEN, [found[SCREEN]] if SCREEN in found else [])):
        text = with_tables(text, place, reports, about) if reports else text
    README.write_text(text, "utf-8")
    if plots := [plot for report in found.values() for plot in report.plots]:
        PICTURE.write_text(svg(plots), "utf-8")


def with_tables(text: str, place: tuple[str, str], reports: Sequence[Report], about: Sequence[str]) -> str:
    """Return `text` with the tables between the two comments of `place`."""
    before, begin, rest = text.partition(place[0])
    _, end, after = rest.partition(place[1])
    if not (begin and end):
        raise ValueError("the README has no place for the tables")
    tables = joined((table for report in reports for table in report.tables), "Everything else")
    lines = [line for table in tables for line in table.lines()]
    shown = [SHOWN, ""] if any(report.plots for report in reports) else []
    return "\n".join([before + begin, *lines, *shown, " ".join(about), end]) + after
