"""How long to wait between tries to connect."""

import itertools
import random
from collections.abc import Callable, Iterator

Pauses = Callable[[], Iterator[float]]
"""Makes the pauses, in seconds, that follow one after the other while no try succeeds."""


def growing_pauses(
    first: float = 0.25, longest: float = 15.0, jitter: Callable[[], float] = random.random
) -> Iterator[float]:
    """Yield pauses that double up to `longest`, each shortened by up to half so that clients spread out."""
    for exponent in itertools.count():
        pause = min(longest, first * 2 ** min(exponent, 30))
        yield pause * (1 - jitter() / 2)
