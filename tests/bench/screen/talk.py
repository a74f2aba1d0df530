"""What is said in the rooms that screens show: the same in all of them, numbered, and of no letters but Latin ones."""

import random
import re
from collections.abc import Iterator

PAST = 200
"""So many messages are there before one comes."""

END = "ϣ"
"""A letter that nothing on a screen has but the newest message: programs may draw only the cells that change."""

NICKS = tuple(f"nick{number}" for number in range(10))

KEYS = "".join(map(chr, range(0x0410, 0x0450)))
"""Letters to type: nothing on a screen has them, and none comes twice."""

_WORDS = "the server keeps each line on disk before anyone sees it and a client that was away asks for what it missed"
_NUMBER = re.compile(rb"m(\d{7})")


def texts(count: int, first: int = 0) -> Iterator[str]:
    """Yield messages of 10 to 110 characters, the first called ``m`` and `first` in seven digits; END ends the last."""
    dice, words = random.Random(first), _WORDS.split()
    for number in range(first, first + count):
        end = f" {END}" if number == first + count - 1 else ""
        yield f"m{number:07} {' '.join(dice.choices(words, k=dice.randint(1, 18)))}{end}"


def lines(count: int) -> list[str]:
    """Return what a log shows of so many messages."""
    return [f"12:00 {NICKS[number % len(NICKS)]:>12} {text}" for number, text in enumerate(texts(count))]


def numbers(written: bytes) -> set[int]:
    """Return which messages are in what a program wrote."""
    return {int(number) for number in _NUMBER.findall(written)}
