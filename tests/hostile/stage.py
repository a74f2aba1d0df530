"""The app in a real terminal before a server that means harm: every place where a person reads text, in turn."""

import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from chatapp.protocol.events import Entered, Event, Said, Welcomed
from chatapp.protocol.requests import Request, Say
from tests.hostile.attacks import TAG, attack
from tests.hostile.grammar import Reader
from tests.hostile.server import LyingServer, lying
from tests.hostile.terminal import Terminal, terminal

ROOM = "#:1"
"""Where all of it happens: a private room, which has a title."""


_HEADING = re.compile(rb"\x1b\[[0-9;]+m People")


class Stage:
    """One app, one server, and how many strings were shown in each place."""

    def __init__(self, screen: Terminal, liar: LyingServer, first: int) -> None:
        self.screen = screen
        self.liar = liar
        self.seen: Counter[str] = Counter()
        self.many = screen.rows // 5
        """How many strings are told at a time where one screen is to have room for all."""
        self._first = first
        self._number = first
        self._seq = 0
        self._places: dict[str, str] = {}
        """The place of each string that was sent and not yet seen, by the number in its tag."""
        self._reader = Reader()
        self.watch: Callable[[bytes], object] = lambda data: None
        """Is given all that is written, too."""
        drawn = _HEADING.search(screen.written)
        assert drawn is not None
        self._heading = drawn[0]
        """How a heading is drawn that nothing stands before: then it has other colours."""

    def string(self, place: str, pieces: int = 3, *, line: bool = True) -> str:
        """Return the next string, which is to be shown in `place`."""
        self._number += 1
        self._places[f"{self._number:x}"] = place
        return attack(self._number, pieces, line=line)

    @property
    def sent(self) -> int:
        return self._number - self._first

    def seq(self) -> int:
        self._seq += 1
        return self._seq

    def said(self, text: str, nick: str = "luis", **values: object) -> Said:
        seq = self.seq()
        at = 1e9 + seq * 61.0  # a minute later each: the nick is shown anew
        return Said(seq, ROOM, nick, text, at, f"i{seq}", **values)  # type: ignore[arg-type]

    def tell(self, *events: Event) -> None:
        self.liar.tell(*events)

    async def shows(self, *texts: str) -> None:
        """Wait until each of `texts` was written since the last look: of a string, its tag."""
        for text in texts:
            tag = TAG.search(text)
            await self.screen.shows(tag[0] if tag else text)

    def look(self) -> list[str]:
        """Read all that was written since the last look; return its texts. Raises Intruder."""
        data, self.screen.written = bytes(self.screen.written), bytearray()
        self.watch(data)
        texts = list(self._reader.feed(data))
        for number in {found for text in texts for found in TAG.findall(text)}:
            if (place := self._places.pop(number, None)) is not None:
                self.seen[place] += 1
        return texts

    async def is_itself(self) -> None:
        """See that the app still does what the keyboard says, and nothing else was asked of the server."""
        word = f"ok{self.sent}"
        self.screen.type(f"{word}\r")
        say = await self.liar.asked(Say)
        assert (say.text, say.kind, say.room) == (word, "text", ROOM), say
        self.tell(Said(self.seq(), ROOM, "ana", say.text, 2e9, say.id))
        await self.shows(word)

    async def escape(self) -> None:
        """Close what stands before the chat, and wait until that is drawn: what comes sooner is still typed there."""
        self.look()
        self.screen.type("\x1b[27u")
        await self.screen.until(lambda written: self._heading in written)

    async def ask(self, line: str, kind: type[Request]) -> Request:
        """Type `line`, and wait for the request that it makes."""
        self.screen.type(f"{line}\r")
        return await self.liar.asked(kind)


@contextlib.asynccontextmanager
async def stage(data: Path, first: int = 0, columns: int = 200, rows: int = 50) -> AsyncIterator[Stage]:
    """Open the app, in a room of its own; `first` is the number before that of its first string."""
    async with (
        lying(Welcomed("ana", "#general", ["ana", "luis"], "log", 0, 1, "liar")) as (liar, port),
        terminal(
            *("join", "--host", "127.0.0.1", "--port", str(port), "--nick", "ana", "--data", str(data), "--lang", "en"),
            columns=columns,
            rows=rows,
            environment={"TERM_PROGRAM": "iTerm.app"},
        ) as screen,
    ):
        await screen.shows("People")
        opened = Stage(screen, liar, first)
        opened.tell(Entered(ROOM, ["ana", "luis"], 0, title="start"))
        await opened.shows("start")
        screen.type("\x1b[1;3B")
        await opened.shows("You are in")
        opened.look()
        yield opened
        screen.type("\x11")
        assert await screen.ends() == 0
        opened.look()
        assert list(opened._reader.feed(b"", is_all=True)) == []
