"""A text that is edited with the keys of a shell's line (GNU readline), and never shows a control that was pasted."""

from typing import ClassVar

from textual import events
from textual.binding import Binding
from textual.document._document import EditResult
from textual.document._edit import Edit
from textual.strip import Strip
from textual.widgets import TextArea

from chatapp.protocol.safe import printable


class Editor(TextArea):
    """A TextArea in which undo is safe: Textual's may crash, or take back what was done before and after another one.

    The keys of `EDITING` are for whoever inherits this to mind.
    """

    EDITING: ClassVar[tuple[Binding, ...]] = (
        Binding("ctrl+a,home", "cursor_line_start", "go to the start of the line", id="composer.line-start"),
        Binding("ctrl+e,end", "cursor_line_end", "go to the end of the line", id="composer.line-end"),
        Binding("alt+b,ctrl+left", "cursor_word_left", "go a word back", id="composer.word-left"),
        Binding("alt+f,ctrl+right", "cursor_word_right", "go a word forward", id="composer.word-right"),
        Binding("ctrl+u", "delete_to_start_of_line", "delete to the start of the line", id="composer.delete-start"),
        Binding(
            "ctrl+k",
            "delete_end",
            "delete the rest of the line or, without any, go to a room",
            id="composer.delete-end",
        ),
        Binding("ctrl+w,alt+backspace", "delete_word_left", "delete the word before", id="composer.delete-word-left"),
        Binding("alt+d", "delete_word_right", "delete the word after", id="composer.delete-word-right"),
        Binding("ctrl+z,ctrl+underscore", "undo", "undo", id="composer.undo"),
        Binding("ctrl+y", "redo", "redo", id="composer.redo"),
    )

    async def action_delete_end(self) -> None:
        """Delete to the end of the line; with nothing there, ask where to go."""
        if self.selection.is_empty and self.cursor_at_end_of_line:
            await self.run_action("screen.go")
        else:
            self.action_delete_to_end_of_line()

    def edit(self, edit: Edit) -> EditResult:
        """Change the text; what deletes more than a character is a change of its own, to be undone by itself."""
        (first_row, first), (last_row, last) = edit.top, edit.bottom
        if first_row != last_row or last - first > 1:
            self.history.checkpoint()
        return super().edit(edit)

    def undo(self) -> None:
        """Take back the last change; what follows is a change of its own, and not one with that before."""
        super().undo()
        self.history.checkpoint()

    def _recompute_cursor_offset(self) -> None:
        """Find the cursor on the screen; in the midst of an undo it is still where there may be no line any more."""
        self._cursor_offset = self.wrapped_document.location_to_offset(self.clamp_visitable(self.cursor_location))

    def render_line(self, y: int) -> Strip:
        """Draw one row; Textual's placeholder can't be wrapped to no width at all."""
        return super().render_line(y) if self.content_size.width else Strip.blank(0)

    async def _on_paste(self, event: events.Paste) -> None:
        """Take what is pasted as one text; its controls would reach the terminal from here."""
        event.prevent_default()
        event.stop()
        self.take_paste(printable(event.text.replace("\r\n", "\n").replace("\r", "\n")))

    def take_paste(self, text: str) -> None:
        """Have `text` stand for what is selected, or at the cursor."""
        self.replace(text, *self.selection, maintain_selection_offset=False)
