"""The programs whose screens are compared: this chat, the least of a Textual app, and what is installed of two more."""

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.bench import Bench
from tests.bench.screen import stage
from tests.bench.screen.stage import NICK, ROOM, Stage
from tests.bench.screen.talk import END
from tests.bench.screen.terminal import Terminal


@dataclass(frozen=True)
class Program:
    """Its name in tables, the dialect of the server that it joins, "" for none, and how it is started."""

    name: str
    dialect: str
    command: Callable[[int, Path], Sequence[str]]
    """Given the server's port and an empty folder."""


def _join(port: int, folder: Path) -> Sequence[str]:
    options = ("--host", "127.0.0.1", "--port", str(port), "--nick", NICK, "--data", str(folder), "--lang", "en")
    return [sys.executable, "-m", "chatapp", "join", *options]


def _bare(_port: int, _folder: Path) -> Sequence[str]:
    return [sys.executable, "-m", "tests.bench.screen.bare"]


def _weechat(port: int, folder: Path) -> Sequence[str]:
    """Let it keep all lines, as the others do."""
    unlimited = "/set weechat.history.max_buffer_lines_number 0"
    return ["weechat", "--dir", str(folder), "-r", unlimited, f"irc://{NICK}@127.0.0.1:{port}/{ROOM}"]


def _irssi(port: int, folder: Path) -> Sequence[str]:
    (folder / "config").write_text(IRSSI_CONFIG.format(port=port, room=ROOM, nick=NICK))
    return ["irssi", f"--home={folder}"]


IRSSI_CONFIG = """\
servers = ({{ address = "127.0.0.1"; chatnet = "bench"; port = "{port}"; autoconnect = "yes"; }});
chatnets = {{ bench = {{ type = "IRC"; }}; }};
channels = ({{ name = "{room}"; chatnet = "bench"; autojoin = "yes"; }});
settings = {{ core = {{ real_name = "{nick}"; user_name = "{nick}"; nick = "{nick}"; }}; }};
windows = {{ 1 = {{ items = ({{ type = "CHANNEL"; chat_type = "IRC"; name = "{room}"; tag = "bench"; }}); }}; }};
"""

CHATAPP = Program("chatapp", stage.RICH, _join)
BARE = Program("bare Textual app", "", _bare)
WEECHAT = Program("WeeChat", stage.IRC, _weechat)
IRSSI = Program("irssi", stage.IRC, _irssi)


def peers(bench: Bench) -> list[Program]:
    """Return those of the two that are installed, none if `bench` leaves them out."""
    found = (program for program in (WEECHAT, IRSSI) if shutil.which(program.name.lower()))
    return [] if bench.is_alone else list(found)


@contextlib.contextmanager
def opened(bench: Bench, program: Program, port: int) -> Iterator[Terminal]:
    """Run `program`, its files in a folder of its own; it joins the server at `port`."""
    with (
        tempfile.TemporaryDirectory(dir=bench.folder) as folder,
        Terminal(program.command(port, Path(folder)), Path(folder)) as terminal,
    ):
        yield terminal


@contextlib.contextmanager
def on_stage(bench: Bench, program: Program, past: int) -> Iterator[tuple[Stage, Terminal]]:
    """Run `program` where so much was said before; it has painted that."""
    with Stage(program.dialect, past) as played, opened(bench, program, played.port) as terminal:
        terminal.until(END)
        yield played, terminal
