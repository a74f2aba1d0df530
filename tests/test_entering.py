"""Passwords and invitations at the command line: from files that are private, and never as an argument."""

import asyncio
import fcntl
import os
import pty
import sys
import termios
from pathlib import Path

import pytest

from chatapp.protocol import limits
from chatapp.protocol.errors import BadNetwork
from chatapp.secret_file import SecretError, read_secret
from chatapp.server.networks import Networks, read_network, site_of
from tests.ports import free_port
from tests.test_cli import chatapp, ended


def secret_file(tmp_path: Path, data: bytes, mode: int = 0o600) -> Path:
    file = tmp_path / "secret"
    file.write_bytes(data)
    file.chmod(mode)
    return file


@pytest.mark.parametrize("data", [b"abracadabra", b"abracadabra\n", b"abracadabra\r\n"])
def test_the_ending_of_the_line_is_not_part_of_it(tmp_path: Path, data: bytes) -> None:
    """However an editor ends the line, the password is the same."""
    assert read_secret(secret_file(tmp_path, data)) == "abracadabra"


@pytest.mark.parametrize(
    ("data", "mode", "says"),
    [
        (b"abracadabra", 0o640, "chmod 600"),
        (b"abracadabra", 0o604, "chmod 600"),
        (b"", 0o600, "one line of 1 to"),
        (b"\n", 0o600, "one line of 1 to"),
        (b"a\nb", 0o600, "one line of 1 to"),
        (b"\xff", 0o600, "not UTF-8"),
        (b"x" * (limits.SECRET_BYTES + 1), 0o600, "one line of 1 to"),
    ],
)
def test_a_file_that_is_no_password_of_ones_own(tmp_path: Path, data: bytes, mode: int, says: str) -> None:
    """One that others can read, or that holds something else, is refused in one line."""
    with pytest.raises(SecretError, match=says) as caught:
        read_secret(secret_file(tmp_path, data, mode))
    assert "\n" not in str(caught.value)


async def test_serve_and_join_say_in_one_line_what_is_wrong_with_the_file(tmp_path: Path) -> None:
    """Neither begins anything before that, and the exit code is 1."""
    for command in (("serve",), ("join", "--plain-ui", "--nick", "ana")):
        code, out, err = await ended(*command, "--password-file", str(tmp_path / "none"))
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert "No such file" in err


async def test_an_invitation_from_the_command_line_opens_the_door(tmp_path: Path) -> None:
    """What `chatapp invite` prints, in a file, lets `chatapp join` in; the second time it is no use to another."""
    port, data = str(free_port()), str(tmp_path / "host")
    async with chatapp("serve", "--invite-only", "--port", port, "--data", data) as server:
        await server.line()
        code, token, meaning = await ended("invite", "--for", "ana", "--port", port, "--data", data)
        assert (code, meaning.count("\n")) == (0, 1)
        file = secret_file(tmp_path, token.encode())
        join = ("join", "--plain-ui", "--port", port, "--password-file", str(file))
        code, _, _ = await ended(*join, "--nick", "ana", "--data", str(tmp_path / "a"))
        assert code == 0
        code, _, err = await ended(*join, "--nick", "ana", "--data", str(tmp_path / "b"))
        assert code == 1
        assert "can't be used" in err


async def test_a_pipe_without_a_password_is_told_how_to_give_it(tmp_path: Path) -> None:
    """It isn't asked, since what it has to say is not for that."""
    port, data = str(free_port()), str(tmp_path / "host")
    file = secret_file(tmp_path, b"abracadabra")
    async with chatapp("serve", "--password-file", str(file), "--port", port, "--data", data) as server:
        await server.line()
        join = ("join", "--plain-ui", "--port", port, "--nick", "ana", "--data", str(tmp_path / "a"))
        code, _, err = await ended(*join)
        assert (code, err.count("\n")) == (1, 1)
        assert "--password-file FILE" in err
        assert (await ended(*join, "--password-file", str(file)))[0] == 0


@pytest.mark.parametrize(
    ("allowed", "denied", "address", "admitted"),
    [
        ((), (), "192.0.2.1", True),
        (("192.0.2.0/24",), (), "192.0.2.1", True),
        (("192.0.2.0/24",), (), "::ffff:192.0.2.1", True),
        (("192.0.2.0/24",), (), "198.51.100.1", False),
        (("192.0.2.0/24",), (), "127.0.0.1", True),
        (("192.0.2.0/24",), (), "::1", True),
        (("192.0.2.0/24",), (), "", False),
        (("192.0.2.0/24",), ("192.0.2.66",), "192.0.2.66", False),
        (("192.0.2.0/24",), ("127.0.0.0/8",), "127.0.0.1", False),
        ((), ("::ffff:192.0.2.0/120",), "192.0.2.1", False),
        ((), ("2001:db8::/32",), "2001:db8::1%eth0", False),
        ((), ("2001:db8::/32",), "192.0.2.1", True),
        (("0.0.0.0/0",), (), "2001:db8::1", False),
    ],
)
def test_who_comes_from_where(allowed: tuple[str, ...], denied: tuple[str, ...], address: str, admitted: bool) -> None:
    """What is denied is denied; where some are allowed nobody else is, but this machine."""
    assert Networks(allowed, denied).admits(address) is admitted


@pytest.mark.parametrize("text", ["", "localhost", "192.0.2.7/24", "192.0.2.0/33", "1.2.3", "\x1b[2J"])
def test_what_is_no_network(text: str) -> None:
    """A name, bits beyond the prefix, and what is no address, are refused, and shown with no control character."""
    with pytest.raises(BadNetwork) as caught:
        read_network(text)
    assert caught.value.detail.isprintable()


def test_neighbours_of_ipv6_are_one_place() -> None:
    """The last 64 bits are for each machine to choose, so they are no other address."""
    assert site_of("2001:db8::1") == site_of("2001:db8::2") != site_of("2001:db8:0:1::1")
    assert site_of("192.0.2.1") == site_of("::ffff:192.0.2.1") != site_of("192.0.2.2")


async def test_serve_asks_for_a_password_and_shows_nothing_of_it(tmp_path: Path) -> None:
    """It is asked for twice, again if the two differ, and then the chat has it."""
    port = free_port()
    keyboard, inner = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "chatapp", "serve", "--password", "--lang", "en"),
        *("--port", str(port), "--data", str(tmp_path / "host")),
        stdin=inner,
        stdout=inner,
        stderr=inner,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # what asks opens /dev/tty
    )
    os.close(inner)
    try:
        shown = await typed(keyboard, "abracadabra", "abracadabrx", "abracadabra", "abracadabra")
        assert "differ" in shown
        assert "abracadabr" not in shown
        file = secret_file(tmp_path, b"abracadabra")
        join = ("join", "--plain-ui", "--port", str(port), "--nick", "ana", "--data", str(tmp_path / "a"))
        assert (await ended(*join, "--password-file", str(file)))[0] == 0
    finally:
        process.kill()
        await process.wait()
        os.close(keyboard)


async def typed(keyboard: int, *lines: str) -> str:
    """Type each line when a question stands there, and return all that is shown until the server listens."""
    shown, left = "", list(lines)
    async with asyncio.timeout(20):
        while "Listening" not in shown:
            shown += (await asyncio.to_thread(os.read, keyboard, 4096)).decode()
            if left and shown.endswith(": "):
                os.write(keyboard, f"{left.pop(0)}\n".encode())
    return shown
