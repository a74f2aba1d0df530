"""What the last run found is kept: its tables in the README between two comments, its plots as one picture."""

from collections.abc import Sequence
from pathlib import Path

from tests.bench.bench import Report
from tests.bench.plot import svg
from tests.bench.tables import joined

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PICTURE = ROOT / "screenshots" / "speed.svg"
BEGIN, END = "<!-- speed: made by python -m tests.bench --save -->", "<!-- end of speed -->"

SHOWN = "![What doubling costs: members, messages a second, history, rooms](screenshots/speed.svg)"


def save(reports: Sequence[Report], about: Sequence[str]) -> None:
    """Keep tables and plots. Raises ValueError if the README has no place for them."""
    README.write_text(with_tables(README.read_text("utf-8"), reports, about), "utf-8")
    if plots := [plot for report in reports for plot in report.plots]:
        PICTURE.write_text(svg(plots), "utf-8")


def with_tables(text: str, reports: Sequence[Report], about: Sequence[str]) -> str:
    """Return `text` with the tables between its two comments."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the README has no place for the tables")
    tables = joined((table for report in reports for table in report.tables), "Everything else")
    lines = [line for table in tables for line in table.lines()]
    shown = [SHOWN, ""] if any(report.plots for report in reports) else []
    return "\n".join([before + BEGIN, *lines, *shown, " ".join(about), END]) + after
