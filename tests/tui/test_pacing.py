"""Work that is asked for often is done at once the first time, and then only now and then."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from textual.message_pump import MessagePump

from chatapp.tui.pacing import Pace


class Pump(MessagePump):
    """Does nothing by itself: what it was asked for is in `turns` and, with the seconds to wait, in `timers`."""

    def __init__(self) -> None:
        super().__init__()
        self.turns: list[Callable[[], None]] = []
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def call_next(self, callback: Callable[[], None]) -> None:  # type: ignore[override]
        self.turns.append(callback)

    def set_timer(self, delay: float, callback: Callable[[], None]) -> None:  # type: ignore[override]
        self.timers.append((delay, callback))


def test_it_is_done_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it is asked for, and not before it is time again."""
    now, done, pump = [100.0], list[float](), Pump()
    monkeypatch.setattr("chatapp.tui.pacing.time", SimpleNamespace(monotonic=lambda: now[0]))
    pace = Pace(pump, 0.05, lambda: done.append(now[0]))
    for _ in range(3):
        pace.ask()
    (turn,) = pump.turns
    turn()
    now[0] = 100.02
    for _ in range(3):
        pace.ask()
    ((wait, later),) = pump.timers
    assert wait == pytest.approx(0.03)
    now[0] = 100.05
    later()
    now[0] = 101.0
    pace.ask()
    assert (done, len(pump.turns), len(pump.timers)) == ([100.0, 100.05], 2, 1)
