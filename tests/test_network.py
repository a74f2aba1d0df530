"""A chat between two machines, which are two network namespaces: the line that `serve` prints is all one needs."""

import asyncio
import contextlib
import os
import shlex
import shutil
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from chatapp.client.known_servers import KnownServers
from tests.terminal.tmux import CHATAPP, terminal

WAIT_SECONDS = 20.0
_HERE = f"chat{os.getpid()}a"
_THERE = f"chat{os.getpid()}b"
_ADDRESS = "10.99.7.1"

_SNIFF = """
import socket, sys
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
wire.bind(("wire0", 0))
print("ready", flush=True)
while True:
    sys.stdout.buffer.write(wire.recv(65536))
    sys.stdout.buffer.flush()
"""

_IN_THE_CLEAR = f"""
import socket
with socket.create_connection(("{_ADDRESS}", 9000)) as plain:
    plain.sendall(b"in the clear\\n")
    print(plain.recv(1000))
"""


def may_make_machines() -> bool:
    """Return whether the system lets this process have networks of its own."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    return subprocess.run(["unshare", "--net", "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0


pytestmark = pytest.mark.skipif(
    "CI" not in os.environ and not may_make_machines(), reason="network namespaces are for root, with iproute2"
)


def ip(line: str) -> None:
    subprocess.run(["ip", *line.split()], check=True)


@pytest.fixture
def machines() -> Iterator[None]:
    """Two machines on one wire, which leads nowhere else."""
    ip(f"netns add {_HERE}")
    try:
        ip(f"netns add {_THERE}")
        ip(f"-n {_HERE} link add wire0 type veth peer name wire0 netns {_THERE}")
        ip(f"-n {_HERE} addr add {_ADDRESS}/24 dev wire0")
        ip(f"-n {_THERE} addr add 10.99.7.2/24 dev wire0")
        for name in (_HERE, _THERE):
            ip(f"-n {name} link set lo up")
            ip(f"-n {name} link set wire0 up")
        yield
    finally:
        ip(f"netns del {_HERE}")
        subprocess.run(["ip", "netns", "del", _THERE], check=False)


@contextlib.asynccontextmanager
async def running(machine: str, *command: str) -> AsyncIterator[Process]:
    """Run a command of Python's on `machine`."""
    process = await asyncio.create_subprocess_exec(
        *("ip", "netns", "exec", machine, sys.executable, *command), stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def read_until(process: Process, text: str) -> str:
    """Return the line that holds `text`; those before it are passed over."""
    assert process.stdout is not None
    async with asyncio.timeout(WAIT_SECONDS):
        while text not in (line := (await process.stdout.readline()).decode()):
            assert line, f"no {text!r}"
    return line.rstrip("\n")


async def heard_on(wire: Process, text: bytes) -> bytes:
    """Return what went over the wire, up to `text`."""
    assert wire.stdout is not None
    async with asyncio.timeout(WAIT_SECONDS):
        heard = b""
        while text not in heard:
            heard += await wire.stdout.read(65536)
    return heard


def say(process: Process, line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())


async def test_the_printed_line_is_all_it_takes(machines: None, tmp_path: Path) -> None:
    """`serve --host 0.0.0.0` here, its line typed there: what is said is read by all, and by nobody on the wire.

    One there has the full screen, one chats line by line; the key is known from then on. On the server's own machine
    the chat is joined as ever, without TLS.
    """
    serve = ("-m", "chatapp", "serve", "--host", "0.0.0.0", "--data", str(tmp_path / "here"))
    local = ("-m", "chatapp", "join", "--plain-ui", "--nick", "luis", "--data", str(tmp_path / "luis"))
    async with running(_HERE, *serve) as server, running(_HERE, "-c", _SNIFF) as wire:
        line = (await read_until(server, "Others join with: ")).partition(": ")[2]
        typed = shlex.split(line.replace("NAME", "ana"))[1:]
        assert typed[:4] == ["join", "--host", _ADDRESS, "--pin"]
        await read_until(wire, "ready")
        joined = ("-m", "chatapp", *typed, "--plain-ui", "--data", str(tmp_path / "there"))
        async with (
            running(_THERE, *joined) as ana,
            running(_HERE, *local) as luis,
            terminal(tmp_path) as eva,
        ):
            await read_until(ana, "Here are: ")
            await read_until(luis, "Here are: ")
            await eva.run(line.replace("chatapp", f"ip netns exec {_THERE} {CHATAPP}").replace("NAME", "eva"))
            await eva.shows(f"{_ADDRESS}:9000", "#general", "People")
            say(ana, "a secret word")
            await read_until(luis, "ana: a secret word")
            await eva.shows("a secret word")
            await eva.type("and another one")
            await eva.press("Enter")
            await read_until(ana, "eva: and another one")
        assert KnownServers(tmp_path / "there").pin(_ADDRESS, 9000) == typed[4]
        async with running(_THERE, "-c", _IN_THE_CLEAR):
            heard = await heard_on(wire, b"This chat is encrypted")
    assert b"in the clear" in heard
    assert b"secret" not in heard
    assert b"another one" not in heard
