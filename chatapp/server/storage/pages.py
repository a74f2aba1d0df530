"""Rows out of the single pages of an SQLite file, which needs none of the file's other pages to be readable.

The format is SQLite's, https://sqlite.org/fileformat2.html.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from struct import unpack_from

from chatapp.server.storage.checksums import CHECKSUM_BYTES, PAGE_BYTES

_USABLE = PAGE_BYTES - CHECKSUM_BYTES
_LEAST_LOCAL = (_USABLE - 12) * 32 // 255 - 23
_INTEGER_BYTES = (0, 1, 2, 3, 4, 6, 8)

Value = int | float | str | bytes | None


@dataclass(frozen=True)
class Row:
    """One row of some table, or entry of an index: its number, 0 for an entry, and the values of its columns.

    The column that is the row's number is None.
    """

    number: int
    values: tuple[Value, ...]


@dataclass(frozen=True)
class _Kind:
    """A kind of page: how long its header is, what comes before each cell, and what of a cell stays on the page."""

    header_bytes: int
    child_bytes: int
    has_number: bool
    most_local: int


_MOST_IN_INDEX = (_USABLE - 12) * 64 // 255 - 23
_KINDS = {
    0x02: _Kind(12, 4, False, _MOST_IN_INDEX),
    0x0A: _Kind(8, 0, False, _MOST_IN_INDEX),
    0x0D: _Kind(8, 0, True, _USABLE - 35),
}
"""Those that hold rows or entries: an index's inner pages and leaves, and a table's leaves."""


def rows_of(page: bytes, fetch: Callable[[int], bytes]) -> Iterator[Row]:
    """Yield the rows and entries that are in `page`.

    `fetch` returns the page of a number, for what is too long for one. Raises LookupError, struct.error or
    UnicodeDecodeError if they are not as SQLite writes them, and whatever `fetch` raises.
    """
    if (kind := _KINDS.get(page[0])) is None:
        return
    for cell in range(unpack_from(">H", page, 3)[0]):
        start: int = unpack_from(">H", page, kind.header_bytes + 2 * cell)[0] + kind.child_bytes
        size, start = _varint(page, start)
        number, start = _varint(page, start) if kind.has_number else (0, start)
        yield Row(_signed(number), tuple(_values(_payload(page, start, size, kind.most_local, fetch))))


def _payload(page: bytes, start: int, size: int, most_local: int, fetch: Callable[[int], bytes]) -> bytes:
    """Return all `size` bytes of a cell, of which the first are in `page`, and the rest in a chain of pages."""
    if size <= most_local:
        return page[start : start + size]
    local = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (_USABLE - 4)
    local = local if local <= most_local else _LEAST_LOCAL
    parts = [page[start : start + local]]
    following: int = unpack_from(">I", page, start + local)[0]
    for _ in range(-(-(size - local) // (_USABLE - 4))):
        overflow = fetch(following)
        parts.append(overflow[4:_USABLE])
        following = unpack_from(">I", overflow)[0]
    return b"".join(parts)[:size]


def _values(payload: bytes) -> Iterator[Value]:
    header_end, at = _varint(payload, 0)
    value_at = header_end
    while at < header_end:
        serial, at = _varint(payload, at)
        value, value_at = _value(payload, value_at, serial)
        yield value


def _value(payload: bytes, at: int, serial: int) -> tuple[Value, int]:
    """Return the value of the type `serial`, and where it ends."""
    if serial < len(_INTEGER_BYTES):
        end = at + _INTEGER_BYTES[serial]
        return (int.from_bytes(payload[at:end], signed=True) if serial else None), end
    if serial == 7:
        return unpack_from(">d", payload, at)[0], at + 8
    if serial in (8, 9):
        return serial - 8, at
    end = at + (serial - 12) // 2
    return (payload[at:end].decode() if serial % 2 else payload[at:end]), end


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number that begins at `at`, of one to nine bytes, and where it ends."""
    number = 0
    for end in range(at, at + 8):
        number = number << 7 | data[end] & 0x7F
        if data[end] < 0x80:
            return number, end + 1
    return number << 8 | data[at + 8], at + 9


def _signed(number: int) -> int:
    return number - 2**64 if number >= 2**63 else number
