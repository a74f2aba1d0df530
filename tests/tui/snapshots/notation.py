"""What a screen shows as text that people can read and compare.

For each size there are its rows of characters, each behind a bar, without the spaces at its end; and its rows again as
runs of styles: ``a12 b3`` are twelve cells in the style a, and three in b. Rows that follow each other and are alike
stand in one line, as in ``4-7 a40``. What a letter stands for in each theme comes last: a style is written as
``foreground on background``, with its attributes, and where it leads.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from string import ascii_lowercase

from rich.color import Color
from rich.style import Style
from textual.strip import Strip

_ATTRIBUTES = ("bold", "dim", "italic", "underline", "reverse", "strike")


@dataclass(frozen=True)
class Picture:
    """A screen in one theme: its rows of characters, and of each the style of every cell."""

    rows: tuple[str, ...]
    styles: tuple[tuple[str, ...], ...]


def picture_of(strips: Iterable[Strip]) -> Picture:
    rows = [(strip.text.rstrip(), tuple(_cells(strip))) for strip in strips]
    return Picture(tuple(text for text, _ in rows), tuple(cells for _, cells in rows))


def _cells(strip: Strip) -> Iterator[str]:
    for segment in strip:
        yield from [_written(segment.style or Style.null())] * segment.cell_length


def _written(style: Style) -> str:
    parts = [f"{_colour(style.color)} on {_colour(style.bgcolor)}"]
    parts += [name for name in _ATTRIBUTES if getattr(style, name)]
    return " ".join([*parts, style.link] if style.link else parts)


def _colour(colour: Color | None) -> str:
    return "default" if colour is None else colour.triplet.hex if colour.triplet else colour.name


class Notation:
    """Pictures of one state, by their sizes and themes, written down."""

    def __init__(self) -> None:
        self._letters: dict[tuple[str, ...], str] = {}
        """By a style in each of the themes."""
        self._lines: list[str] = []

    def add(self, size: tuple[int, int], pictures: Sequence[Picture]) -> None:
        """Write the pictures of one size, one for each theme. Raises AssertionError if not only their styles differ."""
        assert len({picture.rows for picture in pictures}) == 1, "a theme changes more than colours"
        self._lines.append(f"{size[0]}x{size[1]}")
        self._lines += [f"|{row}" for row in pictures[0].rows]
        self._lines += self._runs(list(zip(*(picture.styles for picture in pictures), strict=True)))
        self._lines.append("")

    def text(self, themes: Sequence[str]) -> str:
        return "\n".join([*self._lines, *self._legends(themes)])

    def _runs(self, rows: list[tuple[tuple[str, ...], ...]]) -> Iterator[str]:
        number = 0
        for line, alike in groupby(self._run(row) for row in rows):
            last = number + len(list(alike)) - 1
            yield f"{number} {line}" if last == number else f"{number}-{last} {line}"
            number = last + 1

    def _run(self, row: tuple[tuple[str, ...], ...]) -> str:
        letters = map(self._letter, zip(*row, strict=True))
        return " ".join(f"{letter}{len(list(cells))}" for letter, cells in groupby(letters))

    def _letter(self, styles: tuple[str, ...]) -> str:
        return self._letters.setdefault(styles, _numeral(len(self._letters)))

    def _legends(self, themes: Sequence[str]) -> Iterator[str]:
        for index, theme in enumerate(themes):
            yield theme
            yield from (f"{letter} {styles[index]}" for styles, letter in self._letters.items())
            yield ""


def _numeral(number: int) -> str:
    """Return a, b, … z, aa, ab, …"""
    more, last = divmod(number, len(ascii_lowercase))
    return (_numeral(more - 1) if more else "") + ascii_lowercase[last]


def notation_of(pictures: Mapping[tuple[int, int], Sequence[Picture]], themes: Sequence[str]) -> str:
    """Return the text for the pictures of one state: for each size one in each of the `themes`."""
    notation = Notation()
    for size, each in pictures.items():
        notation.add(size, each)
    return notation.text(themes)
