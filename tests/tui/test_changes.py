"""Messages that change after they were said: edited, deleted, answered, reacted to."""

import pytest

from chatapp.protocol.events import Deleted, Edited, Reacted, Renamed, Said
from chatapp.protocol.requests import Edit, React, Request, Say
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings
from chatapp.texts import use_language
from chatapp.tui.timeline.timeline import Timeline
from tests.tui.screens import Window, person, say_all, window


def sent(ana: Window, monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """Return the list that all goes to that `ana` sends from here on."""
    requests: list[Request] = []
    monkeypatch.setattr(ana.client, "send", requests.append)
    return requests


def row_with(ana: Window, text: str) -> int:
    return next(row for row, line in enumerate(ana.rows()) if text in line)


@pytest.mark.parametrize(("language", "note"), [("en", "(edited)"), ("es", "(editado)")])
async def test_a_key_brings_the_last_message_to_be_edited(server: Server, language: str, note: str) -> None:
    """alt+e puts it into the composer; sent, it reads otherwise on both screens, in its place."""
    use_language(language)
    async with window(server.port) as ana, window(server.port, "luis") as luis:
        await ana.type("helo")
        await luis.shows("helo")
        await luis.type("hi")
        await ana.shows("luis  hi")
        await ana.press("alt+e")
        assert ana.composer.text == "/edit helo"
        await ana.press("backspace", "l", "o", "enter")
        for each in (ana, luis):
            screen = await each.shows(f"hello {note}", "hi")
            assert screen.index("hello") < screen.index("  hi")
        assert ana.composer.text == ""


async def test_the_key_does_nothing_where_there_is_nothing_to_edit(server: Server) -> None:
    """With a draft it stays as it is; with nothing said, or all of it deleted, there is none."""
    async with window(server.port) as ana:
        await ana.press("alt+e")
        assert ana.composer.text == ""
        await ana.type("hola")
        await ana.shows("ana  hola")
        await ana.press("x", "alt+e")
        assert ana.composer.text == "x"
        await ana.press("backspace")
        await ana.type("/delete")
        await ana.shows("message deleted", without="hola")
        await ana.press("alt+e")
        assert ana.composer.text == ""


async def test_what_was_shown_is_edited_and_no_other(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one says meanwhile changes nothing, nor does going to another room and back; typed, it is the last one."""
    async with window(server.port) as ana:
        await ana.type("one")
        await ana.shows("ana  one")
        await ana.press("alt+e", "!")
        ana.client.type_line("two")
        await ana.shows("two")
        ana.client.type_line("/join #ops")
        await ana.shows("You are in #ops")
        requests = sent(ana, monkeypatch)
        await ana.press("alt+up", "enter")
        await ana.type("/edit three")
        assert requests == [Edit("#general", "one!", 1), Edit("#general", "three")]


async def test_another_command_edits_the_last_one(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """What alt+e brought and was taken away again is no longer what /edit is about."""
    async with window(server.port) as ana:
        await ana.type("one")
        await ana.shows("ana  one")
        await ana.press("alt+e", "ctrl+u")
        requests = sent(ana, monkeypatch)
        await ana.until(lambda: ana.composer.text == "")
        await ana.type("/edit two")
        assert requests == [Edit("#general", "two")]


async def test_an_edit_that_cannot_be_sent_is_not_lost() -> None:
    """Without a connection the command stands there again, and is about the same message."""
    server = Server(Settings(rates=Rates(per_second=None), port=0))
    await server.start()
    async with window(server.port) as ana:
        await ana.type("one")
        await ana.shows("ana  one")
        await server.stop()
        await ana.shows("offline")
        await ana.press("alt+e", "!", "enter")
        await ana.shows("There is no connection")
        assert ana.composer.text == "/edit one!"
        assert ana.composer._shown is not None


async def test_deleted_it_is_gone_for_everyone(server: Server) -> None:
    """Its text is on neither screen, and whoever answered it quotes it no more."""
    async with window(server.port) as ana, window(server.port, "luis") as luis:
        await ana.type("secret")
        await luis.shows("ana  secret")
        await luis.type("/reply really?")
        await ana.shows("↳ ana: secret", "really?")
        await ana.type("/delete")
        for each in (ana, luis):
            await each.shows("message deleted", "↳ ana: message deleted", "really?", without="secret")


async def test_reactions_are_counted_below(server: Server) -> None:
    """Who reacts and who takes it back is seen at once on both screens."""
    async with window(server.port) as ana, window(server.port, "luis") as luis:
        await ana.type("hola")
        await luis.shows("ana  hola")
        await luis.type("/react :thumbs_up:")
        await ana.shows("👍 1")
        await ana.type("/react :thumbs_up:")
        await ana.type("/react heart")
        for each in (ana, luis):
            await each.shows("👍 2  ❤ 1")
        await luis.type("/react -thumbs_up")
        for each in (ana, luis):
            await each.shows("👍 1  ❤ 1")


async def test_a_reaction_goes_by_the_nick_of_now(server: Server) -> None:
    """Who takes another nick takes their reaction back all the same."""
    async with window(server.port) as ana:
        emit = ana.client._emit
        emit(Said(1, "#general", "ana", "hola", 0.0, "1", reactions={"heart": ["luis"], "eyes": ["luis"]}))
        emit(Said(2, "#general", "ana", "adiós", 0.0, "2"))
        await ana.shows("❤ 1  👀 1")
        emit(Renamed("luis", "leo", 0.0))
        emit(Reacted(3, "#general", 1, "heart", "leo", 0.0, on=False))
        await ana.shows("👀 1", without="❤")


async def test_who_comes_later_sees_it_as_it_stands(server: Server) -> None:
    """A page shows edits, deletions, answers and reactions as the screens that saw them happen."""
    async with person(server.port, "luis") as luis, window(server.port) as ana:
        for line in ("one", "two", "/delete", "three", "/edit four", "/react heart"):
            luis.type_line(line)
        await ana.shows("❤ 1")
        await ana.type("/reply yes")
        await ana.shows("↳ luis: four")
        async with window(server.port, "mei") as mei:
            await mei.shows(
                "luis  one", "message deleted", "four (edited)", "❤ 1", "↳ luis: four", "yes", without="two"
            )


async def test_an_answer_is_to_the_newest_of_another(server: Server) -> None:
    """Not to one's own, and not to a notice; the server is told which it is."""
    async with window(server.port) as ana:
        await say_all(server.port, "luis", ["first", "second"])
        await ana.shows("second", "luis left")
        await ana.type("mine")
        await ana.type("/reply to second")
        await ana.shows("↳ luis: second", "to second")
        assert ana.timeline.entries[-1].details.reply == 2


@pytest.mark.parametrize(
    ("language", "says"), [("en", "Nobody else has said anything"), ("es", "Nadie más ha dicho aquí nada")]
)
async def test_where_there_is_nothing_to_answer(server: Server, language: str, says: str) -> None:
    """That is said, and the text still stands in the composer."""
    use_language(language)
    async with window(server.port) as ana:
        await ana.type("mine")
        await ana.type("/reply hola")
        await ana.shows(says)
        assert ana.composer.text == "/reply hola"


async def answered(ana: Window, server: Server) -> None:
    """Let there be an answer in view to a message that is far above."""
    async with person(server.port, "luis") as luis:
        luis.type_line("tangerine")
        for number in range(150):
            luis.type_line(f"number {number}")
        await ana.shows("number 149")
        ana.client.send(Say("#general", "to the first", "1", reply=1))
        await ana.shows("to the first")


async def test_a_click_on_the_quote_goes_there(server: Server) -> None:
    """What is answered is shown in its context; a click on the answer itself goes nowhere."""
    async with window(server.port) as ana:
        await answered(ana, server)
        await ana.pilot.click(Timeline, offset=(30, row_with(ana, "to the first")))
        assert ana.timeline.is_at_end
        await ana.pilot.click(Timeline, offset=(30, row_with(ana, "↳ luis: tangerine")))
        await ana.shows("luis  tangerine", "number 1", without="to the first")
        assert ana.composer.has_focus


async def test_a_key_goes_there_too(server: Server) -> None:
    """alt+j goes to what the lowest answer in view answers, loading what that takes; with none in view nowhere."""
    async with window(server.port, "mei") as mei:
        await answered(mei, server)
    async with window(server.port) as ana:
        await ana.shows("↳ an older message", "to the first")
        await ana.press("alt+j")
        await ana.shows("luis  tangerine", "number 1", without="to the first")
        await ana.press("alt+j")
        await ana.shows("luis  tangerine")


async def test_a_hostile_change_is_harmless(server: Server) -> None:
    """New texts, emoji and quotes are data: no markup, no control character, no crash."""
    async with window(server.port) as ana:
        emit = ana.client._emit
        emit(Said(1, "#general", "luis", "hola", 0.0, "1", reactions={"[/]\x1b[2J": ["[red]"], "x" * 99: ["mei"] * 9}))
        emit(Said(2, "#general", "luis", "yes", 0.0, "2", reply=1))
        emit(Edited(3, "#general", 1, "[red]\x1b]0;t\x07[/] \u202e", "luis", 0.0))
        emit(Reacted(4, "#general", 2, "\x1b[31m[/]\n", "[/]", 0.0))
        screen = await ana.shows("[red]␛]0;t␇[/]", "↳ luis: [red]␛]0;t␇[/]", "[/]␛[2J 1", "␛[31m[/] ↵  1")
        assert not {"\x1b", "\x07", "\u202e"} & set(screen)


async def test_what_is_not_there_changes_nothing(server: Server) -> None:
    """Of a message that isn't loaded, or a room that one isn't in, nothing is drawn and nothing breaks."""
    async with window(server.port) as ana:
        await ana.type("hola")
        await ana.shows("ana  hola")
        before = list(ana.timeline.entries)
        for room in ("#general", "#ops"):
            for event in (
                Edited(90, room, 70, "x", "luis", 0.0),
                Deleted(91, room, 70, "luis", 0.0),
                Reacted(92, room, 70, "heart", "luis", 0.0),
            ):
                ana.app.chat.show(event)
        await ana.pilot.pause()
        assert list(ana.timeline.entries) == before


@pytest.mark.parametrize("command", ["/edit x", "/delete"])
async def test_a_refusal_is_said(server: Server, command: str) -> None:
    """With nothing of one's own to change, the server's answer stands in the timeline."""
    async with window(server.port) as ana:
        await ana.type(command)
        await ana.shows("!  That message is not here, or not any more.")


async def test_a_reaction_is_asked_for_by_name(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the server knows it, without colons."""
    async with window(server.port) as ana:
        requests = sent(ana, monkeypatch)
        await ana.type("/react :heart:")
        assert requests == [React("#general", "heart")]


async def test_the_topic_is_told_and_stands_in_the_status(server: Server) -> None:
    """Who sets it is said to all; without one to set, it is told to whoever asks."""
    async with window(server.port, size=(120, 28)) as ana, window(server.port, "luis") as luis:
        await ana.type("/topic")
        await ana.shows("Nobody has said what this room is about.")
        await ana.type("/topic all of it")
        for each in (ana, luis):
            screen = await each.shows("·  ana set the topic: all of it")
            assert screen.splitlines()[-1].rstrip().endswith("all of it")
        await luis.type("/topic")
        await luis.shows("·  Topic: all of it")
