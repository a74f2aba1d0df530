"""A server that plays what it is told to one client, as IRC or as this chat's rich dialect, as fast as that reads."""

import socket
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Self

from chatapp.protocol import limits, rich
from chatapp.protocol.events import Event, HistoryPage, Pong, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, History, Ping
from tests.bench.screen.talk import NICKS, texts

IRC, RICH = "irc", "rich"
ROOM = GENERAL
NICK = "ana"

_BATCH = 500
"""So many messages are written at once where none waits for its time."""


class Stage:
    """Listens at `port` until the end of the block. `past` was said before anyone came."""

    def __init__(self, dialect: str, past: int) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._spell = _irc if dialect == IRC else rich.encode
        self._serve = self._serve_irc if dialect == IRC else self._serve_rich
        self._past = list(said(texts(past), 1))
        self._next = past
        self._client: socket.socket | None = None
        self._writing = threading.Lock()
        threading.Thread(target=self._run, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        if self._client is not None:
            self._client.close()

    def say(self, count: int) -> None:
        """Say so many messages, with no pause."""
        for batch in _batches(self._new(count)):
            self._write(*map(self._spell, batch))

    def say_paced(self, count: int, rate: float) -> None:
        """Say so many messages, each at its time: `rate` of them a second."""
        began = time.perf_counter()
        for number, message in enumerate(list(self._new(count))):
            time.sleep(max(began + number / rate - time.perf_counter(), 0))
            self._write(self._spell(message))

    def _new(self, count: int) -> Iterator[Said]:
        first, self._next = self._next, self._next + count
        return said(texts(count, first), first + 1)

    def _write(self, *lines: bytes) -> None:
        assert self._client is not None
        with self._writing:
            self._client.sendall(b"".join(lines))

    def _run(self) -> None:
        try:
            self._client, _ = self._socket.accept()
            self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._client.makefile("r", encoding="utf-8") as incoming:
                self._serve(incoming)
        except OSError:  # the block ended, or the client was ended
            return

    def _serve_rich(self, incoming: Iterable[str]) -> None:
        self._write(b"NICK\n")
        for line in incoming:
            if line.startswith("{") and (answer := self._answer(line)) is not None:
                self._write(rich.encode(answer))

    def _answer(self, line: str) -> Event | None:
        match rich.decode_request(line):
            case Hello():
                members = [NICK, *NICKS]
                return Welcomed(NICK, ROOM, members, "log", len(self._past), limits.PROTOCOL_VERSION, "stage")
            case History(before=before, limit=limit):
                page = [message for message in self._past if before is None or message.seq < before]
                return HistoryPage(ROOM, page[-limit:], has_more=len(page) > limit, before=before)
            case Ping():
                return Pong()
            case _:
                return None

    def _serve_irc(self, incoming: Iterable[str]) -> None:
        """Answer what a client needs to come in and stay (RFC 2812)."""
        for line in incoming:
            command, *arguments = line.split()
            match command.upper(), arguments:
                case "CAP", ["LS", *_]:
                    self._write(b":stage CAP * LS :\r\n")
                case "USER", _:
                    self._write(f":stage 001 {NICK} :Welcome\r\n:stage 422 {NICK} :No motto\r\n".encode())
                case "JOIN", _:
                    self._write(_joined().encode(), *map(_irc, self._past))
                case "PING", [token, *_]:
                    self._write(f":stage PONG stage {token}\r\n".encode())


def _joined() -> str:
    names = " ".join([NICK, *NICKS])
    return (
        f":{NICK}!{NICK}@bench JOIN {ROOM}\r\n:stage 353 {NICK} = {ROOM} :{names}\r\n:stage 366 {NICK} {ROOM} :End\r\n"
    )


def _irc(message: Said) -> bytes:
    return f":{message.nick}!{message.nick}@bench PRIVMSG {message.room} :{message.text}\r\n".encode()


def said(spoken: Iterable[str], first: int) -> Iterator[Said]:
    """Yield `spoken` as messages, the first of them with the seq `first`."""
    now = time.time()
    for seq, text in enumerate(spoken, first):
        yield Said(seq, ROOM, NICKS[seq % len(NICKS)], text, now, str(seq))


def _batches(messages: Iterator[Said]) -> Iterator[Sequence[Said]]:
    while batch := list(islice(messages, _BATCH)):
        yield batch
