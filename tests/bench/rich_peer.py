"""A rich peer over a socket that blocks, for what is measured without the load generator."""

import socket
from collections.abc import Iterator
from typing import Self, TypeVar

from chatapp.client.identity import Identity
from chatapp.protocol import rich
from chatapp.protocol.events import Challenged, Event, Welcomed
from chatapp.protocol.identity import proof
from chatapp.protocol.requests import Hello, Prove, Request

WAIT_SECONDS = 30.0

E = TypeVar("E", bound=Event)


class RichPeer:
    """A connection, which says hello when it is told to."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def come_in(self, hello: Hello, identity: Identity | None = None) -> Welcomed:
        """Say hello, and prove its key if it has one: that of `identity`."""
        self.send(hello)
        if identity is not None:
            asked = self.next(Challenged)
            self.send(Prove(identity.sign(proof(asked.log, asked.nonce, identity.key, hello.nick))))
        return self.next(Welcomed)

    def send(self, *requests: Request) -> None:
        self._socket.sendall(b"".join(map(rich.encode, requests)))

    def next(self, kind: type[E]) -> E:
        """Return the next event of that kind, and forget those before it. Raises EOFError."""
        while True:
            line = self._lines.readline().decode()
            if line.startswith("{") and isinstance(event := rich.decode_event(line), kind):
                return event
            if not line:
                raise EOFError

    def rest(self, wait_seconds: float = WAIT_SECONDS) -> Iterator[Event]:
        """Yield what still comes until the end, or for so long nothing; the last line may be cut."""
        self._socket.settimeout(wait_seconds)
        try:
            while (line := self._lines.readline()).endswith(b"\n"):
                yield rich.decode_event(line.decode())
        except OSError:  # nothing more comes
            return

    def leave(self) -> None:
        """Say goodbye, and wait until the server has closed."""
        self._socket.sendall(b"SALIR\n")
        while self._lines.readline():
            pass
        self.close()

    def close(self) -> None:
        self._lines.close()
        self._socket.close()
