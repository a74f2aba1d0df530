"""Posts that reply to others."""

from chatapp.protocol.errors import IdReused, NoSuchMessage
from chatapp.server.storage.connection import connect_reader
from chatapp.server.storage.records import Appended
from chatapp.server.storage.sqlite_store import SqliteStore
from tests.server.storage.doings import delete, put, refusals, reply
from tests.server.storage.logs import ROOM, post, said_of


async def test_a_reply_names_what_it_answers(store: SqliteStore) -> None:
    """In its outcome and in pages; an earlier one of the same batch may be answered, and one that was deleted."""
    outcomes = await put(store, post("a"), reply("b", 1), delete(1), reply("c", 1))
    said = [said_of(outcomes[index]) for index in (1, 3)]
    assert [one.reply for one in said] == [1, 1]
    assert (await store.before(ROOM, None, 2)) == said


async def test_the_newest_of_somebody_else(store: SqliteStore) -> None:
    """It may be in the same batch or before; one's own, topics, and what was deleted are passed over."""
    await put(store, post("a", author="other"), post("b", author="other"), delete(2, author="other"))
    first, second = (
        await put(store, post("mine"), reply("r1", -1)),
        await put(store, post("c", author="other"), post("own"), reply("r2", -1)),
    )
    assert [said_of(first[1]).reply, said_of(second[2]).reply] == [1, said_of(second[0]).seq]
    assert refusals(await put(store, reply("r3", -1, room="#empty"))) == [(NoSuchMessage, "-1")]


async def test_a_reply_to_nothing_is_not_in_the_log(store: SqliteStore) -> None:
    """To another room's message, to what comes later, to itself; its id may be used then."""
    await put(store, post("elsewhere", room="#dev"))
    wrong = [reply("x", seq) for seq in (1, 2, 5, 99, -2, 2**80)]
    outcomes = await put(store, *wrong, post("x"))
    assert refusals(outcomes[:-1]) == [(NoSuchMessage, str(one.say.reply)) for one in wrong]
    assert said_of(outcomes[-1]).text == "x"
    assert len(await store.before(ROOM, None, 10)) == 1


async def test_a_reply_again_is_the_first_one(store: SqliteStore) -> None:
    """In the same batch too, and whatever the newest is by then; to another message it is another."""
    await put(store, post("a", author="other"))
    first, again = await put(store, reply("b", 1), reply("b", -1))
    assert again == Appended(said_of(first), is_new=False)
    await put(store, post("c", author="other"))
    same, newest, other, none = await put(store, reply("b", 1), reply("b", -1), reply("b", 2), post("b"))
    assert same == newest == again
    assert [type(one) for one in (other, none)] == [IdReused, IdReused]
    db = connect_reader(store._writer._file)
    assert db.execute("SELECT count(*) FROM replies").get == 1
    db.close()
