"""The first screen: it asks who one is and where, with answers that will do, and is not seen again."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from chatapp import join_command
from chatapp.arguments import parser_for
from chatapp.client.client import Client
from chatapp.preferences.file import PreferencesFile
from chatapp.texts import use_language
from chatapp.tui.screens import welcome
from chatapp.tui.screens.welcome import Answers, Welcome, address, parse_address


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(welcome, "own_name", lambda: "ana")


@pytest.fixture
def file(tmp_path: Path) -> PreferencesFile:
    return PreferencesFile(tmp_path / "settings.toml")


@contextlib.asynccontextmanager
async def asked(
    file: PreferencesFile, host: str | None = None, port: int = 9000, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[Answers]]:
    async with Welcome(file, host, port).run_test(size=size) as pilot:
        yield pilot


def shown(pilot: Pilot[Answers]) -> str:
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def test_enter_is_enough(file: PreferencesFile) -> None:
    """One is called what the system calls one, on this machine; the next time nothing is asked."""
    async with asked(file) as pilot:
        await pilot.press("enter")
    assert pilot.app.return_value == Answers("ana", None, 9000)
    assert file.load()[0].nick == "ana"


async def test_all_is_chosen_by_keys(file: PreferencesFile) -> None:
    """Language and colours show at once what they are, and all is kept."""
    async with asked(file) as pilot:
        await pilot.press("ctrl+u", *"luis", "down", *"chat.example:9100", "down", "right", "down", "right")
        await pilot.pause()
        assert "Te damos la bienvenida" in shown(pilot)
        assert pilot.app.theme == "chatapp-light"
        await pilot.press("enter")
    assert pilot.app.return_value == Answers("luis", "chat.example", 9100)
    kept, _ = file.load()
    assert (kept.nick, kept.language, kept.theme) == ("luis", "es", "chatapp-light")


async def test_keys_that_come_at_once_are_each_for_their_field(file: PreferencesFile) -> None:
    """As over a slow line: what is typed behind an arrow is for where that leads, and Enter is the last of them."""
    async with asked(file) as pilot:
        for key in (*"eva", "down", *"there", "down", "right", "down", "right", "enter", "x"):
            pilot.app.post_message(Key(key, key if len(key) == 1 else None))
        await pilot.pause()
    assert pilot.app.return_value == Answers("eva", "there", 9000)
    assert (file.load()[0].language, file.load()[0].theme) == ("es", "chatapp-light")


@pytest.mark.parametrize(
    ("field", "text", "problem"), [("nick", "a b", "A nick has 1 to 32"), ("address", "a/b", "Where is a name or an")]
)
async def test_what_will_not_do_is_said(file: PreferencesFile, field: str, text: str, problem: str) -> None:
    """In place; nothing is kept before all will do."""
    async with asked(file) as pilot:
        pilot.app.query_one(f"#{field}", Input).value = text
        await pilot.press("enter")
        await pilot.pause()
        assert problem in shown(pilot)
        assert file.is_new()
        await pilot.press("escape")
    assert pilot.app.return_value is None


async def test_what_was_said_stands_there(file: PreferencesFile) -> None:
    """The host and port of the command line."""
    async with asked(file, "chat.example", 9100) as pilot:
        assert "chat.example:9100" in shown(pilot)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)])
async def test_it_fits(file: PreferencesFile, size: tuple[int, int], language: str) -> None:
    """All that is asked, and what Enter and Escape do, is in one screen."""
    use_language(language)
    async with asked(file, size=size) as pilot:
        for id_ in ("nick", "address", "language", "theme", "keys"):
            region = pilot.app.query_one(f"#{id_}").region
            assert region.height == 1
            assert pilot.app.screen.region.contains_region(region)


@pytest.mark.parametrize(("chosen", "given"), [("es", {"language": "es"}), ("en", {})])
async def test_the_language_chosen_counts_more_than_that_of_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chosen: str, given: dict[str, str]
) -> None:
    """`chatapp join --lang es` goes on in English for who chose that on the first screen."""

    async def ask(*_: object) -> tuple[Answers, int]:
        use_language(chosen)
        return Answers("ana", "127.0.0.1", 9000), 0

    seen: list[Mapping[str, str]] = []

    async def run_chat(_: Client, _preferences: Path, given: Mapping[str, str]) -> tuple[int, str]:
        seen.append(given)
        return 0, ""

    monkeypatch.setattr(welcome, "ask", ask)
    monkeypatch.setattr("chatapp.tui.app.run_chat", run_chat)
    use_language("es")
    arguments = ["join", "--lang", "es", "--data", str(tmp_path)]
    await join_command._chat(parser_for(arguments).parse_args(arguments))
    assert seen == [given]


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("", (None, 9000)),
        (" chat.example ", ("chat.example", 9000)),
        ("chat.example:1", ("chat.example", 1)),
        (":9100", (None, 9100)),
        ("192.0.2.7", ("192.0.2.7", 9000)),
        ("[2001:db8::7]:9100", ("2001:db8::7", 9100)),
        ("2001:db8::7", ("2001:db8::7", 9000)),
    ],
)
def test_addresses(text: str, parsed: tuple[str | None, int]) -> None:
    """They are read as they are written elsewhere, and shown so that they are read the same."""
    assert parse_address(text) == parsed
    assert parse_address(address(*parsed)) == parsed


@pytest.mark.parametrize("text", ["a/b", "a b", "a:0", "a:70000", "a:b", "a@b", "a?b", "[::1"])
def test_what_is_no_address(text: str) -> None:
    """A path, a user, a port that is none."""
    with pytest.raises(ValueError, match=r".*"):
        parse_address(text)
