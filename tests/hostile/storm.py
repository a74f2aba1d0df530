"""Events that no server sends, in any order and with any values, while keys are pressed."""

import random
from typing import Any, get_args, get_origin

import msgspec

from chatapp.protocol.events import Challenged, Entered, Event, Renamed, Welcomed
from tests.hostile.stage import ROOM, Stage

_KEYS = (
    *("a", "@", "\t", "\x7f", "\r", "\x06", "\x1bk", "\x1ba", "\x1bj", "\x1b[27u"),
    *("\x1b[A", "\x1b[B", "\x1b[5~", "\x1b[6~", "\x1b[1;3A", "\x1b[1;3B", "\x1b[<0;40;9M", "\x1b[<0;40;9m"),
)
"""Letters, completion, Enter, and what opens, closes and moves; nothing that leaves."""

_TYPES = tuple(kind for kind in get_args(Event) if kind is not Challenged)
_ROOMS = (ROOM, ROOM, "#general", "@:1", "#:2")
_KEPT: dict[Any, dict[str, str]] = {Renamed: {"to": "luis"}, Welcomed: {"nick": "ana"}}
"""The own nick stays short: behind a long one the status line has no room for the topic."""

_NUMBERS = (0, 1, -1, 5, 2**31, 2**63 - 1, -(2**63))
_TIMES = (0.0, 1e9, -1e9, 1e18, 1e300, -1e300)


class Storm:
    """Makes events for `stage`, the same ones from the same `source`."""

    def __init__(self, stage: Stage, source: random.Random) -> None:
        self._stage = stage
        self._source = source

    async def blow(self) -> None:
        """Tell of some events, press a key, and wait until all is done: then the room in view has another topic."""
        kinds = self._source.choices(_TYPES, k=self._source.randrange(1, 20))
        self._stage.tell(*map(self._made, kinds))
        self._stage.screen.type(self._source.choice(_KEYS))
        topic = f"calm{self._stage.sent}"
        self._stage.tell(*(Entered(room, ["ana"], 0, title=topic, topic=topic) for room in _ROOMS))
        await self._stage.shows(topic)
        self._stage.look()

    def _made(self, struct: Any) -> Any:
        fields = msgspec.structs.fields(struct)
        values = {field.name: self._value(field.name, field.type) for field in fields}
        return struct(**{**values, **_KEPT.get(struct, {})})

    def _value(self, name: str, kind: Any) -> Any:
        source, string = self._source, self._stage.string("storm", 2, line=False)
        match name:
            case "room":
                return source.choice(_ROOMS)
            case "nick" | "to":
                return source.choice(("ana", "luis", string, ""))
            case "seq":
                return source.choice((*(self._stage.seq() for _ in range(5)), 0, -1))
        return self._other(kind, string)

    def _other(self, kind: Any, string: str) -> Any:
        source = self._source
        known: dict[Any, tuple[Any, ...]] = {
            str: (string, "", "heart"),
            int: _NUMBERS,
            float: _TIMES,
            bool: (False, True),
            list[str]: ([], [string, "ana"]),
            dict[str, str]: ({}, {string: "away", "ana": string}),
            dict[str, list[str]]: ({}, {string: ["ana", string]}),
        }
        if kind in known:
            return source.choice(known[kind])
        item, *others = get_args(kind)
        if get_origin(kind) is list:
            return [self._made(item) for _ in range(source.randrange(4))]
        return source.choice((None, 0, 5)) if type(None) in others else source.choice((item, *others))
