"""What is written to a peer, and when: joined, bounded, and, for peers without framing, one read at a time."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.server.outbox import Outbox, PacedOutbox, first_read

PAUSE = 0.02


class Wire(asyncio.WriteTransport):
    """A transport that keeps what is written to it, and when; it sends nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.times: list[float] = []
        self.written = asyncio.Event()
        self.unsent = 0
        self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.is_closed
        self.writes.append(bytes(data))
        self.times.append(asyncio.get_running_loop().time())
        self.written.set()

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def close(self) -> None:
        self.is_closed = True

    async def wait_for(self, count: int) -> list[bytes]:
        """Return all that was written, once that are `count` writes."""
        async with asyncio.timeout(5):
            while len(self.writes) < count:
                self.written.clear()
                await self.written.wait()
        return self.writes


def _fail() -> None:
    pytest.fail("that was no overflow")


def paced(wire: Wire, limit: int = 100_000) -> PacedOutbox:
    return PacedOutbox(wire, limit, _fail, PAUSE)


async def test_what_one_turn_brings_is_one_write() -> None:
    """Parts that are pushed in one turn of the loop go out together, in order, at its end."""
    outbox = Outbox(wire := Wire(), 100, _fail)
    outbox.push(b"one\n")
    outbox.push(b"two\n")
    assert wire.writes == []
    assert await wire.wait_for(1) == [b"one\ntwo\n"]
    outbox.push(b"three\n")
    assert await wire.wait_for(2) == [b"one\ntwo\n", b"three\n"]


async def test_beyond_the_limit_is_an_overflow() -> None:
    """As much as the limit may wait, here and in the transport together; one byte more is an overflow."""
    overflows = list[str]()
    outbox = Outbox(wire := Wire(), 10, lambda: overflows.append("overflow"))
    wire.unsent = 4
    outbox.push(b"123")
    outbox.push(b"456")
    assert overflows == []
    outbox.push(b"7")
    assert overflows == ["overflow"]


async def test_closing_writes_what_waits_first() -> None:
    """What waits goes out in one write, the connection closes behind it, and nothing is written later."""
    outbox = Outbox(wire := Wire(), 100, _fail)
    outbox.push(b"one\n")
    outbox.push(b"bye\n")
    outbox.close()
    assert (wire.writes, wire.is_closed) == ([b"one\nbye\n"], True)
    await _turn()
    assert wire.writes == [b"one\nbye\n"]


async def test_a_paced_outbox_keeps_its_pauses_to_the_end() -> None:
    """Closing, too, writes no more than one read at a time, and closes behind the last."""
    outbox = paced(wire := Wire())
    outbox.push(b"x" * 1500 + b"\n")
    outbox.close()
    assert not wire.is_closed
    assert await wire.wait_for(2) == [b"x" * 1024, b"x" * 476]
    assert wire.is_closed
    assert wire.times[1] - wire.times[0] >= PAUSE


async def test_closing_with_nothing_to_write_writes_nothing() -> None:
    """An empty outbox closes without a write."""
    joining, pacing = Wire(), Wire()
    for outbox in (Outbox(joining, 100, _fail), paced(pacing)):
        outbox.close()
    assert joining.writes == pacing.writes == []
    assert joining.is_closed
    assert pacing.is_closed


async def test_what_is_discarded_is_never_written() -> None:
    """For a peer that is gone nothing is written, and what waited counts no more."""
    outbox = Outbox(wire := Wire(), 10, _fail)
    outbox.push(b"1234567890")
    outbox.discard()
    await _turn()
    assert wire.writes == []
    outbox.push(b"1234567890")
    assert await wire.wait_for(1) == [b"1234567890"]


async def test_paced_writes_have_a_pause_between_them() -> None:
    """The first goes out at once; each later one follows at least a pause after the one before."""
    outbox = paced(wire := Wire())
    for number in range(3):
        outbox.push(b"%d\n" % number)
        await wire.wait_for(number + 1)
    assert wire.writes == [b"0", b"1", b"2"]
    clock_step = 0.001
    assert all(later - earlier >= PAUSE - clock_step for earlier, later in pairwise(wire.times))


async def test_paced_lines_that_wait_together_are_one_write() -> None:
    """What comes during a pause is joined; lines keep the newlines between them, and lose the last one."""
    outbox = paced(wire := Wire())
    outbox.push(b"first\n")
    await wire.wait_for(1)
    outbox.push(b"second\n")
    outbox.push(b"third\n")
    assert await wire.wait_for(2) == [b"first", b"second\nthird"]


async def test_a_prompt_is_a_write_of_its_own() -> None:
    """A peer without framing knows NICK only if it is all that one read brings."""
    outbox = paced(wire := Wire())
    for part in (b"-- no\n", b"NICK", b"-- no\n", b"-- again\n", b"NICK", b"ana se ha unido al chat.\n"):
        outbox.push(part)
    expected = [b"-- no", b"NICK", b"-- no\n-- again", b"NICK", b"ana se ha unido al chat."]
    assert await wire.wait_for(5) == expected


async def test_no_paced_write_is_longer_than_a_read() -> None:
    """A text of 4 KiB goes out in pieces of at most 1,024 bytes, none of which splits a character."""
    outbox = paced(wire := Wire())
    text = "añ€😀" * 410
    outbox.push(f"{text}\n".encode())
    writes = await wire.wait_for(5)
    assert max(map(len, writes)) <= 1024
    assert "".join(write.decode() for write in writes) == text


async def test_a_paced_outbox_is_bounded_too() -> None:
    """What waits for its turn counts against the limit."""
    overflows = list[str]()
    outbox = PacedOutbox(Wire(), 3000, lambda: overflows.append("overflow"), 3600)
    outbox.push(b"x" * 3000)
    await _turn()
    assert overflows == []
    outbox.push(b"y" * 1025)
    assert overflows == ["overflow"]


@given(
    st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=30), max_size=9),
    st.integers(4, 40),
)
def test_reads_are_bounded_and_lose_nothing(lines: list[str], most: int) -> None:
    """Any lines, cut read by read, come out whole: no read is over the size, but for a last newline, or splits
    a character, and one that holds a line's end ends with it."""
    data = "".join(f"{line}\n" for line in lines).encode()
    taken = b""
    while rest := data[len(taken) :]:
        read = first_read(rest, most)
        assert 0 < len(read.removesuffix(b"\n")) <= most or read == b"\n"
        assert read.decode().count("\n") == 0 or read.endswith(b"\n")
        taken += read
    assert taken == data


async def _turn() -> None:
    """Let the loop take two turns: all that was called soon has been called."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
