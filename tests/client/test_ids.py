"""Ids of messages: UUIDs of version 7, each used once, in the order of time."""

import time
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.ids import message_id
from chatapp.protocol.names import check_id

moments = st.integers(0, 2**48 * 10**6 - 1)
"""In nanoseconds, up to the year 10889, the last that the form can hold."""


def test_it_is_a_uuid_of_version_7() -> None:
    """Version and variant are those of RFC 9562, and the protocol takes it for an id."""
    made = UUID(message_id())
    assert (made.version, made.variant) == (7, RFC_4122)
    assert check_id(made.hex) == made.hex


def test_it_holds_the_time() -> None:
    """The first 48 bits are the milliseconds since 1970, as in the RFC's own example (appendix A.6)."""
    example = UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")
    at = (0x017F22E279B0 * 10**6) + (0xCC3 * 10**6 + 2**12 - 1) // 2**12
    assert message_id(lambda: at, lambda _: example.int & 2**62 - 1) == example.hex


def test_it_is_of_now() -> None:
    """Without a clock of one's own, the time is the time."""
    before, made, after = time.time_ns(), UUID(message_id()), time.time_ns()
    assert before // 10**6 <= made.int >> 80 <= after // 10**6


@given(moments, moments, st.integers(0, 2**62 - 1), st.integers(0, 2**62 - 1))
def test_later_ones_are_greater(one: int, other: int, chance: int, other_chance: int) -> None:
    """Whatever chance adds: of two ids that are a microsecond apart or more, as text, the later is the greater."""
    earlier, later = sorted((one, other))
    if later - earlier >= 1000:
        assert message_id(lambda: earlier, lambda _: chance) < message_id(lambda: later, lambda _: other_chance)


def test_no_two_are_the_same() -> None:
    """Not even at one moment."""
    assert len({message_id(lambda: 0) for _ in range(10_000)}) == 10_000
