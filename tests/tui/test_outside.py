"""The editor that one writes in, outside of the app."""

import asyncio

import pytest

from chatapp.server.server import Server
from chatapp.texts import use_language
from chatapp.tui.composer.outside import EditorError, _silence, editor_command
from tests.tui.screens import window


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({"EDITOR": "vi"}, ["vi"]),
        ({"VISUAL": "code --wait", "EDITOR": "vi"}, ["code", "--wait"]),
        ({"VISUAL": " ", "EDITOR": "'/opt/my editor' -x"}, ["/opt/my editor", "-x"]),
    ],
)
def test_the_environment_names_it(environment: dict[str, str], command: list[str]) -> None:
    """$VISUAL before $EDITOR, with arguments, quoted as in a shell."""
    assert editor_command(environment) == command


@pytest.mark.parametrize("environment", [{}, {"EDITOR": ""}, {"VISUAL": "'"}])
def test_there_may_be_none(environment: dict[str, str]) -> None:
    """Nothing is guessed."""
    with pytest.raises(EditorError):
        editor_command(environment)


async def test_without_one_a_line_says_so(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the person's language; the draft stays."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    use_language("es")
    async with window(server.port) as ana:
        await ana.press("a", "ctrl+o")
        await ana.shows("Pon $VISUAL o $EDITOR")
        assert ana.composer.text == "a"


async def test_nothing_is_written_while_it_has_the_terminal(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much would be: what waits for the terminal beyond 30 writes stops the app."""
    async with window(server.port) as ana:
        written = list[str]()
        driver = ana.app._driver
        assert driver is not None
        with monkeypatch.context() as patches:
            patches.setattr(type(driver), "write", lambda _, data: written.append(data))
            with _silence(driver):
                driver.write("bell")
            driver.write("after")
        assert written == ["after"]


async def test_what_was_for_one_room_never_stands_in_another(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is taken elsewhere while the editor is open finds it one step up."""
    closed = asyncio.Event()

    async def edit(*_: object) -> str:
        await closed.wait()
        return "secret"

    monkeypatch.setattr("chatapp.tui.composer.outside.edit", edit)
    monkeypatch.setenv("EDITOR", "vi")
    async with window(server.port) as ana:
        await ana.type("/join #ops")
        await ana.until(lambda: ana.client.state.room == "#ops")
        await ana.press("ctrl+o")
        ana.client.look_at("#general")
        await ana.shows("You are in #general")
        closed.set()
        await ana.until(lambda: all(worker.node is not ana.composer for worker in ana.app.workers))
        assert ana.composer.text == ""
        await ana.press("up")
        assert ana.composer.text == "secret"
