"""A table that forgets what nobody asks for any more, at no cost but of what is asked for."""

from collections.abc import Hashable
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST_REMEMBERED: Final = 65_536
"""With so many new ones the older are forgotten early: nobody fills the memory by coming from ever more addresses."""


class Forgetful(Generic[K, V]):
    """Values by key; one that nobody put or got for `seconds` is forgotten, at the latest after twice that.

    Every so many `seconds` what was used since becomes the older half, and the older half before it is let go.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}
        self._turns_at = 0.0

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def get(self, key: K, now: float) -> V | None:
        """Return the value at `key`; None if there is none, or none any more."""
        if now >= self._turns_at:
            self._turn(now)
        if (value := self._young.get(key)) is None and (value := self._old.pop(key, None)) is not None:
            self.put(key, value, now)
        return value

    def put(self, key: K, value: V, now: float) -> None:
        """Remember `value`."""
        if len(self._young) >= MOST_REMEMBERED:
            self._turn(now)
        self._young[key] = value

    def _turn(self, now: float) -> None:
        is_recent = now < self._turns_at + self._seconds
        self._old = self._young if is_recent else {}
        self._young = {}
        self._turns_at = now + self._seconds
