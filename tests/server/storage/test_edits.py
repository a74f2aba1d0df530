"""Messages that read otherwise than when they were said."""

from pathlib import Path

from chatapp.protocol.errors import IdReused, NoSuchMessage, NotYours
from chatapp.protocol.events import Edited
from chatapp.protocol.requests import Say
from chatapp.server.storage.records import Appended, Changed, Post
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from chatapp.server.storage.upkeep import check
from tests.server.storage.doings import change, delete, edit, event_of, put, refusals, topic
from tests.server.storage.erased import bytes_in, settled
from tests.server.storage.logs import NOON, ROOM, opened, post, said_of


async def test_an_edit_is_an_event_with_a_number_of_its_own(tmp_path: Path) -> None:
    """In the order of the batch, and after a restart no number comes again."""
    async with opened(tmp_path) as store:
        outcomes = await put(store, post("a"), edit("b", 1), post("c"), edit("d"))
        assert event_of(outcomes[1]) == Edited(2, ROOM, 1, "b", "ana", NOON)
        assert event_of(outcomes[3]) == Edited(4, ROOM, 3, "d", "ana", NOON)
        assert said_of(outcomes[2]).seq == 3
    async with opened(tmp_path) as store:
        assert store.last_seq == 4
        assert said_of((await put(store, post("e")))[0]).seq == 5
        page = await store.before(ROOM, None, 10)
        assert [(said.text, said.is_edited) for said in page] == [("b", True), ("d", True), ("e", False)]


async def test_what_was_edited_is_found_as_it_reads_now(store: SqliteStore) -> None:
    await put(store, post("hola @ana"), edit("adiós @luis", 1))
    assert await store.search("hola", [ROOM], None, 10) == []
    assert await store.mentions(["ana"], [ROOM], None, 10) == []
    page = await store.before(ROOM, None, 10)
    assert await store.search("adios", [ROOM], None, 10) == page
    assert await store.mentions(["luis"], [ROOM], None, 10) == page


async def test_the_same_text_is_no_change(store: SqliteStore) -> None:
    """It takes no number."""
    await put(store, post("a"))
    assert await change(store, edit("a", 1)) == Changed(None)
    assert store.last_seq == 1
    assert not (await store.before(ROOM, None, 1))[0].is_edited


async def test_who_may_edit_what(store: SqliteStore) -> None:
    """The author, what was said or done, in its room, as long as it is there; a guest what it said while here."""
    await put(store, post("a"), topic("t"), post("b"), delete(3), post("g", author="guest-ana"))
    none = [edit("x", seq) for seq in (2, 3, 4, 6, 99, -1, 2**80)] + [edit("x", 1, room="#dev"), edit("x", room="#dev")]
    assert refusals(await put(store, *none)) == [(NoSuchMessage, str(one.request.seq)) for one in none]
    others = [edit("x", 1, author="k2"), edit("x", 5), edit("x", 5, author="guest-ana", since=5)]
    assert refusals(await put(store, *others)) == [(NotYours, "")] * 3
    assert event_of(await change(store, edit("x", 5, author="guest-ana", since=4))).of == 5
    assert event_of(await change(store, edit("y"))).of == 1


async def test_a_later_message_of_the_same_batch_is_none_yet(store: SqliteStore) -> None:
    early, _ = await put(store, edit("x"), post("a"))
    assert refusals([early]) == [(NoSuchMessage, "0")]


async def test_what_was_edited_is_known_again(store: SqliteStore) -> None:
    """By its id alone, whatever text it comes with, and answered as it reads now; in another room it is another."""
    await put(store, post("a", "1"), edit("b", 1))
    (page,) = await store.before(ROOM, None, 10)
    outcomes = await put(store, post("a", "1"), post("b", "1"), post("a", "1", room="#dev"))
    assert outcomes[:2] == [Appended(page, is_new=False)] * 2
    assert isinstance(outcomes[2], IdReused)


async def test_edits_of_an_action(store: SqliteStore) -> None:
    await put(store, Post("key", "ana", Say(ROOM, "waves", "1", "action"), NOON), edit("jumps"))
    (page,) = await store.before(ROOM, None, 10)
    assert (page.text, page.kind) == ("jumps", "action")


async def test_the_old_text_is_nowhere_in_the_files(tmp_path: Path) -> None:
    """Soon after, while the log is open, and with the words of the search."""
    async with opened(tmp_path) as store:
        await put(store, *(post(f"palabra{i}secreta otra {i}", str(i)) for i in range(300)))
        await put(store, *(edit(f"nueva{i}", i + 1) for i in range(0, 300, 3)))
        await settled(store)
        content = bytes_in(tmp_path)
        left = [i for i in range(300) if b"bra%dsecreta" % i in content]
        assert left == [i for i in range(300) if i % 3]
    assert check(tmp_path / FILE_NAME) == []
