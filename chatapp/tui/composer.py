"""Where one writes: Enter sends, ctrl+j breaks the line."""

from collections.abc import Callable

from textual import events
from textual.binding import Binding, BindingsMap
from textual.content import Content
from textual.message import Message

from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.tui.choices import Choice, Words, choices
from chatapp.tui.editor import Editor
from chatapp.tui.keys import act_at_once, pass_on
from chatapp.tui.recall import Completion, Recall
from chatapp.tui.recall_screen import RecallScreen
from chatapp.tui.targets import EDIT, Target


class Composer(Editor):
    """A text that grows with its lines; `words` says what Tab may complete, `own` what one said here last.

    `choose` lets a message be chosen.
    """

    KEYS = (
        Binding("enter", "send", "send the message", id="composer.send"),
        Binding("ctrl+j,shift+enter,alt+enter", "break_line", "break the line", id="composer.newline"),
        Binding("tab", "complete", "complete a nick, /command, #room, @nick or :emoji:", id="composer.complete"),
        Binding("up", "older", "go back through what you sent", id="composer.older"),
        Binding("down", "newer", "go forward through what you sent", id="composer.newer"),
        Binding("ctrl+r", "recall", "search what you sent", id="composer.recall"),
        Binding("alt+up", "switch(-1)", "go to the room before", id="composer.previous-room"),
        Binding("alt+down", "switch(1)", "go to the next room", id="composer.next-room"),
        Binding("alt+a", "news", "go to the next room with something unread", id="composer.unread"),
        Binding("alt+e", "edit", "edit your last message", id="composer.edit"),
        Binding("shift+tab,ctrl+up", "choose", "choose a message", id="composer.choose"),
        *Editor.EDITING,
    )
    """Done as the keys come, not as bindings: those with priority would overtake the letters before them."""

    class Sent(Message):
        """`text` is to be sent, which may be about the message `shown`; whoever can't calls `Composer.give_back`."""

        def __init__(self, text: str, shown: Target | None) -> None:
            super().__init__()
            self.text = text
            self.shown = shown

    class Switched(Message):
        """Go `steps` rooms further: a message, so that what was sent before it still goes where it was written."""

        def __init__(self, steps: int) -> None:
            super().__init__()
            self.steps = steps

    class Completing(Message):
        """The word before the cursor may become one of `choices`; Tab takes that of `index`."""

        def __init__(self, choices: tuple[Choice, ...], index: int) -> None:
            super().__init__()
            self.choices = choices
            self.index = index

    class NewsWanted(Message):
        """Go to the next room with something unread."""

    class Typed(Message):
        """A key was pressed."""

    def __init__(
        self,
        words: Words,
        own: Callable[[], Target | None],
        choose: Callable[[], None],
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id, compact=True, soft_wrap=True, placeholder=tr("Write a message…"))
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self._keys = BindingsMap(self.KEYS)
        self._words = words
        self._own = own
        self._choose = choose
        self._shown: Target | None = None
        """The message that the line is about, None for none."""
        self._draft_target: Target | None = None
        """The one that the draft is about, while a line that was sent stands here."""
        self._recall = Recall()
        self._completion = Completion()
        self._choices: tuple[Choice, ...] = ()
        self._index = 0

    def give_back(self, sent: Sent) -> None:
        """Stand with a text again that could not be sent; if more was written since, it is one step up."""
        if not self.text:
            self._put(sent.text, sent.shown)

    def action_send(self) -> None:
        """Hand over the text and be empty, in one step: the keys that follow already are of the next message."""
        sent = self.Sent(self.text, self._shown)
        if sent.text.strip():
            self._recall.remember(sent.text)
            self._put("")
            self.post_message(sent)

    def action_break_line(self) -> None:
        self.insert("\n")

    def action_complete(self) -> None:
        """Take the choice that is marked; without any, complete a nick."""
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        if self._choices:
            self.take(self._index)
        elif row == 0 and (completed := self._completion.complete(before, self._words.people())) is not None:
            self.replace(completed, (row, 0), (row, column))

    def take(self, index: int) -> None:
        """Let the choice of that `index` stand for the word before the cursor, if it is one for that."""
        if self._choices != self._choices_here():  # a click, or a paste, may have moved the cursor elsewhere
            return
        row, column = self.cursor_location
        start = self.document.get_line(row)[:column].rfind(" ") + 1
        self.replace(self._choices[index].text, (row, start), (row, column))
        self._offer(())

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

    def action_recall(self) -> None:
        """Ask for one of the lines that were sent, and stand with it."""
        self.app.push_screen(RecallScreen(self._recall.newest_first()), self._take_up)

    def _take_up(self, line: str | None) -> None:
        if line is not None:
            self._keep_draft()
            self._put(line)

    def action_switch(self, steps: int) -> None:
        self.post_message(self.Switched(steps))

    def action_news(self) -> None:
        self.post_message(self.NewsWanted())

    def action_edit(self) -> None:
        """Stand with the command that says the own last message in other words, so far in the same ones."""
        if not self.text and (own := self._own()) is not None:
            self.begin(own)

    def action_choose(self) -> None:
        """Let a message be chosen, at once: the keys that follow already choose."""
        self._choose()

    def begin(self, target: Target) -> None:
        """Stand with the line that does something with `target`; a draft that stood here is one step up."""
        self._keep_draft()
        self._put(target.line, target)

    def _keep_draft(self) -> None:
        """Let the draft be one step up. A line about a message is none: brought back, it is about the last one."""
        self._recall.keep("" if self._shown is not None else self.text)

    def on_text_area_changed(self) -> None:
        self._check_target()

    def _check_target(self) -> None:
        """Be about the message no more, if the command was taken out; the colon of ``/react :`` may go."""
        if self._shown is not None and not self.text.startswith(self._shown.command.rstrip(" :")):
            self._show_target(None)

    def _show_target(self, target: Target | None) -> None:
        """Have `target` be what the line is about, and say so in the border."""
        self._shown = target
        is_told = target is not None and target.command != EDIT
        self.border_subtitle = Content(f"↳ {target.nick}: {one_line(target.text)}") if target and is_told else ""

    async def _on_key(self, event: events.Key) -> None:
        if pass_on(self, event):
            return
        self.post_message(self.Typed())
        event.prevent_default()
        if self._move_choice(event.key):
            event.stop()
            return
        if await act_at_once(self, event.key, self._keys):
            event.stop()
            self._offer(())
        else:
            before = self.text
            if await act_at_once(self, event.key):
                event.stop()
            else:
                await super()._on_key(event)
            self._check_target()
            self._offer(self._choices_here() if self.text != before else ())

    def _choices_here(self) -> tuple[Choice, ...]:
        """Return what the word before the cursor may become; only the first line may be a command."""
        row, column = self.cursor_location
        line = self.document.get_line(row)[:column]
        return choices(line if row == 0 else f" {line}", self._words)

    def _move_choice(self, key: str) -> bool:
        """Mark another choice, or close the list, if `key` does that; return whether it does."""
        if not self._choices or key not in ("up", "down", "escape"):
            return False
        if key == "escape":
            self._offer(())
        else:
            self._offer(self._choices, (self._index + (1 if key == "down" else -1)) % len(self._choices))
        return True

    def _offer(self, offered: tuple[Choice, ...], index: int = 0) -> None:
        """Have `offered` to choose from, that of `index` marked."""
        if (offered, index) != (self._choices, self._index):
            self._choices, self._index = offered, index
            self.post_message(self.Completing(offered, index))

    async def _on_paste(self, event: events.Paste) -> None:
        self._offer(())
        await super()._on_paste(event)

    def _put(self, text: str, shown: Target | None = None) -> None:
        """Stand with `text`, which may be about the message `shown`, as if newly opened.

        Undo stops here: across this it would mix up two messages.
        """
        self._show_target(shown)
        self._offer(())
        self.load_text(text)
        self.move_cursor(self.document.end)
