"""That somebody is writing: told seldom and of no command, and heard for no longer than it lasts."""

import pytest

from chatapp.client.events import Disconnected, Reason
from chatapp.client.hints import Hint, Typists
from chatapp.client.state import ChatState
from chatapp.protocol import limits
from chatapp.protocol.errors import Offline
from chatapp.protocol.events import Joined, Left, Renamed, Said, Typed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Request, Typing

LAST = limits.TYPING_SECONDS


def said(nick: str, room: str = GENERAL) -> Said:
    return Said(1, room, nick, "hola", 0.0, "1")


def typists() -> Typists:
    """Return those whom ana hears of, in whose room luis began to write at 0 s and mei at 1 s."""
    heard = Typists(ChatState(nick="ana"))
    heard.follow(Typed(GENERAL, "luis"), 0.0)
    heard.follow(Typed(GENERAL, "mei"), 1.0)
    return heard


def test_it_lasts_for_some_time() -> None:
    """Each from when they said so last."""
    heard = typists()
    assert heard.writing(GENERAL, LAST - 0.1) == ["luis", "mei"]
    assert heard.seconds_to_end(LAST - 0.5) == 0.5
    heard.follow(Typed(GENERAL, "luis"), 2.0)
    assert heard.writing(GENERAL, LAST + 1) == ["luis"]
    assert heard.writing(GENERAL, LAST + 2) == []
    assert heard.seconds_to_end(LAST + 2) is None


@pytest.mark.parametrize("event", [said("LUIS"), Left(GENERAL, "luis", 0.0), Renamed("Luis", "leo", 0.0)])
def test_it_ends_with_what_was_written(event: Said | Left | Renamed) -> None:
    """Or with whoever wrote: by that name nobody is writing any more."""
    heard = typists()
    heard.follow(event, 2.0)
    assert heard.writing(GENERAL, 2.0) == ["mei"]


def test_each_room_is_its_own() -> None:
    """What is said elsewhere ends nothing here, and what is written there isn't shown here."""
    heard = typists()
    heard.follow(said("luis", "#ops"), 2.0)
    heard.follow(Joined(GENERAL, "luis", 0.0), 2.0)
    heard.follow(Typed("#ops", "eva"), 2.0)
    assert heard.writing(GENERAL, 2.0) == ["luis", "mei"]
    assert heard.writing("#ops", 2.0) == ["eva"]


def test_ones_other_devices_are_no_others() -> None:
    """Nobody is told that they are writing themselves."""
    heard = typists()
    heard.follow(Typed(GENERAL, "Ana"), 2.0)
    assert "Ana" not in heard.writing(GENERAL, 2.0)


def test_without_a_connection_nobody_writes() -> None:
    """Nobody knows, so nobody is shown."""
    heard = typists()
    heard.follow(Disconnected(Reason.LOST, 1.0), 2.0)
    assert heard.writing(GENERAL, 2.0) == []


def test_it_is_told_seldom() -> None:
    """At most once in three seconds while the text changes; of another room, and of the next message, at once."""
    asked: list[Request] = []
    hint = Hint(asked.append)
    for tenth in range(61):
        hint.write(GENERAL, "hola", 100 + tenth / 10)
    assert asked == [Typing(GENERAL)] * 3
    hint.write("#ops", "hola", 106.1)
    assert asked[3:] == [Typing("#ops")]
    hint.end()
    hint.write("#ops", "hola", 106.2)
    assert asked[4:] == [Typing("#ops")]


def test_the_first_is_told_at_any_time() -> None:
    """Also by a clock that has only begun."""
    asked: list[Request] = []
    Hint(asked.append).write(GENERAL, "hola", 0.0)
    assert asked == [Typing(GENERAL)]


@pytest.mark.parametrize("text", ["", "  ", "/", "/away", "/me waves"])
def test_of_commands_nobody_is_told(text: str) -> None:
    """Nor of nothing; but of a text that begins with a slash."""
    asked: list[Request] = []
    hint = Hint(asked.append)
    hint.write(GENERAL, text, 100.0)
    assert asked == []
    hint.write(GENERAL, f"//{text}", 100.0)
    assert asked == [Typing(GENERAL)]


def test_where_it_cannot_be_told_nothing_happens() -> None:
    """Without a connection, or to a server that knows nothing of it."""

    def refuse(_: Request) -> None:
        raise Offline

    Hint(refuse).write(GENERAL, "hola", 100.0)
