"""The little Markdown that messages may have (CommonMark, by markdown-it); all else stays as it was typed.

There are emphasis with ``*`` and ``**``, and with ``_`` around whole words; code; links with a target of an allowed
scheme, and bare ones; fences of backticks; and quotes, whose every line starts with "> ". A backslash before a mark
keeps both as they are.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, fence
from markdown_it.rules_inline import StateInline, emphasis, link

LITERAL = "literal"
"""The type of a token whose content are lines as they were typed."""

_MOST_QUOTES = 3
"""So deep may quotes be in each other."""

_ALLOWED = re.compile(r"(?:https?://[^/?#]|mailto:[^?#])[!-~]*", re.IGNORECASE)
_SCHEME = re.compile(r"(?<!\w)https?$", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"`\[\]]+", re.IGNORECASE)
_NO_TARGET = re.compile(r"\]\(\s*\)$")
_MARKS = re.compile(r"\*+|_+")
_BEFORE_MARK = re.compile(r"[\s(\[{\"'*¿¡«“‘]?\Z")
_AFTER_MARK = re.compile(r"[\s)\]}\"'*.,;:!?»”’…]?\Z")
_FACTORS = re.compile(r"[A-Za-z0-9_)\]][A-Za-z0-9_(\[]")


class _Dialect(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 (markdown-it's name for it)
        """Return whether `url`, which is normalised, has one of the schemes that may be opened, and a host."""
        return _ALLOWED.fullmatch(url) is not None


def dialect() -> MarkdownIt:
    """Return a parser of that Markdown. Its tokens stand for lines with the line breaks that they had."""
    parser = _Dialect("zero")
    parser.block.ruler.at("fence", _fence, {"alt": ["paragraph", "blockquote"]})
    parser.block.ruler.at("blockquote", _quote, {"alt": ["paragraph", "blockquote"]})
    parser.block.ruler.before("blockquote", "end_of_quote", _end_of_quote, {"alt": ["blockquote"]})
    parser.block.ruler.at("paragraph", _paragraph)
    parser.inline.ruler.at("escape", _backslash)
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.at("link", _link)
    parser.inline.ruler.at("linkify", _bare_link)
    return parser.enable(["fence", "blockquote", "escape", "backticks", "emphasis", "link"]).enable("linkify", True)


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if not state.src.startswith("`", _first_of(state, start)) or not fence(state, start, end, silent):
        return False
    if not silent and not state.tokens[-1].content.strip():
        _show_as_typed(state, start)
    return True


def _show_as_typed(state: StateBlock, start: int) -> None:
    token = state.tokens[-1]
    token.type, token.content = LITERAL, state.getLines(start, state.line, 0, False)


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = _first_of(state, start)
    is_quote = state.src[first : first + 2].rstrip() == ">" and state.level < _MOST_QUOTES
    return is_quote and blockquote(state, start, end, silent)


def _end_of_quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """End a quote with the last line that is marked as one: only ends are asked for in silence."""
    return silent


def _paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    rules = state.md.block.ruler.getRules("paragraph")
    after = start + 1
    while after < state.lineMax and not state.isEmpty(after):
        if any(rule(state, after, state.lineMax, True) for rule in rules):
            break
        after += 1
    state.line = after
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = state.getLines(start, after, 0, False), [start, after], []
    return True


def _first_of(state: StateBlock, line: int) -> int:
    return state.bMarks[line] + state.tShift[line]


def _backslash(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith(("\\*", "\\_", "\\`", "\\["), state.pos):
        return False
    return _pass_by(state, state.pos + 2, silent)


def _emphasis(state: StateInline, silent: bool) -> bool:
    marks = _MARKS.match(state.src, state.pos)
    if silent or marks is None:
        return False
    if not _is_word(marks[0], state.src[max(marks.start() - 1, 0) : marks.start()], state.src[marks.end() :][:1]):
        return emphasis.tokenize(state, silent)
    return _pass_by(state, marks.end(), silent)


def _is_word(marks: str, before: str, after: str) -> bool:
    """Return whether `marks` mean something else: a product or a power, a face, an underscore in a name."""
    if marks[0] == "*":
        return _FACTORS.match(before + after) is not None
    return len(marks) > 1 or not (_BEFORE_MARK.match(before) or _AFTER_MARK.match(after))


def _link(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if not link(state, True):
        return False
    end, state.pos = state.pos, start
    if _NO_TARGET.search(state.src, start, end):
        return False
    is_image = start > 0 and state.src[start - 1] == "!"
    return _pass_by(state, end, silent) if is_image else link(state, silent)


def _pass_by(state: StateInline, end: int, silent: bool) -> bool:
    """Take what comes before `end` as it was typed."""
    if not silent:
        state.push("text", "", 0).content = state.src[state.pos : end]
    state.pos = end
    return True


def _bare_link(state: StateInline, silent: bool) -> bool:
    scheme = _SCHEME.search(state.src, max(state.pos - 6, 0), state.pos)
    if state.linkLevel or scheme is None or not (silent or state.pending.endswith(scheme[0])):
        return False
    found = _URL.match(state.src, scheme.start(), state.posMax)
    url = _without_end(found[0]) if found else ""
    href = state.md.normalizeLink(url)
    if not state.md.validateLink(href) or len(url) <= len(scheme[0]):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[0])]
        _push_link(state, url, href)
    state.pos = scheme.start() + len(url)
    return True


def _push_link(state: StateInline, url: str, href: str) -> None:
    token = state.push("link_open", "a", 1)
    token.attrs, token.info = {"href": href}, "auto"
    state.push("text", "", 0).content = url
    state.push("link_close", "a", -1)


def _without_end(url: str) -> str:
    """Return `url` without what belongs to the sentence that it stands in."""
    while url.endswith((*".,;:!?'*_~]}»”’…", ")")):
        if url[-1] == ")" and url.count("(") >= url.count(")"):
            break
        url = url[:-1]
    return url
