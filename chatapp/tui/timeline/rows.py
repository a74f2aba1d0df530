"""An entry in rows: time and nick, what it answers, its text, and the reactions to it below."""

from msgspec.structs import replace
from textual.content import Content
from textual.style import Style

from chatapp.protocol.emoji import emoji_for
from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.tui.timeline.bodies import Place, body_places, count_body, draw_body, nick_style
from chatapp.tui.timeline.details import Reaction
from chatapp.tui.timeline.entries import NO_STYLE, Entry, Kind, Look
from chatapp.tui.timeline.folding import fold_at, fold_line
from chatapp.tui.timeline.shape import MARGIN_CELLS, Shape

_BETWEEN = "  "
_MENTION = "▐ "
_LINE = "─"


def count_rows(entry: Entry, shape: Shape) -> int:
    """Return how many rows `lay_out` makes of `entry`, whatever it answers."""
    if entry.kind is Kind.RULE:
        return 1
    rows = count_body(entry, shape)
    if (at := fold_at(entry, rows)) is not None:
        rows = at + 1
    return rows + has_quote(entry) + (len(_reaction_rows(entry, shape)) if entry.details.reactions else 0)


def lay_out(entry: Entry, shape: Shape, look: Look, *, continues: bool, quoted: Entry | None = None) -> list[Content]:
    """Return the rows of `entry`, each at most `shape.width` cells; `quoted` is what it answers, if that is known."""
    if entry.kind is Kind.RULE:
        return [rule(entry.text, shape, look.notice)]
    quote = [_quote(quoted, shape, look)] if has_quote(entry) else []
    body, below = _folded_body(entry, shape, look), _reaction_rows(entry, shape, look.notice)
    space = _edge(entry, look).pad_left(shape.columns)
    if not shape.columns:
        first = space if entry.details.is_mention else Content("")
        return [*(space + row for row in quote), first + body[0], *(space + row for row in (*body[1:], *below))]
    head, (top, *rest) = space if continues else _head(entry, shape, look), (*quote, *body, *below)
    return [head + top, *(space + row for row in rest)]


def places(entry: Entry, shape: Shape) -> list[Place | None]:
    """Return what each of the rows of `lay_out` has of the text, None for those that have nothing of it."""
    if entry.kind is Kind.RULE:
        return [None]
    left = shape.columns + MARGIN_CELLS
    first, *others = [replace(place, cells=place.cells + left) for place in body_places(entry, shape)]
    rest: list[Place | None] = [*others]
    if not shape.columns and not entry.details.is_mention:
        first = replace(first, cells=first.cells - left)
    if (at := fold_at(entry, 1 + len(rest))) is not None:
        rest[at - 1 :] = [None]
    return [*[None] * has_quote(entry), first, *rest, *[None] * len(_reaction_rows(entry, shape))]


def fold_row(entry: Entry, shape: Shape) -> int | None:
    """Return which of the rows of `lay_out` folds or unfolds the text; None if it is not of so many rows."""
    at = None if entry.kind is Kind.RULE else fold_at(entry, count_body(entry, shape))
    return None if at is None else has_quote(entry) + at


def has_quote(entry: Entry) -> bool:
    """Return whether the first row says what the entry answers."""
    return entry.details.reply != 0


def _folded_body(entry: Entry, shape: Shape, look: Look) -> list[Content]:
    rows = draw_body(entry, shape, look)
    if (at := fold_at(entry, len(rows))) is None:
        return rows
    return [*rows[:at], fold_line(entry, len(rows), shape.body, look.notice)]


def line(text: str, width: int, style: Style) -> Content:
    """Return a line from one side to the other with `text` in its middle."""
    content = Content.styled(f" {text} ", style).truncate(width)
    left = (width - content.cell_length) // 2
    right = width - content.cell_length - left
    return Content.styled(_LINE * left, style) + content + Content.styled(_LINE * right, style)


def rule(text: str, shape: Shape, style: Style) -> Content:
    """Return a row with `text` in its middle, between marks."""
    mark = Kind.RULE.value
    line = Content.styled(f"{mark} {one_line(text)} {mark}", style).truncate(shape.width, ellipsis=True)
    return line.pad_left((shape.width - line.cell_length) // 2)


def _head(entry: Entry, shape: Shape, look: Look) -> Content:
    """Return what stands left of the first row, where there are columns."""
    parts = [Content.styled(shape.time_of(entry.at), look.time)] if shape.time_column else []
    if shape.nick_column:
        parts.append(_nick_column(entry, shape, look))
    return Content(" ").join(parts) + _edge(entry, look)


def _nick_column(entry: Entry, shape: Shape, look: Look) -> Content:
    """Return the nick or the mark at the right of its column; one that is too long ends in an ellipsis."""
    mark = entry.nick if entry.kind is Kind.TEXT else entry.kind.value
    column = Content.styled(mark, _mark_style(entry, look)).truncate(shape.nick_column, ellipsis=True)
    return column.pad_left(shape.nick_column - column.cell_length)


def _mark_style(entry: Entry, look: Look) -> Style:
    match entry.kind:
        case Kind.TEXT | Kind.ACTION:
            return nick_style(entry)
        case Kind.ERROR:
            return look.error
        case _:
            return look.notice


def _edge(entry: Entry, look: Look) -> Content:
    """Return the margin: nothing, or a bar where one is mentioned."""
    return Content.styled(_MENTION, look.mention) if entry.details.is_mention else Content(" " * MARGIN_CELLS)


def _quote(quoted: Entry | None, shape: Shape, look: Look) -> Content:
    if quoted is None:
        return Content.styled(f"↳ {tr('an older message')}", look.notice).truncate(shape.body, ellipsis=True)
    said = one_line(" ".join(quoted.shown.split()))
    nick = f"{quoted.nick}: " if quoted.nick else ""
    return Content.styled(f"↳ {nick}{said}", look.notice).truncate(shape.body, ellipsis=True)


def _reaction_rows(entry: Entry, shape: Shape, style: Style = NO_STYLE) -> list[Content]:
    """Return the reactions side by side, in as many rows as they take."""
    rows: list[Content] = []
    for each in entry.details.reactions:
        shown = _reaction(each, style).truncate(shape.body, ellipsis=True)
        if rows and rows[-1].cell_length + len(_BETWEEN) + shown.cell_length <= shape.body:
            rows[-1] = rows[-1] + _BETWEEN + shown
        else:
            rows.append(shown)
    return rows


def _reaction(reaction: Reaction, style: Style) -> Content:
    own = Style(bold=True) if reaction.is_own else style
    return Content.styled(f"{one_line(emoji_for(reaction.emoji))} {len(reaction.nicks)}", own)
