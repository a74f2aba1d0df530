"""Markup: any message is blocks whose marks lie in their text, drawn with no control character and no action."""

from textual.style import Style

from chatapp.protocol.safe import printable
from chatapp.tui.timeline import code, markdown
from chatapp.tui.timeline.markup import Block, blocks_of, content_of, may_have_markup
from tests.dangers import dangers_in

SEEDS = (
    "**hola** _que_ `tal` [aquí](https://example.org/a?b) https://example.org".encode(),
    b"> > cita\n> mas\n```py\nx = 1\n```\nfin",
    b"[@click=app.quit]x[/] \x1b]8;;http://x\x1b\\y",
)
WORDS = (
    *(b"**", b"_", b"`", b"```", b"\n> ", b"](", b"](https://a/)", b"https://", b"\\*", b"[bold]", b"[/]", b"mailto:a"),
    *(b"\x1b[2J", b"\x1b]8;;", b"\xc2\x9b", b"\xe2\x80\xae", b"\xe2\x80\x8d", b"\xf0\x9f\x91\xa9", b"\xef\xb8\x8f"),
)
LONGEST = 256

LED_BY = (code, markdown)
"""Imported with the rest, so that their branches lead the fuzzer: the app itself imports them when they are needed."""

_DIM = Style(dim=True)


def check(data: bytes) -> None:
    """Read `data` as a message's text. Raises whatever goes wrong: nothing may."""
    text = printable(data.decode(errors="replace"))
    assert dangers_in(text) <= {"\n"}
    if may_have_markup(text):
        for block in blocks_of(text):
            _check_block(block)


def _check_block(block: Block) -> None:
    for mark in block.marks:
        assert 0 <= mark.start <= mark.end <= len(block.text)
        assert mark.target.isascii()
        assert mark.target.isprintable()
    content = content_of(block, _DIM)
    assert content.plain == block.text
    assert not any(isinstance(span.style, str) or span.style.meta for span in content.spans)
