"""The door of a chat that isn't open to all: a password or an invitation opens it, looked at one after the other.

What opens it is compared in a thread of its own: to compare is slow on purpose, and nobody's talk waits for it. Nothing
is asked about a nick before that, so that no answer, and no time that one takes, says whose it is.
"""

import asyncio
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from chatapp.protocol import limits
from chatapp.protocol.errors import (
    BadInvite,
    InviteRequired,
    KeyRequired,
    PasswordRequired,
    ProtocolError,
    TooManyGuesses,
    WrongPassword,
)
from chatapp.protocol.requests import Hello
from chatapp.server.invites import Invites
from chatapp.server.password import Password
from chatapp.server.settings import Settings
from chatapp.server.throttle import Throttle
from chatapp.texts import tr

_log = logging.getLogger(__name__)

_BUSY_SECONDS = 2.0


@dataclass(frozen=True)
class Knock:
    """Somebody who said `hello` and stands before the door; `key` is theirs, proved, "" for a guest's."""

    hello: Hello
    key: str
    site: str
    """Where they come from."""

    @property
    def names(self) -> tuple[str, ...]:
        """By what their tries are counted: a nick is not among it, so nobody is kept out by what others try."""
        return (f"site {self.site}", f"key {self.key}") if self.key else (f"site {self.site}",)


class Door:
    """Opens as the settings say; `folder` is where invitations are."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._password = settings.password
        self._invites = Invites(folder) if settings.invite_only else None
        self._clock = settings.clock
        self._throttle = Throttle()
        self._worker = ThreadPoolExecutor(1, "door")
        self._waiting = 0

    @property
    def is_open(self) -> bool:
        """Whether everyone may come in."""
        return self._password is None and self._invites is None

    def change_password(self, password: Password) -> None:
        """Ask for another password from now on; it is for a door that asks for one."""
        self._password = password

    def requirement(self, is_guest: bool) -> ProtocolError:
        """Return what to answer to somebody who stands before the door."""
        if self._invites is None:
            return PasswordRequired()
        return KeyRequired() if is_guest else InviteRequired()

    def unlock(self, knock: Knock, secret: str, done: Callable[[ProtocolError | None], None]) -> None:
        """Look at `secret`, and call `done` in this loop with what is wrong with it, None if it opens the door.

        Raises TooManyGuesses at once.
        """
        loop = asyncio.get_running_loop()
        if self._waiting >= limits.GUESSES_WAITING:
            raise TooManyGuesses(retry_after=_BUSY_SECONDS)
        self._throttle.charge(knock.names, loop.time())
        self._waiting += 1
        looking = loop.run_in_executor(self._worker, self._opens, knock, secret)
        looking.add_done_callback(lambda looked: self._answer(knock, looked, done))

    def close(self) -> None:
        """Look at nothing more."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _opens(self, knock: Knock, secret: str) -> bool:
        if self._invites is not None:
            return self._use_invite(self._invites, knock, secret)
        return self._password is not None and self._password.matches(secret)

    def _use_invite(self, invites: Invites, knock: Knock, token: str) -> bool:
        try:
            return invites.use(token, knock.key, knock.hello.nick, self._clock())
        except OSError as error:
            _log.error(tr("The invitations can't be read: {reason}", reason=os.strerror(error.errno or 0)))
            return False

    def _answer(
        self, knock: Knock, looked: "asyncio.Future[bool]", done: Callable[[ProtocolError | None], None]
    ) -> None:
        self._waiting -= 1
        if looked.cancelled():
            return
        if looked.result():
            self._throttle.refund(knock.names)
            done(None)
        else:
            done(WrongPassword() if self._invites is None else BadInvite(knock.hello.nick))
