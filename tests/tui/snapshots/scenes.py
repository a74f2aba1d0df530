"""The states that are compared, each a function that leads a window there: a new one needs no more than that."""

from collections.abc import Awaitable, Callable

from textual.pilot import Pilot

from chatapp.client.events import Connecting, Disconnected, Hosting, Looked, NickWanted, Queued, Reason, SecretWanted
from chatapp.protocol.errors import Code
from chatapp.protocol.events import (
    Became,
    Deleted,
    Described,
    Edited,
    Entered,
    Error,
    Found,
    HistoryPage,
    Joined,
    Left,
    Members,
    Reacted,
    RoomInfo,
    RoomList,
    Said,
    Typed,
    Welcomed,
)
from chatapp.protocol.limits import PROTOCOL_VERSION
from chatapp.protocol.names import CONVERSATION, GENERAL, PRIVATE
from chatapp.protocol.requests import Mentions, Say, Search
from chatapp.tui.screens.welcome import Answers
from tests.tui.snapshots.puppet import HOST, PORT
from tests.tui.snapshots.stage import NOW, Stage

Scene = Callable[[Stage], Awaitable[None]]
SCENES: dict[str, Scene] = {}
FirstScene = Callable[[Pilot[Answers]], Awaitable[None]]
FIRST_SCENES: dict[str, FirstScene] = {}
"""Those of the screen that comes before the chat."""


def scene(play: Scene) -> Scene:
    """Have the state that `play` leads to be compared, under its name."""
    SCENES[play.__name__] = play
    return play


def first_scene(play: FirstScene) -> FirstScene:
    """Have the state of the first screen that `play` leads to be compared, under its name."""
    FIRST_SCENES[play.__name__] = play
    return play


def said(seq: int, nick: str, text: str, *, reply: int = 0, kind: str = "text", room: str = GENERAL) -> Said:
    """Return a message, half a minute after the one before."""
    return Said(seq, room, nick, text, NOW + 30 * seq, f"id-{seq}", kind, reply)  # type: ignore[arg-type]


WELCOMED = Welcomed("ana", GENERAL, ["ana", "luis", "mei", "profe"], "log", 0, PROTOCOL_VERSION, "chatapp")
ALONE = Welcomed("ana", GENERAL, ["ana"], "log", 0, PROTOCOL_VERSION, "chatapp")
TALK = (
    said(1, "luis", "buenos días 👋 ¿alguien ha probado ya el ejercicio de sockets?"),
    said(2, "ana", "yes! mine finally survives **two people** typing at once"),
    said(
        3,
        "mei",
        "すごい! 日本語も、한국어도 👩‍💻 and a long line that has to be wrapped " + "again and again, " * 6,
    ),
    said(4, "mei", "how did you split the messages?", reply=2),
    said(5, "ana", "one line each:\n```py\ndef lines(data: bytes) -> list[bytes]:\n    return data.split(b'\\n')\n```"),
    said(6, "luis", "apunta: `un mensaje`, una línea", kind="action"),
    said(7, "profe", "> a mí me pasaba lo mismo\nlos límites los ponéis [vosotros](https://example.org/tcp)"),
    said(8, "luis", "tal cual", reply=7),
    said(9, "bot", "build 214 passed: 482 tests, 0 failed, 61 s"),
    Edited(10, GENERAL, 9, "build 214 passed: 483 tests, 0 failed, 61 s", "bot", NOW + 301),
    said(11, "luis", "oops"),
    Deleted(12, GENERAL, 11, "luis", NOW + 361),
    Reacted(13, GENERAL, 8, "tada", "mei", NOW + 390),
    Reacted(14, GENERAL, 8, "tada", "ana", NOW + 391),
    Reacted(15, GENERAL, 8, "clap", "profe", NOW + 392),
    said(16, "profe", "@ana very good. hand it in by Friday: [bold]this[/] is text"),
    said(17, "profe", "sockets · entrega el viernes", kind="topic"),
    Joined(GENERAL, "eva", NOW + 540),
    Left(GENERAL, "eva", NOW + 600),
    Became("mei", "away", "lunch"),
)
ELSEWHERE = (
    Entered("#ops", ["ana", "luis"], 0, topic="deploys"),
    Entered("#tests", ["ana", "mei"], 0),
    Entered(f"{CONVERSATION}1", ["ana", "luis"], 0, title="luis"),
    said(20, "luis", "deploy at five", room="#ops"),
    said(21, "luis", "@ana ok?", room="#ops"),
    said(22, "mei", "who has a test for half a message?", room="#tests"),
    said(23, "luis", "¿comemos juntos?", room=f"{CONVERSATION}1"),
)
LISTED = [RoomInfo(GENERAL, 4, NOW, topic="sockets"), RoomInfo("#ops", 2, NOW, topic="deploys")]
FOUND = [each for each in TALK if isinstance(each, Said) and "l" in each.text][:6]


@scene
async def empty(stage: Stage) -> None:
    """Alone in the room that is always there, where nobody ever said anything."""
    await stage.hear(ALONE, HistoryPage(GENERAL, []))


@scene
async def chat(stage: Stage) -> None:
    """Several people talk: answers, reactions, what was edited and deleted, code, a mention, wide characters."""
    await stage.hear(WELCOMED, HistoryPage(GENERAL, []), *TALK)


@scene
async def rooms(stage: Stage) -> None:
    """Several rooms, with something unread in others."""
    await chat(stage)
    await stage.hear(*ELSEWHERE)


@scene
async def scrolled_up(stage: Stage) -> None:
    """In the past, while something new was said."""
    await stage.hear(WELCOMED, *(said(seq, "mei", f"line {seq}") for seq in range(1, 100)))
    await stage.press("pageup")
    await stage.hear(said(100, "luis", "something new"))


@scene
async def draft(stage: Stage) -> None:
    """A draft of three lines."""
    await chat(stage)
    await stage.press(*"one", "ctrl+j", *"two", "ctrl+j", *"three")


@scene
async def typing(stage: Stage) -> None:
    """Somebody is writing."""
    await chat(stage)
    await stage.hear(Typed(GENERAL, "luis"))


@scene
async def chosen(stage: Stage) -> None:
    """A message is chosen."""
    await chat(stage)
    await stage.press("shift+tab", "up")


@scene
async def answering(stage: Stage) -> None:
    """A line that answers the message that was chosen."""
    await chosen(stage)
    await stage.press("r")


@scene
async def commands(stage: Stage) -> None:
    """The commands that begin so."""
    await chat(stage)
    await stage.press("slash", "r", "e")


@scene
async def emoji(stage: Stage) -> None:
    """The emoji that have such a name, the second one marked."""
    await chat(stage)
    await stage.press("colon", *"part", "down")


@scene
async def help(stage: Stage) -> None:  # noqa: A001 (what people call it)
    """The keys and commands."""
    await chat(stage)
    await stage.press("f1")


@scene
async def search(stage: Stage) -> None:
    """What was found."""
    await chat(stage)
    await stage.press("ctrl+f", *"lin")
    await stage.is_asked(Search(GENERAL, "lin*"))
    await stage.hear(Found(GENERAL, "lin*", FOUND))


@scene
async def search_in_vain(stage: Stage) -> None:
    """Nothing was found."""
    await chat(stage)
    await stage.press("ctrl+f", *"xyz")
    await stage.is_asked(Search(GENERAL, "xyz*"))
    await stage.hear(Found(GENERAL, "xyz*", []))


@scene
async def mentions(stage: Stage) -> None:
    """Where one was mentioned."""
    await chat(stage)
    await stage.press("slash", *"mentions", "enter")
    await stage.is_asked(Mentions())
    await stage.hear(Found("", "", [said(16, "profe", "@ana very good. hand it in by Friday")]))


@scene
async def switcher(stage: Stage) -> None:
    """Where one may go, by some letters."""
    await rooms(stage)
    await stage.press("alt+k", "s")


@scene
async def settings(stage: Stage) -> None:
    """All settings, the second one marked."""
    await chat(stage)
    await stage.press("slash", *"set", "enter")
    await stage.has_opened()
    await stage.press("down")


@scene
async def palette(stage: Stage) -> None:
    """What commands and keys do, by some letters."""
    await chat(stage)
    await stage.press("ctrl+p")
    await stage.press(*"room")


@scene
async def recall(stage: Stage) -> None:
    """What one sent, by some letters."""
    await chat(stage)
    await stage.press(*"hola", "enter")
    await stage.press(*"adios", "enter", "ctrl+r")
    await stage.press("o")


@scene
async def paste(stage: Stage) -> None:
    """What is to be done with a paste of many lines, too long for one message."""
    await chat(stage)
    await stage.paste("\n".join(f"line {number} of what was pasted, all of it rather long" for number in range(120)))


@scene
async def unread(stage: Stage) -> None:
    """Back in a room where something was said meanwhile."""
    await rooms(stage)
    await stage.press("alt+down")


@scene
async def nick(stage: Stage) -> None:
    """The question who to be."""
    await stage.hear(NickWanted(None))


@scene
async def nick_refused(stage: Stage) -> None:
    """The question again, since somebody else has that nick."""
    await stage.hear(NickWanted(Error(Code.NICK_TAKEN, "taken", detail="ana")))


@scene
async def password(stage: Stage) -> None:
    """The question for the password, of which nothing is shown."""
    await stage.hear(SecretWanted(Error(Code.PASSWORD_REQUIRED, "asked")))
    await stage.press(*"secret")


@scene
async def connecting(stage: Stage) -> None:
    """Before there is any answer."""
    await stage.hear(Connecting(HOST, PORT))


@scene
async def hosting(stage: Stage) -> None:
    """This window hosts the chat."""
    await stage.hear(Connecting(HOST, PORT), Hosting(HOST, PORT), ALONE, HistoryPage(GENERAL, []))


@scene
async def offline(stage: Stage) -> None:
    """The connection was lost, and will be tried again."""
    await chat(stage)
    await stage.hear(Disconnected(Reason.LOST, 8.0))


@scene
async def pending(stage: Stage) -> None:
    """Messages that wait for a connection, more than are shown."""
    await offline(stage)
    await stage.hear(*(Queued(Say(GENERAL, f"are you there? {number}", f"p-{number}")) for number in range(5)))


@scene
async def refused(stage: Stage) -> None:
    """What was asked for is refused."""
    await chat(stage)
    await stage.hear(Error(Code.TOPIC_TOO_LONG, "too long", limit=250))
    await stage.press("slash", *"nonsense", "enter")


@scene
async def nobody_listens(stage: Stage) -> None:
    """The server is gone, and nothing listens where it was."""
    await chat(stage)
    await stage.hear(Disconnected(Reason.SHUTTING_DOWN, 1.0), Disconnected(Reason.REFUSED, 4.0))


@scene
async def server_full(stage: Stage) -> None:
    """The server has no place for one more."""
    await chat(stage)
    await stage.hear(Disconnected(Reason.LOST, 1.0), Disconnected(Reason.FULL, 30.0))


@scene
async def another_version(stage: Stage) -> None:
    """The server came back with another version of the protocol."""
    await chat(stage)
    await stage.hear(Disconnected(Reason.SHUTTING_DOWN, 1.0), Disconnected(Reason.VERSION, 30.0))


@scene
async def kicked(stage: Stage) -> None:
    """Taken out of a room by whoever made it, while one was writing there."""
    plan = f"{PRIVATE}1"
    await rooms(stage)
    await stage.hear(Entered(plan, ["ana", "luis"], 0, title="plan"), Looked(plan))
    await stage.press(*"surprise")
    await stage.hear(said(30, "luis", "ana", kind="removed", room=plan), Left(plan, "ana", NOW + 900))


@scene
async def unsent(stage: Stage) -> None:
    """One message waits for room on the server's disk, one was refused, and one is too long to be sent."""
    await chat(stage)
    waiting, refused = Say(GENERAL, "where were we?", "w-1"), Say(GENERAL, "again and again", "w-2")
    await stage.hear(Queued(waiting), Error(Code.STORAGE_FULL, "full", waiting.id))
    await stage.hear(Queued(refused), Error(Code.TEXT_TOO_LONG, "too long", refused.id, limit=4096))
    await stage.paste("much ado about nothing. " * 200)


@scene
async def otherwise(stage: Stage) -> None:
    """As somebody else likes it: wide apart, no column of nicks, another clock, and nothing beside the messages."""
    await rooms(stage)
    await stage.hear(said(31, "mei", "\n".join(f"line {number} of a long text" for number in range(30))))
    for name, text in (("density", "spaced"), ("nick_column", "0"), ("time", "12h")):
        stage.window.app._preferences.set(name, text)
    await stage.press("f2", "f3")


@scene
async def conversation(stage: Stage) -> None:
    """Alone with somebody, and what one asked for there: who is here, who that is, which rooms there are."""
    await rooms(stage)
    room = f"{CONVERSATION}1"
    await stage.hear(Looked(room), Members(room, ["ana", "luis"]))
    await stage.hear(Described("luis", "away", "lunch", "c0ffee", [GENERAL, "#ops"]), RoomList(LISTED))


@first_scene
async def welcome(pilot: Pilot[Answers]) -> None:
    """What is asked the first time, with answers that will do."""


@first_scene
async def welcome_answers(pilot: Pilot[Answers]) -> None:
    """Answers that won't do: one is on the way to the languages, and is told what is wrong."""
    await pilot.press("down", *"a/b", "enter", "down")
