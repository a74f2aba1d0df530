"""Who hosts: a client that finds nothing where it joins has its process host, and one alone ever does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatapp.client.client import Client
from chatapp.client.events import Connecting, Disconnected, Hosting, Reason
from chatapp.hosting import LocalHost
from chatapp.protocol.events import Said, Welcomed
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.client.watching import Watch, joined, pauses_of, saying, serving, watched
from tests.ports import free_port


class Called:
    """A `host_here` that hosts nothing, and counts how often it is asked to."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> bool:
        self.times += 1
        return False


async def test_who_finds_nobody_hosts() -> None:
    """Refused, the client hosts, says so, and joins its own chat at once, with no pause."""
    local = LocalHost(Settings(port=free_port()))
    async with watched(local._settings.port, "ana", host_here=local.host) as watch:
        welcome = await watch.next(Welcomed)
        assert [type(event) for event in watch.seen] == [Connecting, Hosting, Connecting, Welcomed]
        assert (welcome.members, watch.client.state.hosting) == (["ana"], True)
    await local.stop()


async def test_who_finds_a_chat_joins_it(server: Server) -> None:
    """Where a chat runs, nothing is hosted."""
    called = Called()
    async with watched(server.port, "ana", host_here=called) as watch:
        await watch.next(Welcomed)
        assert (called.times, watch.client.state.hosting) == (0, False)


async def test_a_host_that_never_listens_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """If somebody else is to host, and then doesn't, the client is refused, and tries again later."""
    monkeypatch.setattr("chatapp.client.client._OTHER_HOST_SECONDS", 0.0)
    called = Called()
    async with watched(free_port(), "ana", host_here=called) as watch:
        assert await watch.next(Disconnected) == Disconnected(Reason.REFUSED, 3600)
        assert called.times == 30
        assert not watch.client.state.hosting


async def test_a_host_that_cannot_listen_says_so() -> None:
    """If this process can't host there for a reason of its own, that is said, and nothing is tried in a hurry."""

    async def fail() -> bool:
        raise OSError("no such address")

    async with watched(free_port(), "ana", host_here=fail) as watch:
        assert await watch.next(Disconnected) == Disconnected(Reason.CANNOT_HOST, 3600)


async def test_a_fault_of_the_host_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A program that can't even start its server does not keep the client waiting: it says where the report is."""
    monkeypatch.setattr("chatapp.crash.user_log_path", lambda *_, **__: tmp_path)
    monkeypatch.setattr(Server, "start", _fail)
    local = LocalHost(Settings(port=free_port()))
    async with asyncio.timeout(5):
        with pytest.raises(OSError, match=r"chatapp failed .ZeroDivisionError.. The report is in"):
            await local.host()
        await local.stop()
    assert str(tmp_path) in local.problem


async def _fail(_server: Server) -> None:
    raise ZeroDivisionError


async def test_another_service_is_not_replaced() -> None:
    """Only a refusal is a reason to host: what is no chat, or an unknown host, is not."""
    called = Called()
    async with serving(saying()) as port, watched(port, "ana", host="host.invalid", host_here=called) as watch:
        assert (await watch.next(Disconnected)).reason is Reason.UNKNOWN_HOST
    async with serving(_hang_up) as port, watched(port, "ana", host_here=called) as watch:
        assert (await watch.next(Disconnected)).reason is Reason.NOT_CHAT
    assert called.times == 0


async def _hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


@contextlib.asynccontextmanager
async def _person(port: int, nick: str) -> AsyncIterator[tuple[Watch, LocalHost]]:
    local = LocalHost(Settings(port=port))
    async with Client("127.0.0.1", port, nick, host_here=local.host, pauses=pauses_of(0.01)) as client:
        yield Watch(client), local
    await local.stop()


@pytest.mark.parametrize("_attempt", range(10))
async def test_of_two_that_start_together_one_hosts(_attempt: int) -> None:
    """Two clients at one free port: exactly one hosts, and they see each other's lines."""
    port = free_port()
    async with _person(port, "ana") as (ana, _), _person(port, "eva") as (eva, _):
        await asyncio.gather(ana.next(Welcomed), eva.next(Welcomed))
        assert [ana.client.state.hosting, eva.client.state.hosting].count(True) == 1
        for watch, text in ((ana, "de ana"), (eva, "de eva")):
            watch.client.type_line(text)
            assert (await ana.next(Said)).text == (await eva.next(Said)).text == text


async def test_when_the_host_leaves_another_takes_over() -> None:
    """The one who stays hosts in its turn, and the chat goes on there."""
    port = free_port()
    async with contextlib.AsyncExitStack() as stack:
        async with _person(port, "ana") as (ana, _):
            await ana.next(Welcomed)
            eva, _ = await stack.enter_async_context(_person(port, "eva"))
            await eva.next(Welcomed)
            assert not eva.client.state.hosting
        assert (await eva.next(Disconnected)).reason is Reason.SHUTTING_DOWN
        assert (await eva.next(Welcomed)).members == ["eva"]
        assert eva.client.state.hosting
        async with joined(port, "leo") as leo:
            eva.client.type_line("still here")
            assert await leo.texts(1) == ["still here"]


async def test_a_host_that_hosts_nothing_stops_at_once() -> None:
    """Stopping what was never started is nothing."""
    async with asyncio.timeout(1):
        await LocalHost(Settings()).stop()
