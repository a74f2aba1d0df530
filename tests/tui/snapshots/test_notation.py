"""Pictures are written so that each cell of them can be read again."""

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tests.tui.snapshots.notation import Picture, notation_of, picture_of

BOLD, PLAIN, LINK = Style.parse("bold #ff0000 on #000000"), Style.parse("#ffffff on #000000"), Style(link="https://x/")
STRIPS = [
    Strip([Segment("日本", BOLD), Segment(" ok  ", PLAIN)]),
    Strip([Segment("         ", PLAIN)]),
    Strip([Segment("         ", PLAIN)]),
    Strip([Segment("a", LINK), Segment("        ", None)]),
]


def test_rows_and_runs() -> None:
    """Characters behind a bar, runs in cells, rows that are alike in one line, and each style in words."""
    expected = """9x4
|日本 ok
|
|
|a
0 a4 b5
1-2 b9
3 c1 d8

dark
a #ff0000 on #000000 bold
b #ffffff on #000000
c default on default https://x/
d default on default
"""
    assert notation_of({(9, 4): [picture_of(STRIPS)]}, ["dark"]) == expected


def test_a_letter_is_a_style_in_each_theme() -> None:
    """What is alike in one theme and not in the other has two letters."""
    dark, light = Picture(("ab",), (("x", "x"),)), Picture(("ab",), (("y", "z"),))
    assert notation_of({(2, 1): [dark, light]}, ["dark", "light"]) == (
        "2x1\n|ab\n0 a1 b1\n\ndark\na x\nb x\n\nlight\na y\nb z\n"
    )


def test_a_theme_changes_no_text() -> None:
    """Other characters in another theme are a fault."""
    with pytest.raises(AssertionError, match="more than colours"):
        notation_of({(1, 1): [Picture(("a",), (("x",),)), Picture(("b",), (("x",),))]}, ["dark", "light"])
