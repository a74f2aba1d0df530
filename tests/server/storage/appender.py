"""A process that appends messages to the log in a folder until it is killed, and prints each one that is confirmed."""

import asyncio
import sys
import uuid
from pathlib import Path

from chatapp.server.storage.sqlite_store import SqliteStore
from tests.server.storage.logs import post, said_of


async def append(folder: Path) -> None:
    store = await SqliteStore.open(folder)
    while True:
        outcomes = await store.append([post(f"hola {i}", uuid.uuid4().hex) for i in range(1 + store.last_seq % 7)])
        for outcome in outcomes:
            print(said_of(outcome).seq, said_of(outcome).id, flush=True)


if __name__ == "__main__":
    asyncio.run(append(Path(sys.argv[1])))
