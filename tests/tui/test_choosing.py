"""A message is chosen by keys, and something is done with it."""

import webbrowser
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.events import AppBlur, AppFocus

from chatapp.protocol.requests import Delete, Edit, React, Request, Say
from chatapp.server.server import Server
from chatapp.texts import use_language
from tests.tui.screens import Window, say_all, window

LINES = ("uno https://example.org/a", "dos", "tres")


def sent(ana: Window, monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """Return the list that all goes to that `ana` sends from here on."""
    requests: list[Request] = []
    monkeypatch.setattr(ana.client, "send", requests.append)
    return requests


def chosen(ana: Window) -> str | None:
    """Return what the chosen message says."""
    return None if (entry := ana.timeline.chosen) is None else entry.text


async def talk(ana: Window, port: int) -> None:
    """Let luis say three things, and then ana one."""
    await say_all(port, "luis", LINES)
    await ana.shows("tres")
    await ana.type("cuatro")
    await ana.shows("cuatro")


async def test_up_and_down_choose(server: Server) -> None:
    """The lowest message in view first; notices are passed over; at both ends it stays; Escape goes on writing."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.press("x", "shift+tab")
        await ana.until(lambda: chosen(ana) == "cuatro")
        for key, text in (("up", "tres"), ("k", "dos"), ("up", LINES[0]), ("up", LINES[0]), ("down", "dos")):
            await ana.press(key)
            assert chosen(ana) == text
        await ana.press("down", "j", "down")
        assert chosen(ana) == "cuatro"
        await ana.press("escape", "y")
        assert (chosen(ana), ana.composer.text) == (None, "xy")


async def test_with_no_message_none_is_chosen(server: Server) -> None:
    """One is told so, and writes on."""
    async with window(server.port) as ana:
        await ana.press("shift+tab")
        await ana.shows("There is no message here yet.")
        await ana.press("x")
        assert ana.composer.text == "x"


@pytest.mark.parametrize(
    ("keys", "line", "expected"),
    [
        (["r", "s", "i"], "/reply si", Say("#general", "si", "", "text", 2)),
        (["plus", *"heart"], "/react :heart", React("#general", "heart", 2)),
        (["d"], "/delete", Delete("#general", 2)),
    ],
)
async def test_it_is_this_one_that_is_meant(
    server: Server, monkeypatch: pytest.MonkeyPatch, keys: list[str], line: str, expected: Request
) -> None:
    """The composer stands with the line, and its border says what it is about; sent, it names that message."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.press("shift+tab", "up", "up")
        assert chosen(ana) == "dos"
        requests = sent(ana, monkeypatch)
        await ana.press(*keys)
        assert ana.composer.text == line
        await ana.shows("↳ luis: dos")
        await ana.press("enter")
        await ana.until(lambda: bool(requests))
        assert [replace(each, id="") if isinstance(each, Say) else each for each in requests] == [expected]
        await ana.until(lambda: "↳ luis: dos" not in ana.text())


async def test_the_keys_need_not_wait_for_the_screen(server: Server) -> None:
    """In a burst they do what they do one by one: those that choose choose, and those after are written."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.press_at_once("x", "shift+tab", "up", "up", "r", "y", "e", "s")
        await ana.until(lambda: ana.composer.text == "/reply yes")
        await ana.shows("↳ luis: dos")
        await ana.press_at_once("shift+tab", "up", "escape", "!")
        await ana.until(lambda: ana.composer.text == "/reply yes!")


async def test_ones_own_is_edited_and_nobody_elses(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The own one stands in the composer as it reads; of another's it is said that it can't be."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.press("shift+tab", "e")
        assert ana.composer.text == "/edit cuatro"
        requests = sent(ana, monkeypatch)
        await ana.press("!", "enter")
        await ana.until(lambda: requests == [Edit("#general", "cuatro!", 4)])
        await ana.press("shift+tab", "up", "e", "x")
        await ana.shows("Only what you said yourself")
        assert ana.composer.text == "x"


async def test_another_line_is_about_no_message(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who takes the command out of the line means the message no more, nor does a command that is typed later."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.press("shift+tab", "up", "up", "r")
        requests = sent(ana, monkeypatch)
        await ana.press_at_once("ctrl+u", *"/reply no", "enter")
        await ana.until(lambda: bool(requests))
        assert [each.reply for each in requests if isinstance(each, Say)] == [3]


@pytest.mark.parametrize("walk", [(), ("up",)])
async def test_a_draft_is_kept(server: Server, walk: tuple[str, ...]) -> None:
    """What stood in the composer is one step up, also if something that was sent stood there in its place."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.press(*"draft", *walk, "shift+tab", "up", "r")
        assert ana.composer.text == "/reply "
        await ana.press("up")
        assert ana.composer.text == "draft"


@pytest.mark.parametrize("key", ["d", "e"])
async def test_up_and_down_forget_no_message(server: Server, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """Back at the line, it is still about the message that was chosen, and about no other."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.type("cinco")
        await ana.shows("cinco")
        await ana.press("shift+tab", "up", key)
        requests = sent(ana, monkeypatch)
        await ana.press("up", "down", "enter")
        await ana.until(lambda: bool(requests))
        assert requests in ([Delete("#general", 4)], [Edit("#general", "cuatro", 4)])


async def test_a_line_about_a_message_comes_back_as_none_about_another(server: Server) -> None:
    """Whoever chooses a second message has not written a draft: sent later, that would be about the last one."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.press("shift+tab", "d", "shift+tab", "up", "r", "up")
        assert ana.composer.text == "cuatro"


async def test_what_is_deleted_is_acted_upon_no_more(server: Server) -> None:
    """One may go on from there."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.press("shift+tab")
        ana.client.send(Delete("#general", 4))
        await ana.shows("message deleted")
        await ana.press("e", "d", "r")
        assert (chosen(ana), ana.composer.text) == (None, "")
        await ana.press("up")
        assert chosen(ana) == "tres"


async def test_what_is_chosen_is_in_view(server: Server) -> None:
    """Whoever scrolls away has another one chosen that they see."""
    async with window(server.port, size=(60, 12)) as ana:
        await say_all(server.port, "luis", [f"line {number}" for number in range(30)])
        await ana.shows("line 29")
        await ana.press("shift+tab", "pageup", "pageup")
        await ana.until(lambda: f"luis {chosen(ana)} " in ana.text())


async def test_a_timeline_that_begins_anew_lets_go(server: Server) -> None:
    """With nothing to choose from one writes."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.press("shift+tab")
        ana.timeline.clear()
        await ana.press("x")
        assert ana.composer.text == "x"


@pytest.mark.parametrize("size", [(1, 1), (2, 10), (10, 1), (20, 4)])
async def test_there_may_be_no_place_for_it(server: Server, size: tuple[int, int]) -> None:
    """On a tiny screen, too, nothing crashes."""
    async with window(server.port, size=size) as ana:
        await say_all(server.port, "luis", LINES)
        await ana.until(lambda: len(ana.timeline.entries) > len(LINES))
        await ana.press(
            "shift+tab", "up", "down", "up", "plus", "h", "e", "tab", "shift+tab", "r", "x", "alt+k", "escape"
        )
        assert ana.app.is_running


@pytest.mark.parametrize(("language", "copied"), [("en", "Copied."), ("es", "Copiado.")])
async def test_a_text_is_copied_and_a_link_opened(
    server: Server, monkeypatch: pytest.MonkeyPatch, language: str, copied: str
) -> None:
    """The text goes to the clipboard as it is shown; the first link to what the system opens it with."""
    use_language(language)
    opened: list[str] = []
    async with window(server.port) as ana:
        monkeypatch.setattr(ana.app, "open_url", opened.append)
        monkeypatch.setattr("webbrowser.get", lambda: webbrowser.BackgroundBrowser("a-browser"))
        await talk(ana, server.port)
        await ana.press("shift+tab", "up", "up", "up", "y")
        await ana.shows(copied)
        assert ana.app.clipboard == LINES[0]
        await ana.press("shift+tab", "up", "up", "up", "o")
        await ana.until(lambda: opened == ["https://example.org/a"])
        await ana.press("shift+tab", "o", "x")
        assert (opened, ana.composer.text) == (["https://example.org/a"], "x")


async def test_a_link_is_copied(server: Server) -> None:
    """The first of the message; where there is none, that is said."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.press("shift+tab", "up", "up", "up", "l")
        await ana.shows("Copied: https://example.org/a")
        assert ana.app.clipboard == "https://example.org/a"
        await ana.press("shift+tab", "l")
        await ana.shows("There is no link in that message.")


async def test_the_systems_clipboard_has_it_too(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By the program of the desktop, which is given the text as it is."""
    copied = tmp_path / "copied"
    program = tmp_path / "wl-copy"
    program.write_text(f"#!/bin/sh\ncat > {copied}.new; mv {copied}.new {copied}\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.press("shift+tab", "up", "up", "up", "y")
        await ana.until(copied.exists)
        assert copied.read_text() == LINES[0]


async def test_no_browser_draws_over_the_screen(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is none but for the terminal, the address is copied."""
    async with window(server.port) as ana:
        monkeypatch.setattr("webbrowser.get", lambda: webbrowser.GenericBrowser("w3m"))
        await talk(ana, server.port)
        await ana.press("shift+tab", "up", "up", "up", "o")
        await ana.shows("No browser can be opened from here. Copied:")
        assert ana.app.clipboard == "https://example.org/a"


async def test_what_comes_meanwhile_moves_nothing(server: Server) -> None:
    """The choice and the view stay; afterwards the newest is one key away."""
    async with window(server.port, size=(60, 12)) as ana:
        await say_all(server.port, "luis", [f"line {number}" for number in range(30)])
        await ana.shows("line 29")
        await ana.press("shift+tab", *["up"] * 12)
        text, top = chosen(ana), ana.timeline.scroll_offset.y
        await say_all(server.port, "mei", ["new"])
        await ana.shows("new line")
        assert (chosen(ana), ana.timeline.scroll_offset.y) == (text, top)
        await ana.press("escape", "escape")
        await ana.shows("mei new")


async def test_older_ones_come_as_one_goes_up(server: Server) -> None:
    """At the top of what is there the page before is asked for, and one goes on through it."""
    await say_all(server.port, "luis", [f"line {number}" for number in range(150)])
    async with window(server.port, size=(60, 12)) as ana:
        await ana.shows("line 149")
        await ana.press("shift+tab")
        for _ in range(20):
            await ana.press_at_once(*["up"] * 10)
        assert (chosen(ana), ana.timeline.first_seq) == ("line 0", 1)


async def test_the_choice_is_there_again_when_the_window_is(server: Server) -> None:
    """The same one, whatever comes meanwhile."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.press("shift+tab", "up", "up")
        ana.app.post_message(AppBlur())
        await ana.until(lambda: chosen(ana) is None)
        await say_all(server.port, "mei", ["new"])
        await ana.shows("new")
        ana.app.post_message(AppFocus())
        await ana.until(lambda: chosen(ana) == "dos")


async def test_in_another_room_one_writes(server: Server) -> None:
    """Whoever goes to another room while choosing chooses no more."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        await ana.press("shift+tab")
        ana.client.type_line("/join #ops")
        await ana.shows("You are in #ops now.")
        await ana.press("d", "x")
        assert ana.composer.text == "dx"


async def test_going_to_what_is_answered_chooses_it(server: Server) -> None:
    """alt+j goes there, and that is what the keys are about; with nothing chosen it is only marked for some time."""
    async with window(server.port) as ana:
        await talk(ana, server.port)
        ana.client.send(Say("#general", "cinco", "id-5", reply=1))
        await ana.shows("cinco")
        await ana.press("shift+tab", "alt+j")
        await ana.until(lambda: chosen(ana) == LINES[0])
        assert ana.timeline._unmarking is None
