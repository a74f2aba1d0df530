"""How long it takes from a key to the screen."""

import random
import time
from dataclasses import dataclass

from tests.bench.screen.talk import KEYS
from tests.bench.screen.terminal import Terminal
from tests.bench.tables import median

PAUSES_SECONDS = (0.03, 0.09)
"""Between two keys: of no even length, so as not to keep step with a program's frames."""


@dataclass
class Taken:
    """What some keys took, in milliseconds."""

    keys_ms: list[float]

    @property
    def p50_ms(self) -> float:
        return median(self.keys_ms)

    @property
    def p95_ms(self) -> float:
        return sorted(self.keys_ms)[int(len(self.keys_ms) * 0.95)]

    @property
    def most_ms(self) -> float:
        return max(self.keys_ms)


def press(terminal: Terminal, count: int) -> Taken:
    """Press so many keys, at most len(KEYS), each some time after the one before was seen."""
    return Taken([_one(terminal, letter) for letter in KEYS[:count]])


def press_for(terminal: Terminal, seconds: float) -> Taken:
    """Press keys for so long, as many as KEYS has; what is left of the time is waited for."""
    began, taken = time.perf_counter(), list[float]()
    pause = seconds / len(KEYS)
    for number, letter in enumerate(KEYS):
        terminal.read_for(began + (number + random.random()) * pause - time.perf_counter())
        taken.append(_key_ms(terminal, letter))
    return Taken(taken)


def _one(terminal: Terminal, letter: str) -> float:
    terminal.read_for(random.uniform(*PAUSES_SECONDS))
    return _key_ms(terminal, letter)


def _key_ms(terminal: Terminal, letter: str) -> float:
    began = time.perf_counter()
    terminal.type(letter)
    return (terminal.until(letter) - began) * 1000
