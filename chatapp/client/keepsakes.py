"""What a client keeps on disk about one server: its keys, what it has said and not seen confirmed, and is writing."""

from pathlib import Path

from chatapp.client.identity import Identity, Keyring, canonical_host
from chatapp.client.outbox import OutboxFile, outbox_path
from chatapp.data import safe_name
from chatapp.protocol.names import name_key


class Keepsakes:
    """Everything under `folder` that belongs to the server at `host` and `port`."""

    def __init__(self, folder: Path, host: str, port: int) -> None:
        self._folder = folder
        self._host = host
        self._port = port
        self._keyring = Keyring(folder)
        self._identities: dict[str, Identity] = {}

    def identity(self, nick: str) -> Identity:
        """Return the key for `nick`, made on first use. Raises what `Keyring.key_for` raises."""
        key = name_key(nick)
        if key not in self._identities:
            self._identities[key] = self._keyring.key_for(self._host, self._port, nick)
        return self._identities[key]

    def take_along(self, nick: str, to: str) -> None:
        """Keep the key of `nick` under the nick `to`."""
        self._keyring.take_along(self._host, self._port, nick, to)
        self._identities.pop(name_key(nick), None)

    def outbox(self, nick: str) -> OutboxFile:
        """Return what `nick` has said here and not seen confirmed; a rename changes nothing about it."""
        return OutboxFile(outbox_path(self._folder, self._host, self._port, self.identity(nick).key))

    def drafts(self, nick: str) -> Path:
        """Return the file for what `nick` is writing here; a rename changes nothing about it."""
        name = safe_name(canonical_host(self._host), str(self._port), self.identity(nick).key)
        return self._folder / "drafts" / f"{name}.json"
