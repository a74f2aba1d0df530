"""Lines are broken where Textual breaks them, also those for which it isn't asked."""

from hypothesis import assume, given
from hypothesis import strategies as st
from textual.content import Content

from chatapp.tui.timeline.wrapping import wrap

WORDS = st.lists(st.text("ab/-.", min_size=1, max_size=8), min_size=1, max_size=20)
BETWEEN = st.sampled_from([" ", "  ", "\t", " ñ "])
AROUND = st.sampled_from(["", " "])


@given(WORDS, BETWEEN, AROUND, AROUND, st.integers(2, 30))
def test_lines_break_where_textual_breaks_them(
    words: list[str], between: str, before: str, after: str, width: int
) -> None:
    """Words that fit a row or don't, with one space between them or more, are in the same rows."""
    line = before + between.join(words) + after
    assume(len(line) > width)
    assert wrap(line, width) == [row.plain for row in Content(line).wrap(width)]
