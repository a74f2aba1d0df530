"""What of a client's is kept: a key for its nick, and what it said until that is confirmed; a guest keeps nothing."""

import contextlib
from pathlib import Path

from chatapp.client.keepsakes import Keepsakes
from chatapp.client.key_errors import KeyringError
from chatapp.client.outbox import OutboxFile
from chatapp.protocol.errors import RuleError
from chatapp.protocol.events import Challenged
from chatapp.protocol.identity import proof
from chatapp.protocol.requests import Prove, Say


class Belongings:
    """One client's share of `keepsakes`; without those it is a guest's, and does nothing."""

    def __init__(self, keepsakes: Keepsakes | None) -> None:
        self._keepsakes = keepsakes
        self._outbox: OutboxFile | None = None
        self._outbox_key = ""

    def key(self, nick: str) -> str:
        """Return the public key for `nick`, made on first use, "" for a guest's. Raises KeyringError."""
        return self._keepsakes.identity(nick).key if self._keepsakes else ""

    def prove(self, event: Challenged, nick: str) -> Prove | None:
        """Return the proof that the key for `nick` is one's own."""
        if self._keepsakes is None:
            return None
        identity = self._keepsakes.identity(nick)
        return Prove(identity.sign(proof(event.log, event.nonce, identity.key, nick)))

    def take_along(self, nick: str, to: str) -> None:
        """Keep the key of `nick` under the nick `to`; if that can't be, `to` has no key here, and gets one."""
        if self._keepsakes is not None:
            with contextlib.suppress(KeyringError, RuleError, OSError):
                self._keepsakes.take_along(nick, to)

    def take_up(self, nick: str) -> list[Say]:
        """Return what `nick` said before and has not seen confirmed, the first time; another key's is not its own."""
        if self._keepsakes is None or self._outbox_key == (key := self.key(nick)):
            return []
        self._outbox, self._outbox_key = self._keepsakes.outbox(nick), key
        return self._outbox.load()

    def keep(self, say: Say) -> None:
        """Have `say` on disk until it is let go. Raises what `OutboxFile.add` raises."""
        if self._outbox is not None:
            self._outbox.add(say)

    def let_go(self, say_id: str) -> None:
        """Keep the message no longer."""
        if self._outbox is not None:
            self._outbox.remove(say_id)

    def drafts(self, nick: str) -> Path | None:
        """Return the file for what `nick` is writing, None for a guest's. Raises KeyringError."""
        return self._keepsakes.drafts(nick) if self._keepsakes else None
