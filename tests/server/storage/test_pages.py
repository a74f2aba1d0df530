"""Rows read out of single pages are those that SQLite wrote."""

import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.server.storage.checksums import PAGE_BYTES
from chatapp.server.storage.connection import connect_new
from chatapp.server.storage.files import make_private
from chatapp.server.storage.pages import Row, Value, rows_of

_INTEGERS = st.integers(-(2**63), 2**63 - 1)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
_LONG = st.builds(lambda text, times: text * times, st.sampled_from(["ñ", "xy"]), st.integers(0, 6000))
_VALUES = st.none() | _INTEGERS | st.floats(allow_nan=False) | _TEXTS | st.binary() | _LONG
_TABLES = st.dictionaries(_INTEGERS, st.tuples(_VALUES, _VALUES), max_size=20)


def pages_of(table: dict[int, tuple[Value, Value]], index: bool) -> list[bytes]:
    """The pages of a file in which SQLite has `table`, and, if asked for, an index of its first column."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        make_private(file)
        with closing(connect_new(file)) as db:
            db.execute("CREATE TABLE t (number INTEGER PRIMARY KEY, a, b)")
            if index:
                db.execute("CREATE INDEX i ON t (a, b)")
            for number, values in table.items():
                db.execute("INSERT INTO t VALUES (?, ?, ?)", (number, *values))
        content = file.read_bytes()
    return [content[start : start + PAGE_BYTES] for start in range(0, len(content), PAGE_BYTES)]


def rows_in(pages: list[bytes]) -> list[Row]:
    """All rows but those of the first page, which has those of the schema."""
    return [row for page in pages[1:] for row in rows_of(page, lambda number: pages[number - 1])]


@settings(max_examples=50, deadline=None)
@given(_TABLES)
def test_all_rows_of_a_table_are_read(table: dict[int, tuple[Value, Value]]) -> None:
    """Of any number, with any values, on one page or many."""
    rows = sorted(rows_in(pages_of(table, index=False)), key=lambda row: row.number)
    assert rows == [Row(number, (None, *values)) for number, values in sorted(table.items())]


@settings(max_examples=50, deadline=None)
@given(_TABLES)
def test_all_entries_of_an_index_are_read(table: dict[int, tuple[Value, Value]]) -> None:
    """Those on its inner pages, too; an entry has the row's number as its last value, and a row as its own."""
    table.pop(0, None)
    entries = [row.values for row in rows_in(pages_of(table, index=True)) if row.number == 0]
    expected = [(*values, number) for number, values in table.items()]
    assert sorted(map(repr, entries)) == sorted(map(repr, expected))
