"""Messages for a log, and logs with messages in them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from chatapp.protocol.events import Said
from chatapp.protocol.requests import Say
from chatapp.server.storage.records import Appended, Outcome, Post
from chatapp.server.storage.sqlite_store import SqliteStore

NOON = 1_700_000_000.0
"""When messages are said, if it doesn't matter: 2023-11-14, in seconds since 1970."""

ROOM = "#general"


def post(
    text: str, id_: str | None = None, *, room: str = ROOM, nick: str = "ana", author: str = "key", at: float = NOON
) -> Post:
    """A post whose id, if not given, is its text without spaces."""
    return Post(author, nick, Say(room, text, id_ or text.replace(" ", "_")), at)


def said_of(outcome: Outcome) -> Said:
    assert isinstance(outcome, Appended)
    return outcome.said


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[SqliteStore]:
    store = await SqliteStore.open(folder)
    try:
        yield store
    finally:
        await store.close()


def make_log(folder: Path, posts: Sequence[Post]) -> list[Said]:
    """Make a log of `posts` in `folder`, each in a batch of its own, and return what is in it."""

    async def make() -> list[Said]:
        async with opened(folder) as store:
            return [said_of((await store.append([each]))[0]) for each in posts]

    return asyncio.run(make())


def make_killed_log(folder: Path, posts: Sequence[Post]) -> list[Said]:
    """Like `make_log`, but as the death of the server leaves it: the newest messages only in the write-ahead log."""

    living = folder.with_name("living")

    async def make() -> list[Said]:
        async with opened(living) as store:
            said = [said_of((await store.append([each]))[0]) for each in posts]
            shutil.copytree(living, folder)
            return said

    return asyncio.run(make())


def read_log(folder: Path, room: str = ROOM) -> list[Said]:
    """Return all messages of `room`, read page by page."""

    async def read() -> list[Said]:
        async with opened(folder) as store:
            said: list[Said] = []
            while page := await store.after(room, said[-1].seq if said else 0, 100):
                said += page
            return said

    return asyncio.run(read())
