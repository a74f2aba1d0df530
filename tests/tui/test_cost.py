"""What one more message costs the screen: its rows, and nothing else."""

import pytest
from textual.screen import Screen

from chatapp.server.server import Server
from chatapp.tui.timeline.layout import Layout
from chatapp.tui.timeline.shape import Shape
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


async def test_a_setting_lays_out_no_room_whose_shape_it_leaves(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another theme only draws; another language, which has other words, and another width of a column lay out."""
    async with window(server.port) as ana:
        laid_out: list[object] = []
        reshape = Layout.reshape

        def counted(layout: Layout, shape: Shape) -> None:
            laid_out.append(layout)
            reshape(layout, shape)

        monkeypatch.setattr(Layout, "reshape", counted)
        for setting, is_laid_out in (("theme nord", False), ("bell off", False), ("nick_column 9", True)):
            await ana.type(f"/set {setting}")
            await ana.shows(setting.replace(" ", ": "))
            assert bool(laid_out) is is_laid_out
        laid_out.clear()
        await ana.type("/set language es")
        await ana.shows("Personas")
        assert laid_out
