"""All that the app itself writes to a terminal: whatever else stands in its output came from somebody else."""

import codecs
import re
from collections.abc import Iterator

from tests.dangers import dangers_in
from tests.hostile.attacks import MARK

_TEXT = "[^\x00-\x1f\x7f-\x9f]"
_MODES = "1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2031|2048|25|7"

_WRITTEN = re.compile(
    "|".join(
        (
            rf"(?P<text>{_TEXT}+)",
            r"\r\n|\x07",
            r"\x1b\[(?P<style>[0-9;]*)m",
            r"\x1b\[[0-9]+;[0-9]+H",
            r"\x1b\[[0-9]{1,3}C",
            r"\x1b[78]",
            rf"\x1b\[\?(?:{_MODES})[hl]",
            r"\x1b\[\?(?:2026|2048)\$p",
            r"\x1b\[2[23];2t",
            r"\x1b\[(?:>[0-9]{1,2}|<)u",
            r"\x1b\]22;[a-z]+\x07",
            rf"\x1b\]2;(?P<title>{_TEXT}* · chatapp)\x07",
            rf"\x1b\]9;(?P<note>{_TEXT}*: {_TEXT}*)\x07",
            r"\x1b\]777;notify;(?P<head>[^;\x00-\x1f\x7f-\x9f]+);(?P<body>[^;\x00-\x1f\x7f-\x9f]*)\x07",
            r"\x1b\]8;id=[0-9]+;https?://[!-~]*\x1b\\|\x1b\]8;;\x1b\\",
        )
    )
)
_LONGEST = 4096
"""No sequence of the app's is longer; a shorter rest may be the beginning of one."""


class Intruder(AssertionError):
    """Something was written that is not the app's."""


class Reader:
    """Reads what the app writes, in pieces of any size; `texts` are what a person is to read of it."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._rest = ""

    def feed(self, data: bytes, *, is_all: bool = False) -> Iterator[str]:
        """Yield the texts in `data`, titles and notifications too. Raises Intruder."""
        written, at = self._rest + self._decoder.decode(data, is_all), 0
        while at < len(written):
            found = _WRITTEN.match(written, at)
            if found is None:
                break
            yield from _texts(found)
            at = found.end()
        self._rest = written[at:]
        if len(self._rest) > _LONGEST or (is_all and self._rest) or not self._may_go_on():
            raise Intruder(repr(written[max(at - 300, 0) : at]), repr(self._rest[:300]))

    def _may_go_on(self) -> bool:
        return not self._rest or self._rest == "\r" or self._rest.startswith("\x1b")


def _texts(found: re.Match[str]) -> Iterator[str]:
    for name, part in found.groupdict().items():
        if part is None:
            continue
        if name == "style":
            if MARK in part:
                raise Intruder(repr(found[0]))
        elif dangers := dangers_in(part):
            raise Intruder(repr(part), repr(dangers))
        else:
            yield part
