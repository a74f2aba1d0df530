"""What is asked for has a price, and each person can pay only so much a second, as can each address."""

from typing import Final, NamedTuple

from chatapp.protocol import limits
from chatapp.protocol.errors import TooFast
from chatapp.protocol.requests import (
    Hello,
    History,
    Intent,
    Join,
    MarkRead,
    Mentions,
    Ping,
    Prove,
    Quit,
    Rooms,
    Search,
    SetPresence,
    Typing,
)
from chatapp.server.buckets import Buckets
from chatapp.server.settings import Rates

_DEBT: Final = 0.5
"""So much of what one may ask for at once may be owed."""


class Price(NamedTuple):
    """`may_be_owed` is for what a client asks for by itself: nobody would know what to do about its refusal."""

    amount: float
    may_be_owed: bool = False


_USUAL: Final = Price(1)
"""Of what is not listed, and of a line that can't be read."""

_SMALL: Final = Price(0.1, may_be_owed=True)

_PRICES: Final[dict[type[Intent], Price]] = {
    Quit: Price(0),
    Ping: _SMALL,
    Typing: _SMALL,
    MarkRead: _SMALL,
    Hello: Price(1, may_be_owed=True),
    Prove: Price(1, may_be_owed=True),
    SetPresence: Price(1, may_be_owed=True),
    Join: _SMALL,  # a guest that comes back asks for all its rooms; who leaves them pays for that
    History: _SMALL,
    Search: _SMALL,
    Mentions: _SMALL,
    Rooms: _SMALL,
}
"""What is read out of the log is paid for by the page, too: see `Tolls.pages`."""


class Toll:
    """What each person may spend, and each address as much as some people. Moments are in seconds."""

    def __init__(self, most: float, per_second: float, people: float) -> None:
        self.limit = round(per_second)
        """How much one person may ask for a second, as a refusal says it."""
        self._place_limit = round(per_second * people)
        self._persons = Buckets[str](most, per_second, most * _DEBT)
        self._places = Buckets[str](most * people, per_second * people, most * people * _DEBT)

    def pay(self, account: str, place: str, price: Price, now: float) -> None:
        """Pay for `account`, and for its `place` unless that is "". Raises TooFast; then the place pays nothing."""
        amount, may_owe = price
        if wait := self._persons.take(account, amount, now, may_owe=may_owe):
            raise TooFast(limit=self.limit, retry_after=wait)
        if place and (wait := self._places.take(place, amount, now, may_owe=may_owe)):
            raise TooFast(limit=self._place_limit, retry_after=wait)


class Tolls:
    """The tolls of one server, by `rates`; both are None where everything is free."""

    requests: Toll | None = None
    pages: Toll | None = None

    def __init__(self, rates: Rates) -> None:
        if rates.per_second is None:
            return
        factor = rates.per_second / limits.REQUESTS_PER_SECOND
        people = max(rates.connections / limits.CONNECTIONS_A_SHARE, 1)
        self.requests = Toll(limits.REQUESTS_AT_ONCE * factor, limits.REQUESTS_PER_SECOND * factor, people)
        self.pages = Toll(limits.PAGES_AT_ONCE * factor, limits.PAGES_PER_SECOND * factor, people)


def price_of(kind: type[Intent] | None) -> Price:
    """Return what a request of that kind costs, and, with None, a line that is none."""
    return _USUAL if kind is None else _PRICES.get(kind, _USUAL)


def page_price(limit: int, weight: float = 1.0) -> Price:
    """Return the price in pages of an answer of up to `limit` messages, each of which takes `weight` times as long."""
    return Price(weight * max(limit / limits.PAGE_MESSAGES, 1))
