"""What opens the door of a chat: given when the server asks for it, kept in memory, and never where others can read."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatapp.client.client import Client
from chatapp.client.connection import RichConnection
from chatapp.client.events import Disconnected, Reason, SecretWanted
from chatapp.client.keepsakes import Keepsakes
from chatapp.protocol import rich
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Welcomed
from chatapp.protocol.requests import Request
from chatapp.server.password import Password
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.client.watching import AN_HOUR, Watch, pauses_of

SECRET = "abracadabra"


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[Server]:
    """A server with a password."""
    server = Server(Settings(port=0, data=tmp_path, password=Password.of(SECRET, cost=2)))
    await server.start()
    yield server
    await server.stop()


@contextlib.asynccontextmanager
async def watched(server: Server, secret: str = "", keepsakes: Keepsakes | None = None) -> AsyncIterator[Watch]:
    async with Client(
        "127.0.0.1", server.port, "ana", secret=secret, keepsakes=keepsakes, pauses=pauses_of(0.01)
    ) as client:
        yield Watch(client)


async def test_a_secret_that_is_there_is_given(guarded: Server) -> None:
    """Nobody is asked, and nobody is told of the question."""
    async with watched(guarded, SECRET) as watch:
        await watch.next(Welcomed)
        assert not [event for event in watch.seen if isinstance(event, Error | SecretWanted)]


async def test_who_has_none_is_asked_until_it_is_right(guarded: Server) -> None:
    """First for what it is, then why it was refused; what is right lets them in."""
    async with watched(guarded) as watch:
        assert (await watch.next(SecretWanted)).error.code == Code.PASSWORD_REQUIRED
        watch.client.give_secret("wrong")
        assert (await watch.next(SecretWanted)).error.code == Code.WRONG_PASSWORD
        watch.client.give_secret(SECRET)
        assert (await watch.next(Welcomed)).nick == "ana"


async def test_a_connection_that_comes_again_needs_no_person(guarded: Server) -> None:
    """A guest is asked by the server each time, and the client remembers."""
    async with watched(guarded, SECRET) as watch:
        await watch.next(Welcomed)
        assert watch.client._connection is not None
        watch.client._connection.close()
        await watch.next(Welcomed)


async def test_a_member_needs_it_once(guarded: Server, tmp_path: Path) -> None:
    """With a key, the next client that knows no password comes in all the same."""
    keepsakes = Keepsakes(tmp_path, "127.0.0.1", guarded.port)
    async with watched(guarded, SECRET, keepsakes) as watch:
        await watch.next(Welcomed)
    async with watched(guarded, "", keepsakes) as watch:
        await watch.next(Welcomed)


async def test_it_is_not_given_where_others_can_read(guarded: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a connection to another machine that is not encrypted nothing leaves, and the reason is told."""
    sent = list[Request]()
    monkeypatch.setattr(RichConnection, "is_private", False)
    monkeypatch.setattr(RichConnection, "send", lambda _, request: sent.append(request))
    monkeypatch.setattr(RichConnection, "hello", lambda self, hello: self._writer.write(rich.encode(hello)))
    async with watched(guarded, SECRET) as watch:
        assert (await watch.next(Disconnected)).reason is Reason.WOULD_EXPOSE
        assert not sent


async def test_who_tried_too_often_waits_as_long_as_the_server_says(guarded: Server) -> None:
    """The person is asked no more, and the next try comes by itself."""
    async with watched(guarded) as watch:
        for _ in range(5):
            await watch.next(SecretWanted)
            watch.client.give_secret("wrong")
        await watch.next(SecretWanted)
        watch.client.give_secret(SECRET)
        gone = await watch.next(Disconnected)
        assert gone.reason is Reason.TOO_MANY_GUESSES
        assert 0 < gone.retry_in <= 1.0
        assert (await watch.next(Welcomed)).nick == "ana"


async def test_only_this_machine_is_private_without_encryption(guarded: Server) -> None:
    """What goes over the loopback doesn't leave the machine."""
    async with Client("127.0.0.1", guarded.port, "ana", secret=SECRET, pauses=AN_HOUR) as client:
        await Watch(client).next(Welcomed)
        assert client._connection is not None
        assert client._connection.is_private
