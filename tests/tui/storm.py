"""A storm of what a terminal may send (keys, pastes, the mouse, resizes) while others talk; the same by its seed."""

import random
from collections import deque
from collections.abc import Callable

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

from chatapp.client.client import Client
from chatapp.protocol.errors import ProtocolError
from tests.tui.screens import SIZE, Window
from tests.tui.strings import hostile

_SEQUENCES = sorted(key for key in ANSI_SEQUENCES_KEYS if key.startswith("\x1b") or len(key) == 1)
_LETTERS = "abcdeijklopqrstuvwxyzñ日 /#@:+*?`>[]().-_09"
_LINES = (
    *("hola", "@luis ¿qué tal?", "**fat** and `code`", "```py\nx = 1\n```", "/me waves", "/reply sí", "/edit better"),
    *("/react :heart:", "/react -heart", "/delete", "/join #ops", "/join #tests", "/leave", "/private plan"),
    *("/invite luis", "/msg luis psst", "/msg mei", "/topic plans", "/nick eva", "/nick ana", "/who", "/rooms"),
    *("/whois luis", "/away lunch", "/back", "/notify mentions", "/mentions", "/history", "/search hola", "/help"),
    *("/set", "/set theme light", "/set density spaced", "/set time 12h", "/set language es", "x\n" * 120),
    *("/nonsense", "//", "x " * 300, "日本" * 200),
)
_KITTY_AND_FOCUS = (
    "\x1b[I",
    "\x1b[O",
    "\x1b",
    "\x1b[200~\x1b[201~",
    "\x1b[27u",
    "\x1b[9;2u",
    "\x1b[13;2u",
    "\x1b[57441u",
)
_BUTTONS = (0, 0, 0, 1, 2, 32, 34, 35, 35, 64, 64, 65, 65, 66, 67, 8, 16, 24, 4)
"""SGR mouse reports: press, drag (+32), move (35), wheel (64 up), with shift (+4), alt (+8), ctrl (+16)."""

_EVENTS_A_TURN = 20
_REMEMBERED = 40


class Storm:
    """Throws `count` things at `window`, while `others` talk."""

    def __init__(self, seed: int, window: Window, others: list[Client]) -> None:
        self._seed = seed
        self._source = random.Random(seed)
        self._window = window
        self._others = others
        self._last: deque[str] = deque(maxlen=_REMEMBERED)
        self._size = SIZE

    async def blow(self, count: int) -> None:
        """Raises AssertionError with the seed and what came last, if the app doesn't stand it."""
        for number in range(count):
            try:
                await self._throw()
                if number % _EVENTS_A_TURN == 0:
                    await self._window.pilot.pause()
                self._check()
            except BaseException as error:
                raise AssertionError(self._told(number, error)) from error

    def _check(self) -> None:
        app = self._window.app
        if app._exception is not None:
            raise app._exception
        assert app.is_running
        assert not app._exit

    def _told(self, number: int, error: BaseException) -> str:
        last = "\n".join(self._last)
        return f"seed {self._seed}, event {number}: {error!r}; the last, as repr of what was sent:\n{last}"

    async def _throw(self) -> None:
        kinds: tuple[tuple[int, Callable[[], str]], ...] = (
            (30, self._key),
            (25, self._letters),
            (8, self._line),
            (4, self._paste),
            (20, self._mouse),
            (6, self._click),
        )
        chance = self._source.random()
        if chance < 0.06:
            await self._resize()
        elif chance < 0.18:
            self._let_talk()
        else:
            weights, makers = zip(*kinds, strict=True)
            self._send(self._source.choices(makers, weights)[0]())

    def _send(self, data: str) -> None:
        self._last.append(repr(data))
        self._window.send(data)

    async def _resize(self) -> None:
        self._size = self._source.choice(
            (SIZE, (self._source.randint(1, 500), self._source.randint(1, 200)), (1, 1), (40, 12))
        )
        self._last.append(f"resize {self._size}")
        await self._window.pilot.resize_terminal(*self._size)

    def _let_talk(self) -> None:
        speaker = self._source.choice(self._others)
        line = hostile(self._source.randrange(10**6))[0] if self._source.random() < 0.3 else self._source.choice(_LINES)
        self._last.append(f"{speaker.state.nick}: {line[:200]!r}")
        if self._source.random() < 0.3:
            speaker.look_at(self._source.choice(list(speaker.state.rooms)))
        try:
            speaker.type_line(line)
        except ProtocolError:
            self._last.append("(refused)")

    def _key(self) -> str:
        return self._source.choice((self._source.choice(_SEQUENCES), self._source.choice(_KITTY_AND_FOCUS)))

    def _letters(self) -> str:
        prefix = self._source.choice(("", "", "", "\x1b"))
        return prefix + "".join(self._source.choices(_LETTERS, k=self._source.randint(1, 4)))

    def _line(self) -> str:
        return self._source.choice(_LINES).replace("\n", "\x1b\r") + self._source.choice(("\r", "\r", "\t", ""))

    def _paste(self) -> str:
        return f"\x1b[200~{hostile(self._source.randrange(10**6))[0]}\x1b[201~"

    def _place(self) -> tuple[int, int]:
        """Return a column and a row, which count from 1, near the window."""
        width, height = self._size
        return self._source.randint(1, width + 2), self._source.randint(1, height + 2)

    def _mouse(self) -> str:
        column, row = self._place()
        return f"\x1b[<{self._source.choice(_BUTTONS)};{column};{row}{self._source.choice('MMm')}"

    def _click(self) -> str:
        column, row = self._place()
        return f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m" * self._source.choice((1, 1, 2, 3))

    async def calm(self) -> None:
        """Do what one does to go on in peace: a usual window, in front, and Escape until nothing is open."""
        await self._window.resize(*SIZE)
        self._send("\x1b[I")
        for _ in range(8):
            self._send("\x1b[27u")
            await self._window.pilot.pause()
        self._check()

    async def say(self, text: str) -> None:
        """Type `text` over whatever draft is there, and send it."""
        self._send("\x1b[18~")  # F7: all is selected
        for character in text:
            self._send(character)
        self._send("\r")
        await self._window.pilot.pause()
