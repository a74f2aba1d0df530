"""``chatapp identity link``, ``devices`` and ``revoke``, as a person meets them, with a server that runs."""

import asyncio
import getpass
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from chatapp.cli import main
from chatapp.client.client import Client
from chatapp.client.events import NickWanted
from chatapp.client.identity import Keyring
from chatapp.client.keepsakes import Keepsakes
from chatapp.client.known_servers import KnownServers
from chatapp.client.trust import Trust
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Welcomed
from chatapp.protocol.identity import fingerprint
from chatapp.server.password import Password
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.certificates import HOST
from tests.peers import WAIT_SECONDS
from tests.ports import free_port

Run = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, server: Server) -> Run:
    """Run an action on the data of a device; return the code and what it printed. No passphrase is given."""
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: "")

    async def run(*arguments: str, device: str = "desk", lang: str = "en", port: int = 0) -> tuple[int, str, str]:
        address = ["--port", str(port or server.port)]
        command = ["identity", *arguments, *address, "--data", str(tmp_path / device), "--lang", lang]
        return await asyncio.to_thread(main, command), *capsys.readouterr()

    return run


def joining(server: Server, folder: Path) -> Client:
    return Client("localhost", server.port, "ana", keepsakes=Keepsakes(folder, "localhost", server.port))


def key_of(device: str, server: Server, folder: Path) -> str:
    return Keyring(folder / device).key_of("localhost", server.port, "ana").key


async def first_of(client: Client) -> Welcomed | NickWanted:
    """Return what becomes of the client's hello."""
    async with client, asyncio.timeout(WAIT_SECONDS):
        async for event in client:
            if isinstance(event, Welcomed | NickWanted):
                return event
    raise AssertionError("the client left")


async def test_a_device_is_linked_listed_and_revoked(run: Run, server: Server, tmp_path: Path) -> None:
    """From the file on one to the other, which is then the same person, until it is revoked; then it is told so."""
    assert isinstance(await first_of(joining(server, tmp_path / "desk")), Welcomed)
    file = tmp_path / "laptop.key"
    code, out, err = await run("link", "--nick", "ana", str(file))
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"{file} lets the device laptop in as ana: take it there, and delete it.",
        f"There: chatapp identity import --host HOST {file}",
        f"If that device is lost: chatapp identity revoke --nick ana --port {server.port} laptop",
    ]
    assert (await run("import", "--host", "localhost", str(file), device="laptop"))[0] == 0
    assert isinstance(await first_of(joining(server, tmp_path / "laptop")), Welcomed)
    first, laptop = key_of("desk", server, tmp_path), key_of("laptop", server, tmp_path)
    assert first != laptop
    code, out, _ = await run("devices", "--nick", "ana")
    assert [line.split("  ")[:2] for line in out.splitlines()] == [
        ["first", fingerprint(first)],
        ["laptop", fingerprint(laptop)],
    ]
    assert out.splitlines()[0].endswith("  (this one)")
    assert await run("revoke", "--nick", "ana", "laptop") == (0, "The device laptop lets nobody in any more.\n", "")
    refused = await first_of(joining(server, tmp_path / "laptop"))
    assert isinstance(refused, NickWanted)
    assert refused.error is not None
    assert refused.error.code == Code.KEY_REVOKED
    code, _, err = await run("devices", "--nick", "ana", device="laptop")
    assert (code, err.startswith("This device's key was revoked from another device of yours")) == (1, True)


async def test_the_first_device_is_revoked_by_its_fingerprint(run: Run, server: Server, tmp_path: Path) -> None:
    """From a device that has a name of its own choice, and by no device itself."""
    await first_of(joining(server, tmp_path / "desk"))
    await run("link", "--nick", "ana", "--device", "my phone", str(tmp_path / "x.key"))
    await run("import", "--host", "localhost", str(tmp_path / "x.key"), device="phone")
    first = fingerprint(key_of("desk", server, tmp_path))
    code, _, err = await run("revoke", "--nick", "ana", "my phone", device="phone")
    assert (code, err) == (1, "That is this device. Revoke it from another one.\n")
    assert (await run("revoke", "--nick", "ana", first, device="phone"))[0] == 0
    assert (await run("devices", "--nick", "ana"))[0] == 1
    code, out, _ = await run("devices", "--nick", "ana", device="phone")
    assert [line.split("  ")[0] for line in out.splitlines()] == ["my phone"]


async def test_what_can_not_be_is_said_in_one_line(run: Run, server: Server, tmp_path: Path) -> None:
    """No key, no such device, a file that is there, a name that is none; and no file is left of what failed."""
    file = tmp_path / "laptop.key"
    missing = "There is no such key here. `chatapp identity list` shows what there is.\n"
    assert await run("link", "--nick", "ana", str(file)) == (1, "", missing)
    await first_of(joining(server, tmp_path / "desk"))
    code, _, err = await run("revoke", "--nick", "ana", "tablet")
    command = f"chatapp identity devices --nick ana --port {server.port}"
    assert (code, err) == (1, f"0 devices of yours are tablet. See them all: {command}\n")
    code, _, err = await run("link", "--nick", "ana", "--device", "x" * 33, str(file))
    assert (code, err.startswith("A device's name has 1 to 32 characters")) == (1, True)
    file.write_text("keep me")
    code, _, err = await run("link", "--nick", "ana", str(file))
    assert (code, err.startswith(f"{file} is there already")) == (1, True)
    assert file.read_text() == "keep me"


async def test_without_a_server_there_is_no_link(run: Run, tmp_path: Path) -> None:
    """Nor a file, which would be of no use."""
    port = free_port()
    Keyring(tmp_path / "desk").key_for("localhost", port, "ana")
    code, _, err = await run("link", "--nick", "ana", str(tmp_path / "laptop.key"), port=port, lang="es")
    assert (code, err.count("\n"), "chatapp serve" in err) == (1, 1, True)
    assert "laptop.key" not in os.listdir(tmp_path)


async def test_devices_are_looked_after_by_tls_and_behind_a_door(run: Run, tmp_path: Path) -> None:
    """At a chat on a network, which asks strangers for a password: the server is known by its key, the member is in."""
    settings = Settings(HOST, 0, data=tmp_path / "server", password=Password.of("secret", 2))
    server = Server(settings)
    await server.start()
    try:
        keepsakes, trust = Keepsakes(tmp_path / "desk", HOST, server.port), known_by(tmp_path / "desk", server.port)
        client = Client(HOST, server.port, "ana", keepsakes=keepsakes, trust=trust, secret="secret")
        assert isinstance(await first_of(client), Welcomed)
        where, file = ("--nick", "ana", "--host", HOST), tmp_path / "laptop.key"
        assert (await run("link", *where, str(file), port=server.port))[0] == 0
        assert (await run("import", "--host", HOST, str(file), device="laptop", port=server.port))[0] == 0
        for device in ("desk", "laptop"):
            code, out, _ = await run("devices", *where, device=device, port=server.port)
            assert (code, out.count("\n")) == (0, 2)
        assert (await run("revoke", *where, "laptop", port=server.port))[0] == 0
        code, out, err = await run("devices", *where, device="laptop", port=server.port)
        assert (code, out, err.count("\n")) == (1, "", 1)
    finally:
        await server.stop()


def known_by(folder: Path, port: int) -> Trust:
    return Trust(HOST, port, known=KnownServers(folder))
