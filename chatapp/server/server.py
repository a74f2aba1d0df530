"""A server: it listens, and stands its parts together."""

import asyncio

from chatapp.server.bus import Bus, Closing
from chatapp.server.hub import Hub
from chatapp.server.relay import Relay
from chatapp.server.requests import Services
from chatapp.server.session import Session
from chatapp.server.settings import Settings
from chatapp.server.store import MemoryStore, Store

_BACKLOG = 1024


class Server:
    """One chat server in the running loop: `start`, then `stop`."""

    def __init__(self, settings: Settings, store: Store | None = None) -> None:
        self._settings = settings
        self._bus = Bus()
        store = store or MemoryStore()
        self._hub = Hub(settings, store.log, store.last_seq)
        self._relay = Relay(self._bus, store, self._hub)

    @property
    def port(self) -> int:
        """The port it listens on, also where the settings say 0."""
        port: int = self._listener.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        """Listen. Raises OSError if that can't be, for a port in use or an unknown host."""
        services = Services(self._settings, self._hub, self._bus)
        self._listener = await asyncio.get_running_loop().create_server(
            lambda: Session(services), self._settings.host, self._settings.port, backlog=_BACKLOG, start_serving=False
        )
        try:
            await self._listener.start_serving()
        except OSError:  # two servers can bind one port at once; then one of them can't listen
            self._listener.close()
            raise
        self._relaying = asyncio.create_task(self._relay.run())

    async def run_until(self, told: asyncio.Event) -> None:
        """Serve until `told`, then stop. A fault of the relay, without which nobody is shown anything, is raised."""
        waiting = asyncio.create_task(told.wait())
        await asyncio.wait((waiting, self._relaying), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        await self.stop()

    async def stop(self) -> None:
        """Take no more connections, deliver what was taken, say goodbye, and wait some seconds for slow readers."""
        self._listener.close()
        self._bus.publish(Closing())
        await self._relaying
        await self._hub.close_all()
