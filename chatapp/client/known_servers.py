"""The servers that were met by TLS, each with the key that it had then."""

from pathlib import Path

import msgspec

from chatapp.client.identity import canonical_host
from chatapp.data import locked, make_folder, write_private
from chatapp.protocol.pins import check_pin


class KnownServersDamaged(Exception):
    """The file can't be read as one of known servers; nobody is met for the first time then."""


class _File(msgspec.Struct, tag_field="format", tag="chatapp-known-servers-1"):
    """What the file holds, as JSON: the pin of each server, by ``host:port``."""

    servers: dict[str, str]

    def __post_init__(self) -> None:
        for pin in self.servers.values():
            check_pin(pin)


class KnownServers:
    """The pins in a file of `folder`, which is private to the person, changed by one process at a time.

    All of it raises OSError and KnownServersDamaged.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "known-servers.json"

    def pin(self, host: str, port: int) -> str:
        """Return the pin of the server there, "" if it was never met."""
        return self._read().servers.get(_name(host, port), "")

    def meet(self, host: str, port: int, pin: str) -> str:
        """Keep `pin`, if that server was never met; return the pin that it has from then on."""
        return self._keep(host, port, pin, anew=False)

    def trust(self, host: str, port: int, pin: str) -> None:
        """Keep `pin`, whatever it was before."""
        self._keep(host, port, pin, anew=True)

    def _keep(self, host: str, port: int, pin: str, anew: bool) -> str:
        with locked(make_folder(self.file.parent) / ".known-servers.lock"):
            content, name = self._read(), _name(host, port)
            kept = pin if anew else content.servers.get(name, pin)
            if content.servers.get(name) != kept:
                content.servers[name] = kept
                write_private(self.file, msgspec.json.format(msgspec.json.encode(content)) + b"\n")
            return kept

    def _read(self) -> _File:
        try:
            return msgspec.json.decode(self.file.read_bytes(), type=_File)
        except FileNotFoundError:
            return _File({})
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise KnownServersDamaged(str(error)) from None


def _name(host: str, port: int) -> str:
    return f"{canonical_host(host)}:{port}"
