"""A client without a server: it hears what a test has it hear."""

import asyncio

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent
from chatapp.protocol.requests import Request

HOST, PORT = "127.0.0.1", 9000


class Puppet(Client):
    """Emits what it is told to, and keeps what was asked for; nothing of it is on any wire."""

    def __init__(self) -> None:
        super().__init__(HOST, PORT, "ana")
        self.asked: list[Request] = []

    def hear(self, *events: ClientEvent) -> None:
        for event in events:
            self._emit(event)

    async def all_told(self) -> None:
        """Wait until the screen has taken every event."""
        await self._inbox.emptied()

    def send(self, request: Request) -> None:
        self.asked.append(request)

    async def _run(self) -> None:
        await asyncio.Event().wait()
