"""The command line, as a person meets it: what it prints, and with which code it ends."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator

import pytest

from chatapp import __version__
from chatapp.arguments import parser_for
from chatapp.serve_command import _settings as settings_of
from tests.ports import free_port


class Running:
    """A chatapp command that runs as a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def line(self) -> str:
        assert self.process.stdout is not None
        async with asyncio.timeout(20):
            return (await self.process.stdout.readline()).decode().rstrip("\n")

    async def end(self, seconds: float = 20) -> tuple[int, str, str]:
        """Wait for the end; return the exit code, and the rest of stdout and stderr."""
        async with asyncio.timeout(seconds):
            out, err = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, out.decode(), err.decode()


@contextlib.asynccontextmanager
async def chatapp(*arguments: str, lang: str = "C.UTF-8", code: str = "") -> AsyncIterator[Running]:
    """Run the command, or the Python `code` in its place."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *(("-c", code) if code else ("-m", "chatapp")), *arguments),
        env={**os.environ, "LC_ALL": lang},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ended(*arguments: str, lang: str = "C.UTF-8") -> tuple[int, str, str]:
    async with chatapp(*arguments, lang=lang) as running:
        return await running.end()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "chatapp join --nick NAME"),
        (("zap",), "'zap'"),
        (("serve", "--port", "x"), "a number from 1 to 65535, not 'x'"),
        (("serve", "--port", "65536"), "a number from 1 to 65535, not '65536'"),
        (("serve", "--port", "0"), "a number from 1 to 65535, not '0'"),
        (("serve", "--port"), "--port: expected one argument"),
        (("serve", "--log-level", "loud"), "'loud'"),
        (("join", "--nick", ""), "A nick has 1 to 32"),
        (("join", "--nick", "x" * 33), "A nick has 1 to 32"),
        (("join", "--nick", "a b"), "A nick has 1 to 32"),
        (("join", "--nick", "a\x1b[2J"), "A nick has 1 to 32"),
        (("join", "--nick", "SALIR"), "SALIR is reserved"),
        (("join", "--lang", "fr"), "'fr'"),
        (("serve", "--deny", "192.0.2.7/24"), "That is no network: '192.0.2.7/24'"),
        (("serve", "--password", "--invite-only"), "not allowed with argument --password"),
        (("invite", "--days", "0"), "a whole number from 1, not '0'"),
        (("join", "--nick", "ana"), "chatapp join --plain-ui"),
        (("join", "--plain-ui", "--show-typing"), "not allowed with argument --plain-ui"),
        (("join", "--pin", "sha256:short"), "a pin is sha256: and 43 characters, not 'sha256:short'"),
        (("join", "--pin", f"sha1:{'A' * 43}"), "a pin is sha256: and 43 characters"),
        (("join", "--pin", f"sha256:{'A' * 43}", "--insecure"), "not allowed with argument --pin"),
        (("join", "--ca", "system", "--insecure"), "not allowed with argument --ca"),
        (("serve", "--cert", "x", "--insecure"), "not allowed with argument --cert"),
        (("serve", "--key", "x"), "--cert FILE"),
    ],
)
async def test_bad_usage_is_one_line_and_code_2(arguments: tuple[str, ...], says: str) -> None:
    """What can't be run is answered with one line on stderr, which says what was expected, and code 2."""
    code, out, err = await ended(*arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert says in err
    assert "\x1b" not in err


async def test_the_language_is_the_locales() -> None:
    """With a Spanish locale the command line speaks Spanish, argparse's own words too."""
    code, _, err = await ended("serve", "--port", "x", lang="es_ES.UTF-8")
    assert code == 2
    assert "argumento --port: un puerto es un número de 1 a 65535" in err


async def test_lang_overrides_the_locale() -> None:
    """`--lang en` speaks English in a Spanish locale."""
    _, _, err = await ended("join", "--lang", "en", "--nick", "ana", lang="es_ES.UTF-8")
    assert "fills a terminal" in err


async def test_version_and_help_go_to_stdout() -> None:
    """Asked for, the version and the help are output, and code 0."""
    assert await ended("--version") == (0, f"chatapp {__version__}\n", "")
    code, out, err = await ended("join", "--help")
    assert (code, err) == (0, "")
    assert "--nick" in out


async def test_serve_says_where_it_listens_and_how_to_join() -> None:
    """The first two lines are the address, and the exact command that others type."""
    port = free_port()
    async with chatapp("serve", "--port", str(port)) as running:
        assert await running.line() == f"Listening on 127.0.0.1:{port}. Stop with ctrl+c."
        assert await running.line() == f"Others join with: chatapp join --port {port} --nick NAME"


async def test_a_port_in_use_is_named_with_what_to_do() -> None:
    """Two servers on one port: the second says so in one line, and ends with code 69."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        code, out, err = await ended("serve", "--port", str(port))
    assert (code, out, err.count("\n")) == (69, "", 1)
    assert re.search(rf"Port {port} on 127\.0\.0\.1 is in use\..*--port {port % 65535 + 1}", err)


async def test_an_unknown_host_is_named() -> None:
    """A host name that means nothing here is answered with one line and code 69."""
    code, _, err = await ended("serve", "--host", "host.invalid", "--port", str(free_port()))
    assert (code, err) == (69, "The host host.invalid is unknown. Give an address of this machine, or none.\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_drains_and_ends_with_0(number: signal.Signals) -> None:
    """SIGTERM and SIGINT say goodbye to whoever is connected, and end within 5 s with code 0."""
    port = free_port()
    async with chatapp("serve", "--port", str(port), "--log-level", "warning") as running:
        await running.line()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"ana\n")
        await reader.readuntil(b"Conectado al servidor.\n")
        running.process.send_signal(number)
        async with asyncio.timeout(5):
            assert await reader.read() == b"-- The server is shutting down.\n"
            code, _, err = await running.end(5)
        writer.close()
    assert (code, err) == (0, "")


async def test_a_second_signal_ends_at_once() -> None:
    """While a peer that doesn't read holds the drain up, a second SIGTERM ends the process."""
    port = free_port()
    async with chatapp("serve", "--port", str(port), "--log-level", "error") as running:
        await running.line()
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        writer.write(b"ana\n" + b"x" * 8000 + b"\n")
        await _fill(writer)
        running.process.send_signal(signal.SIGTERM)
        await _refused(port)
        running.process.send_signal(signal.SIGTERM)
        code, _, _ = await running.end(1.5)
        writer.close()
    assert code == 128 + signal.SIGTERM
    assert reader


async def _fill(writer: asyncio.StreamWriter) -> None:
    """Say things whose echo nobody reads, until the server has more waiting than the kernel takes."""
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    for _ in range(1000):
        writer.write(b"y" * 4000 + b"\n")
    await writer.drain()


async def _refused(port: int) -> None:
    """Wait until nothing listens on `port` any more."""
    async with asyncio.timeout(5):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                return
            writer.close()


@pytest.mark.parametrize(("given", "days"), [([], 365), (["--nick-expiry", "30"], 30), (["--nick-expiry", "0"], None)])
def test_how_long_an_unused_nick_is_owned(given: list[str], days: int | None) -> None:
    """A year, so many days as are given, or, with 0, for good."""
    arguments = ["serve", *given]
    assert settings_of(parser_for(arguments).parse_args(arguments)).nick_expiry_days == days


async def test_days_are_a_whole_number() -> None:
    code, _, err = await ended("serve", "--nick-expiry", "-1")
    assert (code, err.count("\n")) == (2, 1)
