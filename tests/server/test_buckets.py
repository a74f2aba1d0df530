"""Token buckets by a clock of the test's own: what is taken, when there is more, and what is forgotten."""

import pytest

from chatapp.server import forgetful
from chatapp.server.buckets import Buckets


def test_a_burst_and_then_so_much_a_second() -> None:
    """All that a bucket holds may be taken at once, and then as much as flows back; each key has its own."""
    buckets = Buckets[str](5, 2)
    assert [buckets.take("ana", 1, 100.0) for _ in range(5)] == [0.0] * 5
    assert buckets.take("ana", 1, 100.0) == 0.5
    assert buckets.take("luis", 5, 100.0) == 0.0
    assert buckets.take("ana", 1, 100.5) == 0.0
    assert buckets.take("ana", 2, 100.75) == 0.75
    assert buckets.take("ana", 2, 101.5) == 0.0


def test_what_is_refused_takes_nothing() -> None:
    """Whoever asks on and on has as much at the end as who waited."""
    buckets = Buckets[str](1, 1)
    assert buckets.take("ana", 1, 0.0) == 0.0
    assert all(buckets.take("ana", 1, moment / 100) > 0 for moment in range(1, 100))
    assert buckets.take("ana", 1, 1.0) == 0.0


def test_a_bucket_never_holds_more_than_it_holds() -> None:
    """A long silence buys no more than one burst; what costs more than that takes all of it."""
    buckets = Buckets[str](3, 1)
    assert buckets.take("ana", 3, 0.0) == 0.0
    assert [buckets.take("ana", 1, 5.9) for _ in range(4)] == [0.0, 0.0, 0.0, 1.0]
    assert buckets.take("ana", 100, 9.0) == 0.0
    assert buckets.take("ana", 100, 10.0) == 2.0


def test_only_what_may_be_owed_runs_up_a_debt() -> None:
    """It is there to take up to the debt, which is paid back before anything else is taken."""
    buckets = Buckets[str](2, 1, debt=1)
    assert [buckets.take("ana", 1, 0.0, may_owe=True) for _ in range(4)] == [0.0, 0.0, 0.0, 1.0]
    assert buckets.take("ana", 1, 0.0) == 2.0
    assert buckets.take("ana", 1, 2.0) == 0.0


def test_only_buckets_that_are_not_full_are_kept() -> None:
    """A million people who come one after the other leave no more behind than those of the last few seconds."""
    buckets, most = Buckets[int](5, 1), 0
    for number in range(20_000):
        buckets.take(number, 1, number / 100)
        most = max(most, len(buckets))
    assert most <= 2 * 5 * 100
    buckets.take(-1, 1, 1000.0)
    assert len(buckets) == 1


def test_a_bucket_that_is_in_use_is_not_forgotten() -> None:
    """Whoever spends as fast as they may never gets a full bucket by waiting for it to be forgotten."""
    buckets = Buckets[str](5, 1)
    taken = sum(buckets.take("ana", 1, moment / 10) == 0.0 for moment in range(1000))
    assert taken == 5 + 99


def test_ever_more_addresses_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come at once, so many are remembered, and the latest are."""
    monkeypatch.setattr(forgetful, "MOST_REMEMBERED", 100)
    table = forgetful.Forgetful[int, str](600.0)
    for number in range(10_000):
        table.put(number, "here", 1.0)
    assert len(table) <= 200
    assert table.get(9_999, 1.0) == "here"
