"""Markup in messages: bold, italic, code, fenced blocks, quotes and links; all else is text, as it was typed."""

import re
import string
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
from textual.content import Content, Span
from textual.style import Style

from chatapp.tui.colours import palette

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MOST_SIGNS = 1_000
_MOST_MARKS = 200
"""A text with more of either is shown as it was typed: nobody wrote that, and to read and draw it takes long."""

_ITALIC = re.compile(r"(?<!\w)_[^\s_]")
_QUOTE = re.compile(r"^ *>(?: |$)", re.MULTILINE)
_INSUBSTANTIAL = frozenset(string.punctuation + string.whitespace)


class Part(Enum):
    """What a part of a text is."""

    BOLD = "strong"
    ITALIC = "em"
    CODE = "code"
    LINK = "a"
    HOST = "host"
    """Where a link leads whose label doesn't say so."""
    NOTE = "note"
    """What is said of the text, as that it was edited."""


class Mark(msgspec.Struct, frozen=True):
    """What the characters from `start` to before `end` are; `target` is a link's, in ASCII."""

    start: int
    end: int
    part: Part
    target: str = ""


class Block(msgspec.Struct, frozen=True):
    """Lines of a message that belong together, without the characters that mark them up."""

    text: str
    marks: tuple[Mark, ...] = ()
    quotes: int = 0
    """How many quotes they stand in."""
    language: str | None = None
    """The language of a fenced block, which may be empty; None for what is no such block."""

    def after(self, lead: str) -> "Block":
        """Return the block with `lead` put before its text."""
        cells = len(lead)
        moved = (Mark(mark.start + cells, mark.end + cells, mark.part, mark.target) for mark in self.marks)
        return Block(lead + self.text, tuple(moved), self.quotes, self.language)


def may_have_markup(text: str) -> bool:
    """Return whether it is worth asking for the blocks of `text`: a quick look, which every message gets."""
    return (
        "*" in text
        or "`" in text
        or "://" in text
        or "](" in text
        or ("_" in text and _ITALIC.search(text) is not None)
        or (">" in text and _QUOTE.search(text) is not None)
    )


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return the blocks of `text`, which is printable, or none if it has no markup."""
    if sum(map(text.count, "*_[`")) > _MOST_SIGNS:
        return ()
    blocks = tuple(_blocks(text))
    if sum(len(block.marks) for block in blocks) > _MOST_MARKS:
        return ()
    return blocks if any(block.marks or block.quotes or block.language is not None for block in blocks) else ()


def code_ground() -> Style:
    """Return the ground of code."""
    return Style(background=palette().panel)


def content_of(block: Block, dim: Style) -> Content:
    """Return the text of `block` in its styles; `dim` is for what is not said by who wrote it."""
    if block.language is not None:
        return _code(block.text, block.language)
    content = Content(block.text, [Span(mark.start, mark.end, _style(mark, dim)) for mark in block.marks])
    return content.stylize_before(dim) if block.quotes else content


def _code(text: str, language: str) -> Content:
    if not language:
        return Content(text)
    from chatapp.tui.timeline.code import highlighted  # only those who see code spend the time that its import takes

    return highlighted(text, language)


def _style(mark: Mark, dim: Style) -> Style:
    match mark.part:
        case Part.BOLD:
            return Style(bold=True)
        case Part.ITALIC:
            return Style(italic=True)
        case Part.CODE:
            return code_ground()
        case Part.LINK:
            return Style(underline=True, link=mark.target)
        case Part.HOST | Part.NOTE:
            return dim


@cache
def _parser() -> "MarkdownIt":
    from chatapp.tui.timeline.markdown import dialect  # likewise

    return dialect()


def _blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of `text` in order; the lines between them, which are empty, are blocks too."""
    lines, tokens, line = text.split("\n"), _parser().parse(text), 0
    quotes = _quotes(tokens, len(lines))
    for token in tokens:
        if token.map is None or token.type == "blockquote_open":
            continue
        start, end = token.map
        yield from _gap(lines, quotes, line, start)
        yield _block(token, quotes[start])
        line = end
    yield from _gap(lines, quotes, line, len(lines))


def _quotes(tokens: list["Token"], lines: int) -> list[int]:
    """Return for each line in how many quotes it stands."""
    quotes = [0] * lines
    for token in tokens:
        if token.type == "blockquote_open" and token.map:
            for line in range(*token.map):
                quotes[line] += 1
    return quotes


def _gap(lines: list[str], quotes: list[int], start: int, end: int) -> Iterator[Block]:
    return (Block("" if quotes[line] else lines[line], quotes=quotes[line]) for line in range(start, end))


def _block(token: "Token", quotes: int) -> Block:
    if token.type == "fence":
        language = token.info.split()[:1]
        return Block(token.content.removesuffix("\n"), (), quotes, language[0] if language else "")
    if token.children is None:
        return Block(token.content, quotes=quotes)
    writer = _Writer()
    for child in token.children:
        writer.write(child)
    return Block("".join(writer.parts), tuple(writer.marks), quotes)


class _Writer:
    """Makes text and marks of a paragraph's tokens."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.marks: list[Mark] = []
        self._length = 0
        self._opened: list[tuple[int, int, str]] = []
        """Of each mark that is open: where it starts, the index of its part, and a link's target."""

    def write(self, token: "Token") -> None:
        if token.nesting > 0:
            self._opened.append((self._length, len(self.parts), str(token.attrs.get("href", ""))))
            self._add("")
        elif token.nesting == 0:
            self._add(token.content, Part.CODE if token.type == "code_inline" else None)
        elif token.tag == Part.LINK.value:
            self._close_link(*self._opened.pop())
        else:
            self._close(token, *self._opened.pop()[:2])

    def _close(self, token: "Token", start: int, index: int) -> None:
        """End what stands out; where there is nothing that could, as in ``*.*``, its marks are text."""
        has_marks = bool(self.marks) and self.marks[-1].start >= start
        if has_marks or not _INSUBSTANTIAL.issuperset("".join(self.parts[index:])):
            self.marks.append(Mark(start, self._length, Part(token.tag)))
            return
        self.parts[index] = token.markup
        self._length += len(token.markup)
        self._add(token.markup)

    def _close_link(self, start: int, index: int, target: str) -> None:
        label = "".join(self.parts[index:])
        if not label.strip():
            label = target
            self._add(target)
        self.marks.append(Mark(start, self._length, Part.LINK, target))
        if host := _undisclosed(label, target):
            self._add(f" ({host})", Part.HOST)

    def _add(self, text: str, part: Part | None = None) -> None:
        start, self._length = self._length, self._length + len(text)
        self.parts.append(text)
        if part is not None:
            self.marks.append(Mark(start, self._length, part))


def _undisclosed(label: str, target: str) -> str:
    """Return the host of `target`, or of a mail its address; nothing if a link's `label` says where it leads."""
    host = _host(target)
    says = label in (target, host) or (label.lower().startswith(("http://", "https://")) and _host(label) == host)
    return "" if says else host


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that are no address
        return url
    return parts.netloc.rpartition("@")[2].lower() or parts.path
