"""Talk with servers that have no framing: what they print, read back into events."""

import codecs
import re
from collections import deque
from collections.abc import Callable, Iterator

from chatapp.protocol import limits, plain
from chatapp.protocol.errors import TextTooLong, Unsupported
from chatapp.protocol.events import Event, Joined, Left, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import TALK, Kind, Request, Say

NOBODY = "?"
"""The speaker of what the server shows without a name."""

_JOINED = re.compile(rf"([^\n:]{{1,64}}?){re.escape(plain.JOINED_SUFFIX)}")
_LEFT = re.compile(rf"([^\n:]{{1,64}}?){re.escape(plain.LEFT_SUFFIX)}")
_SAID = re.compile(r"([^\n:]{1,64}): (.*)", re.DOTALL)
_ACTION = re.compile(r"\* (\S{1,64}) (.*)", re.DOTALL)


class UnframedReader:
    """Reads one connection's bytes back into events; each read is one message, or notices and then one."""

    def __init__(self, log: str, clock: Callable[[], float]) -> None:
        self.nick = ""
        self.awaited: deque[Say] = deque()
        """What was sent and has not come back, oldest first."""
        self._log = log
        self._clock = clock
        self._seq = 0
        self._is_welcomed = False
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data: bytes) -> list[Event]:
        return list(self._events(self._decoder.decode(data)))

    def _events(self, text: str) -> Iterator[Event]:
        if not self._is_welcomed and plain.CONNECTED in text:
            self._is_welcomed = True
            yield self._welcome()
            text = text.replace(plain.CONNECTED, "", 1)
        while text := text.strip("\r\n"):
            event, text = self._next(text)
            yield event

    def _next(self, text: str) -> tuple[Event, str]:
        """Return the first event in `text`, and what stands behind it."""
        if found := _JOINED.match(text):
            return Joined(GENERAL, found[1], self._clock()), text[found.end() :]
        if found := _LEFT.match(text):
            return Left(GENERAL, found[1], self._clock()), text[found.end() :]
        echo = self._glued_echo(text)
        return self._said(text.removesuffix(echo)), echo

    def _glued_echo(self, text: str) -> str:
        """Return our own message that came glued to the end of another's, "" if none did."""
        echoes = (unframed_text(say, self.nick).decode() for say in self.awaited)
        return next((echo for echo in echoes if text.endswith(echo) and text != echo), "")

    def _welcome(self) -> Welcomed:
        return Welcomed(self.nick, GENERAL, [self.nick], self._log, self._seq, limits.PROTOCOL_VERSION)

    def _said(self, text: str) -> Said:
        self._seq += 1
        nick, said, kind = _speaker(text)
        return Said(self._seq, GENERAL, nick, said, self._clock(), self._confirmed(nick, said), kind)

    def _confirmed(self, nick: str, text: str) -> str:
        """Return the id of our own message if this is it, else an id that nobody awaits.

        One that came back glued to another message is never seen, and must not hold up those after it.
        """
        own = next((say for say in self.awaited if say.text == text), None) if nick == self.nick else None
        if own is None:
            return f"{self._log}-{self._seq}"
        self.awaited.remove(own)
        return own.id


def _speaker(text: str) -> tuple[str, str, Kind]:
    if found := _ACTION.fullmatch(text):
        return found[1], found[2], "action"
    if found := _SAID.fullmatch(text):
        return found[1], found[2], "text"
    return NOBODY, text, "text"


def unframed_text(request: Request, nick: str) -> bytes:
    """Return what to write for `request`: one message with no ending, small enough for one read.

    Raises Unsupported for all but a message to everyone that answers none, and TextTooLong.
    """
    if not isinstance(request, Say) or request.room != GENERAL or request.kind not in TALK or request.reply:
        raise Unsupported
    line = f"* {nick} {request.text}" if request.kind == "action" else f"{nick}: {request.text}"
    data = line.encode()
    if (excess := len(data) - limits.UNFRAMED_READ_BYTES) > 0:
        raise TextTooLong(limit=len(request.text.encode()) - excess)
    return data
