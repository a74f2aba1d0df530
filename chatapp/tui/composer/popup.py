"""What the word before the cursor may become, above the composer."""

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.style import Style
from textual.widget import Widget
from textual.widgets import OptionList

from chatapp.protocol.safe import one_line
from chatapp.tui.composer.choices import Choice

_LABEL_CELLS = 28
"""So wide is what stands for the word, unless it is longer."""

_LEAST_CELLS = 8
"""Where there is less room, nothing is shown; Tab takes the first choice all the same."""

_PADDING_CELLS = 2
"""So many cells beside a row Textual's list leaves empty."""


class Popup(OptionList, can_focus=False):
    """Choices, of which one is marked; the keys go to the composer."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__(id=id, markup=False, compact=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many rows the choices take: none of no width, which Textual can't wrap to."""
        return super().get_content_height(container, viewport, width) if width > _PADDING_CELLS else 0

    def show(self, choices: Sequence[Choice], index: int, above: Widget) -> None:
        """Show `choices`, the one of that `index` marked, right `above` another widget; without any, nothing."""
        self.display = bool(choices) and above.size.width >= _LEAST_CELLS
        if self.display:
            self.set_options(map(_row, choices))
            self.highlighted = index
            self.styles.margin = (0, 0, self.screen.size.height - above.region.y, 0)


def _row(choice: Choice) -> Content:
    label = Content(f" {one_line(choice.label)}")
    return label.pad_right(max(_LABEL_CELLS - label.cell_length, 1)) + Content.styled(choice.help, Style(dim=True))
