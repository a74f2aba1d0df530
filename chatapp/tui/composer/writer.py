"""A text that is being written: new, a line that was sent and is brought back, or about a message."""

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from chatapp.protocol.safe import one_line, printable
from chatapp.texts import tr_plural
from chatapp.tui.composer.draft_file import NOTHING, Draft
from chatapp.tui.composer.editor import Editor
from chatapp.tui.composer.measure import NEAR_BYTES, bytes_left
from chatapp.tui.composer.recall import Recall
from chatapp.tui.targets import EDIT, Target

_AWAY_SECONDS = 3.0
"""Who asked to go elsewhere and is not there after so long stays."""


class Writer(Editor):
    """An editor that knows what its text is, and lets it go elsewhere and come back."""

    WRITING = (
        Binding("ctrl+r", "recall", "search what you sent", id="composer.recall"),
        Binding("ctrl+o", "edit_outside", "write in your own editor ($VISUAL, $EDITOR)", id="composer.editor"),
    )
    EDITING = (*Editor.EDITING, *WRITING)

    class Trouble(Message):
        """Something can't be done with what stands here; `reason` says so to a person."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    def __init__(self, id: str | None, placeholder: str) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__(id=id, soft_wrap=True, placeholder=placeholder)
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self._shown: Target | None = None
        """The message that the line is about, None for none."""
        self._draft_target: Target | None = None
        """The one that the draft is about, while a line that was sent stands here."""
        self._recall = Recall()
        self._aside: Draft | None = None
        """What is being written where one is still, while what stands here is for where one goes."""
        self._returning: Timer | None = None

    @property
    def draft(self) -> Draft:
        """What is being written; while a line that was sent is brought back, and as it was, that below it."""
        if self._aside is not None and self._aside.text:
            return self._aside
        if (below := self._recall.draft_below(self.text)) is not None:
            return Draft(below, (below.count("\n"), len(below.rpartition("\n")[2])), self._draft_target)
        return Draft(self.text, self.cursor_location, self._shown) if self.text else NOTHING

    def set_out(self) -> None:
        """Be empty, on the way to another room: what is written from now on is for there."""
        if self._aside is None:
            self._aside = self._lay_down()
        if self._returning is not None:
            self._returning.stop()
        self._returning = self.set_timer(_AWAY_SECONDS, self.stay)

    def stay(self) -> None:
        """Go nowhere after all: what was written since is for here."""
        if (aside := self._aside) is not None:
            self._aside = None
            if aside.text:
                self.take_in(aside)

    def swap(self, draft: Draft) -> Draft:
        """Be elsewhere, with `draft` and what was written for there; return what was being written before."""
        before = self._lay_down() if self._aside is None else self._aside
        self._aside = None
        self.take_in(draft)
        return before

    def put_up(self, text: str) -> None:
        """Let `text` be one step up, as if it had been sent."""
        self._recall.remember(text)

    def take_in(self, draft: Draft) -> None:
        """Stand with `draft`, and what stands here already at its cursor."""
        text, shown = self.text, self._shown
        with self.prevent(TextArea.Changed):  # nobody is writing
            if draft.text:
                self._put(draft.text, draft.target)
                self.move_cursor(draft.cursor)
                self.insert(text)
            else:
                self._put(text, shown)

    def _lay_down(self) -> Draft:
        """Return what is being written, and be empty."""
        draft = self.draft
        self._recall.leave(self.text)
        with self.prevent(TextArea.Changed):
            self._put("")
        return draft

    def begin(self, target: Target) -> None:
        """Stand with the line that does something with `target`; a draft that stood here is one step up."""
        self.stand_with(target.line, target)

    def stand_with(self, line: str | None, target: Target | None = None) -> None:
        """Stand with `line`, which may be about `target`, if there is one; a draft that stood here is one step up."""
        if line is not None:
            self._keep_draft()
            self._put(line, target)

    def action_recall(self) -> None:
        """Ask for one of the lines that were sent, and stand with it."""
        from chatapp.tui.screens.recall_screen import RecallScreen  # loaded when it is first opened

        self.app.push_screen(RecallScreen(self._recall.newest_first()), self.stand_with)

    @work(exclusive=True)
    async def action_edit_outside(self) -> None:
        """Let the text be written in the editor that the person has chosen, on the whole terminal."""
        from chatapp.tui.composer.outside import EditorError, edit, editor_command  # loaded when it is first asked for

        document = self.document
        try:
            edited = printable(await edit(self.text, editor_command(), self.app))
        except EditorError as error:
            self.post_message(self.Trouble(str(error)))
            return
        if self.document is document:
            self.replace(edited, (0, 0), self.document.end, maintain_selection_offset=False)
        else:  # one was taken to another room meanwhile
            self._recall.remember(edited)

    def action_older(self) -> None:
        if not self.cursor_at_first_line:
            self.action_cursor_up()
        else:
            if self._recall.is_at_draft:
                self._draft_target = self._shown
            if (line := self._recall.older(self.text)) is not None:
                self._put(line)

    def action_newer(self) -> None:
        if not self.cursor_at_last_line:
            self.action_cursor_down()
        elif (line := self._recall.newer()) is not None:
            self._put(line, self._draft_target if self._recall.is_at_draft else None)

    def on_text_area_changed(self) -> None:
        self._check_target()
        self._show_border()

    def _keep_draft(self) -> None:
        """Let the draft be one step up. A line about a message is none: brought back, it is about the last one."""
        self._recall.keep("" if self._shown is not None else self.text)

    def _check_target(self) -> None:
        """Be about the message no more, if the command was taken out; the colon of ``/react :`` may go."""
        if self._shown is not None and not self.text.startswith(self._shown.command.rstrip(" :")):
            self._show_target(None)

    def _show_target(self, target: Target | None) -> None:
        """Have `target` be what the line is about, and say so in the border."""
        self._shown = target
        self._show_border()

    def _show_border(self) -> None:
        """Say what the line is about, and how much may be added to it, if that is little."""
        target, left = self._shown, bytes_left(self.text)
        is_told = target is not None and target.command != EDIT
        about = f"↳ {target.nick}: {one_line(target.text)}" if target and is_told else ""
        self.set_class(left < 0, "-too-long")
        self.border_subtitle = Content(" · ".join(filter(None, (_left(left), about))))

    def _put(self, text: str, shown: Target | None = None) -> None:
        """Stand with `text`, which may be about the message `shown`, as if newly opened.

        Undo stops here: across this it would mix up two messages.
        """
        self._show_target(shown)
        self.load_text(text)
        self.move_cursor(self.document.end)


def _left(left: int) -> str:
    """Return how many bytes are left, "" while they are many."""
    if left < 0:
        return tr_plural("{count} byte too long", "{count} bytes too long", -left)
    return tr_plural("{count} byte left", "{count} bytes left", left) if left <= NEAR_BYTES else ""
