"""What is told of the connection: once, however often it fails."""

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, Connecting, Disconnected, Queued, Reason
from chatapp.plain_ui.telling import Telling
from chatapp.protocol.events import AuditPage, Became, DeedInfo, Error, HistoryPage, Joined, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Say

WELCOME = Welcomed("ana", GENERAL, ["ana"], "log", 1, 1, "chatapp")
READY = ["You are in #general as ana.\nHere are: ana\n/help lists the commands, /quit leaves."]


def told(*events: ClientEvent) -> list[str]:
    """Return what ana is told of `events`."""
    client, lines = Client("host", 9000, "ana"), list[str]()
    telling = Telling(client, lines.append, lines.append, lambda: 0.0, shows_typed=True)
    for event in events:
        client.state.apply(event)
        telling.follow(event)
    return lines


def test_one_reason_is_told_once_until_there_is_a_connection() -> None:
    """A server that is away for an hour is one line, not one for each try; with another reason there is another."""
    lost = "No connection, trying again. The connection to host:9000 was lost."
    tries: list[ClientEvent] = [Connecting("host", 9000), Disconnected(Reason.REFUSED, 8.0)] * 50
    once: list[ClientEvent] = [Disconnected(Reason.LOST, 1.0), *tries]
    lines = told(WELCOME, *once, WELCOME, Disconnected(Reason.LOST, 1.0))
    refused = "No connection, trying again. Nothing listens at host:9000. Start it there with: chatapp serve"
    assert lines == [*READY, lost, refused, "Connected again.", lost]


def test_one_is_not_told_that_one_came() -> None:
    """A server without framing may say so before it says hello."""
    assert told(Joined(GENERAL, "ana", 0.0), WELCOME, Joined(GENERAL, "ana", 0.0)) == READY


def test_what_waits_is_counted_when_the_connection_is_lost() -> None:
    """A lost connection says how many messages are unsent."""
    lines = told(WELCOME, Queued(Say(GENERAL, "hola", "m1")), Disconnected(Reason.LOST, 1.0))
    assert lines[-1] == "No connection, trying again. 1 message unsent. The connection to host:9000 was lost."


def test_another_log_or_too_long_a_gap_is_said() -> None:
    """Where what comes doesn't follow what was heard, that is said; the old messages aren't listed any more."""
    other = Welcomed("ana", GENERAL, ["ana"], "other", 1, 1, "chatapp")
    gap = Welcomed("ana", GENERAL, ["ana"], "other", 1, 1, "chatapp", has_gap=True)
    assert told(WELCOME, other, gap)[1:] == [
        "Connected again.",
        "This is another chat than before.",
        "Connected again.",
        "More was missed than fits: /history lists what was said last.",
    ]


def test_who_was_only_idle_is_not_told_of() -> None:
    """People come and go from their keyboards all the time; only who says that they are away is told of."""
    events = [Became("luis", "idle"), Became("luis", "active"), Became("luis", "away", "lunch"), Became("luis", "idle")]
    assert told(WELCOME, *events)[1:] == ["luis is away: lunch", "luis is back"]


def test_a_page_that_is_refused_keeps_nobody_waiting() -> None:
    """A server that can't read its log says so, and the other rooms are told of without the page."""
    lines = told(WELCOME, Error("log-unreadable", "x"), HistoryPage(GENERAL, []))
    assert lines[1].startswith("The server can't read its log")


def test_what_was_moderated_is_told() -> None:
    """In the room, and to whoever asked for all of it."""
    banned = Said(1, GENERAL, "eva", "luis (2 h): spam", 0.0, "1", "banned")
    slowed = Said(2, GENERAL, "eva", "60", 0.0, "2", "slowed")
    page = AuditPage([DeedInfo(60, "eva", "ban", "#ops", "luis"), DeedInfo(0, "eva", "slow", GENERAL, seconds=5)])
    assert told(WELCOME, banned, slowed, page, AuditPage([]))[1:] == [
        "eva banned luis (2 h): spam",
        "eva lets everyone say one message in 60 s",
        "1970-01-01 00:00 eva lets everyone say one message in 5 s · #general\n1970-01-01 00:01 eva banned luis · #ops",
        "Nobody has moderated yet.",
    ]
