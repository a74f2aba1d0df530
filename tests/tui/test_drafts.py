"""What is being written waits in its room, through switching, restarts and crashes."""

import contextlib
import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatapp.client.client import Client
from chatapp.client.keepsakes import Keepsakes
from chatapp.server.server import Server
from chatapp.tui.composer.draft_file import MOST_CHARACTERS, MOST_DRAFTS, Draft, DraftFile
from tests.tui.screens import Window, person, window, window_of


@contextlib.asynccontextmanager
async def keeping(port: int, folder: Path, nick: str = "ana") -> AsyncIterator[Window]:
    """Run an app of somebody with a key, in a window that lists the rooms."""
    client = Client("127.0.0.1", port, nick, keepsakes=Keepsakes(folder, "127.0.0.1", port))
    async with window_of(client, (120, 30)) as opened:
        await opened.until(lambda: bool(client.state.members))
        yield opened


async def in_room(ana: Window, room: str) -> None:
    await ana.until(lambda: ana.client.state.room == room)


async def join_ops(ana: Window) -> None:
    await ana.type("/join #ops")
    await in_room(ana, "#ops")


def kept(folder: Path) -> dict[str, str]:
    """Return the texts on the disk by their rooms."""
    return {
        room: draft["text"]
        for file in (folder / "drafts").glob("*.json")
        for room, draft in json.loads(file.read_bytes()).items()
    }


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_each_room_has_its_draft(server: Server, tmp_path: Path) -> None:
    """With the cursor where it was; the list marks the rooms in which one waits, but not the one in view."""
    async with keeping(server.port, tmp_path) as ana:
        await join_ops(ana)
        await ana.press(*"deploy", "left", "left", "alt+up")
        await in_room(ana, "#general")
        await ana.shows(" ✎ #ops", "Write a message")
        await ana.press(*"hola", "alt+down")
        await in_room(ana, "#ops")
        await ana.shows(" ✎ #general", "│ deploy", without="✎ #ops")
        await ana.press("x")
        assert ana.composer.text == "deplxoy"
        await ana.press("ctrl+u", "ctrl+k", "alt+up")
        await ana.shows("│ hola", without="✎")


async def test_what_is_typed_behind_a_key_is_for_where_that_leads(server: Server) -> None:
    """In a burst too: neither a letter of the draft nor one behind the key is in the wrong room."""
    async with window(server.port) as ana:
        await join_ops(ana)
        await ana.press_at_once("a", "alt+up", "b", "c")
        await in_room(ana, "#general")
        await ana.until(lambda: ana.composer.text == "bc")
        await ana.press_at_once("alt+down", "x", "y")
        await in_room(ana, "#ops")
        await ana.until(lambda: ana.composer.text == "axy")


async def test_with_nowhere_to_go_the_draft_stays(server: Server) -> None:
    """And what was typed behind the key stands behind it."""
    async with window(server.port) as ana:
        await ana.press_at_once("a", "b", "left", "alt+up", "x", "alt+a", "y")
        await ana.until(lambda: ana.composer.text == "axyb")


async def test_what_is_typed_behind_a_command_goes_where_that_leads(server: Server) -> None:
    """What is typed while the server has not answered yet; a command that leads nowhere takes nothing along."""
    async with window(server.port) as ana:
        await ana.paste("/join #ops")
        await ana.press_at_once("enter", "h", "i")
        await in_room(ana, "#ops")
        assert ana.composer.text == "hi"
        await ana.press("ctrl+u")
        await ana.type("/join no room")
        await ana.shows("A room")
        assert ana.composer.text == "/join no room"
        await ana.press("alt+up")
        await in_room(ana, "#general")
        assert ana.composer.text == ""


async def test_a_line_that_was_brought_back_is_no_draft(server: Server) -> None:
    """Unless it was changed; what was being written before it is."""
    async with window(server.port) as ana:
        await ana.type("sent")
        await join_ops(ana)
        await ana.press("d", "up", "up", "alt+up")
        await in_room(ana, "#general")
        await ana.press("up", "up", "!", "alt+down")
        await in_room(ana, "#ops")
        await ana.press("!")
        assert ana.composer.text == "d!"
        await ana.press("alt+up")
        await in_room(ana, "#general")
        assert ana.composer.text == "sent!"


async def test_drafts_outlive_the_program(server: Server, tmp_path: Path) -> None:
    """What stood in each room stands there again, and so does what an answer is about."""
    async with person(server.port, "luis") as luis, keeping(server.port, tmp_path) as ana:
        luis.type_line("hola")
        await join_ops(ana)
        await ana.press(*"ops", "alt+up")
        await ana.shows("luis  hola")
        await ana.press("shift+tab", "r", *"adios", "left")
    assert kept(tmp_path) == {"#ops": "ops", "#general": "/reply adios"}
    async with keeping(server.port, tmp_path) as ana:
        await ana.shows("│ /reply adios", "↳ luis: hola", " ✎ #ops")
        await ana.press("!", "enter")
        await ana.shows("↳ luis: hola", "adio!s")
    assert kept(tmp_path) == {"#ops": "ops"}


async def test_it_is_on_disk_within_a_second(server: Server, tmp_path: Path) -> None:
    """While one writes, for nobody but the user; what was sent is not there any more."""
    async with keeping(server.port, tmp_path) as ana:
        await ana.press(*"secret")
        await ana.until(lambda: kept(tmp_path) == {"#general": "secret"})
        assert modes(tmp_path / "drafts") == {0o600}
        assert stat.S_IMODE((tmp_path / "drafts").stat().st_mode) == 0o700
        await ana.press("enter")
        await ana.until(lambda: kept(tmp_path) == {})


async def test_a_guests_drafts_are_nowhere_on_disk(server: Server, tmp_path: Path) -> None:
    """They wait in memory."""
    async with window(server.port) as ana:
        await join_ops(ana)
        await ana.press(*"ops", "alt+up")
        await in_room(ana, "#general")
    assert kept(tmp_path) == kept(tmp_path / "data" / "chatapp") == {}


async def test_a_disk_that_fails_disturbs_nobody(server: Server, tmp_path: Path) -> None:
    """What could not be written is written when it can be."""
    (tmp_path / "drafts").write_text("no folder")
    async with keeping(server.port, tmp_path) as ana:
        await join_ops(ana)
        await ana.press(*"ops", "alt+up")
        await in_room(ana, "#general")
        (tmp_path / "drafts").unlink()
        await ana.press("x")
        await ana.until(lambda: kept(tmp_path) == {"#ops": "ops", "#general": "x"})


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"#ops": 7}', b"\xff"])
def test_a_damaged_file_holds_no_drafts(tmp_path: Path, content: bytes) -> None:
    """And is replaced by the next draft."""
    path = tmp_path / "file.json"
    path.write_bytes(content)
    assert DraftFile(path).load() == {}
    DraftFile(path).update({"#ops": Draft("x")})
    assert DraftFile(path).load() == {"#ops": Draft("x")}


@pytest.mark.parametrize(("cursor", "text"), [((0, 1), "x!y"), ((7, 7), "!xy"), ((0, -7), "!xy")])
async def test_a_cursor_that_is_nowhere_does_no_harm(
    server: Server, tmp_path: Path, cursor: tuple[int, int], text: str
) -> None:
    """It is put where there is a place."""
    path = Keepsakes(tmp_path, "127.0.0.1", server.port).drafts("ana")
    DraftFile(path).update({"#general": Draft("xy", cursor)})
    async with keeping(server.port, tmp_path) as ana:
        await ana.shows("│ xy")
        await ana.press("!")
        assert ana.composer.text == text


def test_windows_of_one_person_share_a_file(tmp_path: Path) -> None:
    """Each changes only the rooms in which it was written."""
    one, other = DraftFile(tmp_path / "file.json"), DraftFile(tmp_path / "file.json")
    one.update({"#ops": Draft("x"), "#dev": Draft("y")})
    other.update({"#general": Draft("z"), "#dev": Draft()})
    assert one.load() == {"#ops": Draft("x"), "#general": Draft("z")}


def test_there_is_a_bound(tmp_path: Path) -> None:
    """The oldest drafts go, and the end of one that is too long."""
    file = DraftFile(tmp_path / "file.json")
    file.update({f"#{number}": Draft("x") for number in range(MOST_DRAFTS)})
    file.update({"#0": Draft("y" * MOST_CHARACTERS + "z"), "#new": Draft("x")})
    drafts = file.load()
    assert len(drafts) == MOST_DRAFTS
    assert "#1" not in drafts
    assert drafts["#0"].text == "y" * MOST_CHARACTERS
