"""The people in the room, on the right."""

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chatapp.client.events import ClientEvent, Disconnected, Looked, Lost
from chatapp.client.state import ChatState
from chatapp.protocol.events import Became, Entered, Joined, Left, Members, Present, Renamed, Welcomed
from chatapp.protocol.names import CONVERSATION
from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.tui.colours import nick_colour
from chatapp.tui.people import Person, people

_OF_PEOPLE = (Welcomed, Entered, Joined, Left, Renamed, Members, Present, Became, Disconnected, Looked, Lost)
"""The events after which others may be here, or in another way."""

_MARKS = {"idle": "◐", "away": "○", "gone": "×"}


class Sidebar(ScrollView):
    """Nicks with how each is there, the own one marked; the heading counts them, but for the two of a conversation."""

    ALLOW_SELECT = False
    can_focus = False

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__(id=id)
        self._people: list[Person] = []
        self._count = 0

    def follow(self, event: ClientEvent, state: ChatState) -> None:
        """Show who is here by `state` if `event`, which that was told, may have changed it."""
        if not isinstance(event, _OF_PEOPLE):
            return
        shown = people(state), 0 if state.room.startswith(CONVERSATION) else state.here.people
        if shown != (self._people, self._count):
            self._people, self._count = shown
            self.virtual_size = Size(self.size.width, len(self._people) + 1)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        row = self.scroll_offset.y + y - 1
        base = self.visual_style.rich_style
        if row < 0:
            strip = Strip([Segment(self._heading(), base + Style(bold=True))])
        elif row < len(self._people):
            strip = self._draw(self._people[row], base)
        else:
            strip = Strip.blank(self.size.width, base)
        return strip.crop_extend(0, self.size.width, base)

    def _heading(self) -> str:
        return f" {tr('People')} · {self._count}" if self._count else f" {tr('People')}"

    def _draw(self, person: Person, base: Style) -> Strip:
        mark = _MARKS.get(person.state, "●" if person.is_own else " ")
        style = base + Style(
            color=nick_colour(person.nick).rich_color, bold=person.is_own, dim=person.state != "active"
        )
        return Strip([Segment(f" {mark} ", style), Segment(one_line(person.nick), style)])
