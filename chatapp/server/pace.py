"""Whether a session may ask for something now: it is paid for, and who is refused waits."""

from typing import TYPE_CHECKING

from chatapp.protocol import limits
from chatapp.protocol.errors import Flooding, TooFast
from chatapp.protocol.requests import Help, Intent, Quit, Set
from chatapp.server.tolls import Toll, price_of

if TYPE_CHECKING:
    from chatapp.server.session import Session


class Pace:
    """How one session asks: it pays at `toll`. Moments are in seconds."""

    __slots__ = ("_held_until", "_refused", "_toll")

    def __init__(self, toll: Toll) -> None:
        self._toll = toll
        self._held_until = 0.0
        self._refused = 0
        """How many times in a row it was refused, whatever small things were granted between."""

    def pay(self, session: "Session", intent: Intent | None, now: float) -> None:
        """Let `session` pay for `intent`, or, with None, for a line that is none. Raises TooFast, or Flooding.

        Who was refused is refused for a while, whatever there is to spend: of several messages that were on their way
        already none is said before the one that was refused, which is to be sent again.
        """
        price = price_of(None if intent is None else type(intent))
        try:
            if now < self._held_until and not price.may_be_owed:
                raise TooFast(limit=self._toll.limit, retry_after=self._held_until - now)
            self._toll.pay(session.account, session.place, price, now)
        except TooFast as error:
            self._refuse(error, now)
            error.detail = _type_of(intent)
            raise
        if not price.may_be_owed:
            self._refused = 0

    def _refuse(self, error: TooFast, now: float) -> None:
        """Note a refusal. Raises Flooding for one too many."""
        self._refused += 1
        if self._refused >= limits.REFUSED_IN_A_ROW:
            raise Flooding(limit=self._refused, retry_after=limits.FLOODER_SECONDS)
        if now >= self._held_until:
            error.retry_after = max(error.retry_after or 0, limits.RETRY_SECONDS)
            self._held_until = now + error.retry_after


def _type_of(intent: Intent | None) -> str:
    """Return the type of a request as the wire has it, "" for what is none."""
    return "" if intent is None or isinstance(intent, Quit | Help | Set) else str(intent.__struct_config__.tag)
