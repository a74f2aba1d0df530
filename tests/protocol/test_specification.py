"""PROTOCOL.md and the code say the same: requests, events, fields, codes, limits and reserved names."""

import json
import re
from itertools import dropwhile, takewhile
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest

from chatapp.protocol import limits, rich
from chatapp.protocol.errors import Code, NickReserved
from chatapp.protocol.events import DeedInfo, DeviceInfo, Event, RoomInfo, Said
from chatapp.protocol.names import check_nick
from chatapp.protocol.requests import Request

TEXT = Path(rich.__file__).with_name("PROTOCOL.md").read_text(encoding="utf-8")

Rows = list[list[str]]


def section(heading: str, text: str = TEXT) -> str:
    """Return what stands in `text` under `heading`, up to the next one of the same depth or above."""
    depth = heading.index(" ")
    found = re.search(rf"^{re.escape(heading)}$(.*?)(?=^#{{1,{depth}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"there is no heading {heading}"
    return found[1]


def table(text: str) -> Rows:
    """Return the rows of the first table in `text`, without its head; cells lose their code marks."""
    lines = list(takewhile(_is_row, dropwhile(lambda line: not _is_row(line), text.splitlines())))
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


def _is_row(line: str) -> bool:
    return line.startswith("|")


def written_type(kind: Any) -> str:
    """Return how the specification writes a field's type."""
    if isinstance(kind, UnionType):
        return " or ".join(written_type(part) for part in get_args(kind))
    if get_origin(kind) is Literal:
        return " or ".join(f'`"{value}"`' for value in get_args(kind)).strip("`")
    names = {str: "string", int: "integer", float: "number", list[str]: "list of strings", type(None): "null"}
    names |= {dict[str, list[str]]: "object of lists of strings", dict[str, str]: "object of strings"}
    names |= {bool: "boolean", list[Said]: "list of `said", list[RoomInfo]: "list of rooms"}
    names |= {list[DeedInfo]: "list of deeds", list[DeviceInfo]: "list of devices"}
    return names[kind]


def fields_of(struct: type[msgspec.Struct]) -> Rows:
    """Return the name, type and default of each field, as the specification writes them."""
    return [
        [field.name, written_type(field.type), "" if field.required else json.dumps(default_of(field))]
        for field in msgspec.structs.fields(struct)
    ]


def default_of(field: msgspec.structs.FieldInfo) -> object:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


@pytest.mark.parametrize(
    "struct", [*get_args(Request), *get_args(Event)], ids=lambda struct: str(struct.__struct_config__.tag)
)
def test_every_field_is_specified(struct: type[msgspec.Struct]) -> None:
    """Each request and event has a table of its fields, in order, with their types and defaults."""
    part = section("### Requests" if struct in get_args(Request) else "### Events")
    written = table(section(f"#### `{struct.__struct_config__.tag}`", part))
    assert [row[:3] for row in written] == fields_of(struct)
    assert all(row[3] for row in written)


@pytest.mark.parametrize(("heading", "struct"), [("A room of the list", RoomInfo), ("A device", DeviceInfo)])
def test_what_is_listed_is_specified(heading: str, struct: type[msgspec.Struct]) -> None:
    """What is listed of each room and device has a table too."""
    written = table(section(f"##### {heading}"))
    assert [row[:3] for row in written] == fields_of(struct)
    assert all(row[3] for row in written)


def test_the_deeds_of_an_audit_are_specified() -> None:
    """What is listed of each deed has a table too."""
    written = table(section("##### A deed"))
    assert [row[:3] for row in written] == fields_of(DeedInfo)
    assert all(row[3] for row in written)


@pytest.mark.parametrize(("heading", "union"), [("### Requests", Request), ("### Events", Event)])
def test_nothing_else_is_specified(heading: str, union: UnionType) -> None:
    """The specification has no request or event that the code hasn't, and has them in its order."""
    written = re.findall(r"^#### `(.*)`$", section(heading), re.MULTILINE)
    assert written == [struct.__struct_config__.tag for struct in get_args(union)]


def test_every_code_is_specified() -> None:
    """The table of codes has each once, with what it means."""
    rows = table(section("### Codes of errors"))
    assert [row[0] for row in rows] == list(Code)
    assert all(row[1] for row in rows)


def test_every_limit_is_specified() -> None:
    """The table of limits has every number of the code, and the same."""
    numbers = {name: value for name, value in vars(limits).items() if name.isupper()}
    assert {name: json.loads(value) for name, value, _ in table(section("## Framing and limits"))} == numbers


def test_every_reserved_nick_is_specified() -> None:
    """The nicks that are named as reserved are refused as such."""
    written = re.findall(r"`(\w+)`", section("## Names and texts").partition("are reserved:")[2].partition(".")[0])
    assert len(written) == 11
    for nick in written:
        with pytest.raises(NickReserved):
            check_nick(nick)
