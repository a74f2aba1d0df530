"""Entries in rows: whatever is added at either end, the rows of the others stay."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.tui.days import day_of
from chatapp.tui.entries import Entry, Kind, count_rows
from chatapp.tui.layout import Layout

DAY = 86_400.0

entries = st.builds(
    Entry,
    st.sampled_from([Kind.TEXT, Kind.ACTION, Kind.NOTICE]),
    st.text("abc 日\n", max_size=40),
    st.floats(0, 3 * DAY),
    st.sampled_from(["ana", "luis"]),
)
steps = st.one_of(
    st.tuples(st.just("add"), entries),
    st.tuples(st.just("prepend"), st.lists(entries, max_size=5)),
    st.tuples(st.just("resize"), st.integers(1, 60)),
)


def apply(layout: Layout, step: tuple[str, object]) -> None:
    getattr(layout, step[0])(step[1])


def rows(layout: Layout) -> list[tuple[Entry | None, int]]:
    """Return which entry, and which of its rows, stands in each row."""
    ordinals = [layout.ordinal_at(row) for row in range(layout.row_count)]
    return [(layout.entry(ordinal), row - layout.start_of(ordinal)) for row, ordinal in enumerate(ordinals)]


@given(st.lists(steps, max_size=30), st.integers(1, 60))
def test_each_row_belongs_to_its_entry(done: list[tuple[str, object]], width: int) -> None:
    """After any adding, prepending and resizing the rows are those of the entries in their order."""
    layout = Layout()
    layout.resize(width)
    for step in done:
        apply(layout, step)
    expected = [(entry, row) for entry in layout.entries for row in range(count_rows(entry, layout.width))]
    assert rows(layout) == expected


@given(st.lists(steps, max_size=20), st.lists(entries, max_size=9), st.integers(1, 60))
def test_prepending_moves_all_rows_alike(done: list[tuple[str, object]], older: list[Entry], width: int) -> None:
    """What was in a row is as many rows further down as the prepended ones take, and keeps its ordinal."""
    layout = Layout()
    layout.resize(width)
    for step in done:
        apply(layout, step)
    before = rows(layout)
    first = layout.ordinal_at(0)
    top = layout.entry(first)
    count = layout.prepend(older)
    assert rows(layout)[count:] == before
    assert layout.entry(first) is top


@given(st.lists(st.one_of(st.tuples(st.just("add"), entries), st.tuples(st.just("prepend"), st.lists(entries)))))
def test_a_new_day_has_a_line(done: list[tuple[str, object]]) -> None:
    """Between two entries of different dates stands one line with the later one's, and nowhere else."""
    layout = Layout()
    for step in done:
        apply(layout, step)
    said = [entry for entry in layout.entries if entry.kind is not Kind.RULE]
    for before, entry in pairwise(layout.entries):
        assert entry.kind is Kind.RULE or day_of(before) == day_of(entry)
    changes = sum(day_of(before) != day_of(entry) for before, entry in pairwise(said))
    assert len(layout.entries) == len(said) + changes


def test_a_message_is_found_by_its_number() -> None:
    """By its seq, prepended or added; what is not there is None."""
    layout = Layout()
    layout.add(Entry(Kind.TEXT, "b", 0.0, "ana", seq=7))
    layout.prepend([Entry(Kind.TEXT, "a", 0.0, "ana", seq=3)])
    ordinals = [layout.ordinal_of(seq) for seq in (3, 7, 5)]
    found = [ordinal is not None and layout.entry(ordinal) for ordinal in ordinals]
    assert [entry and entry.text for entry in found] == ["a", "b", False]
    assert layout.first_seq == 3


def test_without_width_nothing_has_rows() -> None:
    """Before the first size is known entries are only kept."""
    layout = Layout()
    layout.add(Entry(Kind.TEXT, "b", 0.0))
    assert layout.prepend([Entry(Kind.TEXT, "a", 0.0)]) == layout.row_count == 0
    layout.resize(20)
    assert layout.row_count == 2


def test_a_page_costs_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is added or prepended is laid out once, and nothing else because of it."""
    counted: list[str] = []

    def count(entry: Entry, _width: int) -> int:
        counted.append(entry.text)
        return 1

    monkeypatch.setattr("chatapp.tui.layout.count_rows", count)
    layout = Layout()
    layout.resize(20)
    for text in "def":
        layout.add(Entry(Kind.TEXT, text, 0.0))
    layout.prepend([Entry(Kind.TEXT, text, 0.0) for text in "abc"])
    assert counted == list("defabc")
