"""The colours of code in a language: by Textual's highlighter, for those languages that are worth it."""

from pygments.token import Token
from textual.content import Content, Span
from textual.highlight import HighlightTheme, highlight
from textual.style import Style

from chatapp.tui.colours import Palette, palette

# Whatever else a peer names would make the highlighter look through all that is installed. Long lines and many of them
# are what its regular expressions take long for, and Java's in any case.
_LANGUAGES = frozenset(
    (
        *("bash", "c", "cpp", "css", "diff", "go", "html", "ini", "javascript", "js", "json", "kotlin", "lua"),
        *("php", "py", "python", "rb", "ruby", "rust", "rs", "sh", "sql", "swift", "toml", "ts", "typescript", "xml"),
        *("yaml", "yml"),
    )
)
_MOST_LINES = 100
_LONGEST_LINE = 160
_MOST_SPANS = 1_000


class _Parts(HighlightTheme):
    """Names the parts of code that have a colour, in place of Textual's styles."""

    STYLES = {
        Token.Comment: "comment",
        Token.Keyword: "keyword",
        Token.Literal.Number: "number",
        Token.Literal.String: "string",
        Token.Name.Builtin: "helper",
        Token.Name.Class: "name",
        Token.Name.Decorator: "helper",
        Token.Name.Function: "name",
        Token.Name.Tag: "name",
        Token.Name.Attribute: "helper",
        Token.Operator.Word: "keyword",
        Token.Generic.Deleted: "keyword",
        Token.Generic.Inserted: "string",
    }


def _styles(colours: Palette) -> dict[str, Style]:
    _, green, orange, blue, rose, _, _, yellow = colours.nicks
    return {
        "comment": Style(foreground=colours.faint, italic=True),
        "keyword": Style(foreground=rose),
        "number": Style(foreground=orange),
        "string": Style(foreground=green),
        "helper": Style(foreground=yellow),
        "name": Style(foreground=blue),
    }


def highlighted(code: str, language: str) -> Content:
    """Return `code` coloured as `language`; if that is not known, or would take long, as it is."""
    lines = code.split("\n")
    if language.lower() not in _LANGUAGES or len(lines) > _MOST_LINES or max(map(len, lines)) > _LONGEST_LINE:
        return Content(code)
    spans = highlight(code, language=language.lower(), theme=_Parts).spans
    styles = _styles(palette())
    known = [Span(start, end, style) for start, end, name in spans if (style := styles.get(str(name)))]
    return Content(code, known if len(known) <= _MOST_SPANS else [])
