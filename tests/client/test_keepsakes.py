"""What a client keeps on disk: its key, which lets it in again, and its lines, which are sent once whatever happens."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatapp.client.client import Client
from chatapp.client.connection import RichConnection
from chatapp.client.events import Disconnected, NickWanted, Queued
from chatapp.client.keepsakes import Keepsakes
from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Renamed, Said, Welcomed
from chatapp.protocol.requests import Request, Say
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.client.watching import AN_HOUR, Watch, joined, pauses_of
from tests.ports import free_port
from tests.server.talking import GatedStore, running


@contextlib.asynccontextmanager
async def keeping(folder: Path, port: int, nick: str = "ana") -> AsyncIterator[Watch]:
    """Run a client that keeps its things in `folder`, from then on only by `retry_now` after a failure."""
    keepsakes = Keepsakes(folder, "127.0.0.1", port)
    async with Client("127.0.0.1", port, nick, keepsakes=keepsakes, pauses=AN_HOUR) as client:
        yield Watch(client)


async def crash(watch: Watch) -> None:
    """End a client as the end of its process does: no goodbye, and nothing more is written."""
    client = watch.client
    connection, client._connection = client._connection, None
    await client.leave()
    if isinstance(connection, RichConnection):
        connection._writer.transport.abort()


def waiting(folder: Path, port: int, nick: str = "ana") -> list[str]:
    """Return the texts that wait on the disk."""
    return [say.text for say in Keepsakes(folder, "127.0.0.1", port).outbox(nick).load()]


@contextlib.asynccontextmanager
async def serving(port: int) -> AsyncIterator[Server]:
    server = Server(Settings(port=port))
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def test_what_was_typed_offline_is_sent_after_a_restart(tmp_path: Path) -> None:
    """Lines typed while there is no server outlive the program; the next one says them, in order, once."""
    port = free_port()
    for texts in (["uno", "dos"], ["tres"]):
        async with keeping(tmp_path, port) as ana:
            await ana.next(Disconnected)
            for text in texts:
                ana.client.type_line(text)
            await crash(ana)
    assert waiting(tmp_path, port) == ["uno", "dos", "tres"]
    async with serving(port), joined(port, "eva") as eva, keeping(tmp_path, port) as ana:
        assert await ana.texts(3) == await eva.texts(3) == ["uno", "dos", "tres"]
        assert ana.client.state.pending == {}
        ana.client.type_line("last")
        assert await eva.texts(1) == await ana.texts(1) == ["last"]
    assert waiting(tmp_path, port) == []


async def test_what_was_typed_before_anything_happened_is_kept_too(tmp_path: Path) -> None:
    """A line that is typed as soon as the client is there waits on the disk, behind the older ones."""
    port = free_port()
    for text in ("uno", "dos"):
        async with keeping(tmp_path, port) as ana:
            ana.client.type_line(text)
            await ana.next(Disconnected)
            await crash(ana)
    assert waiting(tmp_path, port) == ["uno", "dos"]
    async with keeping(tmp_path, port) as ana:
        await ana.next(Disconnected)
        assert [event.say.text for event in ana.seen if isinstance(event, Queued)] == ["uno", "dos"]


async def test_what_was_not_confirmed_at_a_crash_is_said_once(tmp_path: Path) -> None:
    """The server has the lines and the client dies before their echo: the next client's are the same lines."""
    async with running(store=(store := GatedStore())) as server:
        store.gate.set()
        port = server.port
        async with joined(port, "eva") as eva:
            async with keeping(tmp_path, port) as ana:
                await ana.next(Welcomed)
                store.gate.clear()
                ana.client.type_line("uno")
                ana.client.type_line("dos")
                await store.until_waiting()
                await crash(ana)
            assert waiting(tmp_path, port) == ["uno", "dos"]
            store.gate.set()
            assert await eva.texts(2) == ["uno", "dos"]
            async with keeping(tmp_path, port) as ana:
                await ana.next(Welcomed)
                ana.client.type_line("last")
                assert await eva.texts(1) == ["last"]
                while ana.client.state.pending:
                    await ana.next(Said)
    assert waiting(tmp_path, port) == []


async def test_a_line_is_on_the_disk_before_it_leaves(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is synced, with the line in it, before the first byte of the line is written to the server."""
    steps = list[str]()
    fsync, send = os.fsync, RichConnection.send

    def noting_fsync(descriptor: int) -> None:
        fsync(descriptor)
        if b"hola" in Path(os.readlink(f"/proc/self/fd/{descriptor}")).read_bytes():
            steps.append("synced")

    def noting_send(self: RichConnection, request: Request) -> None:
        if isinstance(request, Say):
            steps.append("sent")
        send(self, request)

    async with keeping(tmp_path, server.port) as ana:
        await ana.next(Welcomed)
        with monkeypatch.context() as patches:
            patches.setattr(os, "fsync", noting_fsync)
            patches.setattr(RichConnection, "send", noting_send)
            ana.client.type_line("hola")
        assert steps == ["synced", "sent"]
        assert await ana.texts(1) == ["hola"]


async def test_what_the_server_refuses_waits_no_more(server: Server, tmp_path: Path) -> None:
    """A line that is refused leaves the disk, and is not said by the next client either."""
    async with keeping(tmp_path, server.port) as ana:
        await ana.next(Welcomed)
        ana.client.send(Say("#nowhere", "lost", "an-id"))
        error = await ana.next(Error)
        assert (error.code, error.id, ana.client.state.pending) == (Code.NOT_IN_ROOM, "an-id", {})
    assert waiting(tmp_path, server.port) == []


async def test_what_can_not_be_written_to_the_wire_waits_no_more(server: Server, tmp_path: Path) -> None:
    """A line too long for the wire is refused at once, and is not on the disk."""
    async with keeping(tmp_path, server.port) as ana:
        await ana.next(Welcomed)
        with pytest.raises(Exception, match="line-too-long"):
            ana.client.type_line('"' * limits.TEXT_BYTES)
        ana.client.type_line("hola")
        assert await ana.texts(1) == ["hola"]
    assert waiting(tmp_path, server.port) == []


async def test_the_key_lets_its_owner_in_beside_itself_and_nobody_else(server: Server, tmp_path: Path) -> None:
    """Two clients with one folder are one person; one with another folder, and so another key, is refused."""
    async with keeping(tmp_path / "mine", server.port) as first, keeping(tmp_path / "mine", server.port) as second:
        assert (await first.next(Welcomed)).nick == (await second.next(Welcomed)).nick == "ana"
        first.client.type_line("hola")
        assert await first.texts(1) == await second.texts(1) == ["hola"]
        async with keeping(tmp_path / "other", server.port) as other:
            error = (await other.next(NickWanted)).error
            assert error is not None
            assert error.code == Code.NICK_TAKEN


async def test_a_rename_takes_the_key_along(server: Server, tmp_path: Path) -> None:
    """Who was ana and is eva comes back as eva, by the same key; ana would be a new one."""
    key = Keepsakes(tmp_path, "127.0.0.1", server.port).identity("ana").key
    async with keeping(tmp_path, server.port) as ana:
        await ana.next(Welcomed)
        ana.client.type_line("/nick eva")
        await ana.next(Renamed)
    assert Keepsakes(tmp_path, "127.0.0.1", server.port).identity("eva").key == key
    async with keeping(tmp_path, server.port, "eva") as eva:
        assert (await eva.next(Welcomed)).nick == "eva"
    assert Keepsakes(tmp_path, "127.0.0.1", server.port).identity("ana").key != key


async def test_a_key_that_can_not_be_used_asks_for_another_nick(server: Server, tmp_path: Path) -> None:
    """With a damaged key file the client says so and asks; another nick lets it in, and the file is as it was."""
    Keepsakes(tmp_path, "127.0.0.1", server.port).identity("ana")
    [file] = (tmp_path / "keys").glob("*.key")
    file.write_bytes(b"no key")
    async with keeping(tmp_path, server.port) as ana:
        error = (await ana.next(NickWanted)).error
        assert error is not None
        assert str(file) in error.text
        ana.client.choose_nick("eva")
        assert (await ana.next(Welcomed)).nick == "eva"
    assert file.read_bytes() == b"no key"


async def test_a_client_that_comes_back_is_not_kept_out_by_itself(tmp_path: Path) -> None:
    """Cut off, and back before the server has noticed, the owner is let in beside its own ghost."""
    async with running() as server, keeping(tmp_path, server.port) as ana:
        await ana.next(Welcomed)
        keepsakes = Keepsakes(tmp_path, "127.0.0.1", server.port)
        again = Client("127.0.0.1", server.port, "ana", keepsakes=keepsakes, pauses=pauses_of(0.01))
        async with asyncio.timeout(5), again:
            assert (await Watch(again).next(Welcomed)).members == ["ana"]
