"""Who this person is to each server: one Ed25519 key for a nick at an address, made when it is first needed."""

import contextlib
import os
import stat
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, Self

import msgspec

from chatapp.client.key_errors import (
    BadExport,
    KeyDamaged,
    KeyExists,
    KeyExposed,
    KeyMissing,
    KeyringError,
    WrongPassphrase,
)
from chatapp.data import create_private, locked, make_folder, safe_name, sync_folder, write_private
from chatapp.protocol.errors import RuleError
from chatapp.protocol.identity import check_key
from chatapp.protocol.names import check_nick, name_key

# Loading cryptography takes 30 ms, so what needs it does so: the start of a chat doesn't wait for it.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

_LOOPBACK = frozenset(["127.0.0.1", "::1", "localhost"])
_MOST_BYTES = 16 * 1024
_SALT_BYTES = 16
_SCRYPT_COST = 2**16
"""64 MiB, and a quarter of a second, for each guess at a passphrase."""

_NONCE = bytes(12)
"""One for all: the salt is new each time, so each key of the cipher is used once."""


def canonical_host(host: str) -> str:
    """Return the one name that `host` is kept under: in lower case, and this machine's is localhost."""
    name = host.encode(errors="replace").decode().lower().rstrip(".")
    return "localhost" if name in _LOOPBACK else name


def is_this_machine(host: str) -> bool:
    """Return whether `host` is a name of 127.0.0.1 or ::1; what other names lead to is for others to say."""
    return canonical_host(host) == "localhost"


class Identity:
    """A private key in memory; `key` is its public half, as 64 hexadecimal digits."""

    def __init__(self, private: "Ed25519PrivateKey") -> None:
        self._private = private
        self.key = private.public_key().public_bytes_raw().hex()

    @classmethod
    def generate(cls) -> Self:
        """Make a new one."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the one that `seed` gave, which is 32 bytes, else ValueError is raised."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    def sign(self, data: bytes) -> str:
        """Return the signature over `data` (Ed25519, RFC 8032) as 128 hexadecimal digits."""
        return self._private.sign(data).hex()

    def seed(self) -> bytes:
        """Return the secret itself, 32 bytes."""
        return self._private.private_bytes_raw()


class Entry(NamedTuple):
    """One of this person's keys: `key`, the public half, kept in `file`, is for `nick` at `host` and `port`."""

    host: str
    port: int
    nick: str
    key: str
    file: Path


class Keyring:
    """This person's keys, in the folder ``keys`` of `data`: files of the mode 0600, changed by one process at a time.

    Hosts and nicks count by `canonical_host` and `name_key`. A file that others can get at, or a damaged one, is
    never used and never overwritten. All of it raises OSError too.
    """

    def __init__(self, data: Path) -> None:
        self._folder = data / "keys"

    def key_for(self, host: str, port: int, nick: str) -> Identity:
        """Return the key for `nick` there; without one, make it. Raises KeyExposed, KeyDamaged, or RuleError."""
        file = self._file(host, port, nick)
        with self._locked():
            if (found := self._find(file)) is not None:
                return _unseal(file, found)
            identity = Identity.generate()
            write_private(file, _encoded(host, port, nick, identity))
            return identity

    def take_along(self, host: str, port: int, nick: str, to: str) -> None:
        """Keep the key for `nick` as that for `to`, and none for `nick`; without one, do nothing.

        A key that was for `to` is of no use once this nick belongs to another one; its file is kept beside, as
        ``.old``. Raises KeyExposed, KeyDamaged, or RuleError if `to` is no nick.
        """
        old, new = self._file(host, port, nick), self._file(host, port, to)
        with self._locked():
            if (found := self._find(old)) is None:
                return
            moved = _encoded(host, port, to, _unseal(old, found))
            if old != new:
                _set_aside(new)
            write_private(new, moved)
            if old != new:
                old.unlink()
                sync_folder(self._folder)

    def entries(self) -> list[Entry | KeyringError]:
        """Return every key, or what is wrong with its file, in the order of their names."""
        with self._locked():
            return [self._entry(file) for file in sorted(self._folder.glob("*.key"))]

    def key_of(self, host: str, port: int, nick: str) -> Identity:
        """Return the key for `nick` there. Raises KeyMissing, KeyExposed or KeyDamaged."""
        file, found = self._existing(host, port, nick)
        return _unseal(file, found)

    def export(self, host: str, port: int, nick: str, to: Path, ask: Callable[[], str]) -> None:
        """Copy the key to the new file `to`, for `import_` on another device.

        `ask` gives the passphrase to seal it with, "" for none. Raises KeyMissing, KeyExposed, KeyDamaged, or
        FileExistsError.
        """
        file, found = self._existing(host, port, nick)
        write_export(to, found.host, port, found.nick, _unseal(file, found), ask())

    def import_(self, file: Path, ask: Callable[[], str], host: str | None = None, port: int | None = None) -> Entry:
        """Take in what `export` wrote; `ask` gives the passphrase of a sealed one.

        The key is for the same nick, at `host` and `port` if given: another device may know the server by another
        address. Raises BadExport, WrongPassphrase, or KeyExists if there is another key for them already.
        """
        try:
            content = _parsed(file, _head(file))
            identity = _unseal(file, content, ask() if content.salt else "")
        except KeyDamaged:
            raise BadExport(file) from None
        entry = self._new_entry(host or content.host, port or content.port, content.nick, identity.key)
        with self._locked():
            found = self._find(entry.file)
            if found is not None and found.key != identity.key:
                raise KeyExists(entry.file)
            write_private(entry.file, _encoded(entry.host, entry.port, entry.nick, identity))
        return entry

    def _existing(self, host: str, port: int, nick: str) -> "tuple[Path, _KeyFile]":
        file = self._file(host, port, nick)
        with self._locked():
            found = self._find(file)
        if found is None:
            raise KeyMissing(file)
        return file, found

    def _locked(self) -> AbstractContextManager[None]:
        return locked(make_folder(self._folder) / ".lock")

    def _file(self, host: str, port: int, nick: str) -> Path:
        return self._folder / f"{safe_name(canonical_host(host), str(port), name_key(nick))}.key"

    def _new_entry(self, host: str, port: int, nick: str, key: str) -> Entry:
        return Entry(canonical_host(host), port, nick, key, self._file(host, port, nick))

    def _entry(self, file: Path) -> Entry | KeyringError:
        try:
            content = self._read(file)
        except KeyringError as error:
            return error
        return Entry(content.host, content.port, content.nick, content.key, file)

    def _find(self, file: Path) -> "_KeyFile | None":
        with contextlib.suppress(FileNotFoundError):
            return self._read(file)
        return None

    def _read(self, file: Path) -> "_KeyFile":
        """Read a file of the folder. One that is named for other than it holds was damaged, or meddled with."""
        content = _parsed(file, _head(file, private=True))
        if content.salt or self._file(content.host, content.port, content.nick) != file:
            raise KeyDamaged(file)
        return content


def write_export(to: Path, host: str, port: int, nick: str, identity: Identity, passphrase: str) -> None:
    """Make the file `to`, which `Keyring.import_` takes in, sealed if there is a passphrase. Raises FileExistsError."""
    create_private(to, _encoded(host, port, nick, identity, passphrase))


class _KeyFile(msgspec.Struct, frozen=True, tag_field="format", tag="chatapp-key-1", omit_defaults=True):
    """What a file holds, as JSON. `secret` is the seed, in hexadecimal; with a `salt`, it is sealed."""

    host: str
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)]
    nick: str
    key: str
    secret: str
    salt: str = ""

    def __post_init__(self) -> None:
        check_nick(self.nick)
        check_key(self.key)

    def __repr__(self) -> str:
        return f"<key for {self.nick!r}>"


def _head(file: Path, private: bool = False) -> bytes:
    """Return what `file` holds, or the first part if that is more than any key; a pipe will do, if not `private`."""
    with open(file, "rb", opener=_open_at_once if private else None) as opened:
        status = os.fstat(opened.fileno())
        if private and not stat.S_ISREG(status.st_mode):
            raise KeyDamaged(file)
        if private and status.st_mode & 0o077:
            raise KeyExposed(file)
        return opened.read(_MOST_BYTES)


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting for anyone to write, should it be a pipe."""
    return os.open(path, flags | os.O_NONBLOCK)


def _parsed(file: Path, data: bytes) -> _KeyFile:
    try:
        return msgspec.json.decode(data, type=_KeyFile)
    except (msgspec.DecodeError, UnicodeError, RecursionError, RuleError):
        raise KeyDamaged(file) from None


def _encoded(host: str, port: int, nick: str, identity: Identity, passphrase: str = "") -> bytes:
    secret, salt = identity.seed(), b""
    if passphrase:
        salt = os.urandom(_SALT_BYTES)
        secret = _cipher(passphrase, salt).encrypt(_NONCE, secret, identity.key.encode())
    content = _KeyFile(canonical_host(host), port, nick, identity.key, secret.hex(), salt.hex())
    return msgspec.json.format(msgspec.json.encode(content)) + b"\n"


def _unseal(file: Path, content: _KeyFile, passphrase: str = "") -> Identity:
    """Return the key, if both its halves are there and fit."""
    try:
        seed, salt = bytes.fromhex(content.secret), bytes.fromhex(content.salt)
        identity = Identity.from_seed(_opened(file, content.key, seed, salt, passphrase) if salt else seed)
    except ValueError:
        raise KeyDamaged(file) from None
    if identity.key != content.key:
        raise KeyDamaged(file)
    return identity


def _opened(file: Path, key: str, sealed: bytes, salt: bytes, passphrase: str) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        return _cipher(passphrase, salt).decrypt(_NONCE, sealed, key.encode())
    except InvalidTag:
        raise WrongPassphrase(file) from None


def _cipher(passphrase: str, salt: bytes) -> "ChaCha20Poly1305":
    """Return ChaCha20-Poly1305 (RFC 8439) under a key that scrypt (RFC 7914) makes of the passphrase.

    The standard forms are no choice here: OpenSSH's needs bcrypt, and that of PKCS #8 gets 2,048 rounds of PBKDF2.
    """
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    scrypt = Scrypt(salt=salt, length=32, n=_SCRYPT_COST, r=8, p=1)
    return ChaCha20Poly1305(scrypt.derive(passphrase.encode("utf-8", "surrogateescape")))


def _set_aside(file: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        file.rename(file.with_name(f"{file.name}.{os.urandom(8).hex()}.old"))
