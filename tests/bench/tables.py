"""Tables in Markdown, and the figures in them."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

FACTS = ("what", "measured", "beside it")
"""The columns of tables in which each row is a thing of its own."""


@dataclass
class Table:
    """Rows under one header; `notes` stand below it."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        marks = ["---"] * len(self.columns)
        table = [f"| {' | '.join(row)} |" for row in (self.columns, marks, *self.rows)]
        return [f"**{self.title}**", "", *table, *(f"\n{note}" for note in self.notes), ""]


def joined(tables: Iterable[Table], title: str) -> list[Table]:
    """Put tables of facts together into one, called `title`, at the end."""
    rest, facts = list[Table](), Table(title, FACTS)
    for table in tables:
        if table.columns != FACTS:
            rest.append(table)
            continue
        facts.rows.extend(table.rows)
        facts.notes.extend(table.notes)
    return [*rest, facts] if facts.rows else rest


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def short(value: float) -> str:
    """Write a figure with three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 0.001 else "0"


def times(value: float, other: float) -> str:
    """Say how many times `other` the value is."""
    return f"{value / other:.2f} times" if other else "-"
