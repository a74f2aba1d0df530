"""Events on their way from a client's connection to whoever takes them."""

import asyncio
from collections import deque

from chatapp.client.events import ClientEvent


class Inbox:
    """Keeps events, in their order, until they are taken."""

    def __init__(self) -> None:
        self._waiting = deque[ClientEvent]()
        self._has_ended = False
        self._is_due = asyncio.Event()
        """Set while any wait, and from the end on."""
        self._is_empty = asyncio.Event()

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def put(self, event: ClientEvent) -> None:
        """Let one more wait."""
        self._waiting.append(event)
        self._is_due.set()
        self._is_empty.clear()

    def end(self) -> None:
        """Let there be no more than those that wait."""
        self._has_ended = True
        self._is_due.set()

    async def take(self, most: int) -> list[ClientEvent]:
        """Return the first that wait, up to `most`, as soon as there is any; none once all are taken at the end."""
        await self._is_due.wait()
        taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
        if not self._waiting:
            self._is_empty.set()
            if not self._has_ended:
                self._is_due.clear()
        return taken

    async def emptied(self) -> None:
        """Return once none waits."""
        if self._waiting:
            await self._is_empty.wait()
