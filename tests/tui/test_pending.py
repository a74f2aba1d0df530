"""What was typed and not yet confirmed."""

from pathlib import Path

import pytest

from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings
from chatapp.texts import use_language
from chatapp.tui.composer.pending import Pending
from tests.ports import free_port
from tests.tui.screens import Window, window


def pending(ana: Window) -> Pending:
    return ana.app.chat.query_one(Pending)


async def test_what_is_typed_while_the_server_is_gone_waits_in_view(tmp_path: Path) -> None:
    """Each waits below the timeline; when the server is back they stand in it, once and in order."""
    port = free_port()
    server = Server(Settings(port=port, data=tmp_path))
    await server.start()
    async with window(port) as ana:
        await server.stop()
        await ana.shows("offline")
        for text in ("one", "two"):
            await ana.type(text)
        await ana.shows("⧗ one", "⧗ two", "2 messages unsent")
        server = Server(Settings(port=port, data=tmp_path))
        await server.start()
        await ana.press("left")
        await ana.shows("ana  one", "two", without="⧗")
        assert [entry.text for entry in ana.timeline.entries if entry.seq] == ["one", "two"]
        assert not pending(ana).display
    await server.stop()


async def test_three_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    """The oldest three have a row each, of one line each, whatever their length."""
    server = Server(Settings(port=0, data=tmp_path))
    await server.start()
    async with window(server.port) as ana:
        await server.stop()
        await ana.shows("offline")
        for text in ("one " * 50, "two\nlines", "three", "four", "five"):
            await ana.paste(text)
            await ana.press("enter")
        await ana.shows("⧗ one one", "⧗ two ↵ lines", "⧗ three", "… and 2 more", without="four")
        assert pending(ana).size.height == 4


async def test_what_was_said_too_fast_waits_in_view_and_is_said(tmp_path: Path) -> None:
    """The person is told that it waits, sees what does, and then all of it where it belongs."""
    server = Server(Settings(port=0, rates=Rates(per_second=20), data=tmp_path))
    await server.start()
    async with window(server.port) as ana:
        for number in range(115):
            ana.client.type_line(f"number {number}.")
        await ana.shows("⧗ number 10", "… and ", "wait a little")
        await ana.shows("number 114.", without="⧗")
        assert ana.client.state.pending == {}
    await server.stop()


async def test_a_small_terminal_has_one_row_of_it(tmp_path: Path) -> None:
    """At 20x5 what waits, the draft and the status are all in view."""
    server = Server(Settings(port=0, data=tmp_path))
    await server.start()
    async with window(server.port, size=(20, 5)) as ana:
        await server.stop()
        await ana.shows("offline")
        for text in ("one", "two"):
            await ana.type(text)
        await ana.press("d", "r", "a", "f", "t")
        await ana.shows("⧗ one", "draft", "offline", without="⧗ two")


async def test_what_is_confirmed_soon_never_shows(server: Server) -> None:
    """In normal use nothing waits in view, not for one frame."""
    async with window(server.port) as ana:
        seen: list[bool] = []
        ana.app.chat.watch(pending(ana), "display", lambda: seen.append(pending(ana).display), init=False)
        for number in range(20):
            await ana.type(f"number {number}")
            seen.append(pending(ana).display)
        await ana.shows("number 19")
        assert not any(seen)


async def test_late_is_shown_though_connected(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a connection but no confirmation for half a second it stands there."""
    async with window(server.port) as ana:
        assert ana.client._connection is not None
        monkeypatch.setattr(ana.client._connection, "send", lambda _: None)
        await ana.type("lost on its way")
        await ana.shows("⧗ lost on its way", "connected")


@pytest.mark.parametrize(
    ("text", "quote"), [("hola", "“hola”"), ("a\nb", "“a ↵ b”"), ("x" * 60, "“" + "x" * 40 + "…”")]
)
async def test_a_refusal_quotes_what_was_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch, text: str, quote: str
) -> None:
    """The error says which message it is about, by its beginning; that waits no more, and stands there as not sent."""
    async with window(server.port) as ana:
        assert ana.client._connection is not None
        monkeypatch.setattr(ana.client._connection, "send", lambda _: None)
        await ana.paste(text)
        await ana.press("enter")
        await ana.shows("⧗ ")
        (message_id,) = ana.client.state.pending
        ana.client._emit(Error(Code.ID_REUSED, "", message_id))
        await ana.shows(f"!  {quote[:40]}", without="⧗")
        refused, error = ana.timeline.entries[-2:]
        assert error.text.startswith(f"{quote}: That message's id")
        assert (refused.text, refused.shown, refused.is_own, refused.is_talk) == (text, text, True, False)
        assert error.text.endswith("Up brings it back to the line that you write.")
        await ana.shows("(not")
        await ana.press("up")
        assert ana.composer.text == text


async def test_a_refusal_in_spanish(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not sent, and how it is had back; in a long text that is folded that is said, too."""
    use_language("es")
    async with window(server.port) as ana:
        assert ana.client._connection is not None
        monkeypatch.setattr(ana.client._connection, "send", lambda _: None)
        await ana.paste("\n".join(map(str, range(30))))
        await ana.press("enter")
        await ana.shows("⧗ ")
        (message_id,) = ana.client.state.pending
        ana.client._emit(Error(Code.ID_REUSED, "", message_id))
        await ana.shows("… 20 líneas más", "Con la flecha arriba vuelve")
        row = next(row for row, text in enumerate(ana.rows()) if "líneas más" in text)
        await ana.pilot.click(ana.timeline, offset=(30, row))
        await ana.press("ctrl+end")
        await ana.shows("29 (sin enviar)")


async def test_what_the_server_has_no_room_for_waits_in_view(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is said once, however often it is tried, and the message waits below the timeline."""
    async with window(server.port) as ana:
        assert ana.client._connection is not None
        monkeypatch.setattr(ana.client._connection, "send", lambda _: None)
        await ana.type("hola")
        await ana.shows("⧗ hola")
        (message_id,) = ana.client.state.pending
        for _ in range(2):
            ana.client._emit(Error(Code.STORAGE_FULL, "", message_id))
        ana.client._emit(Error(Code.NOT_IN_ROOM, "", "", "#last"))
        await ana.shows("“hola” waits until there is room on the server's disk.", "#last", "⧗ hola")
        assert sum("there is room" in entry.text for entry in ana.timeline.entries) == 1
