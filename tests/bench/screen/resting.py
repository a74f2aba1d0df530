"""A screen where nothing happens: how fast it is there, how fast a key is, and what it costs to let it stand."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from chatapp.protocol.events import Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Hello, Say
from tests.bench.bench import Bench
from tests.bench.rich_peer import RichPeer
from tests.bench.screen.keys import Taken, press
from tests.bench.screen.programs import CHATAPP, Program, opened
from tests.bench.screen.stage import Stage
from tests.bench.screen.talk import END, NICKS, PAST, texts

KEYS = 60
IDLE_SECONDS = 20.0


@dataclass
class Found:
    """One round."""

    paint_ms: float
    """From the start of the program to its newest message on the screen."""
    keys: Taken
    idle_percent: float
    """The share of a core that it takes while nothing happens."""
    idle_bytes: int
    """What it writes to the terminal meanwhile."""
    resident_mib: float


def one_round(bench: Bench, program: Program) -> Found:
    """Open a window on a room in which PAST messages were said."""
    with _room(bench, program) as port, opened(bench, program, port) as terminal:
        bench.progress(f"{program.name}: a window is opened, keys are pressed, nothing happens")
        paint_ms = (terminal.until(END) - terminal.began) * 1000
        terminal.settle(bench.quiet_seconds)
        keys = press(terminal, bench.few(KEYS, 5))
        terminal.settle(bench.quiet_seconds)
        seconds = 0.5 if bench.is_quick else IDLE_SECONDS
        written, worked = terminal.written, terminal.cpu_seconds
        terminal.read_for(seconds)
        idle = 100 * (terminal.cpu_seconds - worked) / seconds
        return Found(paint_ms, keys, idle, terminal.written - written, terminal.resident_mib)


@contextlib.contextmanager
def _room(bench: Bench, program: Program) -> Iterator[int]:
    """Give the port of the program's server: this chat's own is the real one."""
    if program is not CHATAPP:
        with Stage(program.dialect, PAST) as stage:
            yield stage.port
        return
    with bench.running() as server:
        _say(server.port)
        yield server.port


def _say(port: int) -> None:
    """Let everyone of NICKS speak in turn."""
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(RichPeer(port)) for _ in NICKS]
        for peer, nick in zip(peers, NICKS, strict=True):
            peer.come_in(Hello(nick))
        for number, text in enumerate(texts(PAST)):
            speaker = peers[number % len(peers)]
            speaker.send(Say(GENERAL, text, str(number)))
            while speaker.next(Said).id != str(number):
                continue
