"""Strings that try to get at a terminal, a desktop or a person, each made from its number and known by it.

Each sequence in them has MARK for a parameter, which no sequence of the app's own has: where it is behind a real
escape, an attack came through. A tag, as ``s1f.``, tells which strings were shown.
"""

import random
import re

from tests.tui.strings import BIDI, CONTROLS, EMOJI, MARKUP, SCRIPTS

MARK = "7731"

TAG = re.compile(r"s([0-9a-f]{1,8})\.")

_BODIES = (
    *("[{m}m", "[{m};5;7m", "[?{m}h", "[?{m}l", "[{m}A", "[{m};{m}H", "[{m}J", "[{m}K", "[>{m}u", "[{m}n", "[{m}c"),
    *("[{m}$p", "[?{m}$p", "[{m}t", "[{m};2;3t", "[!{m}p", "[{m} q", "[{m}x", "[{m}i", "[5;{m}i", "[<{m};1;1M"),
    *("]0;evil {m}{e}", "]2;evil {m}{e}", "]8;;http://evil.example/{m}{e}", "]8;id={m};x{e}", "]52;c;{m}ZXZpbA=={e}"),
    *("]9;evil {m}{e}", "]99;i={m};evil{e}", "]777;notify;evil;{m}{e}", "]4;{m};?{e}", "]10;?{m}{e}", "]11;#{m}{e}"),
    *("]133;{m}{e}", "]1337;File=inline=1;size={m}:AAAA{e}", "]1337;RequestUpload=format={m}{e}", "]7;file://{m}/{e}"),
    *("]50;{m}{e}", "]104;{m}{e}", "P{m}q#0;2;0;0;0{e}", "P$q{m}m{e}", "P+q{m}{e}", "Ptmux;{m}{e}", "X{m}{e}"),
    *("^{m}{e}", "_Ga=T,f=24,s=1,v=1,i={m};AAAA{e}", "_{m}{e}", "#8", "c", "D", "M", "7", "8", "=", "N{m}", "O{m}"),
    *("(0{m}", ")0{m}", "%G{m}", "k{m}{e}", "[200~{m}", "[201~{m}", "[I{m}", "\x00[{m}m", "\n[{m}m", "\x18[{m}m"),
)
_ENDINGS = ("\x07", "\x1b\\", "\x9c", "", "\u2028", "\x1a")
_C1_OF = str.maketrans({"[": "\x9b", "]": "\x9d", "P": "\x90", "X": "\x98", "^": "\x9e", "_": "\x9f", "D": "\x84"})

_ACTS = (
    *(
        "[@click=app.quit]press[/]",
        "[@click=app.leave]",
        "[@click=screen.dismiss('x')]x[/]",
        "[/]",
        "[bold]",
        "[/bold]",
    ),
    *(
        "[link='file:///etc/passwd']x[/link]",
        "[on red]",
        "[$accent]",
        "[[",
        "\\[",
        "[red on 7731]",
        "[blink]x",
        "[#f00]",
    ),
    *("[x](javascript:alert(1))", "[x](file:///etc/passwd)", "<a href=x>", "[x](https://evil.example/7731)", "`[/]`"),
    *(
        "/quit",
        "SALIR",
        "/nick evil",
        "@ana",
        "@ana \x1b[7731m",
        "{nick.__class__}",
        "{0}",
        "%s%n",
        "$(reboot)",
        "`id`",
    ),
    *("-- forged", "ana: forged", "\n-- forged", "\rana: forged", "\u2028x", "\u0085x", "ana se ha unido al chat."),
)
_ZALGO = ("Z" + "\u0300\u0316\u0488" * 20, "\u0e49" * 30, "\u20dd" * 9, "\u0301" * 60)
_INVISIBLE = (
    "\u2063",
    "\u2064",
    "\u200b\u200c\u200d\u200e",
    "\U000e0041\U000e007f",
    "\u3164",
    "\ufff9x\ufffa",
    "\ufeff",
)
_OTHERS = (EMOJI, MARKUP, CONTROLS, BIDI, SCRIPTS, _ACTS, _ACTS, _ZALGO, _INVISIBLE)


def attack(number: int, pieces: int = 3, *, line: bool = False) -> str:
    """Return the string of that number: its tag, and some pieces of the above; with `line`, without a line feed."""
    source = random.Random(number)
    text = f"s{number:x}." + "".join(_piece(source) for _ in range(source.randint(1, pieces)))
    return text.replace("\n", "") if line else text


def _piece(source: random.Random) -> str:
    if source.random() < 0.5:
        return str(source.choice(source.choice(_OTHERS)))
    body = str(source.choice(_BODIES)).format(m=MARK, e=source.choice(_ENDINGS))
    return body[0].translate(_C1_OF) + body[1:] if source.random() < 0.3 else f"\x1b{body}"
