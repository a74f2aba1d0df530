"""A screen on which the text of timelines is selected with the mouse, and nothing else."""

from textual.errors import NoWidget
from textual.geometry import Offset
from textual.screen import Screen
from textual.selection import SelectEnd
from textual.widget import Widget

from chatapp.tui.timeline.timeline import Timeline


class SelectingScreen(Screen[None]):
    """What one begins to select in a timeline stays in that, wherever the mouse goes.

    Textual asks for the place under the mouse only when that is pressed, moved or released: nothing is drawn for it.
    """

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        """Return the timeline and the place in its text; a widget from which nothing is selected as it is, or None."""
        widget = self._selected_from() or self._widget_at(x, y)
        if isinstance(widget, Timeline) and widget.has_rows:
            left, top = widget.content_region.offset
            return widget, widget.offset_at(x - left, y - top)
        return (None if widget is None or widget.allow_select else widget), None

    def _select_all_in_widget(self, widget: Widget) -> None:
        """Select nothing by clicking often, where Textual would all there is: a timeline follows its clicks itself."""

    def _update_select(self) -> None:
        """Select to where the mouse is by now: beneath it, as it rests at an edge, the timeline was scrolled."""
        state, widget = self._select_state, self._selected_from()
        if state is not None and isinstance(widget, Timeline) and widget.has_rows:
            _, place = self.get_widget_and_offset_at(*state.screen_offset)
            self._select_state = state.update_end(state.screen_offset, SelectEnd(state.start.container, widget, place))
        else:
            super()._update_select()

    def _selected_from(self) -> Widget | None:
        """Return where a selection began, unless that is gone by now, as with its room."""
        widget = None if self._select_state is None else self._select_state.start.content_widget
        return widget if widget is not None and widget.is_attached else None

    def _widget_at(self, x: int, y: int) -> Widget | None:
        try:
            return self.get_widget_at(x, y)[0]
        except NoWidget:
            return None
