"""The pauses between tries to connect: they grow, within bounds, and differ from client to client."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.pauses import growing_pauses

SECONDS = st.floats(0.01, 60)
CHANCES = st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=50)


@given(SECONDS, SECONDS, CHANCES)
def test_a_pause_is_between_half_and_all_of_what_it_has_grown_to(
    first: float, longest: float, chances: list[float]
) -> None:
    """The n-th pause is at most first × 2ⁿ and at most the longest, and at least half of that."""
    chance = iter(chances)
    pauses = growing_pauses(first, longest, lambda: next(chance))
    for exponent, pause in enumerate(itertools.islice(pauses, len(chances))):
        most = min(longest, first * 2**exponent)
        assert most / 2 <= pause <= most


@given(SECONDS, SECONDS, st.floats(0, 1, exclude_max=True))
def test_pauses_never_shrink_with_equal_luck(first: float, longest: float, chance: float) -> None:
    """With the same chance each time, every pause is at least as long as the one before."""
    pauses = list(itertools.islice(growing_pauses(first, longest, lambda: chance), 40))
    assert pauses == sorted(pauses)


def test_the_pauses_that_people_get() -> None:
    """The first is a quarter of a second at most; they reach 15 s and stay there, a thousand tries on too."""
    pauses = list(itertools.islice(growing_pauses(jitter=lambda: 0.0), 1500))
    assert pauses[:8] == [0.25, 0.5, 1, 2, 4, 8, 15, 15]
    assert set(pauses[8:]) == {15}


def test_clients_spread_out() -> None:
    """Two clients that lose one server don't come back in step."""
    assert list(itertools.islice(growing_pauses(), 10)) != list(itertools.islice(growing_pauses(), 10))
