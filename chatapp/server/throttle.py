"""How often somebody may try what they may get wrong: some times at once, and then after ever longer waits."""

from collections import OrderedDict

from chatapp.protocol import limits
from chatapp.protocol.errors import TooManyGuesses

_MOST_REMEMBERED = 65_536
"""Beyond so many those are forgotten who tried longest ago, so that nobody fills the memory."""


class Throttle:
    """Counts the tries of each of those who try, by any names. Moments are in seconds of a clock that only goes on."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, tuple[int, float]] = OrderedDict()
        """How often each tried, and when last."""

    def charge(self, who: tuple[str, ...], now: float) -> None:
        """Note that all of `who` try something now, before it is known whether it is right. Raises TooManyGuesses."""
        if (wait := max(self._ready(one, now) for one in who) - now) > 0:
            raise TooManyGuesses(retry_after=wait)
        for one in who:
            self._tries[one] = (self._count(one, now) + 1, now)
            self._tries.move_to_end(one)
        while len(self._tries) > _MOST_REMEMBERED:
            self._tries.popitem(last=False)

    def refund(self, who: tuple[str, ...]) -> None:
        """Forget what `who` tried: it was right."""
        for one in who:
            self._tries.pop(one, None)

    def _count(self, one: str, now: float) -> int:
        count, at = self._tries.get(one, (0, now))
        return count if now - at < limits.GUESSES_FORGOTTEN_SECONDS else 0

    def _ready(self, one: str, now: float) -> float:
        """Return when `one` may try again."""
        beyond = self._count(one, now) - limits.GUESSES_AT_ONCE
        if beyond < 0:
            return now
        wait = limits.GUESS_FIRST_SECONDS * 2.0 ** min(beyond, 30)
        return self._tries[one][1] + min(wait, limits.GUESS_MOST_SECONDS)
