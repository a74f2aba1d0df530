"""`chatapp serve` for other machines, and `chatapp join` there: what they print, and what signals do."""

import asyncio
import os
import pty
import re
import signal
import socket
import sys
from pathlib import Path

import pytest

from chatapp.protocol.events import Error, Welcomed
from chatapp.protocol.requests import Hello, Unlock
from tests.certificates import HOST, made
from tests.plain_ui.windows import piped
from tests.ports import free_port
from tests.server.keyed import greeted
from tests.test_cli import Running, chatapp, ended


async def printed(running: Running) -> str:
    """Return the line to join with, which is the second."""
    await running.line()
    return (await running.line()).removeprefix("Others join with: ")


async def logged(running: Running, text: str) -> str:
    """Return the line on stderr that holds `text`."""
    assert running.process.stderr is not None
    async with asyncio.timeout(20):
        while text not in (line := (await running.process.stderr.readline()).decode()):
            assert line, f"no {text!r}"
    return line


async def test_the_pin_is_in_the_line_that_others_type(tmp_path: Path) -> None:
    """For another address the line has the host and the pin; who types it is in, and who has another pin is not."""
    port = free_port()
    async with chatapp("serve", "--host", HOST, "--port", str(port)) as serve:
        line = await printed(serve)
        found = re.fullmatch(rf"chatapp join --host {HOST} --port {port} --pin (sha256:\S{{43}}) --nick NAME", line)
        assert found
        where = ("--host", HOST, "--port", str(port), "--nick")
        async with piped(*where, "ana", "--pin", found[1], data=tmp_path) as ana:
            await ana.shows("Here are: ana")
            ana.end_input()
            assert (await ana.end())[0] == 0
        async with piped(*where, "eva", data=tmp_path / "new") as ana:
            assert f"{HOST}:{port} is known from now on by its key, {found[1]}." in (await ana.line())
            ana.end_input()
            assert (await ana.end())[0] == 0
        other = f"sha256:{'A' * 43}"
        async with piped(*where, "ana", "--pin", other, data=tmp_path) as ana:
            code, out, told = await ana.end()
        assert (code, out, told.count("\n")) == (69, "", 1)
        assert f"Expected: {other} Now: {found[1]}" in told


async def test_insecure_is_said(tmp_path: Path) -> None:
    """Without encryption the line says so, and so does the server; on this machine there is nothing to say."""
    async with chatapp("serve", "--host", HOST, "--port", str(free_port()), "--insecure") as serve:
        assert (await printed(serve)).endswith(" --insecure --nick NAME")
        assert (await serve.line()).startswith("Nothing is encrypted: ")
    async with chatapp("serve", "--port", str(free_port()), "--insecure") as serve:
        assert "insecure" not in await printed(serve)
        serve.process.terminate()
        assert (await serve.end())[1] == ""


async def test_a_certificate_that_will_not_do(tmp_path: Path) -> None:
    """It is one line on stderr, and code 69."""
    certificate, key = made().write(tmp_path)
    key.chmod(0o644)
    where = ("--host", HOST, "--port", str(free_port()))
    code, out, told = await ended("serve", *where, "--cert", str(certificate), "--key", str(key))
    assert (code, out, told) == (69, "", f"Others on this machine can get at the key {key}. If nobody has: "
                                 f"chmod 600 {key}\n")  # fmt: skip


@pytest.mark.parametrize("content", [None, b"nothing"])
async def test_an_authority_that_will_not_do(content: bytes | None, tmp_path: Path) -> None:
    """A file of `--ca` that is none is told in one line before anything else, with code 1."""
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    code, out, told = await ended("join", "--plain-ui", "--nick", "ana", "--host", HOST, "--ca", str(file))
    assert (code, out, told.count("\n")) == (1, "", 1)
    assert f"'{file}' can't be used" in told


async def test_a_hangup_reads_the_certificate_anew(tmp_path: Path) -> None:
    """SIGHUP takes a new certificate, keeps the old one for a bad one, and says which; the server goes on."""
    certificate, key = made().write(tmp_path)
    given = ("--cert", str(certificate), "--key", str(key))
    async with chatapp("serve", "--host", HOST, "--port", str(free_port()), *given) as serve:
        await printed(serve)
        serve.process.send_signal(signal.SIGHUP)
        await logged(serve, "its key is the same")
        new = made()
        certificate.write_bytes(new.pem)
        serve.process.send_signal(signal.SIGHUP)
        assert "The one before stays." in await logged(serve, "ERROR")
        key.write_bytes(new.key_pem)
        serve.process.send_signal(signal.SIGHUP)
        assert new.pin in await logged(serve, "Its key is another")
        serve.process.terminate()
        assert (await serve.end())[0] == 0


async def test_a_hangup_without_a_certificate_is_nothing() -> None:
    """A server for this machine alone has nothing to read anew, and goes on."""
    async with chatapp("serve", "--port", str(free_port())) as serve:
        await printed(serve)
        serve.process.send_signal(signal.SIGHUP)
        await logged(serve, "no certificate")
        serve.process.terminate()
        assert (await serve.end())[0] == 0


async def test_a_hangup_reads_the_password_anew(tmp_path: Path) -> None:
    """Whoever comes from then on is asked for the new one; a file that holds none changes nothing."""
    file, port = tmp_path / "password", free_port()
    file.touch(mode=0o600)
    file.write_text("old")
    async with chatapp("serve", "--port", str(port), "--password-file", str(file)) as serve:
        await printed(serve)
        assert await opens(port, "old")
        file.write_text("new")
        serve.process.send_signal(signal.SIGHUP)
        await logged(serve, "password was read anew")
        file.write_text("")
        serve.process.send_signal(signal.SIGHUP)
        assert "The one before stays." in await logged(serve, "ERROR")
        assert not await opens(port, "old")
        assert await opens(port, "new")
        serve.process.terminate()
        assert (await serve.end())[0] == 0


async def opens(port: int, secret: str) -> bool:
    """Return whether `secret` lets a guest in."""
    async with greeted(port) as peer:
        peer.send(Hello("ana"))
        assert isinstance(await peer.event(), Error)
        peer.send(Unlock(secret))
        return isinstance(await peer.event(), Welcomed)


def test_the_end_of_its_terminal_is_the_servers_too() -> None:
    """A server whose terminal is closed says goodbye and ends: nobody would know of it any more."""
    child, port = served_in_terminal()
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_nohup_outlives_the_terminal() -> None:
    """Who has SIGHUP ignored means the server to stay; then its terminal's end is no more than a reload."""
    child, port = served_in_terminal(ignored=True)
    with socket.create_connection(("127.0.0.1", port)) as peer:
        assert peer.makefile("rb").readline() == b"NICK\n"
    os.kill(child, signal.SIGTERM)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def served_in_terminal(ignored: bool = False) -> tuple[int, int]:
    """Have a process serve in a terminal of its own, and close that; return the process and its port."""
    port = free_port()
    child, terminal = pty.fork()
    if child == 0:
        if ignored:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.execv(sys.executable, [sys.executable, "-m", "chatapp", "serve", "--port", str(port)])
    with open(terminal, "rb", buffering=0) as shown:
        told = b""
        while b"Others join" not in told:
            told += shown.read(1000)
    return child, port
