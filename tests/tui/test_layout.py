"""Entries in rows: whatever is added at either end or changed, the rows of the others stay."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from chatapp.tui.timeline.days import day_of
from chatapp.tui.timeline.details import Details, Reaction
from chatapp.tui.timeline.entries import Entry, Kind
from chatapp.tui.timeline.layout import Layout
from chatapp.tui.timeline.rows import count_rows
from chatapp.tui.timeline.shape import Shape

DAY = 86_400.0

details = st.builds(
    Details,
    reply=st.sampled_from([0, 0, 1]),
    is_edited=st.booleans(),
    is_deleted=st.booleans(),
    is_mention=st.booleans(),
    reactions=st.lists(st.builds(Reaction, st.sampled_from(["heart", "eyes"]), st.just(("ana",))), max_size=9).map(
        tuple
    ),
)
entries = st.builds(
    Entry,
    st.sampled_from([Kind.TEXT, Kind.ACTION, Kind.NOTICE]),
    st.text("abc 日\n", max_size=40),
    st.floats(0, 3 * DAY),
    st.sampled_from(["ana", "luis"]),
    details=details,
)
shapes = st.builds(
    Shape, st.integers(1, 60), st.sampled_from([12, 0, 5, 90]), st.sampled_from(["24h", "12h", "none"]), st.booleans()
)
steps = st.one_of(
    st.tuples(st.just("add"), entries),
    st.tuples(st.just("prepend"), st.lists(entries, max_size=5)),
    st.tuples(st.sampled_from(["drop_first", "drop_last"]), st.integers(0, 9)),
    st.tuples(st.just("replace"), st.tuples(st.integers(0, 40), entries)),
    st.tuples(st.just("reshape"), shapes),
    st.tuples(st.just("move_line"), st.none() | st.integers(0, 40)),
)


def apply(layout: Layout, step: tuple[str, object]) -> None:
    name, value = step
    if name == "replace":
        replace(layout, *value)  # type: ignore[misc]
    elif name == "move_line" and isinstance(value, int):
        layout.move_line(layout.ordinal_at(0) + value % len(layout.entries) if layout.entries else None)
    else:
        getattr(layout, name)(value)


def replace(layout: Layout, place: int, entry: Entry) -> None:
    """Replace one of the entries, unless it is a day's line, by one of the same time."""
    ordinal = layout.ordinal_at(0) + place % max(len(layout.entries), 1)
    before = layout.entry(ordinal)
    if before is not None and before.kind is not Kind.RULE:
        layout.replace(ordinal, structs.replace(entry, at=before.at))


def rows(layout: Layout) -> list[tuple[Entry | None, int]]:
    """Return which entry, and which of its rows, stands in each row; the empty ones above it come before 0."""
    ordinals = [layout.ordinal_at(row) for row in range(layout.row_count)]
    starts = [layout.start_of(ordinal) + layout.above(ordinal) for ordinal in ordinals]
    return [
        (layout.entry(ordinal), row - start) for row, (ordinal, start) in enumerate(zip(ordinals, starts, strict=True))
    ]


def above(entry: Entry, before: Entry | None, layout: Layout, ordinal: int) -> int:
    """Return how many rows are to be above an entry: the line before what is unread, and an empty one."""
    has_line = ordinal == layout.line
    return has_line + (layout.shape.is_spaced and before is not None and (has_line or not entry.continues(before)))


@given(st.lists(steps, max_size=30), shapes)
def test_each_row_belongs_to_its_entry(done: list[tuple[str, object]], shape: Shape) -> None:
    """After any adding, prepending, replacing and resizing the rows are those of the entries in their order."""
    layout = Layout(Shape(0))
    layout.reshape(shape)
    for step in done:
        apply(layout, step)
    assert rows(layout) == [
        (entry, row)
        for ordinal, (before, entry) in enumerate(pairwise([None, *layout.entries]), layout.ordinal_at(0))
        if entry is not None
        for row in range(-above(entry, before, layout, ordinal), count_rows(entry, layout.shape))
    ]


@given(st.lists(steps, max_size=20), st.lists(entries, max_size=9), shapes)
def test_prepending_moves_all_rows_alike(done: list[tuple[str, object]], older: list[Entry], shape: Shape) -> None:
    """What was in a row is as many rows further down as is told, and keeps its ordinal."""
    layout = Layout(Shape(0))
    layout.reshape(shape)
    for step in done:
        apply(layout, step)
    before = rows(layout)
    first = layout.ordinal_at(0)
    top = layout.entry(first)
    height = layout.row_count
    count = layout.prepend(older)
    assert layout.row_count == height + count
    assert rows(layout)[count:] == before
    assert layout.entry(first) is top


@given(st.lists(steps, max_size=20), st.sampled_from(["drop_first", "drop_last"]), st.integers(0, 20), shapes)
def test_what_is_let_go_moves_nothing_else(done: list[tuple[str, object]], drop: str, count: int, shape: Shape) -> None:
    """What is kept has the ordinals and the rows it had; where the first went, these are higher, all alike."""
    layout = Layout(Shape(0))
    layout.reshape(shape)
    for step in done:
        apply(layout, step)
    before, entries, first = rows(layout), list(layout.entries), layout.ordinal_at(0)
    getattr(layout, drop)(count)
    kept = len(layout.entries)
    if drop == "drop_first":
        assert list(layout.entries) == entries[len(entries) - kept :]
        assert rows(layout) == before[len(before) - layout.row_count :]
        assert layout.ordinal_at(0) == first + len(entries) - kept
        gone = entries[count : len(entries) - kept]
    else:
        assert list(layout.entries) == entries[:kept]
        assert rows(layout) == before[: layout.row_count]
        gone = entries[kept : max(len(entries) - count, 0)]
    assert kept <= max(len(entries) - count, 0)
    assert all(entry.kind is Kind.RULE for entry in gone)


@given(st.lists(st.one_of(st.tuples(st.just("add"), entries), st.tuples(st.just("prepend"), st.lists(entries)))))
def test_a_new_day_has_a_line(done: list[tuple[str, object]]) -> None:
    """Between two entries of different dates stands one line with the later one's, and nowhere else."""
    layout = Layout(Shape(0))
    for step in done:
        apply(layout, step)
    said = [entry for entry in layout.entries if entry.kind is not Kind.RULE]
    for before, entry in pairwise(layout.entries):
        assert entry.kind is Kind.RULE or day_of(before.at) == day_of(entry.at)
    changes = sum(day_of(before.at) != day_of(entry.at) for before, entry in pairwise(said))
    assert len(layout.entries) == len(said) + changes


def test_a_message_is_found_by_its_number() -> None:
    """By its seq, prepended or added; what is not there is None."""
    layout = Layout(Shape(0))
    layout.add(Entry(Kind.TEXT, "b", 0.0, "ana", seq=7))
    layout.prepend([Entry(Kind.TEXT, "a", 0.0, "ana", seq=3)])
    ordinals = [layout.ordinal_of(seq) for seq in (3, 7, 5)]
    found = [ordinal is not None and layout.entry(ordinal) for ordinal in ordinals]
    assert [entry and entry.text for entry in found] == ["a", "b", False]
    assert layout.first_seq == 3


def test_without_width_nothing_has_rows() -> None:
    """Before the first size is known entries are only kept."""
    layout = Layout(Shape(0))
    layout.add(Entry(Kind.TEXT, "b", 0.0))
    assert layout.prepend([Entry(Kind.TEXT, "a", 0.0)]) == layout.row_count == 0
    layout.reshape(Shape(20))
    assert layout.row_count == 2


def test_a_page_costs_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is added or prepended is laid out once, and nothing else because of it."""
    counted: list[str] = []

    def count(entry: Entry, _shape: Shape) -> int:
        counted.append(entry.text)
        return 1

    monkeypatch.setattr("chatapp.tui.timeline.layout.count_rows", count)
    layout = Layout(Shape(0))
    layout.reshape(Shape(20))
    for text in "def":
        layout.add(Entry(Kind.TEXT, text, 0.0))
    layout.prepend([Entry(Kind.TEXT, text, 0.0) for text in "abc"])
    layout.replace(layout.ordinal_at(1), Entry(Kind.TEXT, "B", 0.0))
    assert counted == list("defabcB")


@given(st.lists(steps, max_size=30), shapes)
def test_it_is_as_if_laid_out_anew(done: list[tuple[str, object]], shape: Shape) -> None:
    """Whatever was done: rows and ordinals are those of a layout that was given all at once."""
    layout, fresh = Layout(Shape(0)), Layout(Shape(0))
    layout.reshape(shape)
    for step in done:
        apply(layout, step)
    fresh.prepend([entry for entry in layout.entries if entry.kind is not Kind.RULE])
    fresh.reshape(layout.shape)
    fresh.move_line(None if layout.line is None else layout.line - layout.ordinal_at(0) + fresh.ordinal_at(0))
    assert fresh.row_count == layout.row_count
    assert rows(fresh) == rows(layout)


def test_replacing_tells_how_many_rows_more_that_takes() -> None:
    """More, fewer or as many; what stands below moves by so many, what stands above by none."""
    layout = Layout(Shape(0))
    layout.reshape(Shape(20))
    for seq in (1, 2, 3):
        layout.add(Entry(Kind.TEXT, "a\nb", 0.0, "ana", seq=seq))
    first, second, third = map(layout.ordinal_of, (1, 2, 3))
    assert first is not None
    assert second is not None
    assert third is not None
    for text, more, row in (("a\nb\nc", 1, 5), ("c\nb\na", 0, 5), ("a", -2, 3)):
        assert layout.replace(second, Entry(Kind.TEXT, text, 0.0, "ana", seq=2)) == more
        assert [layout.start_of(ordinal) for ordinal in (first, second, third)] == [0, 2, row]
