"""What those did who moderate, as a server tells it that means harm."""

import sys

import pytest

from chatapp.protocol.events import DeedInfo
from chatapp.texts.moderation import deed_lines


@pytest.mark.parametrize("at", [1e18, -1e18, 1e300, sys.float_info.max, -sys.float_info.max])
def test_a_time_that_no_calendar_has_is_told_in_a_line(at: float) -> None:
    """Of a deed's time there are dashes then, and of how long it lasts no more than can be asked for."""
    (line,) = deed_lines([DeedInfo(at, "luis", "mute", "#here", "eva", until=-at)])
    assert line.startswith("--:-- luis muted eva")
    assert len(line) < 80
