"""The way into a chat that isn't open to all: what opens it is given when the server asks, and only in private."""

from chatapp.client.connection import Connection
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error
from chatapp.protocol.requests import Unlock

_REQUIREMENTS = frozenset([Code.PASSWORD_REQUIRED, Code.INVITE_REQUIRED])
IN_THE_WAY = _REQUIREMENTS | {Code.WRONG_PASSWORD, Code.BAD_INVITE}


class WouldExpose(Exception):
    """The server asks for a secret by a connection that others can read."""


class Knocking:
    """One person's password or invitation, in memory as long as the client runs."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._was_sent = False
        self.wanted: Error | None = None
        """What the server asked for, or why it refused what it got, while the person is to give something else."""

    def begin(self) -> None:
        """A connection is there on which nothing was given yet."""
        self._was_sent = False

    def take(self, secret: str) -> None:
        """Have `secret` to give."""
        self._secret, self.wanted = secret, None

    def give(self, error: Error, connection: Connection) -> bool:
        """Give what `error`, one of `IN_THE_WAY`, asks for; return whether there was something to give.

        Raises WouldExpose.
        """
        if not connection.is_private:
            raise WouldExpose
        if error.code in _REQUIREMENTS and self._secret and not self._was_sent:
            self._was_sent = True
            connection.send(Unlock(self._secret))
            return True
        self._secret, self.wanted = "", error
        return False
