"""Ways in which a disk or a person spoils a file."""

from collections.abc import Callable
from pathlib import Path
from random import Random


def flip_bit(content: bytearray, random: Random) -> None:
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)


def overwrite(content: bytearray, random: Random) -> None:
    """Write something else over some bytes in a row."""
    start = random.randrange(len(content))
    length = min(random.choice([1, 16, 512, 4096, 20_000]), len(content) - start)
    content[start : start + length] = random.choice([bytes(length), random.randbytes(length)])


def truncate(content: bytearray, random: Random) -> None:
    del content[random.randrange(len(content)) :]


def truncate_to_pages(content: bytearray, random: Random) -> None:
    del content[random.randrange(len(content) // 4096) * 4096 :]


WAYS: list[Callable[[bytearray, Random], None]] = [flip_bit, overwrite, truncate, truncate_to_pages]


def spoil(file: Path, random: Random) -> None:
    """Damage `file` in one way, so that it is not what it was."""
    content = sound = file.read_bytes()
    while content == sound:
        changed = bytearray(sound)
        random.choice(WAYS)(changed, random)
        content = bytes(changed)
    file.write_bytes(content)
