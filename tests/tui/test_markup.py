"""Markup in messages: what is styled, what is shown as it was typed, and that any text is laid out in time."""

import subprocess
import sys
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from chatapp.tui.timeline.entries import Entry, Kind, Look
from chatapp.tui.timeline.markup import Part, blocks_of, code_ground, may_have_markup
from chatapp.tui.timeline.rows import count_rows, lay_out
from chatapp.tui.timeline.shape import Shape

DIM = Style(dim=True)
LOOK = Look(DIM, DIM, Style(bold=True))
WIDE = 100
MOST_SECONDS = 0.05

PIECES = (
    *("*", "**", "***", "_", "__", "`", "``", "```", "```py\n", "\n", "> ", ">", " ", "\\", "!", "[", "]", "](", ")"),
    *(
        "[a](https://b.org)",
        "](mailto:a@b)",
        "https://",
        "http://[",
        "://",
        "a",
        "(",
        "日",
        "👨‍👩‍👧",
        "e\u0301",
        "\u200d",
    ),
    *("~~~", "# ", "- ", "<b>", "&amp;", "\t", "\x1b[2J", "\u202e", "word ", "日本語" * 9, "x" * 50),
)
texts = st.text() | st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def said(text: str, kind: Kind = Kind.TEXT) -> Entry:
    return Entry(kind, text, 0.0, "ana")


def drawn(text: str, width: int = WIDE, kind: Kind = Kind.TEXT) -> list[Content]:
    return lay_out(said(text, kind), Shape(width), LOOK, continues=True)


def body(text: str) -> str:
    """Return what is shown of `text` where there is room enough, without its column."""
    return "\n".join(row.plain[20:] for row in drawn(text, 20 + 4096))


def parts(text: str) -> list[tuple[Part, str]]:
    return [(mark.part, block.text[mark.start : mark.end]) for block in blocks_of(text) for mark in block.marks]


def styles(row: Content, part: str) -> Style:
    """Return the style of `part` in `row`."""
    start = row.plain.index(part)
    covering = (span.style for span in row.spans if span.start <= start and span.end >= start + len(part))
    return sum((style for style in covering if isinstance(style, Style)), Style())


@pytest.mark.parametrize(
    ("text", "shown", "marked"),
    [
        ("a **b c** d", "a b c d", [(Part.BOLD, "b c")]),
        ("a *b* d", "a b d", [(Part.ITALIC, "b")]),
        ("a _b c_, d", "a b c, d", [(Part.ITALIC, "b c")]),
        ("**a *b***", "a b", [(Part.ITALIC, "b"), (Part.BOLD, "a b")]),
        ("**two\nlines**", "two\nlines", [(Part.BOLD, "two\nlines")]),
        ("这是**重要**的", "这是重要的", [(Part.BOLD, "重要")]),
        ("run `a*b*c`", "run a*b*c", [(Part.CODE, "a*b*c")]),
        ("``a`b``", "a`b", [(Part.CODE, "a`b")]),
        ("```a```", "a", [(Part.CODE, "a")]),
        ("**`*`**", "*", [(Part.CODE, "*"), (Part.BOLD, "*")]),
    ],
)
def test_what_stands_out(text: str, shown: str, marked: list[tuple[Part, str]]) -> None:
    """Bold, italic and code lose their marks, and are what they say."""
    assert body(text) == shown
    assert parts(text) == marked


def test_styles_are_those_of_the_parts() -> None:
    """On the screen bold is bold, italic is italic, code has a background, and what is none of it has no style."""
    (row,) = drawn("**fat** *thin* `code` plain")
    assert styles(row, "fat") == Style(bold=True)
    assert styles(row, "thin") == Style(italic=True)
    assert styles(row, "code") == code_ground()
    assert styles(row, "plain") == Style()


@pytest.mark.parametrize(
    "text",
    [
        *("# no heading", "title\n===", "- no\n- list", "1. no list", "* no list\n* at all", "***", "---", "~~no~~"),
        *("| no | table |\n|---|---|", "![no](https://image.org/x.png)", "<b>no</b> <!-- no -->", "&amp; &lt; &#35;"),
        *("<ana@example.org>", "[no]", "[no]: /a", "[no][ref]", "[]()", "[no]( )", "    no code"),
        *("2*3*4", "x**2 + y**2", "f(*args, **kwargs)", "*.*", "*-*", "a * b * c", '"*"*10'),
        *("snake_case_name", "__init__", "^_^ and ^_^", "-_- -_-", "¯\\_(ツ)_/¯", ">_<", ">:(", ">>> 1 + 1", "a > b"),
        *("~~~\nno fence\n~~~", "```", "```\n```", "```\n\n```", "`", "``", "a `b", "\\*a\\*", "\\`a\\`", "C:\\*.*\\"),
        *(
            "[bold]no[/bold]",
            "[@click=app.quit]no[/]",
            "[link=file:///a]no[/link]",
            "$text",
            "  spaces  ",
            "a\n\n b",
        ),
        *("[x](javascript:alert(1))", "[x](file:///etc/passwd)", "[x](data:text/html,x)", "[x](a)", "[x](//a.org)"),
        *("ftp://a.org", "xhttp://a.org", "http://", "https:///a", "[x](https://)", "[x](HTTPS:a)", "[x](#a)"),
    ],
)
def test_all_else_is_shown_as_it_was_typed(text: str) -> None:
    """What is not in the subset is there character for character, and has no style."""
    assert body(text) == text
    assert not any(row.spans for row in drawn(text))


@given(st.text("ab é日👍.,;:!?()-+=/#|~<&$%@'\"{}^\n 1"))
def test_a_text_without_marks_is_not_even_looked_at(text: str) -> None:
    """Where none of the characters is that could mark anything, nothing is parsed and all is there."""
    if "://" not in text:
        assert not may_have_markup(text)
        assert said(text)._blocks == ()


@given(texts)
def test_a_quick_look_misses_nothing(text: str) -> None:
    """What the parser would find markup in is given to the parser."""
    shown = said(text).text
    assert may_have_markup(shown) or not blocks_of(shown)


def test_a_fenced_block_is_verbatim_on_a_background() -> None:
    """Its lines keep their spaces and marks, all have the same width, and the fences are gone."""
    rows = [row[20:] for row in drawn("```\n**a**\n\n  b  > c\n```\nafter")]
    assert [row.plain for row in rows] == [" **a**    ", " " * 10, "   b  > c ", "after"]
    assert all(code_ground() in [span.style for span in row.spans] for row in rows[:3])
    assert not rows[3].spans


def test_a_block_in_a_known_language_is_coloured() -> None:
    """Its words have colours, and its text is the same; in a language that is none it has none."""
    code = 'def f():\n    return "日本"\n'
    rows, plain = drawn(f"```python\n{code}```"), drawn(f"```nonesuch\n{code}```")
    assert [row.plain for row in rows] == [row.plain for row in plain]
    assert styles(rows[0], "def").foreground != styles(rows[1], '"日本"').foreground
    assert {span.style for row in plain for span in row.spans} == {code_ground()}


def test_a_quote_has_a_bar_and_is_dim() -> None:
    """Each of its rows has the bar, the wrapped ones too; it ends with its last line that is marked."""
    rows = [row[20:] for row in drawn("> one two three four five six seven\n> > *deeper*\nafter", 20 + 24)]
    assert [row.plain for row in drawn("> one two\n> > *deeper*\nafter", WIDE)] == [
        " " * 20 + "▎ one two",
        " " * 20 + "▎ ▎ deeper",
        " " * 20 + "after",
    ]
    assert len(rows) > 3
    assert styles(drawn("> one *two*")[0], "one") == DIM
    assert styles(drawn("> one *two*")[0], "two") == DIM + Style(italic=True)
    assert styles(drawn("> one\nafter")[1], "after") == Style()


def test_quotes_are_three_deep_at_most() -> None:
    """What is deeper loses nothing: its marks stay."""
    assert body("> > > > > a") == "▎ ▎ ▎ > > a"


@pytest.mark.parametrize(
    ("text", "shown", "target"),
    [
        ("[docs](https://a.org/x)", "docs (a.org)", "https://a.org/x"),
        ("[a.org](https://a.org)", "a.org", "https://a.org"),
        ("[https://a.org/x](https://a.org/x)", "https://a.org/x", "https://a.org/x"),
        ("[https://bank.com](https://evil.org/)", "https://bank.com (evil.org)", "https://evil.org/"),
        (
            "[https://bank.com/](https://bank.com@evil.org/)",
            "https://bank.com/ (evil.org)",
            "https://bank.com@evil.org/",
        ),
        ("[bank](https://xn--bnk-sna.com)", "bank (xn--bnk-sna.com)", "https://xn--bnk-sna.com"),
        ("[bank](https://bänk.com)", "bank (xn--bnk-qla.com)", "https://xn--bnk-qla.com"),
        ("[write](mailto:ana@a.org)", "write (ana@a.org)", "mailto:ana@a.org"),
        ("[](https://a.org)", "https://a.org", "https://a.org"),
        ("[ ](https://a.org)", " https://a.org", "https://a.org"),
        ("see https://a.org/b_c_d*e, or", "see https://a.org/b_c_d*e, or", "https://a.org/b_c_d*e"),
        ("(http://a.org/x_(y))", "(http://a.org/x_(y))", "http://a.org/x_(y)"),
        ("**https://a.org**.", "https://a.org.", "https://a.org"),
        ("<https://a.org>", "<https://a.org>", "https://a.org"),
        (
            "https://es.wikipedia.org/wiki/Año",
            "https://es.wikipedia.org/wiki/Año",
            "https://es.wikipedia.org/wiki/A%C3%B1o",
        ),
        ("https://bänk.com", "https://bänk.com (xn--bnk-qla.com)", "https://xn--bnk-qla.com"),
    ],
)
def test_a_link_says_where_it_leads(text: str, shown: str, target: str) -> None:
    """The label is underlined and leads to the target; another host than the label's is told, and mails' addresses."""
    assert body(text) == shown
    (link,) = [mark for block in blocks_of(text) for mark in block.marks if mark.part is Part.LINK]
    assert link.target == target
    (row,) = drawn(text)
    spans = [span.style for span in row.spans if isinstance(span.style, Style) and span.style.link]
    assert spans == [Style(underline=True, link=target)]


@given(texts)
@example("[x](https://a.org/\x1b]8;;\x07)")
@example("[x](<https://a.org/\\a b\u202e>)")
def test_a_link_is_harmless(text: str) -> None:
    """Every target has an allowed scheme and is printable ASCII without a space; no style has an action."""
    for row in drawn(text):
        for span in row.spans:
            assert isinstance(span.style, Style)
            assert not span.style.meta
            link = span.style.link
            assert link is None or link.lower().startswith(("http://", "https://", "mailto:"))
            assert link is None or (link.isascii() and link.isprintable() and " " not in link)


def test_an_action_has_markup_behind_its_nick() -> None:
    """The nick stays in front and all is italic; a block begins on a row of its own."""
    (row,) = drawn("waves **much**", kind=Kind.ACTION)
    assert row.plain[20:] == "ana waves much"
    assert styles(row, "much") == Style(italic=True, bold=True)
    assert [row.plain[20:] for row in drawn("> hi", kind=Kind.ACTION)] == ["ana", "▎ hi"]


def test_a_narrow_screen_has_the_nick_in_front() -> None:
    """Before text it stands in the same row, before a block in the row above."""
    assert [row.plain for row in drawn("**hola** a todos", 20)] == ["ana hola a todos"]
    assert [row.plain for row in drawn("```\nx\n```", 20)] == ["ana", "   x "]


@pytest.mark.parametrize("kind", [Kind.NOTICE, Kind.ERROR, Kind.RULE])
def test_what_nobody_said_has_no_markup(kind: Kind) -> None:
    """In notices the marks stay."""
    assert "**a**" in drawn("**a**", kind=kind)[0].plain


@given(texts, st.integers(12, 120), st.sampled_from([Kind.TEXT, Kind.ACTION]))
@example("```\n日本語日本語日本語日本語\n```", 12, Kind.TEXT)
@example("> > > 日本語 **日本語日本語日本語**", 12, Kind.TEXT)
def test_rows_counted_are_rows_drawn(text: str, width: int, kind: Kind) -> None:
    """Whatever is said, there are as many rows as were counted, none wider than the screen, and no line feed in any."""
    rows = drawn(text, width, kind)
    assert len(rows) == count_rows(said(text, kind), Shape(width))
    assert max(cell_len(row.plain) for row in rows) <= width
    assert not any("\n" in row.plain or "\x1b" in row.plain for row in rows)


@pytest.mark.parametrize("width", range(12, 121, 9))
def test_no_character_is_lost_in_wrapping(width: int) -> None:
    """Wide characters, emoji and long words in bold, code, quotes and fences are all there at any width."""
    words = ("日本語のとても長い文章です", "👨‍👩‍👧👍🏽", "x" * 130, "e\u0301" * 20)
    text = "".join(f"**{word}** `{word}`\n> {word}\n```py\n{word}\n```\n" for word in words)
    shown = "".join(row.plain for row in drawn(text, width)).replace("▎", "").replace(" ", "")
    assert shown.removeprefix("ana") == "".join(word * 4 for word in words)


@pytest.mark.parametrize("width", [12, 40, 120])
@pytest.mark.parametrize(
    "unit",
    [
        *("*", "[", "`", "> ", ">\n", "> a\n", "**a** ", "*a ", "a* ", "_a_ ", "[**", "**[", "*_", "](", "[]()", "!["),
        *("[a](https://b.org) ", "[a](", "`a` ", "`` ` ", "https://a.org ", "https://", "http://(", ")", "\\*", "[[a]"),
        *("```\n", "> ```\n", "> > > > ", "*日*", "[a](<", "https://a.org))))", "\u200d*"),
    ],
)
def test_hostile_texts_are_laid_out_in_time(unit: str, width: int) -> None:
    """4 KiB of anything are counted and laid out within 50 ms, in the best of three."""
    text = (unit * 4096)[:4096]
    drawn("*warm*")
    assert min(seconds_to_lay_out(text, width) for _ in range(3)) < MOST_SECONDS


@pytest.mark.parametrize("language", ["python", "py", "js", "ts", "c", "rust", "html", "yaml", "sql", "toml", "java"])
@pytest.mark.parametrize("unit", ["a\t", "a.", '"\\', "\n", "(", "@a(", "a\n", '"', "{{"])
def test_hostile_code_is_laid_out_in_time(language: str, unit: str) -> None:
    """The highlighter is not given what its expressions take long for."""
    text = f"```{language}\n" + (unit * 4096)[:4000]
    assert min(seconds_to_lay_out(text, WIDE) for _ in range(3)) < MOST_SECONDS


def seconds_to_lay_out(text: str, width: int) -> float:
    entry, start = said(text), time.process_time()
    count_rows(entry, Shape(width))
    for row in lay_out(entry, Shape(width), LOOK, continues=False):
        row.render_segments(Style())
    return time.process_time() - start


def test_a_start_loads_no_parser() -> None:
    """The screen's modules load neither the parser nor the highlighter; the first message that needs them does."""
    program = "import sys, chatapp.tui.timeline.timeline; print(*{'markdown_it', 'pygments'} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert loaded.stdout.strip() == ""
