"""Text in rows of so many cells."""

from rich.cells import cell_len, split_graphemes
from textual.content import Content


def wrap(text: str, width: int) -> list[str]:
    """Return the rows of `text` in `width` cells, broken between words; its line breaks stay."""
    if "\n" not in text:
        return _wrap_line(text, width)
    return [row for line in text.split("\n") for row in _wrap_line(line, width)]


def fold(text: str, width: int) -> list[str]:
    """Return the rows of `text` in `width` cells, broken anywhere between two characters; its line breaks stay."""
    return [row for line in text.split("\n") for row in _fold_line(line, width)]


def _wrap_line(line: str, width: int) -> list[str]:
    if len(line) <= width and (line.isascii() or cell_len(line) <= width):
        return [line]
    if (rows := _wrap_plain_line(line, width)) is not None:
        return rows
    try:
        return [row.plain for row in Content(line).wrap(width)]
    except IndexError:  # joiners with nothing to join, among wide characters, are too much for it
        return _fold_line(line, width)


def _wrap_plain_line(line: str, width: int) -> list[str] | None:
    """Return the rows of a line of ASCII words with one space between them, as most are; None if it is no such line."""
    if not (line.isascii() and line.isprintable()) or "  " in line or line[0] == " " or line[-1] == " ":
        return None
    rows, start = [], 0
    while len(line) - start > width:
        end = line.rfind(" ", start, start + width + 1)
        if end < 0:  # a word that is longer than a row
            return None
        rows.append(line[start:end])
        start = end + 1
    return [*rows, line[start:]]


def _fold_line(line: str, width: int) -> list[str]:
    rows, room = [""], width
    for start, end, cells in split_graphemes(line)[0]:
        if cells > room:
            rows.append("")
            room = width
        rows[-1] += line[start:end]
        room -= cells
    return rows
