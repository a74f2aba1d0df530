"""Full text search: what is found, in which order, and that any text may be asked for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from chatapp.server.storage.errors import BadQuery
from chatapp.server.storage.reader import Reader
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from tests.server.storage.logs import make_log, post

ROOMS = ["#general", "#Año"]
DAY = 86_400.0


@pytest_asyncio.fixture
async def filled(store: SqliteStore) -> AsyncIterator[SqliteStore]:
    """One message a day from 1970-01-01 on, but the last, which is from the first day: the clock was put back."""
    posts = [
        post("Adiós a todos", nick="Ana", at=0 * DAY),
        post("el pan de cada día", nick="ana.b", at=1 * DAY),
        post("hola, todos", nick="ANA", room="#Año", at=2 * DAY),
        post("pan y todo lo demás", nick="_", at=3 * DAY),
        post("STRASSE todos", nick="luis", room="#secret", at=4 * DAY),
        post("todos otra vez", nick="luis", at=0.5 * DAY),
    ]
    await store.append(posts)
    yield store


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("adios", [1]),
        ("ADIÓS", [1]),
        ("todos", [6, 3, 1]),
        ("todo", [4]),
        ("todo*", [6, 4, 3, 1]),
        ("pan dia", [2]),
        ("dia pan", [2]),
        ('"pan de"', [2]),
        ('"de pan"', []),
        ('"pan de', [2]),
        ("from:ana", [3, 1]),
        ("from:Ana todos", [3, 1]),
        ("from:ana.b", [2]),
        ("from:_", [4]),
        ("from:nobody", []),
        ("in:general todos", [6, 1]),
        ("in:#general todos", [6, 1]),
        ("IN:#AÑO", [3]),
        ("in:secret", []),
        ("in:#none", []),
        ("before:1970-01-02", [6, 1]),
        ("before:1970-01-03", [6, 2, 1]),
        ("after:1970-01-03", [4, 3]),
        ("after:1970-01-02 before:1970-01-04", [3, 2]),
        ("before:1960-01-01", []),
        ("after:2100-01-01", []),
        ("after:1970-01-01 before:2100-01-01 pan", [4, 2]),
        ("general", []),
        ("hola,todos", [3]),
        ("hola:todos", [3]),
        ("!!! todos", [6, 3, 1]),
        ("!!!", []),
        ("todos AND vez", []),
        ("todos NOT vez", []),
    ],
)
async def test_search(filled: SqliteStore, query: str, found: list[int]) -> None:
    """Newest first, by what FTS5 and Unicode call a word; nothing in a query is FTS5's language."""
    assert [said.seq for said in await filled.search(query, ROOMS, None, 10)] == found


async def test_pages_of_results(filled: SqliteStore) -> None:
    first = await filled.search("todos", ROOMS, None, 2)
    rest = await filled.search("todos", ROOMS, first[-1].seq, 2)
    assert [said.seq for said in first + rest] == [6, 3, 1]


async def test_only_the_given_rooms_are_searched(filled: SqliteStore) -> None:
    assert await filled.search("todos", [], None, 10) == []
    assert [said.seq for said in await filled.search("todos", ["#secret"], None, 10)] == [5]
    many = [f"#r{i}" for i in range(1000)]
    assert [said.seq for said in await filled.search("todos", [*many, "#Año"], None, 10)] == [3]


@pytest.mark.parametrize(
    ("query", "term"),
    [
        ("", ""),
        ("pan a*", "a*"),
        ("7**", "7**"),
        ("á*", "á*"),
        (".a*", ".a*"),
        ("a.*", "a.*"),
        ("'a*", "'a*"),
        ("(a*", "(a*"),
        (" \0 ", ""),
        ('""', ""),
        ("pan before:soon", "before:soon"),
        ("after:2026-02-30", "after:2026-02-30"),
        ("before:", "before:"),
        ("from: ana", "from:"),
        ("in:", "in:"),
        (" ".join(f"w{i}" for i in range(65)), "w64"),
    ],
)
async def test_what_makes_no_sense_is_told(store: SqliteStore, query: str, term: str) -> None:
    with pytest.raises(BadQuery) as refused:
        await store.search(query, ROOMS, None, 10)
    assert refused.value.term == term


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder: Path = tmp_path_factory.mktemp("search")
    make_log(folder, [post("uno"), post("dos")])
    return Reader(folder / FILE_NAME)


_PIECES = st.sampled_from(
    ['"', "*", ":", "from:", "in:", "before:2020-01-01", "NEAR(", "^", "-", "{", ")", "\0", "uno"]
)


@given(st.text() | st.lists(_PIECES | st.text(max_size=3), max_size=20).map("".join))
def test_any_text_may_be_asked_for(reader: Reader, query: str) -> None:
    """It finds something, or nothing, or is a BadQuery."""
    try:
        found = reader.search(query, ROOMS, None, 10)
    except BadQuery:
        return
    assert len(found) <= 2


@given(st.text(max_size=30).filter(lambda name: name not in ROOMS))
def test_any_name_may_be_asked_for(reader: Reader, name: str) -> None:
    """Also as a room that is none, where names are what the server made of them."""
    name = name.encode("utf-8", "replace").decode()
    assert reader.search("uno", [name], None, 10) == []
