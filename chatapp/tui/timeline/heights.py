"""How many rows each of many entries takes: any may change, at a cost that hardly grows with their number."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

_BLOCK = 512
"""So many entries are counted together; of 100,000 a change moves this many numbers, and as few again."""


class Heights:
    """The rows of entries, which count from 0; the entries go by ordinals, of which the first is `first`.

    A block has all entries whose ordinals are alike but for the remainder by _BLOCK: blocks stay as others come before.
    """

    def __init__(self, heights: Sequence[int] = (), first: int = 0) -> None:
        self._first = first
        self._behind = first + len(heights)
        self._blocks = [array("q", accumulate(part)) for part in _parts(heights, first)]
        """For each block the row behind each of its entries, counted from the block's first."""
        self._ends = _ends(self._blocks)
        """The row behind each block."""

    @property
    def total(self) -> int:
        return self._ends[-1] if self._ends else 0

    @property
    def behind(self) -> int:
        """The ordinal behind the last."""
        return self._behind

    def append(self, height: int) -> None:
        """Put one behind the last."""
        if self._behind % _BLOCK == 0 or not self._blocks:
            self._ends.append(self.total)
            self._blocks.append(array("q"))
        block = self._blocks[-1]
        block.append((block[-1] if block else 0) + height)
        self._ends[-1] += height
        self._behind += 1

    def prepend(self, heights: Sequence[int]) -> None:
        """Put some before the first."""
        if not heights:
            return
        older = Heights([*heights, *self._take_partial_block()], self._first - len(heights))
        self._first = older._first
        self._blocks[:0] = older._blocks
        self._ends = _ends(self._blocks)
        self._behind = max(self._behind, older._behind)

    def drop_first(self, count: int) -> None:
        """Let go of the first `count`; there are so many."""
        index, place = self._locate(self._first + count)
        self._first += count
        del self._blocks[:index]
        if self._first == self._behind:
            self._blocks = []
        elif place:
            gone = self._blocks[0][place - 1]
            self._blocks[0] = array("q", [end - gone for end in self._blocks[0][place:]])
        self._ends = _ends(self._blocks)

    def drop_last(self, count: int) -> None:
        """Let go of the last `count`; there are so many."""
        index, place = self._locate(self._behind - count)
        self._behind -= count
        if place:
            del self._blocks[index][place:]
        del self._blocks[index + bool(place) :]
        self._ends = _ends(self._blocks)

    def change(self, ordinal: int, height: int) -> int:
        """Let one have another height; return by how much it is more than before."""
        index, place = self._locate(ordinal)
        block = self._blocks[index]
        more = height - (block[place] - (block[place - 1] if place else 0))
        _shift(block, place, more)
        _shift(self._ends, index, more)
        return more

    def ordinal_at(self, row: int) -> int:
        """Return whose row that is: behind the last row the ordinal behind the last, before the first the first."""
        index = bisect_right(self._ends, row)
        if index == len(self._blocks):
            return self._behind
        start = self._ends[index - 1] if index else 0
        return self._first_of(index) + bisect_right(self._blocks[index], row - start)

    def start_of(self, ordinal: int) -> int:
        """Return the first row of the one of that ordinal; of that behind the last, the row behind all."""
        index, place = self._locate(ordinal)
        start = self._ends[index - 1] if index else 0
        return start + (self._blocks[index][place - 1] if place else 0)

    def _locate(self, ordinal: int) -> tuple[int, int]:
        """Return the index of the block, and of the entry in it."""
        index = ordinal // _BLOCK - self._first // _BLOCK
        return index, ordinal - self._first_of(index)

    def _first_of(self, index: int) -> int:
        return max((self._first // _BLOCK + index) * _BLOCK, self._first)

    def _take_partial_block(self) -> list[int]:
        """Return the heights of the first block, which is taken away, if it begins in its middle."""
        if self._first % _BLOCK == 0 or not self._blocks:
            return []
        ends = self._blocks.pop(0)
        return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _parts(heights: Sequence[int], first: int) -> Iterator[Sequence[int]]:
    """Yield the heights of each block."""
    start = 0
    while start < len(heights):
        end = start + _BLOCK - (first + start) % _BLOCK
        yield heights[start:end]
        start = end


def _ends(blocks: "list[array[int]]") -> "array[int]":
    return array("q", accumulate(block[-1] for block in blocks))


def _shift(numbers: "array[int]", start: int, by: int) -> None:
    """Add `by` to all from the index `start` on."""
    if by:
        numbers[start:] = array("q", [number + by for number in numbers[start:]])
