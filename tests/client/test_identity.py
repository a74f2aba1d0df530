"""The keys of a person on disk: made once, one for a nick at a server, private, and never lost."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.identity import Entry, Identity, Keyring, canonical_host
from chatapp.client.key_errors import (
    BadExport,
    KeyDamaged,
    KeyExists,
    KeyExposed,
    KeyMissing,
    KeyringError,
    WrongPassphrase,
)
from chatapp.protocol.errors import BadNick, RuleError
from chatapp.protocol.names import check_nick, name_key
from chatapp.server.proofs import verify
from chatapp.texts import use_language

HOST, PORT = "chat.example", 9000


def no_passphrase() -> str:
    return ""


def never_asked() -> str:
    raise AssertionError("a passphrase was asked for")


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path)


def entries(keyring: Keyring) -> list[Entry]:
    """Return what the keyring holds; nothing is wrong with it."""
    found = [entry for entry in keyring.entries() if isinstance(entry, Entry)]
    assert len(found) == len(keyring.entries())
    return found


def only_file(keyring: Keyring) -> Path:
    return entries(keyring)[0].file


def test_a_key_is_made_once(keyring: Keyring, tmp_path: Path) -> None:
    """The first use makes the key; every later one, in another process too, gets the same."""
    made = keyring.key_for(HOST, PORT, "ana")
    assert keyring.key_for(HOST, PORT, "ana").key == made.key
    assert Keyring(tmp_path).key_for(HOST, PORT, "ana").key == made.key


def test_what_a_kept_key_signs_is_true(keyring: Keyring) -> None:
    """A key that was read from the disk signs as the one that was made."""
    made, kept = keyring.key_for(HOST, PORT, "ana"), keyring.key_for(HOST, PORT, "ana")
    assert verify(made.key, kept.sign(b"data"), b"data")


def test_two_nicks_are_two_people_and_so_at_two_servers(keyring: Keyring) -> None:
    """Each nick at each server, by host and port, has a key of its own."""
    places = [(HOST, 9000, "ana"), (HOST, 9000, "luis"), (HOST, 9001, "ana"), ("other.example", 9000, "ana")]
    assert len({keyring.key_for(*place).key for place in places}) == len(places)


@pytest.mark.parametrize("nick", ["ANA", "Ａna", "ana"])
def test_a_nick_in_other_writing_is_the_same(keyring: Keyring, nick: str) -> None:
    """Nicks that a server takes for one have one key."""
    assert keyring.key_for(HOST, PORT, nick).key == keyring.key_for(HOST, PORT, "Ana").key


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "LOCALHOST", "localhost."])
def test_this_machine_has_one_name(keyring: Keyring, host: str) -> None:
    """However this machine is written, its keys are the same."""
    assert keyring.key_for(host, PORT, "ana").key == keyring.key_for("localhost", PORT, "ana").key


@given(st.text(st.characters(exclude_categories=())))
def test_the_name_of_a_host_is_stable(host: str) -> None:
    """Any text has a canonical form, which is its own."""
    assert canonical_host(canonical_host(host)) == canonical_host(host)
    assert canonical_host(host).encode().decode() == canonical_host(host)


nicks = st.text(st.characters(categories=["L", "M", "N"]) | st.sampled_from("_-."), min_size=1, max_size=32)


def is_nick(nick: str) -> bool:
    try:
        return bool(check_nick(nick))
    except RuleError:
        return False


@given(
    st.text(st.characters(exclude_categories=()), max_size=300)
    | st.sampled_from(["..", "/", "../../etc", "fe80::1%eth0"]),
    nicks,
)
def test_any_host_and_nick_has_its_file(tmp_path_factory: pytest.TempPathFactory, host: str, nick: str) -> None:
    """Whatever it is called, a key stays in its folder, under a name that every file system takes, and is found."""
    if is_nick(nick):
        folder = tmp_path_factory.mktemp("data")
        made = Keyring(folder).key_for(host, PORT, nick)
        (entry,) = entries(Keyring(folder))
        assert entry == (canonical_host(host), PORT, nick, made.key, entry.file)
        assert entry.file.resolve().parent == folder / "keys"
        assert len(entry.file.name) < 230


def test_the_longest_nick_has_its_file(keyring: Keyring) -> None:
    """A nick whose key is eighteen times as long as it is, in Arabic, is found too."""
    made = keyring.key_for(HOST, PORT, "\ufdfa" * 32)
    assert keyring.key_for(HOST, PORT, "\ufdfa" * 32).key == made.key


def test_what_is_no_nick_has_no_key(keyring: Keyring) -> None:
    """No file is made for a nick that breaks the rules."""
    with pytest.raises(BadNick):
        keyring.key_for(HOST, PORT, "a b")
    assert entries(keyring) == []


def test_keys_are_private(keyring: Keyring, tmp_path: Path) -> None:
    """The folder has the mode 0700, and everything in it 0600."""
    keyring.key_for(HOST, PORT, "ana")
    folder = tmp_path / "keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o777])
def test_a_key_that_others_can_get_at_is_refused(keyring: Keyring, mode: int) -> None:
    """It is not used, the error says how to go on, and doing so works."""
    made = keyring.key_for(HOST, PORT, "ana")
    file = only_file(keyring)
    file.chmod(mode)
    with pytest.raises(KeyExposed) as caught:
        keyring.key_for(HOST, PORT, "ana")
    assert f"chmod 600 {file}" in caught.value.explain()
    subprocess.run(["chmod", "600", file], check=True)
    assert keyring.key_for(HOST, PORT, "ana").key == made.key


def key_or_none(keyring: Keyring) -> str | None:
    try:
        return keyring.key_for(HOST, PORT, "ana").key
    except KeyDamaged:
        return None


def test_a_key_cut_short_is_refused_and_left(keyring: Keyring) -> None:
    """Cut at any byte but its last line's end it is refused, stays as it is, and no new one takes its place."""
    keyring.key_for(HOST, PORT, "ana")
    file = only_file(keyring)
    whole = file.read_bytes()
    for length in range(len(whole) - 1):
        file.write_bytes(whole[:length])
        assert key_or_none(keyring) is None
        assert file.read_bytes() == whole[:length]


def test_a_key_with_a_flipped_bit_is_never_another(keyring: Keyring) -> None:
    """Any bit of the file flipped: it is refused, or it was one that says nothing, and the key is the same."""
    key = keyring.key_for(HOST, PORT, "ana").key
    file = only_file(keyring)
    whole = file.read_bytes()
    for bit in range(8 * len(whole)):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        file.write_bytes(flipped)
        assert key_or_none(keyring) in (None, key)
        assert file.read_bytes() == flipped


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 10_000, b"\xff", b"x" * 100_000, b"null"])
def test_junk_is_no_key(keyring: Keyring, content: bytes) -> None:
    """A file of anything else is refused by its name, and left."""
    keyring.key_for(HOST, PORT, "ana")
    file = only_file(keyring)
    file.write_bytes(content)
    with pytest.raises(KeyDamaged) as caught:
        keyring.key_for(HOST, PORT, "ana")
    assert str(file) in caught.value.explain()
    assert file.read_bytes() == content


def test_a_pipe_is_no_key(keyring: Keyring) -> None:
    """What is no file is refused at once, with nobody to write into it."""
    keyring.key_for(HOST, PORT, "ana")
    file = only_file(keyring)
    file.unlink()
    os.mkfifo(file, 0o600)
    assert key_or_none(keyring) is None


def test_a_file_under_another_name_is_refused(keyring: Keyring) -> None:
    """A key that was copied to be another nick's is not taken for that one's."""
    keyring.key_for(HOST, PORT, "eva")
    file = only_file(keyring)
    copy = file.with_name(file.name.replace("eva", "ana"))
    copy.write_bytes(file.read_bytes())
    copy.chmod(0o600)
    assert key_or_none(keyring) is None


_PRINT_KEY = f"""
import sys
from pathlib import Path
from chatapp.client.identity import Keyring
sys.stdin.readline()
print(Keyring(Path(sys.argv[1])).key_for({HOST!r}, {PORT}, "ana").key)
"""


def test_processes_that_start_at_once_make_one_key(tmp_path: Path) -> None:
    """Eight processes that want the same key for the first time all get the same."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _PRINT_KEY, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(8)
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    keys = {process.communicate(timeout=60)[0].strip() for process in running}
    assert keys == {Keyring(tmp_path).key_for(HOST, PORT, "ana").key}


def test_a_rename_takes_the_key_along(keyring: Keyring) -> None:
    """The key is that of the new nick, and the old one has none."""
    made = keyring.key_for(HOST, PORT, "ana")
    keyring.take_along(HOST, PORT, "ana", "eva")
    assert [(entry.nick, entry.key) for entry in entries(keyring)] == [("eva", made.key)]
    assert keyring.key_for(HOST, PORT, "eva").key == made.key


def test_a_rename_to_other_writing_keeps_the_key(keyring: Keyring) -> None:
    """From ana to Ana: the key stays, under the nick as it is now written."""
    made = keyring.key_for(HOST, PORT, "ana")
    keyring.take_along(HOST, PORT, "ana", "Ana")
    assert [(entry.nick, entry.key) for entry in entries(keyring)] == [("Ana", made.key)]


def test_a_rename_loses_no_key(keyring: Keyring, tmp_path: Path) -> None:
    """The key that was the new nick's until then is kept beside."""
    ana, eva = keyring.key_for(HOST, PORT, "ana"), keyring.key_for(HOST, PORT, "eva")
    keyring.take_along(HOST, PORT, "ana", "eva")
    assert keyring.key_for(HOST, PORT, "eva").key == ana.key
    (old,) = tmp_path.joinpath("keys").glob("*.old")
    assert eva.key in old.read_text()


def test_a_rename_without_a_key_does_nothing(keyring: Keyring) -> None:
    """Of two clients of one person, the second finds it done already."""
    made = keyring.key_for(HOST, PORT, "ana")
    for _ in range(2):
        keyring.take_along(HOST, PORT, "ana", "eva")
    assert [(entry.nick, entry.key) for entry in entries(keyring)] == [("eva", made.key)]


def test_a_rename_to_what_is_no_nick_changes_nothing(keyring: Keyring) -> None:
    """What no server can have granted is refused, and the key stays where it was."""
    made = keyring.key_for(HOST, PORT, "ana")
    with pytest.raises(BadNick):
        keyring.take_along(HOST, PORT, "ana", "../ana")
    assert [(entry.nick, entry.key) for entry in entries(keyring)] == [("ana", made.key)]


def test_the_list_has_what_is_wrong_too(keyring: Keyring) -> None:
    """Keys are listed in the order of their servers and nicks; what is wrong with a file stands in its place."""
    for nick in ("luis", "ana", "eva"):
        keyring.key_for(HOST, PORT, nick)
    entries(keyring)[1].file.write_bytes(b"junk")
    ana, damaged, luis = keyring.entries()
    assert isinstance(ana, Entry)
    assert isinstance(luis, Entry)
    assert (ana.nick, luis.nick) == ("ana", "luis")
    assert isinstance(damaged, KeyDamaged)


@pytest.mark.parametrize("passphrase", ["", "correct horse", "contraseña\udcff"])
def test_a_key_goes_to_another_device(keyring: Keyring, tmp_path: Path, passphrase: str) -> None:
    """What one exports the other imports: the same key, for the same nick and server, in a file of the mode 0600."""
    file, other = tmp_path / "file", Keyring(tmp_path / "other")
    made = keyring.key_for(HOST, PORT, "Ana")
    keyring.export(HOST, PORT, "ana", file, lambda: passphrase)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    entry = other.import_(file, (lambda: passphrase) if passphrase else never_asked)
    assert entry == entries(other)[0]
    assert (entry.host, entry.port, entry.nick) == (HOST, PORT, "Ana")
    assert other.key_for(HOST, PORT, "ana").key == made.key


def test_another_device_may_use_another_address(keyring: Keyring, tmp_path: Path) -> None:
    """The key is for the address that the import names, if it does."""
    made = keyring.key_for("localhost", PORT, "ana")
    keyring.export("127.0.0.1", PORT, "ana", tmp_path / "file", no_passphrase)
    other = Keyring(tmp_path / "other")
    other.import_(tmp_path / "file", never_asked, HOST, 9001)
    assert [(entry.host, entry.port) for entry in entries(other)] == [(HOST, 9001)]
    assert other.key_for(HOST, 9001, "ana").key == made.key


def test_a_passphrase_seals(keyring: Keyring, tmp_path: Path) -> None:
    """Neither the secret nor the passphrase is in the file, and no other passphrase opens it."""
    seed, file = keyring.key_for(HOST, PORT, "ana").seed(), tmp_path / "file"
    keyring.export(HOST, PORT, "ana", file, lambda: "correct horse")
    assert seed.hex() not in file.read_text()
    assert "correct" not in file.read_text()
    for wrong in ("correct hors", ""):
        with pytest.raises(WrongPassphrase):
            Keyring(tmp_path / "other").import_(file, lambda wrong=wrong: wrong)  # type: ignore[misc]


def test_a_sealed_file_is_not_a_key_in_use(keyring: Keyring, tmp_path: Path) -> None:
    """An export that was put among the keys is refused, not asked a passphrase for."""
    keyring.key_for(HOST, PORT, "ana")
    file = only_file(keyring)
    keyring.export(HOST, PORT, "ana", tmp_path / "file", lambda: "correct horse")
    file.write_bytes((tmp_path / "file").read_bytes())
    assert key_or_none(keyring) is None


def test_an_export_overwrites_nothing(keyring: Keyring, tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    keyring.key_for(HOST, PORT, "ana")
    (tmp_path / "file").write_text("precious")
    with pytest.raises(FileExistsError):
        keyring.export(HOST, PORT, "ana", tmp_path / "file", no_passphrase)
    assert (tmp_path / "file").read_text() == "precious"


def test_what_is_not_there_is_not_exported(keyring: Keyring, tmp_path: Path) -> None:
    """Without a key nothing is asked and no file made, neither the key's nor the export's."""
    with pytest.raises(KeyMissing):
        keyring.export(HOST, PORT, "ana", tmp_path / "file", never_asked)
    assert not (tmp_path / "file").exists()
    assert entries(keyring) == []


def test_an_import_replaces_no_other_key(keyring: Keyring, tmp_path: Path) -> None:
    """Where the nick has another key it stays; the same one again is no matter."""
    keyring.key_for(HOST, PORT, "ana")
    keyring.export(HOST, PORT, "ana", tmp_path / "file", no_passphrase)
    keyring.import_(tmp_path / "file", never_asked)
    other = Keyring(tmp_path / "other")
    present = other.key_for(HOST, PORT, "ana")
    with pytest.raises(KeyExists):
        other.import_(tmp_path / "file", never_asked)
    assert other.key_for(HOST, PORT, "ana").key == present.key


def _flip_secret(text: str) -> str:
    digit = text.index('"secret": "') + len('"secret": "')
    return text[:digit] + ("1" if text[digit] == "0" else "0") + text[digit + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: "",
        lambda _: "root:x:0:0",
        lambda text: text[:-10],
        _flip_secret,
        lambda text: text.replace('"ana"', '"a\\u001b[2J"'),
        lambda text: text.replace("9000", "0"),
        lambda text: text.replace("chatapp-key-1", "chatapp-key-2"),
    ],
)
def test_a_damaged_export_is_refused(keyring: Keyring, tmp_path: Path, damage: Callable[[str], str]) -> None:
    """What is no key, an altered one, or of another version, is refused by its name, and nothing is kept of it."""
    file, other = tmp_path / "file", Keyring(tmp_path / "other")
    keyring.key_for(HOST, PORT, "ana")
    keyring.export(HOST, PORT, "ana", file, no_passphrase)
    file.write_text(damage(file.read_text()))
    with pytest.raises(BadExport) as caught:
        other.import_(file, never_asked)
    assert str(file) in caught.value.explain()
    assert entries(other) == []


def test_a_secret_is_not_shown(keyring: Keyring) -> None:
    """What a log or a debugger prints of a key, or of what was read, has no secret in it."""
    identity = keyring.key_for(HOST, PORT, "ana")
    shown = repr(identity) + repr(vars(identity)) + repr(keyring._read(only_file(keyring)))
    assert identity.seed().hex() not in shown


@pytest.mark.parametrize("error", KeyringError.__subclasses__())
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_error_says_what_to_do(error: type[KeyringError], language: str) -> None:
    """Each has sentences in each language, with no gap left in them."""
    use_language(language)
    text = error(Path("/folder/{file}")).explain()
    assert text.endswith((".", "{file}", "'"))
    assert "{command}" not in text
    assert (text == _in_english(error)) == (language == "en")


def _in_english(error: type[KeyringError]) -> str:
    use_language("en")
    return error(Path("/folder/{file}")).explain()


def test_a_made_key_is_new() -> None:
    """No two are the same, and the seed gives the key again."""
    one, other = Identity.generate(), Identity.generate()
    assert one.key != other.key
    assert Identity.from_seed(one.seed()).key == one.key


def test_the_nick_as_written_is_kept(keyring: Keyring) -> None:
    """The list has a nick as it was first written, though any writing finds it."""
    keyring.key_for(HOST, PORT, "Ñandú")
    assert name_key(entries(keyring)[0].nick) == "ñandú"
    assert entries(keyring)[0].nick == "Ñandú"
