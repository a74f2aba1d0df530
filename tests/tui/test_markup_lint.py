"""No markup is built from variables anywhere in the app, and the lint that says so can fail."""

from pathlib import Path

import pytest

import chatapp.tui
from tests.tui.markup_lint import built_markup

BAD = [
    'Static(f"[b]{nick}[/]")',
    'Static("[b]" + nick)',
    'Static("[b]%s" % nick)',
    'Static("[b]{}".format(nick))',
    "Static(text)",
    'Static(tr("{nick} is here", nick=nick))',
    "Label(nick, id='x')",
    "widgets.Button(label)",
    "OptionList(*options)",
    "Static(text, markup=True)",
    "Anything(markup=True)",
    "Content.from_markup(text)",
    'Text.from_markup(f"{nick}")',
    'app.notify(f"{nick} came")',
    "self.notify(text)",
    'self.border_title = f"{nick}"',
    'box.border_subtitle = Content("x") if a else f"{b}"',
    'box.tooltip = "a" + nick',
    'Vertical(border_title=f"{nick}")',
    "class Line(Static):\n    pass\n\n\nLine(nick)",
    "class A(Static):\n    pass\nclass B(A):\n    pass\nB(nick)",
    'class A(Widget):\n    def render(self):\n        return f"{self.nick}"',
]
GOOD = [
    'Static("Rooms")',
    'Static(tr("Rooms"))',
    "Static(text, markup=False)",
    'Static(f"{nick}", markup=False)',
    "Static(Content(nick))",
    "Static(Content.styled(nick, style).truncate(4))",
    "Static()",
    "OptionList(*options, markup=False)",
    "box.border_title = Content(nick) if nick else None",
    'box.border_title = tr("Esc closes")',
    'Content.from_markup("[b]bold[/]")',
    'class A(W):\n  def __init__(self): super().__init__(markup=False)\n  def render(self): return f"{a}"',
    'app.notify("done")',
    "app.notify(text, markup=False)",
    "class Line(Static):\n    def __init__(self):\n        super().__init__(markup=False)\n\n\nLine(nick)",
    'title = "a"',
]


@pytest.mark.parametrize("source", BAD)
def test_built_markup_is_found(source: str) -> None:
    """Each way to put a variable into what is read as markup is found, in the line where it is done."""
    assert [place.partition(":")[0] for place in built_markup({Path("x.py"): source})] == ["x.py"]


@pytest.mark.parametrize("source", GOOD)
def test_what_is_no_markup_is_let_be(source: str) -> None:
    """Constants, contents, and widgets that read no markup pass."""
    assert list(built_markup({Path("x.py"): source})) == []


def test_the_app_builds_no_markup() -> None:
    """None of what may import Textual does: text from peers is never read as markup."""
    files = Path(chatapp.tui.__file__).parent.rglob("*.py")
    assert list(built_markup({file: file.read_text() for file in files})) == []
