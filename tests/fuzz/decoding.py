"""Decoding: any line is a request, an event or something typed, or one of the errors that the docstrings name."""

from collections.abc import Callable
from contextlib import suppress

from chatapp.client.unframed import UnframedReader
from chatapp.protocol import commands, rich
from chatapp.protocol.commands import Place
from chatapp.protocol.errors import BadUsage, Malformed, RuleError, UnknownCommand, UnknownType
from chatapp.protocol.events import Event, Said
from chatapp.protocol.names import GENERAL, check_id, check_nick, check_room, check_text, check_topic
from chatapp.protocol.plain import line_for, without_speaker
from chatapp.protocol.requests import Request
from tests.dangers import dangers_in

SEEDS = (
    b'\x00{"type":"say","room":"#general","text":"hola","id":"1"}',
    b'\x00{"type":"history","room":"#general","before":3}',
    b'\x01{"type":"said","seq":1,"room":"#general","nick":"ana","text":"hola","at":1.5,"id":"1"}',
    b'\x01{"type":"welcomed","nick":"ana","room":"#general","members":["ana"],"log":"x","seq":0,"version":1}',
    b"\x02/react :heart:",
    b"\x02/msg ana hola",
    b"\x03ana se ha unido al chat.Conectado al servidor.\nluis: hola",
    b"\x04ana.luis-2",
)
_TAGS = sorted({struct.__struct_config__.tag for union in (Request, Event) for struct in union.__args__})
_FIELDS = sorted({name for union in (Request, Event) for struct in union.__args__ for name in struct.__struct_fields__})
WORDS = (
    *(f'"{word}"'.encode() for word in (*_TAGS, *_FIELDS, "type")),
    *(f"/{name} ".encode() for name in commands.COMMANDS),
    *(b":{", b":[", b'":"', b"\\ud800", b"\\u0000", b"1e999", b"null", b"true", b" se ha unido al chat."),
)
LONGEST = 128

_HERE = Place(GENERAL, lambda: "1")


def check(data: bytes) -> None:
    """Read `data`: what it is to be taken for, and the bytes. Raises what no docstring names."""
    if data:
        _READERS[data[0] % len(_READERS)](data[1:])


def _text(data: bytes) -> str:
    return data.decode(errors="ignore")


def _request(data: bytes) -> None:
    """A request is encoded as what decodes to it again."""
    with suppress(Malformed, UnknownType):
        request = rich.decode_request(_text(data))
        assert rich.decode_request(rich.encode(request).decode().removesuffix("\n")) == request


def _event(data: bytes) -> None:
    """An event is encoded as what decodes to it again; a message is one line to plain peers, with no control."""
    with suppress(Malformed, UnknownType):
        event = rich.decode_event(_text(data))
        assert rich.decode_event(rich.encode(event).decode().removesuffix("\n")) == event
        if isinstance(event, Said):
            assert not dangers_in(line_for(event))


def _typed(data: bytes) -> None:
    """What is typed is something that can be sent, or is told what is wrong."""
    with suppress(UnknownCommand, BadUsage):
        intent = commands.parse(without_speaker(_text(data), "ana"), _HERE)
        if isinstance(intent, Request):
            rich.encode(intent)


def _unframed(data: bytes) -> None:
    """What a server without framing prints is events."""
    reader = UnframedReader("log", lambda: 0.0)
    for start in range(0, len(data), 40):
        for event in reader.feed(data[start : start + 40]):
            rich.encode(event)


def _name(data: bytes) -> None:
    """What passes a check passes it again, unchanged."""
    text = _text(data)
    for rule in (check_nick, check_room, check_id, check_text, check_topic):
        with suppress(RuleError):
            assert rule(rule(text)) == rule(text)


_READERS: tuple[Callable[[bytes], None], ...] = (_request, _event, _typed, _unframed, _name)
