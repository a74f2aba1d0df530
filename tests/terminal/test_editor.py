"""Writing in an editor of one's own, which has the whole terminal meanwhile."""

import os
from pathlib import Path

import pytest

from chatapp.client.client import Client
from tests.terminal.conftest import OpenTerminal
from tests.terminal.test_chat import join
from tests.terminal.tmux import Terminal
from tests.tui.screens import person

SCRIPT = """
echo "editing: $(stat -c %a "$1") $(stat -c %a "$(dirname "$1")") $(cat "$1")"
trap 'echo caught' INT
until read key; do :; done
printf 'uno\\ndos\\n' >"$1"
exit $key
"""


async def joined(open_terminal: OpenTerminal, port: int, editor: str, temporary: str = "/tmp") -> Terminal:
    """Open a terminal in which ana hosts a chat, with an `editor` of her own."""
    ana = await open_terminal(EDITOR=editor, TMPDIR=temporary)
    await join(ana, port, "ana")
    await ana.shows("You are in #general as ana", "Write a message")
    return ana


def script(folder: Path) -> str:
    (folder / "an editor.sh").write_text(SCRIPT)
    return f"sh '{folder / 'an editor.sh'}'"


async def say_much(luis: Client) -> None:
    for number in range(100):
        luis.type_line(f"@ana {number}")


async def test_a_draft_is_written_in_an_editor(open_terminal: OpenTerminal, port: int, tmp_path: Path) -> None:
    """Its file is the user's alone; what others say meanwhile, bells and all, disturbs nobody; ctrl+c is its own."""
    (temporary := tmp_path / "temporary").mkdir()
    ana = await joined(open_terminal, port, script(tmp_path), str(temporary))
    await ana.type("a draft")
    await ana.press("C-o")
    await ana.shows("editing: 600 700 a draft", without="People")
    async with person(port, "luis") as luis:
        await say_much(luis)
        while luis.state.pending:
            await ana.screen()
        assert "People" not in await ana.screen()
        await ana.press("C-c")
        await ana.shows("caught")
        await ana.type("0")
        await ana.press("Enter")
        await ana.shows("│ uno", "│ dos", "@ana 99", "connected", without="editing")
        await ana.press("Enter")
        await ana.shows("ana  uno", "Write a message")
    assert os.listdir(temporary) == []


async def test_an_editor_that_fails_changes_nothing(open_terminal: OpenTerminal, port: int, tmp_path: Path) -> None:
    """Its code is told, and the draft is as it was."""
    ana = await joined(open_terminal, port, script(tmp_path))
    await ana.type("a draft")
    await ana.press("C-o")
    await ana.shows("editing")
    await ana.type("3")
    await ana.press("Enter")
    await ana.shows("The editor ended with code 3", "│ a draft")


async def test_an_editor_that_leaves_no_file_changes_nothing(open_terminal: OpenTerminal, port: int) -> None:
    """That is told, and the draft is as it was."""
    ana = await joined(open_terminal, port, "rm")
    await ana.type("a draft")
    await ana.press("C-o")
    await ana.shows("The editor's file is not to be had: No such file", "│ a draft")


@pytest.mark.parametrize(
    ("editor", "says"),
    [("", "Set $VISUAL or $EDITOR"), ("no-such-editor -x", "no-such-editor can't be started"), ("'", "can't be start")],
)
async def test_without_an_editor_one_line_says_so(
    open_terminal: OpenTerminal, port: int, editor: str, says: str
) -> None:
    """And the draft is as it was."""
    ana = await joined(open_terminal, port, editor)
    await ana.type("a draft")
    await ana.press("C-o")
    await ana.shows(f"!  {says}" if not editor else says, "│ a draft")


async def test_the_title_is_the_chats_again(open_terminal: OpenTerminal, port: int, tmp_path: Path) -> None:
    """Whatever the editor made of it."""
    (editor := tmp_path / "titled.sh").write_text("printf '\\033]2;an editor\\007'; echo titled; read key")
    ana = await joined(open_terminal, port, f"sh {editor}")
    await ana.press("C-o")
    await ana.shows("titled")
    assert "an editor" in await ana.tmux("display-message", "-p", "#{pane_title}")
    await ana.press("Enter")
    await ana.shows("Write a message")
    assert "#general · chatapp" in await ana.tmux("display-message", "-p", "#{pane_title}")


async def test_vi_has_the_terminal(open_terminal: OpenTerminal, port: int) -> None:
    """Its keys are its own, and the chat takes up where it was."""
    ana = await joined(open_terminal, port, "vi")
    await ana.press("C-o")
    await ana.shows("~", "message.txt", without="People")
    await ana.type("ifrom vi")
    await ana.press("Escape")
    await ana.type(":wq")
    await ana.press("Enter")
    await ana.shows("│ from vi", "People")
    await ana.press("!", "Enter")
    await ana.shows("ana  from vi!")
