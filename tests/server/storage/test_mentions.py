"""Where somebody is mentioned."""

from chatapp.server.storage.sqlite_store import SqliteStore
from tests.server.storage.doings import put, topic
from tests.server.storage.logs import ROOM, post


async def found(store: SqliteStore, names: list[str], rooms: list[str], before: int | None, limit: int) -> list[int]:
    return [said.seq for said in await store.mentions(names, rooms, before, limit)]


async def test_who_is_mentioned_where(store: SqliteStore) -> None:
    """By any spelling of the name, or with everyone; once, in the rooms that are asked for; not by a topic."""
    texts = ["@ana", "ana", "hola @ANA, y @Ana.", "@anabel", "@todos @ana", "a@ana", "@luis"]
    await put(store, *(post(text, str(i)) for i, text in enumerate(texts)), topic("@ana"), post("@ana", room="#dev"))
    assert await found(store, ["ana", "here"], [ROOM, "#dev"], None, 10) == [9, 5, 3, 1]
    assert await found(store, ["ana", "here"], [ROOM], None, 10) == [5, 3, 1]
    assert await found(store, ["here"], [ROOM, "#dev"], None, 10) == [5]
    assert await found(store, [], [ROOM], None, 10) == await found(store, ["ana"], [], None, 10) == []


async def test_pages_of_mentions(store: SqliteStore) -> None:
    """The newest first, in one order over all rooms and names."""
    texts = [("@ana", "@here", "nobody")[i % 3] for i in range(60)]
    await put(store, *(post(text, str(i), room=f"#{i % 4}") for i, text in enumerate(texts)))
    rooms, names, pages, before = ["#0", "#1", "#2"], ["ana", "here"], list[int](), None
    while page := await found(store, names, rooms, before, 7):
        pages += page
        before = page[-1]
    wanted = [seq for seq in range(60, 0, -1) if (seq - 1) % 3 < 2 and (seq - 1) % 4 < 3]
    assert pages == wanted
