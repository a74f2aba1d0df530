"""What tells the terminal, and not the screen, something: notifications and the window's title, in xterm's manner.

Each is an operating system command (ECMA-48, 8.3.89: OSC); terminals that don't know one pass over it. None asks for
an answer, which would be typed into the composer.
"""

from collections.abc import Mapping

from chatapp.protocol.safe import one_line

SAVE_TITLE = "\x1b[22;2t"
RESTORE_TITLE = "\x1b[23;2t"
"""xterm's stack of titles."""

RESET = b"\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1004l\x1b[?2004l\x1b[<u\x1b[?1049l\x1b[?25h"
"""Mouse, focus, paste and keyboard reports off, the main screen and the cursor back (xterm's control sequences)."""

_MOST_CHARACTERS = 200
_OSC9_PROGRAMS = ("iTerm.app", "WezTerm", "ghostty", "WarpTerminal")


def title(text: str) -> str:
    """Return what makes `text` the window's title (OSC 2)."""
    return f"\x1b]2;{_clean(text)}\x07"


def notification(way: str, head: str, body: str) -> str:
    """Return what notifies by `way`: ``osc9`` (iTerm2), ``osc777`` (rxvt) or ``osc99`` (kitty); "" by none."""
    head, body = _clean(head), _clean(body)
    match way:
        case "osc9":
            return f"\x1b]9;{head}: {body}\x07"
        case "osc777":
            return f"\x1b]777;notify;{head};{body}\x07"
        case "osc99":
            return f"\x1b]99;i=chatapp:d=0;{head}\x1b\\\x1b]99;i=chatapp:d=1:p=body;{body}\x1b\\"
        case _:
            return ""


def way_of(environment: Mapping[str, str]) -> str:
    """Return the way that the terminal is known to understand by its `environment`, ``none`` if no way is.

    Within tmux and screen there is none: they would keep it to themselves.
    """
    terminal = environment.get("TERM", "")
    if "TMUX" in environment or "STY" in environment:
        return "none"
    if "KITTY_WINDOW_ID" in environment or terminal == "xterm-kitty":
        return "osc99"
    if terminal.startswith(("rxvt", "foot")):
        return "osc777"
    if "WT_SESSION" in environment or environment.get("TERM_PROGRAM") in _OSC9_PROGRAMS:
        return "osc9"
    return "none"


def _clean(text: str) -> str:
    """Return `text` in one line, with nothing that ends or divides such a command."""
    return one_line(text).replace(";", ",")[:_MOST_CHARACTERS]
