"""How often somebody may try: by a clock of the test's own."""

import pytest

from chatapp.protocol import limits
from chatapp.protocol.errors import TooManyGuesses
from chatapp.server import throttle
from chatapp.server.throttle import Throttle

ANA = ("site 192.0.2.1", "key a")


def wait(tries: Throttle, who: tuple[str, ...], now: float) -> float:
    """Try, and return how long to wait instead; 0 if that was a try."""
    try:
        tries.charge(who, now)
    except TooManyGuesses as error:
        return error.retry_after or 0.0
    return 0.0


def test_the_waits_double_up_to_a_limit() -> None:
    """Some tries are free; then each waits twice as long as the one before, and what is refused counts for nothing."""
    tries, now, waits = Throttle(), 0.0, list[float]()
    for _ in range(limits.GUESSES_AT_ONCE):
        assert wait(tries, ANA, now) == 0
    for _ in range(11):
        waits.append(wait(tries, ANA, now))
        assert wait(tries, ANA, now + waits[-1] / 2) == pytest.approx(waits[-1] / 2)
        now += waits[-1]
        assert wait(tries, ANA, now) == 0
    assert waits == [min(2.0**n, limits.GUESS_MOST_SECONDS) for n in range(11)]


def test_each_name_counts_alone() -> None:
    """Neither another address nor another key helps, and who shares neither is kept from nothing."""
    tries = Throttle()
    for _ in range(limits.GUESSES_AT_ONCE):
        tries.charge(ANA, 0.0)
    assert wait(tries, ("site 192.0.2.1",), 0.0) > 0
    assert wait(tries, ("site 198.51.100.1", "key a"), 0.0) > 0
    assert wait(tries, ("site 198.51.100.1", "key b"), 0.0) == 0


def test_what_was_right_costs_nothing() -> None:
    """Whoever got in begins anew."""
    tries = Throttle()
    for _ in range(10 * limits.GUESSES_AT_ONCE):
        tries.charge(ANA, 0.0)
        tries.refund(ANA)


def test_time_heals() -> None:
    """Who tried nothing for long begins anew."""
    tries = Throttle()
    for _ in range(limits.GUESSES_AT_ONCE):
        tries.charge(ANA, 0.0)
    for _ in range(limits.GUESSES_AT_ONCE):
        tries.charge(ANA, limits.GUESSES_FORGOTTEN_SECONDS)


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ever more names those are forgotten that tried longest ago."""
    monkeypatch.setattr(throttle, "_MOST_REMEMBERED", 10)
    tries = Throttle()
    for number in range(1000):
        tries.charge((f"site {number}",), 0.0)
    assert len(tries._tries) == 10
    assert "site 999" in tries._tries
