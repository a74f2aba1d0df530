"""How one message is worded: when it was said, and what of it must not be heard any more."""

import time

import pytest

from chatapp.client.state import ChatState
from chatapp.plain_ui.logs import RoomLog
from chatapp.plain_ui.wording import Wording
from chatapp.protocol.events import Deleted, HistoryPage, Reacted, Said
from chatapp.protocol.names import GENERAL

NOON = time.mktime((2026, 3, 5, 12, 0, 0, 0, 0, -1))
HOUR = 3600.0


def said(seq: int, text: str = "hola", at: float = NOON, nick: str = "luis") -> Said:
    return Said(seq, GENERAL, nick, text, at, f"m{seq}")


@pytest.fixture
def wording() -> Wording:
    """What ana is told at noon."""
    return Wording(ChatState(nick="ana"), lambda: NOON)


@pytest.mark.parametrize(
    ("at", "line"),
    [
        (NOON - 10, "luis: hola"),
        (NOON + 10, "luis: hola"),
        (NOON - HOUR, "luis: hola (11:00)"),
        (NOON - 24 * HOUR, "luis: hola (2026-03-04 12:00)"),
        (1e30, "luis: hola"),
    ],
)
def test_only_what_was_not_said_now_has_a_time(wording: Wording, at: float, line: str) -> None:
    """The local time stands behind the text, with the date if that is another; a time of no calendar is left out."""
    assert wording.message(said(1, at=at), RoomLog()) == line


def test_a_deleted_text_is_not_said_again(wording: Wording) -> None:
    """A deletion names whose message it was, when it was said, and never what."""
    (log := RoomLog()).hear(said(1, "secret", NOON - HOUR))
    event = Deleted(2, GENERAL, 1, "eva", NOON)
    assert wording.deleted(event, log.change(event)) == "eva deleted a message of luis. (11:00)"
    assert wording.message(log.before(0, 1)[0], log) == "luis: message deleted (11:00)"


def test_every_message_is_one_line(wording: Wording) -> None:
    """Line breaks and control characters of a text, a nick or an emoji's name are shown as marks."""
    (log := RoomLog()).hear(said(1, "uno\ndos\x1b", nick="lu\nis"))
    reacted = Reacted(2, GENERAL, 1, "he\nart", "e\nva", NOON)
    log.change(reacted)
    assert wording.message(log.before(0, 1)[0], log) == "lu ↵ is: uno ↵ dos␛ (he ↵ art: e ↵ va)"
    assert wording.reacted(reacted, log) == "e ↵ va reacts with he ↵ art to lu ↵ is: uno ↵ dos␛"


def test_of_a_long_talk_the_newest_are_kept() -> None:
    """A window that is open for long keeps the newest thousand of a room, and knows that there are older ones."""
    log = RoomLog()
    log.take(HistoryPage(GENERAL, []), "ana")
    for seq in range(1, 1502):
        log.hear(said(seq))
    assert (log.oldest, len(log.before(0, 5000)), log.has_more) == (502, 1000, True)
    assert [one.seq for one in log.before(600, 2)] == [598, 599]
