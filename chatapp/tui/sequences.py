"""What terminals send, where Textual would read something else: keys with alt, pastes with ESC, and what is no text."""

import re
from collections.abc import Iterable
from encodings.utf_8 import IncrementalDecoder
from enum import Enum
from string import ascii_lowercase, digits

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import BRACKETED_PASTE_END as END
from textual._xterm_parser import BRACKETED_PASTE_START as START
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.events import Key
from textual.keys import Keys
from textual.message import Message

_ESC, _PICTURE_OF_ESC = "\x1b", "\u241b"

_SURROGATE = "[\ud800-\udfff]"
"""Half of a character: it can't be written."""

_Alt = Enum("_Alt", {letter: f"alt+{letter}" for letter in ascii_lowercase + digits})  # type: ignore[misc]
"""Textual knows no such keys by name."""


def learn_sequences() -> None:
    """Let Textual read ESC CR, which is alt+enter, not as enter; ESC with a letter at once; and no keys in a paste.

    It would wait for 100 ms whether more follows the letter, and take a second ESC in that time for a circumflex. What
    it knows by another name, as alt+b by ctrl+left, keeps that. What follows an ESC in a paste it would take for keys,
    so that a line end there would send a message.
    """
    read: dict[str, object] = ANSI_SEQUENCES_KEYS  # type: ignore[assignment]  # declared as read-only
    read["\x1b\r"] = (Keys.ControlJ,)
    for alt in _Alt:
        read.setdefault(f"\x1b{alt.name}", (alt,))
    linux_driver.XTermParser = SafeParser  # type: ignore[attr-defined]  # the name by which the driver makes its own
    linux_driver.getincrementaldecoder = lambda _: KeyDecoder  # type: ignore[assignment, attr-defined]  # likewise


class KeyDecoder(IncrementalDecoder):
    """Reads a mark for bytes that are no text, which would end the app.

    Nothing, where there was to be something, means that the terminal is no more: Textual would go on reading that.
    """

    def __init__(self) -> None:
        super().__init__("replace")

    def decode(self, data: bytes, final: bool = False) -> str:  # type: ignore[override]  # of any buffer
        """Return the text in `data`. Raises EOFError."""
        if not data and not final:
            raise EOFError
        return super().decode(data, final)


class SafeParser(XTermParser):
    """Textual's, to which an ESC within a bracketed paste comes as its picture, but for the one that ends it.

    What reads like a key, but has a number that none has, is none: Textual's would end the app.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._is_pasting = False
        self._before = ""
        """The end of what was fed before: START may begin there, or, in a paste, what waits because END may."""

    def feed(self, data: str) -> Iterable[Message]:
        cleaned = self._clean(data)
        return super().feed(cleaned) if cleaned or not data else ()  # nothing means the end

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        try:
            keys = list(super()._sequence_to_key_events(sequence, alt))
        except (ValueError, OverflowError):
            return []
        return [key for key in keys if not re.search(_SURROGATE, key.character or "")]

    def _clean(self, data: str) -> str:
        """Return `data`, and what waited, as far as it is to be parsed now."""
        cleaned = ""
        while data:
            part, data = self._pasted(data) if self._is_pasting else self._typed(data)
            cleaned += part
        return cleaned

    def _typed(self, data: str) -> tuple[str, str]:
        """Return what is before the next paste, with its START, and the rest."""
        start = (self._before + data).find(START)
        if start < 0:
            self._before = (self._before + data)[-len(START) + 1 :]
            return data, ""
        end = start + len(START) - len(self._before)
        self._is_pasting, self._before = True, ""
        return data[:end], data[end:]

    def _pasted(self, data: str) -> tuple[str, str]:
        """Return what is pasted, with its END, and the rest; what may be the beginning of END waits."""
        pasted, end, rest = (self._before + data).partition(END)
        self._is_pasting, self._before = not end, ""
        if not end:
            waiting = next(length for length in range(len(END) - 1, -1, -1) if pasted.endswith(END[:length]))
            pasted, self._before = pasted[: len(pasted) - waiting], END[:waiting]
        return pasted.replace(_ESC, _PICTURE_OF_ESC) + end, rest
