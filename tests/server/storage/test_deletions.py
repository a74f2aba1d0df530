"""Messages whose text is taken away."""

import asyncio
import shutil
from contextlib import closing
from pathlib import Path
from random import Random

from chatapp.protocol.errors import NoSuchMessage, NotYours
from chatapp.protocol.events import Deleted
from chatapp.server.storage.connection import connect_reader
from chatapp.server.storage.records import Appended
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from chatapp.server.storage.upkeep import check
from tests.server.storage.doings import change, delete, edit, event_of, put, react, refusals, topic
from tests.server.storage.erased import bytes_in, settled
from tests.server.storage.logs import NOON, ROOM, opened, post, said_of


async def test_a_deletion_leaves_the_place_of_a_message(store: SqliteStore) -> None:
    """Without text, reactions and edits; it is found no more, and mentions nobody."""
    await put(store, post("hola @ana"), edit("hola, @ana", 1), react("heart", 1))
    assert event_of(await change(store, delete(1))) == Deleted(4, ROOM, 1, "ana", NOON)
    (page,) = await store.before(ROOM, None, 10)
    assert (page.text, page.is_deleted, page.is_edited, page.reactions) == ("", True, False, {})
    assert await store.search("hola", [ROOM], None, 10) == await store.search("from:ana", [ROOM], None, 10) == []
    assert await store.mentions(["ana"], [ROOM], None, 10) == []
    assert await store.between([ROOM], 0, 9, 9) == [page, Deleted(4, ROOM, 1, "ana", NOON)]


async def test_who_may_delete_what(store: SqliteStore) -> None:
    """The author, and whoever made the room; what was said or done, once."""
    await put(store, post("a"), topic("t"), post("b"), post("g", author="guest-ana"))
    others = [delete(1, author="k2"), delete(4, author="guest-ana", since=4)]
    assert refusals(await put(store, *others)) == [(NotYours, "")] * 2
    assert event_of(await change(store, delete(1, author="k2", is_maker=True))).of == 1
    assert event_of(await change(store, delete(4, author="guest-ana", since=3))).of == 4
    none = [delete(1), delete(1, author="k2", is_maker=True), delete(2), delete(3, room="#dev")]
    assert refusals(await put(store, *none)) == [(NoSuchMessage, str(one.request.seq)) for one in none]
    assert event_of(await change(store, delete())).of == 3
    assert refusals(await put(store, delete())) == [(NoSuchMessage, "0")]


async def test_what_was_deleted_is_known_again(store: SqliteStore) -> None:
    """It isn't posted anew, and there is nothing to be changed or reacted to."""
    await put(store, post("a", "1"), delete(1))
    (page,) = await store.before(ROOM, None, 10)
    assert await put(store, post("a", "1")) == [Appended(page, is_new=False)]
    assert refusals(await put(store, edit("b", 1), react("heart", 1))) == [(NoSuchMessage, "1")] * 2


async def test_a_deleted_text_is_nowhere_in_the_files(tmp_path: Path) -> None:
    """Soon after, while the log is open, whatever pages it was on: long and short ones, of many batches."""
    random = Random(3)
    async with opened(tmp_path) as store:
        seqs = list[int]()
        for start in range(0, 600, 20):
            texts = [f"palabra{i}secreta {'relleno ' * random.randrange(0, 300)}" for i in range(start, start + 20)]
            outcomes = await put(store, *(post(text, str(start + i)) for i, text in enumerate(texts)))
            seqs += [said_of(outcome).seq for outcome in outcomes]
            if start % 60 == 0:
                await put(store, *(edit(f"palabra{i}secreta corta", seqs[i]) for i in range(start, start + 20, 4)))
        gone = random.sample(range(600), 300)
        for i in gone:
            await put(store, delete(seqs[i]))
        await settled(store)
        content = bytes_in(tmp_path)
        assert [i for i in gone if b"bra%dsecreta" % i in content] == []
        assert all(b"bra%dsecreta" % i in content for i in set(range(600)) - set(gone))
    assert check(tmp_path / FILE_NAME) == []


async def test_a_long_read_puts_the_last_bytes_off(tmp_path: Path) -> None:
    """As a backup's: posts go on meanwhile, and once it is over the bytes go."""
    async with opened(tmp_path) as store:
        await put(store, post("palabrasecreta", "1"))
        with closing(connect_reader(tmp_path / FILE_NAME)) as reader:
            reader.execute("BEGIN; SELECT count(*) FROM messages")
            await put(store, delete(1))
            await put(store, post("more"))
            await store._run(0, store._writer.checkpoint)
            assert store._is_untidy
            await put(store, post("and more"))
            reader.execute("COMMIT")
        await settled(store)
        content = bytes_in(tmp_path)
        assert b"brasecreta" not in content


async def test_after_a_crash_the_last_bytes_go_when_the_log_is_opened(tmp_path: Path) -> None:
    async with opened(tmp_path / "living") as store:
        await put(store, post("palabrasecreta", "1"))
        await put(store, delete(1))
        await asyncio.to_thread(shutil.copytree, tmp_path / "living", tmp_path / "killed")
    assert b"brasecreta" in bytes_in(tmp_path / "killed")
    async with opened(tmp_path / "killed"):
        assert b"brasecreta" not in bytes_in(tmp_path / "killed")
