"""Text in rows of so many cells."""

from rich.cells import cell_len, split_graphemes
from textual.content import Content


def wrap(text: str, width: int) -> list[str]:
    """Return the rows of `text` in `width` cells, broken between words; its line breaks stay."""
    return [row for line in text.split("\n") for row in _wrap_line(line, width)]


def fold(text: str, width: int) -> list[str]:
    """Return the rows of `text` in `width` cells, broken anywhere between two characters; its line breaks stay."""
    return [row for line in text.split("\n") for row in _fold_line(line, width)]


def _wrap_line(line: str, width: int) -> list[str]:
    if len(line) <= width and (line.isascii() or cell_len(line) <= width):
        return [line]
    try:
        return [row.plain for row in Content(line).wrap(width)]
    except IndexError:  # joiners with nothing to join, among wide characters, are too much for it
        return _fold_line(line, width)


def _fold_line(line: str, width: int) -> list[str]:
    rows, room = [""], width
    for start, end, cells in split_graphemes(line)[0]:
        if cells > room:
            rows.append("")
            room = width
        rows[-1] += line[start:end]
        room -= cells
    return rows
