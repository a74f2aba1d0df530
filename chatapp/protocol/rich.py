"""The rich dialect: one JSON object a line (RFC 8259), to and from typed requests and events."""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

import msgspec

from chatapp.protocol import limits
from chatapp.protocol.errors import Malformed, UnknownType
from chatapp.protocol.events import Event
from chatapp.protocol.requests import SALIR, Quit, Request


class _Tag(msgspec.Struct):
    type: str


M = TypeVar("M")

_encoder = msgspec.json.Encoder()
_tag = msgspec.json.Decoder(_Tag)


_DETAIL_CHARACTERS = 200


@cache  # made when it is first used: a client reads no requests, a server no events
def _requests() -> "msgspec.json.Decoder[Request]":
    return msgspec.json.Decoder(Request)


@cache
def _events() -> "msgspec.json.Decoder[Event]":
    return msgspec.json.Decoder(Event)


def encode(message: Request | Event | Quit) -> bytes:
    """Return the message as one line with its LF. Its strings must be free of surrogates."""
    if isinstance(message, Quit):
        return SALIR.encode() + b"\n"
    return _encoder.encode(message) + b"\n"


def encode_all(events: Iterable[Event]) -> bytes:
    """Return the events, each as a line with its LF. Their strings must be free of surrogates."""
    return _encoder.encode_lines(events)


def decode_request(line: str) -> Request | Quit:
    """Read a line from a client. Raises Malformed, or UnknownType for a type that is no request."""
    return Quit() if line == SALIR else _decode(line, _requests(), Request)


def decode_event(line: str) -> Event:
    """Read a line from a server. Raises Malformed, or UnknownType for a type that is no event."""
    return _decode(line, _events(), Event)


def _decode(line: str, decoder: "msgspec.json.Decoder[M]", union: Any) -> M:
    try:
        return decoder.decode(line)
    except msgspec.ValidationError as error:
        raise _unknown_type(line, union) or _malformed(error) from None
    except msgspec.DecodeError as error:
        raise _malformed(error) from None
    except RecursionError:
        raise Malformed("nested too deep") from None


def _malformed(error: msgspec.DecodeError) -> Malformed:
    """Say what is wrong, in short: the error may quote a value of any length."""
    return Malformed(str(error)[:_DETAIL_CHARACTERS])


def _unknown_type(line: str, union: Any) -> UnknownType | None:
    try:
        tag = _tag.decode(line).type
    except (msgspec.DecodeError, RecursionError):
        return None
    is_known = any(struct.__struct_config__.tag == tag for struct in union.__args__)
    return None if is_known else UnknownType(tag[: limits.ID_CHARACTERS])
