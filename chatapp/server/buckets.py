"""How often one may: token buckets, of which only those are kept that are not full."""

from collections.abc import Hashable
from typing import Generic, TypeVar

from chatapp.server.forgetful import Forgetful

K = TypeVar("K", bound=Hashable)


class _Bucket:
    """How full a bucket was `at` that moment; since then it has filled up."""

    __slots__ = ("at", "level")

    def __init__(self, level: float, at: float) -> None:
        self.level = level
        self.at = at


class Buckets(Generic[K]):
    """A bucket for each key: it holds up to `most`, of which `per_second` flow back. Moments are in seconds.

    It may be `debt` in debt for what asks for that. What was not taken from for as long as it takes to fill up is full,
    and is forgotten.
    """

    def __init__(self, most: float, per_second: float, debt: float = 0.0) -> None:
        self._most = most
        self._per_second = per_second
        self._debt = debt
        self._buckets = Forgetful[K, _Bucket]((most + debt) / per_second)

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._buckets)

    def take(self, key: K, amount: float, now: float, *, may_owe: bool = False) -> float:
        """Take `amount` and return 0; or take nothing, and return in how many seconds it will be there.

        Of what is more than there ever is all is taken.
        """
        bucket = self._buckets.get(key, now)
        if bucket is None:
            bucket = _Bucket(self._most, now)
            self._buckets.put(key, bucket, now)
        bucket.level = min(self._most, bucket.level + (now - bucket.at) * self._per_second)
        bucket.at = now
        missing = min(amount, self._most) - bucket.level - (self._debt if may_owe else 0.0)
        if missing > 0:
            return missing / self._per_second
        bucket.level -= min(amount, self._most)
        return 0.0
