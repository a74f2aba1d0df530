"""The colours of code in a language: by Textual's highlighter, for those languages that are worth it."""

from pygments.token import Token
from textual.content import Content, Span
from textual.highlight import HighlightTheme, highlight
from textual.style import Style

from chatapp.tui.colours import NICK_COLOURS

_BLUE, _AMBER, _GREEN, _ROSE, _YELLOW, *_ = NICK_COLOURS

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


class _Colours(HighlightTheme):
    STYLES = {
        Token.Comment: "italic #8a93a5",
        Token.Keyword: _ROSE,
        Token.Literal.Number: _AMBER,
        Token.Literal.String: _GREEN,
        Token.Name.Builtin: _YELLOW,
        Token.Name.Class: _BLUE,
        Token.Name.Decorator: _YELLOW,
        Token.Name.Function: _BLUE,
        Token.Name.Tag: _BLUE,
        Token.Name.Attribute: _YELLOW,
        Token.Operator.Word: _ROSE,
        Token.Generic.Deleted: _ROSE,
        Token.Generic.Inserted: _GREEN,
    }


_STYLES = {style: Style.parse(style) for style in _Colours.STYLES.values()}


def highlighted(code: str, language: str) -> Content:
    """Return `code` coloured as `language`; if that is not known, or would take long, as it is."""
    lines = code.split("\n")
    if language.lower() not in _LANGUAGES or len(lines) > _MOST_LINES or max(map(len, lines)) > _LONGEST_LINE:
        return Content(code)
    spans = highlight(code, language=language.lower(), theme=_Colours).spans
    known = [Span(start, end, style) for start, end, name in spans if (style := _STYLES.get(str(name)))]
    return Content(code, known if len(known) <= _MOST_SPANS else [])
