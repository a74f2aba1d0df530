"""The cursor ends where it should behind whatever terminals draw in different widths."""

import pytest
from textual.drivers.headless_driver import HeadlessDriver

from chatapp.tui.steady import steadied, steady


@pytest.mark.parametrize("text", ["👩‍💻", "🧑🏻‍❤️‍💋‍🧑🏿", "👍🏽", "❤️", "1️⃣", "🇪🇸", "😅"])
def test_an_emoji_has_two_cells(text: str) -> None:
    """Drawn on two blanks, with the cursor put two cells further than it was, whatever the terminal made of it."""
    assert steady(f"a{text}b") == f"a\x1b7  \x1b8\x1b7{text}\x1b8\x1b[2Cb"


def test_each_by_itself() -> None:
    """So that one which is drawn too wide is drawn over by the next."""
    assert steady("👩‍💻👩‍💻") == "\x1b7  \x1b8\x1b7👩‍💻\x1b8\x1b[2C" * 2


def test_what_is_cut_in_two_by_a_style_is_not_counted_twice() -> None:
    """An emoji half of which is bold has two cells; what is joined to it in another style moves nothing."""
    assert steady("👩\x1b[0m\u200d💻") == "\x1b7  \x1b8\x1b7👩\x1b8\x1b[2C\x1b[0m\x1b7\u200d💻\x1b8"


@pytest.mark.parametrize(
    "text", ["hola", "│ ╭─╮ ñ 日本語 한 … ☺ ❤", "\x1b]2;👩‍💻\x1b\\", "\x1b]8;id=1;https://x/❤️\x1b\\"]
)
def test_all_else_is_as_it_was(text: str) -> None:
    """What all terminals agree on, and a title or a link, which aren't drawn."""
    assert steady(text) == text


def test_a_driver_is_steadied() -> None:
    """All that it writes goes through."""
    written: list[str] = []
    kind = type("Driver", (HeadlessDriver,), {"write": lambda _, data: written.append(data)})
    driver = steadied(kind)
    driver.write(object.__new__(driver), "❤️")
    assert written == ["\x1b7  \x1b8\x1b7❤️\x1b8\x1b[2C"]
