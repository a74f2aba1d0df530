"""A server: it opens its log, listens, and stands its parts together."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from chatapp.data import data_folder, make_folder
from chatapp.server.bus import Bus, Closing, Noting
from chatapp.server.descriptors import raise_limit
from chatapp.server.devices import DeviceKeys
from chatapp.server.door import Door
from chatapp.server.hub import Hub
from chatapp.server.link import RECEIVE_BYTES
from chatapp.server.networks import Networks
from chatapp.server.operators import unowned
from chatapp.server.ownership import free_unused
from chatapp.server.password import Password
from chatapp.server.people import People
from chatapp.server.reads import Reads
from chatapp.server.registry import Registry
from chatapp.server.relay import Relay
from chatapp.server.sanctions import Sanctions
from chatapp.server.security import Security
from chatapp.server.services import Services
from chatapp.server.session import Session
from chatapp.server.settings import Settings
from chatapp.server.storage.errors import StorageFull
from chatapp.server.storage.records import Ending
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from chatapp.server.store import Store
from chatapp.server.tolls import Tolls
from chatapp.texts import tr

_log = logging.getLogger(__name__)

INVITES = "invites"
"""The folder of invitations, beside the log."""

_BACKLOG = 1024
"""How many connections the system may keep waiting."""

_ACCEPTED_A_TURN = 16
"""How many of them are taken in one turn of the loop, before the first of these can be refused."""


class Server:
    """One chat server in the running loop: `start`, then `stop`. Its log is `store`, or the one in its data folder."""

    def __init__(self, settings: Settings, store: Store | None = None) -> None:
        self._settings = settings
        self._store = store
        self._bus = Bus()

    @property
    def port(self) -> int:
        """The port it listens on, also where the settings say 0."""
        port: int = self._listener.sockets[0].getsockname()[1]
        return port

    @property
    def pin(self) -> str:
        """What other machines know it by, "" if it speaks no TLS with them."""
        return self._security.pin

    def reload(self) -> bool:
        """Read the certificate anew, for connections from now on; return whether there is one.

        Raises CertificateError; then the one before stays.
        """
        return self._security.reload()

    def change_password(self, password: Password) -> None:
        """Ask whoever is no member yet for another password, where one is asked for."""
        self._door.change_password(password)

    @property
    def departures(self) -> int:
        """How many connections have ended."""
        return self._hub.departures

    async def start(self) -> None:
        """Listen, and then open the log: whoever got the port is the one to write it.

        Raises OSError if it can't listen, for a port in use or an unknown host, CertificateError, and StoreError.
        """
        self._listener = await asyncio.get_running_loop().create_server(
            self._new_peer, self._settings.host, self._settings.port, backlog=_ACCEPTED_A_TURN, start_serving=False
        )
        try:
            self._security = Security(self._settings, self._addresses(), lambda: make_folder(self._folder()))
            store = self._store or await SqliteStore.open(self._folder())
        except BaseException:
            self._listener.close()
            raise
        self._stand_together(store)
        try:
            await self._listener.start_serving()
            self._lengthen_queue()
        except BaseException:  # two can bind one port at once; then one of them can't listen
            await self.stop()
            raise

    def _lengthen_queue(self) -> None:
        """Let more connections wait than asyncio takes in one turn, which to it is one number."""
        for listening in self._listener.sockets:
            with listening.dup() as same:
                same.listen(_BACKLOG)

    def _folder(self) -> Path:
        return log_file(data_folder(self._settings.data), self._settings.port).parent

    def _addresses(self) -> list[str]:
        return [listening.getsockname()[0] for listening in self._listener.sockets]

    def _new_peer(self) -> asyncio.BufferedProtocol:
        return self._security.guard(Session(self._services))

    def _stand_together(self, store: Store) -> None:
        self._store = store
        tolls = Tolls(self._settings.rates)
        self._reads = Reads(store, tolls.pages)
        people = People(store.owners, store.nicks, self._settings.operators)
        registry = Registry(store.made, store.rooms_of)
        places = self._settings.connections or raise_limit()
        self._hub = Hub(self._settings, places, self._reads, people, registry, store.log, store.last_seq)
        sanctions = Sanctions(store.sanctions, store.slow, self._settings.clock)
        buffer = memoryview(bytearray(RECEIVE_BYTES))
        devices = DeviceKeys(store.devices)
        self._door = Door(self._settings, self._folder() / INVITES)
        networks = Networks(self._settings.allow, self._settings.deny)
        self._services = Services(
            self._settings,
            store.log,
            self._hub,
            self._bus,
            people,
            registry,
            self._reads,
            sanctions,
            devices,
            tolls,
            self._door,
            networks,
            buffer,
        )
        for name in unowned(self._settings.operators, people):
            _log.warning(
                tr("Nobody owns the nick {nick} yet: whoever first takes it with a key is an operator.", nick=name)
            )
        for room in registry.abandoned():
            self._bus.publish(Noting(Ending(room)))
        self._relaying = asyncio.create_task(Relay(self._bus, store, self._hub).run())
        self._chores = [
            asyncio.create_task(_every(self._settings.timing.sweep, self._hub.drop_the_dead)),
            asyncio.create_task(_every(self._settings.timing.recount, self._hub.recount)),
        ]
        if self._settings.nick_expiry_days is not None:
            self._chores.append(asyncio.create_task(_every(self._settings.timing.expiry, self._free_unused)))
        if self._settings.keep_days is not None or self._settings.keep_messages is not None:
            self._chores.append(asyncio.create_task(_every(self._settings.timing.prune, self._prune)))

    async def _prune(self) -> None:
        """Let go of what need not be kept, in small steps; between two of them the log takes what is said."""
        assert self._store is not None
        settings = self._settings
        with contextlib.suppress(StorageFull):  # then the next time
            while await self._store.prune(settings.keep_days, settings.keep_messages, settings.clock()):
                pass

    async def _free_unused(self) -> None:
        services = self._services
        assert self._store is not None
        await free_unused(services.settings, services.people, self._store, services.bus)

    async def run_until(self, told: Coroutine[Any, Any, object]) -> None:
        """Serve until `told` ends, then stop. Raises a fault of the relay, without which nobody is shown anything."""
        waiting = asyncio.create_task(told)
        await asyncio.wait((waiting, self._relaying), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        await self.stop()

    async def stop(self) -> None:
        """Take no more connections, deliver what was taken, say goodbye, and wait some seconds for slow readers."""
        self._listener.close()
        for chore in self._chores:
            chore.cancel()
        self._bus.publish(Closing())
        try:
            await self._relaying
        finally:
            await self._hub.close_all()
            self._reads.cancel_all()
            self._door.close()
            assert self._store is not None
            await self._store.close()


def log_file(data: Path, port: int) -> Path:
    """Return the file of the log of the server at `port`, under the folder `data`: each port has one of its own."""
    return data / f"server-{port}" / FILE_NAME


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Do `work` again and again; a fault in it is told as those of callbacks are, and the next time it is done anew."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception as error:
            asyncio.get_running_loop().call_exception_handler({"message": "a chore failed", "exception": error})
