"""Invitations, each in a file of its own: whoever renames that first has used it, whatever else runs or ends just then.

A file is called as the SHA-256 of what is given to whoever is invited, so that nobody comes in by reading the folder.
One that was used is kept under the name of the key that used it.
"""

import contextlib
import os
import secrets
from hashlib import sha256
from pathlib import Path

import msgspec

from chatapp.data import create_private, make_folder, sync_folder
from chatapp.protocol.names import name_key

_TOKEN_BYTES = 16


class Invite(msgspec.Struct, frozen=True):
    """For whoever comes as `nick`, "" for any, `until` so many seconds since 1970."""

    nick: str
    until: float


class Invites:
    """Those in `folder`, which any process of the server's user may make and use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, invite: Invite, now: float) -> str:
        """Keep `invite`, and return what is to be given to whoever is invited. Raises OSError."""
        make_folder(self._folder)
        self._forget_old(now)
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        create_private(self._file(token), msgspec.json.encode(invite))
        return token

    def use(self, token: str, key: str, nick: str, now: float) -> bool:
        """Use up what was given as `token`; return whether it lets `key` in as `nick`. Raises OSError.

        The key that used it may do so again: it may have come no further that time.
        """
        file = self._file(token)
        used = file.with_suffix(f".{key}")
        if used.exists():
            return True
        invite = _read(file)
        if invite is None or invite.until < now or (invite.nick and name_key(invite.nick) != name_key(nick)):
            return False
        try:
            file.rename(used)
        except FileNotFoundError:
            return False
        sync_folder(self._folder)
        return True

    def _file(self, token: str) -> Path:
        return self._folder / sha256(token.strip().encode(errors="surrogatepass")).hexdigest()

    def _forget_old(self, now: float) -> None:
        for name in os.listdir(self._folder):
            invite = _read(self._folder / name)
            if invite is not None and invite.until < now and "." not in name:
                with contextlib.suppress(FileNotFoundError):
                    (self._folder / name).unlink()


def _read(file: Path) -> Invite | None:
    """Return what is in `file`, None if there is none or it is no invitation."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Invite)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
