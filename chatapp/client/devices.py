"""A person's devices at a server: which keys let them in, one more, and one less."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from chatapp.client.connect_error import ConnectError
from chatapp.client.connection import Connection, connect
from chatapp.client.events import Reason
from chatapp.client.identity import Identity
from chatapp.client.trust import Trust
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Challenged, DeviceInfo, DeviceList, Error, Event, Welcomed
from chatapp.protocol.identity import link_proof, proof
from chatapp.protocol.requests import Devices, Hello, LinkDevice, Prove, Request, RevokeDevice
from chatapp.version import SOFTWARE

_ANSWER_SECONDS = 20.0


class DevicesRefused(Exception):
    """The server said `error` instead."""

    def __init__(self, error: Error) -> None:
        super().__init__(error.code)
        self.error = error


class Owner(NamedTuple):
    """Who asks: `nick`, with the key `identity`, of the server at `host` and `port`, which is known by `trust`."""

    host: str
    port: int
    nick: str
    identity: Identity
    trust: Trust


async def list_devices(owner: Owner) -> list[DeviceInfo]:
    """Return the devices of `owner`; all of these raise ConnectError or DevicesRefused."""
    return await _ask(owner, lambda _: Devices())


async def link_device(owner: Owner, new: Identity, label: str) -> None:
    """Let the key `new` be the owner's too."""

    def request(log: str) -> Request:
        return LinkDevice(new.key, label, new.sign(link_proof(log, owner.identity.key, new.key)))

    await _ask(owner, request)


async def revoke_device(owner: Owner, key: str) -> None:
    """Let `key`, another one of the owner's, let nobody in any more."""
    await _ask(owner, lambda _: RevokeDevice(key))


async def _ask(owner: Owner, request: Callable[[str], Request]) -> list[DeviceInfo]:
    """Come in as the owner, ask for what `request` makes of the name of the server's log, and leave."""
    connection = await connect(owner.host, owner.port, trust=owner.trust)
    try:
        if not connection.answers_pings:
            raise DevicesRefused(Error(Code.UNSUPPORTED, ""))
        connection.hello(Hello(owner.nick, client=SOFTWARE, key=owner.identity.key))
        async with asyncio.timeout(_ANSWER_SECONDS):
            return await _talk(connection, owner, request)
    except OSError:
        raise ConnectError(Reason.LOST) from None
    finally:
        connection.close()


async def _talk(connection: Connection, owner: Owner, request: Callable[[str], Request]) -> list[DeviceInfo]:
    while (events := await connection.read()) is not None:
        for event in events:
            if isinstance(event, DeviceList):
                await connection.leave()
                return event.devices
            if isinstance(event, Error):
                raise DevicesRefused(event)
            if (answer := _answer(event, owner, request)) is not None:
                connection.send(answer)
    raise ConnectError(Reason.LOST)


def _answer(event: Event, owner: Owner, request: Callable[[str], Request]) -> Request | None:
    match event:
        case Challenged(log, nonce):
            return Prove(owner.identity.sign(proof(log, nonce, owner.identity.key, owner.nick)))
        case Welcomed():
            return request(event.log)
    return None
