"""The people in the room, on the right."""

from collections.abc import Collection

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chatapp.protocol.names import name_key
from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.tui.colours import nick_colour


class Sidebar(ScrollView):
    """Nicks in alphabetical order, the own one marked; the border's title counts them."""

    ALLOW_SELECT = False
    can_focus = False

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__(id=id)
        self._nicks: list[str] = []
        self._own = ""
        self._count = 0

    def show(self, nicks: Collection[str], own: str, count: int) -> None:
        """Show `nicks`, of which `own` is the person's in front of the screen, and how many people there are."""
        self._count = count
        self._nicks = sorted(nicks, key=name_key)
        self._own = own
        self.virtual_size = Size(self.size.width, len(self._nicks) + 1)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        row = self.scroll_offset.y + y - 1
        base = self.visual_style.rich_style
        if row < 0:
            heading = Segment(f" {tr('People')} · {self._count}", base + Style(bold=True))
            strip = Strip([heading])
        elif row < len(self._nicks):
            strip = self._draw(self._nicks[row], base)
        else:
            strip = Strip.blank(self.size.width, base)
        return strip.crop_extend(0, self.size.width, base)

    def _draw(self, nick: str, base: Style) -> Strip:
        is_own = nick == self._own
        style = base + Style(color=nick_colour(nick), bold=is_own)
        return Strip([Segment(" ● " if is_own else "   ", style), Segment(one_line(nick), style)])
