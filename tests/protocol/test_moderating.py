"""How measures are written, and times said."""

import pytest

from chatapp.protocol.commands import Place, parse
from chatapp.protocol.errors import BadUsage
from chatapp.protocol.moderating import duration, spoken
from chatapp.protocol.requests import Audit, Ban, Intent, Kick, Mute, Slow, Unban, Unmute

OPS = "#ops"


@pytest.mark.parametrize(
    ("line", "intent"),
    [
        ("/kick luis", Kick(OPS, "luis")),
        ("/kick @luis  spam, again", Kick(OPS, "luis", "spam, again")),
        ("/kick #General luis spam", Kick("#general", "luis", "spam")),
        ("/ban luis", Ban(OPS, "luis")),
        ("/ban luis 2h", Ban(OPS, "luis", 7200)),
        ("/ban luis 2h spam", Ban(OPS, "luis", 7200, "spam")),
        ("/ban luis 2 hours of spam", Ban(OPS, "luis", 0, "2 hours of spam")),
        ("/ban #general 192.0.2.0/24 7d", Ban("#general", "192.0.2.0/24", 604_800)),
        ("/ban luis 0", Unban(OPS, "luis")),
        ("/unban @luis", Unban(OPS, "luis")),
        ("/mute luis 30s", Mute(OPS, "luis", 30)),
        ("/mute luis 0", Unmute(OPS, "luis")),
        ("/unmute #dev luis", Unmute("#dev", "luis")),
        ("/slow 10", Slow(OPS, 10)),
        ("/slow #dev 0", Slow("#dev", 0)),
        ("/audit", Audit(20)),
    ],
)
def test_what_lines_mean(line: str, intent: Intent) -> None:
    """What is typed is about the room in view, or the one that is named in front."""
    assert parse(line, Place(OPS, str)) == intent


def test_in_a_conversation_it_is_about_the_chat() -> None:
    """A conversation is nobody's to moderate."""
    assert parse("/ban luis", Place("@:k1", str)) == Ban("#general", "luis")
    assert parse("/ban #ops luis", Place("@:k1", str)) == Ban(OPS, "luis")


@pytest.mark.parametrize(
    "line", ["/kick", "/kick #ops", "/ban #ops", "/unban luis eva", "/slow", "/slow fast", "/slow ٣"]
)
def test_what_names_nobody_is_no_measure(line: str) -> None:
    with pytest.raises(BadUsage):
        parse(line, Place(OPS, str))


@pytest.mark.parametrize("text", ["", "h", "2", "2w", "2H", "-2h", "2h30m", "12345678s", "٣h"])
def test_what_is_no_duration(text: str) -> None:
    assert duration(text) is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (0.2, "1 s"),
        (60, "1 min"),
        (3600.000001, "1 h"),
        (7265, "2 h 1 min"),
        (90_000, "1 d 1 h"),
        (-1, "0 s"),
    ],
)
def test_times_are_said_in_two_units(seconds: float, said: str) -> None:
    """Rounded up to a second: who tries again then is not too early."""
    assert spoken(seconds) == said
