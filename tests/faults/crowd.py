"""Clients that talk all the time, and note everything that they are shown."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from chatapp.client.client import Client
from chatapp.client.keepsakes import Keepsakes
from chatapp.client.state import ChatState
from chatapp.protocol.events import Error, Said, Welcomed
from chatapp.server.storage.sqlite_store import SqliteStore
from tests.client.watching import pauses_of
from tests.server.keyed import resumed

PENDING = 8
"""So many lines each talker has under way at once."""

FOREVER = 2**62


class Talker:
    """A client that says numbered lines, some at a time, as long as it may; `shown` is all it was shown."""

    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.shown: list[Said] = []
        self.said = 0
        self.refused: list[Error] = []
        self._name = name
        self._may_talk = True
        self._changed = asyncio.Condition()

    def quieten(self) -> None:
        """Say nothing more than was said."""
        self._may_talk = False

    async def run(self) -> None:
        async for event in self.client:
            if isinstance(event, Said):
                self.shown.append(event)
            if isinstance(event, Error):
                self.refused.append(event)
            if self.client.state.was_welcomed:
                self._talk()
            async with self._changed:
                self._changed.notify_all()

    def _talk(self) -> None:
        while self._may_talk and len(self.client.state.pending) < PENDING:
            self.client.type_line(f"{self._name} {self.said}")
            self.said += 1

    async def until_shown(self, count: int, seconds: float = 60) -> None:
        """Wait until so many messages were shown."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: len(self.shown) >= count)

    async def until_shown_all(self, seconds: float = 60) -> None:
        """Wait until everything was shown that is in the log by now."""
        async with resumed(self.client.port, "passer-by", "", 0) as (_, welcomed):
            last = welcomed.seq
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: bool(self.shown) and self.shown[-1].seq >= last)

    async def until(self, holds: Callable[[ChatState], bool], seconds: float = 60) -> None:
        """Wait until `holds` of what the client knows."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: holds(self.client.state))


@contextlib.asynccontextmanager
async def crowd(
    port: int, folder: Path, names: list[str], ping_seconds: float = 15.0, pause: float = 0.02
) -> AsyncIterator[list[Talker]]:
    """Run a talker of each name, all welcome before anything is said; each keeps its things in `folder`."""
    async with contextlib.AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        talkers = list[Talker]()
        for name in names:
            keepsakes = Keepsakes(folder, "127.0.0.1", port)
            client = Client(
                "127.0.0.1", port, name, keepsakes=keepsakes, pauses=pauses_of(pause), ping_seconds=ping_seconds
            )
            await stack.enter_async_context(client)
            async with asyncio.timeout(20):
                async for event in client:
                    if isinstance(event, Welcomed):
                        break
            talkers.append(Talker(client, name))
        tasks = [group.create_task(talker.run()) for talker in talkers]
        for talker in talkers:
            talker.client.type_line(f"{talker.client.state.nick} begins")
        try:
            yield talkers
        finally:
            for task in tasks:
                task.cancel()


async def settle(talkers: list[Talker]) -> None:
    """Have all fall silent, and wait until each was shown all that any said."""
    for talker in talkers:
        talker.quieten()
    for talker in talkers:
        await talker.until(lambda state: not state.pending)
    most = sum(talker.said + 1 for talker in talkers)
    for talker in talkers:
        await talker.until_shown(most)


def check_shown(talkers: list[Talker], log: list[Said]) -> None:
    """Each was shown the log, all of it, once, in order; and everyone's lines are there once, as they were said."""
    for talker in talkers:
        assert talker.shown == log
        assert talker.refused == []
        nick = talker.client.state.nick
        said = [said.text for said in log if said.nick == nick]
        assert said == [f"{nick} begins", *(f"{nick} {number}" for number in range(talker.said))]


async def read_whole(folder: Path) -> list[Said]:
    """Return all that the log in `folder` holds."""
    store = await SqliteStore.open(folder)
    try:
        return await store.after("#general", 0, FOREVER)
    finally:
        await store.close()
