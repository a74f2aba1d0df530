"""Messages get into the log once, and come out again in pages."""

import asyncio
from pathlib import Path

from msgspec.structs import replace

from chatapp.protocol.errors import IdReused
from chatapp.protocol.requests import Say
from chatapp.server.storage.records import Appended, Post
from chatapp.server.storage.sqlite_store import SqliteStore
from tests.server.storage.logs import NOON, ROOM, opened, post, said_of


async def test_what_is_appended_is_what_is_read(store: SqliteStore) -> None:
    """Every field comes back as it went in, whatever is in the text; times to the microsecond."""
    text = 'ñ "quoted" \\ \t\n\u2028 \U0001f389 {}[]'
    said = said_of((await store.append([Post("k", "Añá", Say("#Dev", text, "~id", "action"), NOON + 0.1234564)]))[0])
    assert (said.seq, said.nick, said.room, said.text, said.kind, said.id) == (1, "Añá", "#Dev", text, "action", "~id")
    assert said.at == NOON + 0.123456
    assert await store.after("#Dev", 0, 10) == [said]


async def test_seq_grows_in_the_order_of_the_batch(store: SqliteStore) -> None:
    outcomes = await store.append([post(f"m{i}") for i in range(100)])
    assert [said_of(outcome).seq for outcome in outcomes] == list(range(1, 101))
    assert store.last_seq == 100


async def test_no_records_are_no_work(store: SqliteStore) -> None:
    assert await store.append([]) == []
    assert store.last_seq == 0


async def test_the_same_again_is_the_first_one(store: SqliteStore) -> None:
    """Also under another nick, and later."""
    first = said_of((await store.append([post("hola", "1")]))[0])
    again = await store.append([replace(post("hola", "1"), nick="eva", at=NOON + 9)])
    assert again == [Appended(first, is_new=False)]
    assert await store.after(ROOM, 0, 10) == [first]


async def test_the_same_id_may_be_someone_elses(store: SqliteStore) -> None:
    await store.append([post("hola", "1")])
    (outcome,) = await store.append([post("hola", "1", author="other")])
    assert isinstance(outcome, Appended)
    assert outcome.is_new


async def test_an_id_with_another_text_room_or_kind_is_refused(store: SqliteStore) -> None:
    await store.append([post("hola", "1")])
    others = [
        post("adiós", "1"),
        post("hola", "1", room="#dev"),
        Post("key", "ana", Say(ROOM, "hola", "1", "action"), NOON),
    ]
    outcomes = await store.append(others)
    assert [(type(outcome), getattr(outcome, "detail", "")) for outcome in outcomes] == [(IdReused, "1")] * 3
    assert len(await store.after(ROOM, 0, 10)) == 1


async def test_repeats_within_a_batch(store: SqliteStore) -> None:
    """New ones between them are in the log, in order."""
    outcomes = await store.append([post("a"), post("a"), post("b"), post("x", "b"), post("c"), post("a")])
    first, again, second, other, third, last = outcomes
    assert again == last == Appended(said_of(first), is_new=False)
    assert isinstance(other, IdReused)
    page = [said_of(first), said_of(second), said_of(third)]
    assert await store.after(ROOM, 0, 10) == page
    assert store.last_seq == page[-1].seq


async def test_repeats_are_known_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        log, first = store.log, said_of((await store.append([post("hola")]))[0])
    async with opened(tmp_path) as store:
        assert (store.log, store.last_seq) == (log, 1)
        assert await store.append([post("hola"), post("b")]) == [
            Appended(first, is_new=False),
            Appended((await store.after(ROOM, 1, 1))[0], is_new=True),
        ]


async def test_pages(store: SqliteStore) -> None:
    """Pages are of one room, oldest first."""
    posts = [post(f"m{i}", room="#odd" if i % 2 else ROOM) for i in range(20)]
    said = [said_of(outcome) for outcome in await store.append(posts)][::2]
    assert await store.before(ROOM, None, 3) == said[-3:]
    assert await store.before(ROOM, said[5].seq, 3) == said[2:5]
    assert await store.after(ROOM, said[5].seq, 3) == said[6:9]
    assert await store.before("#none", None, 3) == []


async def test_a_page_is_read_while_a_write_is_going_on(store: SqliteStore) -> None:
    """A reader sees all of a batch or nothing, and a batch that is being written doesn't hold it up."""
    batches = [[post(f"{batch}-{i}") for i in range(500)] for batch in range(20)]
    writing = asyncio.gather(*map(store.append, batches))
    counts = []
    while not writing.done():
        counts.append(len(await store.after(ROOM, 0, 100_000)))
    await writing
    assert {count % 500 for count in counts} == {0}
    assert len(set(counts)) > 2
    assert len(await store.after(ROOM, 0, 100_000)) == 10_000


async def test_clocks_may_jump(store: SqliteStore) -> None:
    """Order is the order of coming, whatever the times are."""
    times = [NOON, NOON - 1e8, NOON + 1e8, 0.0, NOON]
    await store.append([post(f"m{i}", at=at) for i, at in enumerate(times)])
    assert [said.at for said in await store.after(ROOM, 0, 10)] == times
