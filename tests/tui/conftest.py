"""What the tests of the screen share."""

import itertools
from types import SimpleNamespace

import pytest


@pytest.fixture(autouse=True)
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is done now and then in a flood be done at once: no test has to wait for it."""
    monkeypatch.setattr("chatapp.tui.pacing.time", SimpleNamespace(monotonic=itertools.count().__next__))
