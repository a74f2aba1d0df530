"""A message in rows: what it answers, its text, and the reactions to it below."""

from textual.content import Content
from textual.style import Style

from chatapp.protocol.emoji import emoji_for
from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.tui import entries
from chatapp.tui.details import Reaction
from chatapp.tui.entries import WIDE_CELLS, Entry, Look, body_width, head, margin

_BETWEEN = "  "


def count_rows(entry: Entry, width: int) -> int:
    """Return how many rows `lay_out` makes of `entry`, whatever it answers."""
    rows = entries.count_rows(entry, width)
    if entry.details.reactions:
        rows += len(_reaction_rows(entry, width))
    return rows + has_quote(entry)


def lay_out(entry: Entry, width: int, look: Look, *, continues: bool, quoted: Entry | None = None) -> list[Content]:
    """Return the rows of `entry`, each at most `width` cells; `quoted` is what it answers, if that is known."""
    space = margin(entry, width, look)
    below = [space + row for row in _reaction_rows(entry, width, look.notice)]
    if not has_quote(entry):
        return [*entries.lay_out(entry, width, look, continues=continues), *below]
    left = space if width < WIDE_CELLS else head(entry, look)
    rows = entries.lay_out(entry, width, look, continues=True)
    return [left + _quote(quoted, width, look), *rows, *below]


def has_quote(entry: Entry) -> bool:
    """Return whether the first row says what the entry answers."""
    return entry.details.reply != 0


def _quote(quoted: Entry | None, width: int, look: Look) -> Content:
    if quoted is None:
        return Content.styled(f"↳ {tr('an older message')}", look.notice).truncate(body_width(width), ellipsis=True)
    text = "\n".join(block.text for block in quoted.blocks) or quoted.text
    said = one_line(" ".join(text.split()))
    nick = f"{quoted.nick}: " if quoted.nick else ""
    return Content.styled(f"↳ {nick}{said}", look.notice).truncate(body_width(width), ellipsis=True)


def _reaction_rows(entry: Entry, width: int, style: Style = entries.NO_STYLE) -> list[Content]:
    """Return the reactions side by side, in as many rows as they take."""
    rows: list[Content] = []
    for each in entry.details.reactions:
        shown = _reaction(each, style).truncate(body_width(width), ellipsis=True)
        if rows and rows[-1].cell_length + len(_BETWEEN) + shown.cell_length <= body_width(width):
            rows[-1] = rows[-1] + _BETWEEN + shown
        else:
            rows.append(shown)
    return rows


def _reaction(reaction: Reaction, style: Style) -> Content:
    own = Style(bold=True) if reaction.is_own else style
    return Content.styled(f"{one_line(emoji_for(reaction.emoji))} {len(reaction.nicks)}", own)
