"""What the tests of the protocol draw from: byte streams, their cuts, texts, requests and events."""

from types import UnionType
from typing import Any

import msgspec
from hypothesis import strategies as st

from chatapp.protocol.events import DeedInfo, DeviceInfo, Event, RoomInfo, Said
from chatapp.protocol.requests import Request

PIECES = [b"\n", b"\r", b"\r\n", b"a", b"bcdefgh", "ñ".encode(), "€😀".encode(), b"\xc3", b"\xb1", b"\x9f\x98", b"\xff"]
"""What makes byte streams interesting to framings: endings, text, and characters whole and in parts."""

streams = st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=12).map(b"".join)
cuts = st.lists(st.integers(0, 60), max_size=10)

texts = st.text(max_size=40)
"""Any text but surrogates, which UTF-8 can't spell."""

_VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    int: st.integers(0, 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    list[str]: st.lists(texts, max_size=5),
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def cut(data: bytes, at: list[int]) -> list[bytes]:
    """Return `data` in pieces that end at the places `at`, counted round and round; a piece may be empty."""
    places = sorted(place % (len(data) + 1) for place in at)
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


def any_of(union: UnionType) -> st.SearchStrategy[Any]:
    """Draw an instance of any struct of `union`."""
    return st.one_of([instances(struct) for struct in union.__args__])


def instances(struct: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Draw an instance of `struct`, with values for fields that have a default or without."""
    fields = msgspec.structs.fields(struct)
    required = {field.name: _values(field.type) for field in fields if field.required}
    optional = {field.name: _values(field.type) for field in fields if not field.required}
    return st.fixed_dictionaries(required, optional=optional).map(lambda values: struct(**values))


def _values(kind: Any) -> st.SearchStrategy[Any]:
    if isinstance(kind, UnionType):
        return st.one_of([_values(part) for part in kind.__args__])
    if kind in (list[Said], list[RoomInfo], list[DeedInfo], list[DeviceInfo]):
        return st.lists(instances(kind.__args__[0]), max_size=3)
    return _VALUES[kind] if kind in _VALUES else st.from_type(kind)


requests: st.SearchStrategy[Request] = any_of(Request)
events: st.SearchStrategy[Event] = any_of(Event)
