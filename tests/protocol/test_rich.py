"""The rich dialect: what is encoded is one line and comes back the same; what can't be read is one typed error."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatapp.protocol import limits
from chatapp.protocol.errors import DecodeError, Malformed, ProtocolError, UnknownType
from chatapp.protocol.events import Error, Event, Pong, Said
from chatapp.protocol.lines import LineBuffer
from chatapp.protocol.requests import Hello, Ping, Quit, Request, Say
from chatapp.protocol.rich import decode_event, decode_request, encode
from tests.protocol.strategies import events, json_values, requests, texts

DECODERS: list[Callable[[str], object]] = [decode_request, decode_event]
HELLO = '{"type":"hello","nick":"ana"%s}'

messages = requests | events


def line_of(message: Request | Event | Quit) -> str:
    return encode(message).decode().removesuffix("\n")


def decode(message: Request | Event, line: str) -> Request | Event | Quit:
    return decode_request(line) if isinstance(message, Request) else decode_event(line)


def outcome_of(decode: Callable[[str], object], line: str) -> DecodeError | None:
    """Return the error that `line` gives, or None; any error of another kind is passed on and fails the test."""
    try:
        decode(line)
    except (Malformed, UnknownType) as error:
        return error
    return None


@given(messages)
def test_what_is_encoded_comes_back(message: Request | Event) -> None:
    """Every request and event is decoded to what it was."""
    assert decode(message, line_of(message)) == message


@given(messages)
def test_a_message_is_one_line(message: Request | Event) -> None:
    """Whatever its texts hold, a message is framed as exactly one line."""
    assert LineBuffer(limits.OUTBOX_BYTES).feed(encode(message)) == [line_of(message)]


@given(messages)
def test_a_message_is_json(message: Request | Event) -> None:
    """Another JSON implementation reads the same type and fields, and none that is left at its default."""
    read = json.loads(encode(message))
    assert read.pop("type") == message.__struct_config__.tag
    assert all(msgspec.to_builtins(getattr(message, name)) == value for name, value in read.items())


def test_salir_is_a_line_of_its_own() -> None:
    """The end of a session is the seed's word here too, written so and no other way."""
    assert encode(Quit()) == b"SALIR\n"
    assert decode_request("SALIR") == Quit()
    assert isinstance(outcome_of(decode_request, "salir"), Malformed)
    assert isinstance(outcome_of(decode_event, "SALIR"), Malformed)


@given(messages, st.dictionaries(texts.map("x-{}".format), json_values))
def test_unknown_fields_are_ignored(message: Request | Event, unknown: dict[str, Any]) -> None:
    """Fields that only a newer version knows change nothing."""
    fields = json.loads(encode(message)) | unknown
    assert decode(message, json.dumps(fields)) == message


@given(texts)
def test_an_unknown_type_is_told_as_such(tag: str) -> None:
    """A type that is no request, or no event, is named in its error, in short."""
    for decoder in DECODERS:
        error = outcome_of(decoder, json.dumps({"type": f"x-{tag}" * 3}))
        assert isinstance(error, UnknownType)
        assert error.detail == (f"x-{tag}" * 3)[: limits.ID_CHARACTERS]


def test_requests_are_no_events() -> None:
    """Each side knows the types of what it is sent, and not of what it sends."""
    assert isinstance(outcome_of(decode_event, line_of(Ping())), UnknownType)
    assert isinstance(outcome_of(decode_request, line_of(Pong())), UnknownType)


@given(texts)
def test_any_text_is_read_or_refused(line: str) -> None:
    """Text that is no message is malformed, and never a crash."""
    for decoder in DECODERS:
        assert isinstance(outcome_of(decoder, line), Malformed) or line == "SALIR"


@given(json_values)
def test_any_json_is_read_or_refused(value: object) -> None:
    """JSON that is no object with a type is malformed."""
    for decoder in DECODERS:
        assert isinstance(outcome_of(decoder, json.dumps(value)), DecodeError)


@given(messages, st.data())
def test_a_truncated_message_is_malformed(message: Request | Event, data: st.DataObject) -> None:
    """No beginning of a message is a message."""
    line = line_of(message)
    start = line[: data.draw(st.integers(0, len(line) - 1))]
    for decoder in DECODERS:
        assert isinstance(outcome_of(decoder, start), Malformed)


@given(messages, json_values, st.data())
def test_a_value_of_any_type_is_read_or_refused(message: Request | Event, value: object, data: st.DataObject) -> None:
    """A field with a value of the wrong type is malformed; one that is read has the value that was sent."""
    fields = json.loads(encode(message))
    name = data.draw(st.sampled_from(sorted(fields.keys() - {"type"}) or ["absent"]))
    line = json.dumps(fields | {name: value})
    if outcome_of(lambda line: decode(message, line), line) is None:
        assert getattr(decode(message, line), name, value) == value


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("depth", [1_000, 100_000])
@pytest.mark.parametrize(
    "shape",
    ["[{}]", '{{"a":{}}}', '{{"type":"hello","nick":{}}}', '{{"type":"said","x":{}}}', '{{"type":"x-y","x":{}}}'],
)
def test_deep_nesting_is_malformed(decoder: Callable[[str], object], depth: int, shape: str) -> None:
    """Brackets without end, in any place, are one error and exhaust no stack."""
    assert isinstance(outcome_of(decoder, shape.format("[" * depth + "]" * depth)), DecodeError)
    assert isinstance(outcome_of(decoder, shape.format("[" * depth)), DecodeError)


@pytest.mark.parametrize(
    "escape", [r"\ud800", r"\udc00", r"\ud800\u0041", r"\ud800\ud800", r"\udbff", r"\u00", r"\x41"]
)
@pytest.mark.parametrize("field", ["nick", "client", "unknown", "type"])
def test_a_lone_surrogate_is_malformed(escape: str, field: str) -> None:
    """An escape that stands for no character is refused in every field, also in those that are ignored."""
    assert isinstance(outcome_of(decode_request, HELLO % f',"{field}":"{escape}"'), Malformed)


def test_a_pair_of_surrogates_is_a_character() -> None:
    """JSON spells characters beyond U+FFFF as pairs (RFC 8259, section 7)."""
    assert decode_request(HELLO % r',"client":"\ud83d\ude00"') == Hello("ana", client="😀")


@pytest.mark.parametrize("number", ["1" * 5_000, "-" + "9" * 400, "1e400", "1.5", "1e5", "NaN", "Infinity", "01", "+1"])
def test_a_number_of_any_size_is_read_or_refused(number: str) -> None:
    """A number that is no whole one, or far too large, is malformed or read as it is."""
    if outcome_of(decode_request, HELLO % f',"version":{number}') is None:
        assert decode_request(HELLO % f',"version":{number}') == Hello("ana", int(number))
    outcome_of(decode_event, f'{{"type":"joined","room":"#general","nick":"ana","at":{number}}}')


def test_of_a_field_that_comes_twice_the_last_counts() -> None:
    """JSON leaves it open; here it is the last one, but a message has one type only."""
    assert decode_request(HELLO % ',"nick":"eva"') == Hello("eva")
    assert isinstance(outcome_of(decode_request, HELLO % ',"type":"say"'), Malformed)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('{"type":"say","room":"#general","id":"1"}', "text"),
        ('{"type":"say","room":"#general","id":"1","text":7}', "text"),
        ('{"type":"say","room":"#general","id":"1","text":"a","kind":"shout"}', "kind"),
        ("{}", "type"),
        ('{"type":7}', "type"),
        ('{"type":"hello","nick":null}', "nick"),
    ],
)
def test_a_malformed_message_names_the_field(line: str, named: str) -> None:
    """The detail says which field is missing or wrong."""
    error = outcome_of(decode_request, line)
    assert isinstance(error, Malformed)
    assert named in error.detail


@given(texts.map(lambda text: text * 300), st.sampled_from(["type", "kind", "text", "x"]))
@example("x" * 8_000, "kind")
def test_no_error_echoes_much(text: str, field: str) -> None:
    """However long the value that is wrong, the answer stays far below the length of a line."""
    fields = {field: text} | {"type": "say", "room": 0} | {field: text}
    error = outcome_of(decode_request, json.dumps(fields))
    assert isinstance(error, ProtocolError)
    assert len(encode(Error.of(error, error.detail))) < limits.LINE_BYTES // 2


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=1), st.sampled_from(["text", "action"]))
def test_a_text_of_the_limit_fits_in_what_clients_read(character: str, kind: Any) -> None:
    """Even if every byte of it needs an escape, the longest text is a line that a client accepts."""
    text = character * (limits.TEXT_BYTES // len(character.encode()))
    said = Said(2**63 - 1, "#" + "𝔞" * 63, "𝔞" * 32, text, 1e10 / 3, "~" * limits.ID_CHARACTERS, kind)
    assert LineBuffer(limits.OUTBOX_BYTES).feed(encode(said)) == [line_of(said)]


@pytest.mark.parametrize("character", ["a", "ñ", "€", "😀"])
def test_an_ordinary_text_of_the_limit_fits_in_what_servers_read(character: str) -> None:
    """A text of 4 KiB without escapes may be sent whole."""
    text = character * (limits.TEXT_BYTES // len(character.encode()))
    say = Say("#" + "𝔞" * 63, text, "~" * limits.ID_CHARACTERS, "action")
    assert LineBuffer().feed(encode(say)) == [line_of(say)]
