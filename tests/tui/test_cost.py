"""What one more message costs the screen: its rows, and nothing else."""

import pytest
from textual.screen import Screen

from chatapp.server.server import Server
from tests.tui.screens import Window, person, window


def places(ana: Window) -> int:
    """Return how many of the pieces that the timeline draws carry the place that a selection would begin at."""
    strips = map(ana.timeline.render_line, range(ana.timeline.size.height))
    return sum("offset" in segment.style.meta for strip in strips for segment in strip if segment.style)


async def test_nothing_is_laid_out_for_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even while the bar shrinks: the sizes of widgets are as they were. What is drawn knows of no selection."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        for number in range(40):
            luis.type_line(f"line {number}")
        await ana.shows("line 39", "People · 2")
        await ana.pilot.pause()
        layouts: list[object] = []
        refresh = Screen._refresh_layout

        def counted(screen: Screen[object], *arguments: object, **options: object) -> None:
            layouts.append(screen)
            refresh(screen, *arguments, **options)  # type: ignore[arg-type]  # as they came

        monkeypatch.setattr(Screen, "_refresh_layout", counted)
        for number in range(40, 50):
            luis.type_line(f"line {number}")
        await ana.shows("line 49")
        assert layouts == []
        assert places(ana) == 0
        ana.composer.refresh(layout=True)
        await ana.until(lambda: bool(layouts))
