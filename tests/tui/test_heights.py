"""Heights by ordinals, and the rows where each begins."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.tui.timeline import heights as heights_module
from chatapp.tui.timeline.heights import Heights

some = st.lists(st.integers(1, 9), max_size=12)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("append"), some),
        st.tuples(st.just("prepend"), some),
        st.tuples(st.sampled_from(["drop_first", "drop_last"]), st.lists(st.integers(0, 12), min_size=1, max_size=1)),
        st.tuples(st.just("change"), st.lists(st.integers(0, 99), min_size=2, max_size=2)),
    ),
    max_size=30,
)


@pytest.fixture(autouse=True, scope="module")
def _small_blocks() -> object:
    """Let there be many blocks of few, so that every edge is met."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heights_module, "_BLOCK", 4)
        yield


@given(st.lists(st.integers(1, 9), max_size=20), st.integers(-9, 9), steps)
def test_they_are_as_a_list_is(start: list[int], first: int, done: list[tuple[str, list[int]]]) -> None:
    """After any adding and letting go at both ends and changing, each begins where the ones before it end."""
    heights, plain = Heights(start, first), list(start)
    for name, values in done:
        if name == "append":
            for value in values:
                heights.append(value)
            plain += values
        elif name == "prepend":
            heights.prepend(values)
            first -= len(values)
            plain[:0] = values
        elif name == "drop_first":
            heights.drop_first(count := min(values[0], len(plain)))
            first += count
            del plain[:count]
        elif name == "drop_last":
            heights.drop_last(count := min(values[0], len(plain)))
            del plain[len(plain) - count :]
        elif plain:
            place, height = values[0] % len(plain), values[1] + 1
            assert heights.change(first + place, height) == height - plain[place]
            plain[place] = height
    check(heights, first, plain)


def check(heights: Heights, first: int, plain: list[int]) -> None:
    starts = [0, *accumulate(plain)]
    assert heights.total == starts[-1]
    assert [heights.start_of(first + index) for index in range(len(plain) + 1)] == starts
    owners = [first + index for index, height in enumerate(plain) for _ in range(height)]
    assert [heights.ordinal_at(row) for row in range(heights.total)] == owners
    assert heights.ordinal_at(heights.total) == first + len(plain)
    assert heights.ordinal_at(-1) == first
