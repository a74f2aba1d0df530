"""The editor that one writes in, outside of the app."""

import pytest

from chatapp.server.server import Server
from chatapp.texts import use_language
from chatapp.tui.outside import EditorError, _silence, editor_command
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
