"""``chatapp identity``, as a person meets it: what it prints, asks and makes, and with which code it ends."""

import fcntl
import getpass
import os
import stat
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from chatapp.cli import main
from chatapp.client.identity import Keyring
from chatapp.protocol.identity import fingerprint

Run = Callable[..., tuple[int, str, str]]

NONE_THERE = "There is no such key here. `chatapp identity list` shows what there is.\n"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run an action on the data in `tmp_path`; return the code and what it printed. `typed` is what is asked for."""

    def run(*arguments: str, typed: tuple[str, ...] = (), data: str = "data") -> tuple[int, str, str]:
        answers = iter(typed)
        monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(answers))
        code = main(["identity", *arguments, "--data", str(tmp_path / data), "--lang", "en"])
        assert list(answers) == []
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    """The keys that `run` looks at."""
    return Keyring(tmp_path / "data")


def test_without_keys_the_list_says_so(run: Run) -> None:
    """An empty list is no error."""
    assert run("list") == (0, "There are no keys yet. `chatapp join` makes one.\n", "")


def test_the_list_has_a_line_for_each_key(run: Run, keyring: Keyring) -> None:
    """Nick, server and fingerprint, in the order of the servers."""
    luis = keyring.key_for("localhost", 9000, "luis").key
    ana = keyring.key_for("2001:db8::1", 9001, "ana").key
    lines = [f"ana  [2001:db8::1]:9001  {fingerprint(ana)}", f"luis  localhost:9000  {fingerprint(luis)}"]
    assert run("list") == (0, "\n".join(lines) + "\n", "")


def test_a_damaged_key_is_named_beside_the_others(run: Run, keyring: Keyring, tmp_path: Path) -> None:
    """The keys that are whole are listed, what is wrong goes to stderr in one line, and the code is 1."""
    keyring.key_for("localhost", 9000, "ana")
    keyring.key_for("localhost", 9000, "eva")
    file = tmp_path / "data" / "keys" / "localhost+9000+ana.key"
    file.write_bytes(b"junk")
    code, out, err = run("list")
    assert (code, out.count("\n"), err.count("\n")) == (1, 1, 1)
    assert out.startswith("eva  localhost:9000")
    assert err.startswith(f"{file} holds a key that is damaged")
    code, out, err = run("show", "--nick", "eva")
    assert (code, out.splitlines()[0], err.count("\n")) == (1, "eva at localhost:9000", 1)


def test_show_tells_all_about_a_key(run: Run, keyring: Keyring, tmp_path: Path) -> None:
    """Server, fingerprint, public key and file, and nothing that is secret."""
    identity = keyring.key_for("localhost", 9000, "ana")
    code, out, err = run("show")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "ana at localhost:9000",
        f"  fingerprint: {fingerprint(identity.key)}",
        f"  public key: {identity.key}",
        f"  file: {tmp_path / 'data' / 'keys' / 'localhost+9000+ana.key'}",
    ]


@pytest.mark.parametrize(
    ("arguments", "nicks"),
    [
        (("--nick", "ANA"), ["ana", "ana"]),
        (("--host", "127.0.0.1"), ["ana", "luis"]),
        (("--port", "9001"), ["ana"]),
        (("--nick", "ana", "--host", "localhost"), ["ana"]),
    ],
)
def test_show_can_choose(run: Run, keyring: Keyring, arguments: tuple[str, ...], nicks: list[str]) -> None:
    """By nick, host and port, in any writing."""
    for place in (("localhost", 9000, "ana"), ("localhost", 9000, "luis"), ("chat.example", 9001, "ana")):
        keyring.key_for(*place)
    code, out, _ = run("show", *arguments)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines() if " at " in line] == nicks


def test_what_is_not_there_is_said_to_be(run: Run) -> None:
    """Neither shown nor exported: one line, which says how to see what there is, and code 1."""
    assert run("show", "--nick", "ana") == (1, "", NONE_THERE)
    assert run("export", "--nick", "ana", "file") == (1, "", NONE_THERE)


@pytest.mark.parametrize("passphrase", ["", "correct horse"])
def test_a_key_goes_from_device_to_device(run: Run, keyring: Keyring, tmp_path: Path, passphrase: str) -> None:
    """Exported here and imported there, at another address: the same fingerprint, and a file of the mode 0600."""
    identity, file = keyring.key_for("localhost", 9000, "ana"), tmp_path / "a key"
    code, out, err = run("export", "--nick", "ana", str(file), typed=(passphrase, passphrase))
    assert (code, err) == (0, "")
    assert f"There: chatapp identity import --host HOST '{file}'\n" in out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    arguments = ("import", "--host", "chat.example", str(file))
    code, out, err = run(*arguments, typed=(passphrase,) if passphrase else (), data="other")
    assert (code, out, err) == (0, "ana at chat.example:9000 is you on this device, too.\n", "")
    assert run("list", data="other")[1] == f"ana  chat.example:9000  {fingerprint(identity.key)}\n"


def test_a_passphrase_is_asked_for_until_it_is_the_same_twice(run: Run, keyring: Keyring, tmp_path: Path) -> None:
    """What was mistyped once seals nothing."""
    keyring.key_for("localhost", 9000, "ana")
    file = str(tmp_path / "file")
    code, _, err = run("export", "--nick", "ana", file, typed=("one", "two", "three", "three"))
    assert (code, err) == (0, "Those two differ. Try again.\n")
    assert run("import", file, typed=("three",), data="other")[0] == 0


def test_a_wrong_passphrase_is_said_to_be(run: Run, keyring: Keyring, tmp_path: Path) -> None:
    """One line, code 1, and nothing is imported."""
    keyring.key_for("localhost", 9000, "ana")
    file = str(tmp_path / "file")
    run("export", "--nick", "ana", file, typed=("right", "right"))
    code, out, err = run("import", file, typed=("wrong",), data="other")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(f"That passphrase doesn't open {file}.")
    assert run("list", data="other")[1].startswith("There are no keys yet.")


def test_an_export_overwrites_nothing(run: Run, keyring: Keyring, tmp_path: Path) -> None:
    """A file that is there stays, and no passphrase is asked for."""
    keyring.key_for("localhost", 9000, "ana")
    file = tmp_path / "file"
    file.write_text("precious")
    code, _, err = run("export", "--nick", "ana", str(file))
    assert (code, err) == (1, f"{file} is there already, and is not overwritten. Choose another name.\n")
    assert file.read_text() == "precious"


def test_an_import_replaces_no_other_key(run: Run, keyring: Keyring, tmp_path: Path) -> None:
    """The error names the file to move away."""
    keyring.key_for("localhost", 9000, "ana")
    run("export", "--nick", "ana", str(tmp_path / "file"), typed=("", ""))
    Keyring(tmp_path / "other").key_for("localhost", 9000, "ana")
    code, _, err = run("import", str(tmp_path / "file"), data="other")
    assert (code, err.count("\n")) == (1, 1)
    assert err.endswith(f"away first: {tmp_path / 'other' / 'keys' / 'localhost+9000+ana.key'}\n")


def test_what_the_system_refuses_is_one_line(run: Run, keyring: Keyring, tmp_path: Path) -> None:
    """A file that isn't there, a folder that isn't, data that is no folder: the name and the reason, and code 1."""
    keyring.key_for("localhost", 9000, "ana")
    nowhere = tmp_path / "no" / "file"
    (tmp_path / "file").touch()
    assert run("import", str(nowhere)) == (1, "", f"{nowhere}: No such file or directory\n")
    assert run("export", "--nick", "ana", str(nowhere), typed=("", "")) == (
        *(1, ""),
        f"{nowhere}: No such file or directory\n",
    )
    assert run("list", data="file") == (1, "", f"{tmp_path / 'file'}: File exists\n")


def test_what_a_file_says_moves_no_cursor(run: Run, keyring: Keyring, tmp_path: Path) -> None:
    """A host in a file from elsewhere is shown with its control characters drawn."""
    keyring.key_for("localhost", 9000, "ana")
    file = tmp_path / "file"
    run("export", "--nick", "ana", str(file), typed=("", ""))
    file.write_text(file.read_text().replace("localhost", "\\u001b[2J\\n"))
    code, out, _ = run("import", str(file), data="other")
    assert (code, "\x1b" in out, out.count("\n")) == (0, False, 1)
    assert "\x1b" not in run("list", data="other")[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "the following arguments are required: COMMAND"),
        (("zap",), "'zap'"),
        (("export", "file"), "the following arguments are required: --nick"),
        (("export", "--nick", "ana"), "the following arguments are required: FILE"),
        (("show", "--nick", "a b"), "A nick has 1 to 32"),
        (("import", "--port", "0", "file"), "a number from 1 to 65535"),
        (("list", "--data"), "--data: expected one argument"),
    ],
)
def test_bad_usage_is_one_line_and_code_2(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What can't be run is answered with one line on stderr, which says what was expected."""
    with pytest.raises(SystemExit) as caught:
        main(["identity", *arguments])
    out, err = capsys.readouterr()
    assert (caught.value.code, out, err.count("\n")) == (2, "", 1)
    assert says in err


def _become_its_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read_until(terminal: int, text: bytes) -> bytes:
    shown = b""
    while text not in shown:
        shown += os.read(terminal, 1000)
    return shown


def command(*arguments: str, data: Path) -> list[str]:
    return [sys.executable, "-m", "chatapp", "identity", *arguments, "--data", str(data), "--lang", "en"]


def test_a_passphrase_is_never_shown(keyring: Keyring, tmp_path: Path) -> None:
    """Typed at a real terminal, it seals the file and appears nowhere."""
    keyring.key_for("localhost", 9000, "ana")
    terminal, its_end = os.openpty()
    process = subprocess.Popen(
        command("export", "--nick", "ana", str(tmp_path / "file"), data=tmp_path / "data"),
        stdin=its_end,
        stdout=its_end,
        stderr=its_end,
        start_new_session=True,
        preexec_fn=_become_its_terminal,
    )
    shown = _read_until(terminal, b"none): ")
    os.write(terminal, b"swordfish\n")
    shown += _read_until(terminal, b"again: ")
    os.write(terminal, b"swordfish\n")
    shown += _read_until(terminal, b"There: ")
    assert process.wait(20) == 0
    assert b"swordfish" not in shown
    assert '"salt"' in (tmp_path / "file").read_text()
    os.close(terminal)
    os.close(its_end)


def test_without_a_terminal_no_passphrase_is_read(keyring: Keyring, tmp_path: Path) -> None:
    """Where it would be shown, or come from a file, it is not asked for, and nothing is exported."""
    keyring.key_for("localhost", 9000, "ana")
    done = subprocess.run(
        command("export", "--nick", "ana", str(tmp_path / "file"), data=tmp_path / "data"),
        input="swordfish\nswordfish\n",
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "A passphrase is asked for in a terminal, and this is none. Run it in one.\n"
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
def test_who_breaks_off_exports_nothing(
    keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    """ctrl+c or ctrl+d at the passphrase ends it with the code of SIGINT, and no traceback."""

    def break_off(_prompt: str) -> str:
        raise end

    keyring.key_for("localhost", 9000, "ana")
    monkeypatch.setattr(getpass, "getpass", break_off)
    file = tmp_path / "file"
    assert main(["identity", "export", "--nick", "ana", "--data", str(tmp_path / "data"), str(file)]) == 130
    assert not file.exists()


_LOADED = """
import sys
import chatapp.cli, chatapp.client.client, chatapp.server.server
raise SystemExit("cryptography" in sys.modules)
"""


def test_nobody_waits_for_cryptography_before_it_is_needed() -> None:
    """The start of a chat loads what keys need only when it uses one."""
    assert subprocess.run([sys.executable, "-c", _LOADED], check=False).returncode == 0
