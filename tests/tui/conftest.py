"""What the tests of the screen share."""

import itertools
from types import SimpleNamespace

import pytest

from chatapp.server.settings import Rates, Timing


@pytest.fixture(autouse=True)
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is done now and then in a flood be done at once: no test has to wait for it."""
    monkeypatch.setattr("chatapp.tui.pacing.time", SimpleNamespace(monotonic=itertools.count().__next__))


@pytest.fixture
def timing() -> Timing:
    """Of a server that greets at once: no test here is about peers that read no lines."""
    return Timing(newline_after=0.0)


@pytest.fixture
def rates() -> Rates:
    """Of a server that takes whatever comes: much is said here only to have it on the screen."""
    return Rates(per_second=None)
